"""Laws of looking around: what the key sees, and that not learnt is never nobody."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from shared.errors import SourceLocked, SourceUnavailable
from shared.sources.organization import API_KEYS, ME, USERS, ApiKey, KeyView, Member, look_around
from tests.sources.wire import ORGANIZATION, Handler, error_of, page, vendor

ME_BODY = {"id": ORGANIZATION.upper(), "name": "Acme Robotics", "type": "organization"}


def user(number: int, email: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"user_{number}",
        "email": email,
        "name": "A",
        "role": "developer",
        "type": "user",
        **changes,
    }


def api_key(name: str, maker: int | None = 1) -> dict[str, Any]:
    created_by = None if maker is None else {"id": f"user_{maker}", "type": "user"}
    return {"id": f"apikey_{name}", "name": name, "status": "active", "created_by": created_by}


ANA = user(1, "Ana@Example.com")
BEN = user(2, "ben@example.com", role="admin")


def organization(
    users: list[bytes] | httpx.Response, keys: list[bytes] | httpx.Response, me: httpx.Response | None = None
) -> tuple[Handler, list[dict[str, str]]]:
    """A handler for the three paths, the lists in pages, and the queries that it was asked."""
    asked: list[dict[str, str]] = []
    left = {USERS: users, API_KEYS: keys}

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        if request.url.path == ME:
            return me or httpx.Response(200, json=ME_BODY)
        answers = left[request.url.path]
        if isinstance(answers, httpx.Response):
            return answers
        body = answers.pop(0) if len(answers) > 1 else answers[0]
        return httpx.Response(200, content=body, headers={"content-type": "application/json"})

    return handler, asked


def look(
    users: list[bytes] | httpx.Response, keys: list[bytes] | httpx.Response, me: httpx.Response | None = None
) -> KeyView:
    with vendor(organization(users, keys, me)[0]) as door:
        return look_around(door)


def test_a_key_sees_its_organisation_members_and_keys() -> None:
    """The organisation in its one spelling, each member by address, each key with who made it."""
    users, keys = page(BEN, ANA, last_id="user_1"), page(api_key("ci", 2))
    view = look([users], [keys])
    assert (view.organization_id, view.organization_name) == (ORGANIZATION, "Acme Robotics")
    assert view.members == (Member("ana@example.com", "developer"), Member("ben@example.com", "admin"))
    assert view.keys == (ApiKey("ci", "ben@example.com"),)
    assert view.broken is None
    assert view.pages[USERS] == (users,)
    assert view.pages[API_KEYS] == (keys,)
    assert len(view.pages[ME]) == 1


@pytest.mark.parametrize("last_id", [{}, {"last_id": None}, {"last_id": "user_1", "first_id": "user_1"}])
def test_a_list_is_followed_by_its_last_id_or_its_last_row(last_id: dict[str, Any]) -> None:
    """first_id and last_id may be absent; the next page begins after the last row all the same."""
    handler, asked = organization([page(ANA, has_more=True, **last_id), page(BEN)], [page()])
    with vendor(handler) as door:
        view = look_around(door)
    assert view.members is not None
    assert len(view.members) == 2
    assert asked[1:3] == [{"limit": "1000"}, {"limit": "1000", "after_id": "user_1"}]


@pytest.mark.parametrize(
    ("users", "words"),
    [
        ([page(ANA, has_more=True)], "a cursor that came before"),
        ([page(has_more=True)], "has_more true without a last_id or a row"),
        ([b'{"data":[],"last_id":null}'], "found no has_more"),
        ([page(user(1, ""))], "data[0].email: found nothing"),
        ([page(user(1, "Ana"))], "data[0].email: found text without @"),
        ([page(user(1, "x@example.com", role=7))], "data[0].role: found int, expected str"),
    ],
)
def test_a_list_that_breaks_is_not_learnt(users: list[bytes], words: str) -> None:
    """Members are then unknown, not none, and so are their keys; the rest and the raw pages stand."""
    view = look(users, [page(api_key("ci"))])
    assert view.members is None
    assert view.keys is None
    assert words in str(view.broken)
    assert view.organization_id == ORGANIZATION
    assert view.pages[USERS]
    assert view.pages[API_KEYS]


@pytest.mark.parametrize(
    "body", [{"id": "org_1", "name": "Acme"}, {"name": "Acme"}, [], {"id": ORGANIZATION}]
)
def test_an_organisation_of_another_form_is_not_learnt(body: Any) -> None:
    """Whose key it is must be certain; the lists are learnt all the same."""
    view = look([page(ANA)], [page()], me=httpx.Response(200, json=body))
    assert view.organization_id is None
    assert view.organization_name is None
    assert view.members == (Member("ana@example.com", "developer"),)
    assert "page 1" in str(view.broken)
    assert look([page()], [page()], me=httpx.Response(200, html="<p>")).broken is not None


def test_keys_that_break_leave_the_members() -> None:
    """One list's breach is not the other's."""
    view = look([page(ANA)], [page({"id": "k"})])
    assert view.keys is None
    assert view.members is not None
    assert "found no name" in str(view.broken)


def test_a_name_that_two_keys_share_belongs_to_nobody() -> None:
    """Ambiguous is unmapped, and so is a key whose maker is unknown or left."""
    keys = page(api_key("ci", 1), api_key("ci ", 2), api_key("old", 9), api_key("none", None))
    assert look([page(ANA, BEN)], [keys]).keys == (
        ApiKey("ci", None),
        ApiKey("none", None),
        ApiKey("old", None),
    )


@pytest.mark.parametrize(
    ("answer", "raised"),
    [(error_of(403, "permission_error"), SourceLocked), (error_of(503, "api_error"), SourceUnavailable)],
)
def test_what_says_nothing_of_the_organisation_is_raised(
    answer: httpx.Response, raised: type[Exception]
) -> None:
    """A lock and an outage are the caller's to judge."""
    with pytest.raises(raised):
        look([page()], [page()], me=answer)


def test_a_lock_on_one_list_alone_leaves_the_organisation() -> None:
    """A key that may not list the members still proves its organisation; nobody is not learnt from it."""
    view = look(error_of(403, "permission_error"), [page(api_key("ci"))])
    assert view.organization_id == ORGANIZATION
    assert view.members is None
    assert view.keys is None
    assert "not this" in str(view.broken)
