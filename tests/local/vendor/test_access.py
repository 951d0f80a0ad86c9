"""Who may ask: keys, versions, paths, and the lists' paging."""

from __future__ import annotations

import pytest

from local.vendor import ADMIN_KEY, ANALYTICS_KEY, REVOKED_KEY, SimulatedVendor
from local.vendor.endpoints import REPORT_PATH
from tests.local.vendor.asking import Client
from tests.local.vendor.conftest import StartVendor

Honest = tuple[SimulatedVendor, Client]
PATHS = [
    REPORT_PATH,
    "/v1/organizations/me",
    "/v1/organizations/users",
    "/v1/organizations/invites",
    "/v1/organizations/api_keys",
]
ANALYTICS_PATH = "/v1/organizations/analytics/users"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        ({"x-api-key": REVOKED_KEY}, 401, "authentication_error"),
        ({"x-api-key": ""}, 401, "authentication_error"),
        ({"x-api-key": ANALYTICS_KEY}, 403, "permission_error"),
        ({"anthropic-version": ""}, 400, "invalid_request_error"),
        ({"anthropic-version": "2019-01-01"}, 400, "invalid_request_error"),
    ],
    ids=["revoked", "no key", "wrong kind", "no version", "unknown version"],
)
def test_a_key_that_does_not_fit_is_refused(
    honest: Honest, path: str, headers: dict[str, str], status: int, kind: str
) -> None:
    """401 for no key or a revoked one, 403 for one of the wrong kind, 400 for a version that is not one."""
    answer = honest[1].http.get(path, headers=headers)
    assert (answer.status_code, answer.json()["error"]["type"]) == (status, kind)
    assert answer.headers["request-id"]


@pytest.mark.parametrize(("key", "status"), [(ADMIN_KEY, 403), (ANALYTICS_KEY, 404), (REVOKED_KEY, 401)])
def test_enterprise_analytics_is_locked(honest: Honest, key: str, status: int) -> None:
    """An Admin key lacks the scope, and with an analytics key the organisation is not on Enterprise."""
    assert honest[1].http.get(ANALYTICS_PATH, headers={"x-api-key": key}).status_code == status


@pytest.mark.parametrize("path", ["/", "/v1/organizations", "/v1/messages", REPORT_PATH + "/"])
def test_another_path_is_not_found(honest: Honest, path: str) -> None:
    """What the contract does not list is a 404 not_found_error."""
    answer = honest[1].get(path)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "not_found_error")


def test_only_get_is_answered(honest: Honest) -> None:
    """Nothing can be changed through the vendor's own paths."""
    assert honest[1].http.post("/v1/organizations/me").status_code == 404


def test_the_probe_tells_keys_apart(honest: Honest) -> None:
    """`/users?limit=1` is 200 for a good key."""
    assert honest[1].get("/v1/organizations/users", limit=1).status_code == 200


@pytest.mark.parametrize("limit", [1, 3, 7, 8, 20, 1_000])
def test_a_list_is_whole_in_both_directions(honest: Honest, limit: int) -> None:
    """Forwards by `after_id` and backwards by `before_id`, the pages together are the list."""
    client = honest[1]
    users = client.get("/v1/organizations/users", limit=1_000).json()["data"]
    page = client.get("/v1/organizations/users", limit=limit).json()
    forwards = page["data"]
    while page["has_more"]:
        page = client.get("/v1/organizations/users", limit=limit, after_id=page["last_id"]).json()
        forwards = [*forwards, *page["data"]]
    assert forwards == users
    backwards = [users[-1]]
    page = {"has_more": True, "first_id": users[-1]["id"]}
    while page["has_more"]:
        page = client.get("/v1/organizations/users", limit=limit, before_id=page["first_id"]).json()
        backwards = [*page["data"], *backwards]
    assert backwards == users


def test_a_large_list_has_several_pages(start: StartVendor) -> None:
    """1,250 members do not fit into one page."""
    _, client = start("many")
    page = client.get("/v1/organizations/users", limit=1_000).json()
    assert (len(page["data"]), page["has_more"]) == (1_000, True)
    rest = client.get("/v1/organizations/users", limit=1_000, after_id=page["last_id"]).json()
    assert (len(rest["data"]), rest["has_more"]) == (250, False)


def test_an_empty_list_names_no_ends(start: StartVendor) -> None:
    """A list with nothing in it has no first and no last id."""
    _, client = start("trap")
    assert client.get("/v1/organizations/invites").json() == {"data": [], "has_more": False}


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "1001"},
        {"after_id": "nobody"},
        {"before_id": "nobody"},
        {"after_id": "user_0001", "before_id": "user_0003"},
        {"page": "2"},
    ],
    ids=str,
)
def test_bad_parameters_of_a_list_are_refused(honest: Honest, query: dict[str, str]) -> None:
    """A limit out of range, an unknown id, both directions at once and an unknown parameter are 400."""
    assert honest[1].get("/v1/organizations/users", **query).status_code == 400
