"""Laws of problem documents: stable, honest to the caller, silent about what is not theirs to know."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from shared.api.examples import problem_like
from shared.api.problems import (
    BAD_PARAMETER,
    FORBIDDEN,
    INTERNAL,
    PROBLEMS,
    STORE_UNAVAILABLE,
    UNAUTHENTICATED,
    UNTRUSTED,
    Problem,
    ProblemType,
    answered,
    problem_response,
)
from shared.api.responses import Request, Response, json_response
from shared.errors import SettingsError, StoreConflict, StoreUnavailable
from shared.records import Check

LOG = logging.getLogger("tests.problems")


def document_of(response: Response) -> dict[str, Any]:
    document = json.loads(response.body)
    assert isinstance(document, dict)
    return document


def raising(error: Exception, *, demo: bool = False) -> Response:
    def work() -> Response:
        raise error

    return answered(work, correlation_id="c-1", demo=demo, log=LOG)


def logged(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    (record,) = caplog.records
    line = json.loads(record.getMessage())
    assert isinstance(line, dict)
    return line


@pytest.mark.parametrize("kind", PROBLEMS, ids=lambda kind: kind.name)
def test_each_document_is_whole(kind: ProblemType) -> None:
    """Each type yields a complete RFC 9457 document that nobody keeps."""
    response = problem_response(problem_like(kind), correlation_id="c-1", demo=False)
    document = document_of(response)
    assert response.status == document["status"] == kind.status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert (document["type"], document["title"]) == (f"/problems/{kind.name}", kind.title)
    assert document["detail"]
    assert ("correlationId" in document) == (kind.status >= 500)
    assert "demo" not in document


def test_the_types_are_these() -> None:
    """Clients compare types as text, so a type is only ever added."""
    assert {kind.uri: kind.status for kind in PROBLEMS} == {
        "/problems/bad-parameter": 400,
        "/problems/unauthenticated": 401,
        "/problems/forbidden": 403,
        "/problems/too-few": 403,
        "/problems/not-found": 404,
        "/problems/no-data-yet": 409,
        "/problems/untrusted": 409,
        "/problems/unproven": 409,
        "/problems/too-large": 413,
        "/problems/unsupported-media-type": 415,
        "/problems/internal": 500,
        "/problems/misconfigured": 500,
        "/problems/store-unavailable": 503,
    }


@pytest.mark.parametrize("kind", PROBLEMS, ids=lambda kind: kind.name)
def test_demo_says_so(kind: ProblemType) -> None:
    """In a demo each problem says that it is one."""
    assert document_of(raising(problem_like(kind), demo=True))["demo"] is True


def test_members_extend_the_document() -> None:
    """What was expected against what was seen leaves with the refusal, in the vocabulary's own names."""
    check = Check("roster-visible", "admin", "fail", "8 engineers", "1 engineer", "use the right key")
    response = raising(
        Problem(UNTRUSTED, "The key sees 1 of 8.", checks=[check], action="Use the right key.")
    )
    document = document_of(response)
    assert document["detail"] == "The key sees 1 of 8."
    assert document["checks"][0]["expected"] == "8 engineers"
    assert document["action"] == "Use the right key."


@pytest.mark.parametrize(
    "members", [{}, {"checks": []}, {"checks": [], "action": "", "demo": False}], ids=str
)
def test_a_problem_has_the_members_of_its_type(members: dict[str, object]) -> None:
    """A client relies on each; none takes the place of what every document has, or denies a demo."""
    with pytest.raises(ValueError, match="untrusted has the members"):
        Problem(UNTRUSTED, **members)
    standard = {"type", "title", "status", "detail", "instance", "demo", "correlationId"}
    assert not [kind for kind in PROBLEMS if standard & kind.members.keys()]


def test_a_response_passes_through() -> None:
    """Where nothing is raised, the door returns what the work returned."""
    response = json_response(1, Request("GET"))
    assert answered(lambda: response, correlation_id="c-1", demo=False, log=LOG) is response


def test_unreadable_storage_asks_to_come_back(caplog: pytest.LogCaptureFixture) -> None:
    """Unreadable storage is 503 with Retry-After, and its cause stands in the log alone."""
    response = raising(StoreUnavailable("the periods table timed out"))
    assert response.status == STORE_UNAVAILABLE.status
    assert int(response.headers["Retry-After"]) > 0
    assert b"timed out" not in response.body
    assert logged(caplog)["detail"] == "the periods table timed out"


def test_bad_settings_are_named_to_the_operator_only(caplog: pytest.LogCaptureFixture) -> None:
    """An outsider learns that the app is not set up; the log, found by the same id, which settings."""
    response = raising(SettingsError(["BACKFILL_DAYS: found 'x'"]))
    assert response.status == 500
    assert document_of(response)["type"] == "/problems/misconfigured"
    assert b"BACKFILL_DAYS" not in response.body
    line = logged(caplog)
    assert line["detail"] == "BACKFILL_DAYS: found 'x'"
    assert line["correlationId"] == document_of(response)["correlationId"] == "c-1"


def test_a_defect_shows_neither_to_the_caller_nor_in_the_log_what_it_held(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The text of a foreign exception may be anything, an address too: the log has its class and place."""
    response = raising(KeyError("ada@example.com"))
    assert document_of(response)["type"] == INTERNAL.uri
    assert b"ada@" not in response.body
    assert "ada@" not in caplog.text
    line = logged(caplog)
    assert line["error"] == "KeyError"
    assert any("test_problems.py" in place for place in line["where"])


def test_an_unforeseen_error_of_ours_is_a_defect() -> None:
    """A read that loses a write race is not something a client can mend."""
    assert document_of(raising(StoreConflict("lost")))["type"] == INTERNAL.uri


@pytest.mark.parametrize("kind", [BAD_PARAMETER, UNAUTHENTICATED, FORBIDDEN], ids=lambda kind: kind.name)
def test_what_a_caller_did_wrong_is_not_our_error(
    kind: ProblemType, caplog: pytest.LogCaptureFixture
) -> None:
    """An outsider's attempts do not fill the operator's log or raise its alerts."""
    raising(problem_like(kind))
    assert not caplog.records


def test_401_names_its_scheme() -> None:
    """A 401 says how to authenticate (RFC 9110, 11.6.1)."""
    assert raising(Problem(UNAUTHENTICATED)).headers["WWW-Authenticate"].startswith("Bearer ")
