"""Each misbehaviour does what its name says, to the requests it is meant for and no others."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta

import httpx
import pytest

from local.vendor import KINDS, Misbehaviour, SimulatedVendor
from local.vendor.endpoints import REPORT_PATH
from tests.local.vendor.asking import Client
from tests.local.vendor.conftest import StartVendor

WEDNESDAY = date(2026, 11, 18)
STATUSES = [kind for kind in KINDS if kind.isdigit()]
BENDS = [
    *("429-retry-after", "500-do-not-retry", "slow", "hang", "reset", "cut", "truncated"),
    *("wrong-content-type", "html", "huge", "repeated-cursor", "missing-has-more"),
    *("has-more-without-next-page", "repeated-rows", "rows-of-another-day", "rows-of-another-organization"),
]


def misbehaving(start: StartVendor, kind: str) -> tuple[SimulatedVendor, Client]:
    """A vendor that misbehaves once."""
    vendor, client = start()
    vendor.misbehave(kind)
    return vendor, client


def test_every_kind_is_tested_here() -> None:
    """No kind of misbehaviour is left out of this file."""
    assert {*STATUSES, *BENDS} == set(KINDS)
    assert {"400", "401", "403", "404", "408", "429", "500", "502", "503", "504", "529"} <= set(STATUSES)


@pytest.mark.parametrize("kind", STATUSES)
def test_a_status_is_answered_once(start: StartVendor, kind: str) -> None:
    """The status comes as often as it was asked for, without Retry-After, and then the vendor is well."""
    vendor, client = start()
    vendor.misbehave(kind, times=2)
    answers = [client.report(WEDNESDAY) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [int(kind), int(kind), 200]
    assert "retry-after" not in answers[0].headers
    assert [entry.status for entry in vendor.requests] == [int(kind), int(kind), 200]


@pytest.mark.parametrize("kind", ["408", "502", "503"])
def test_a_gateways_error_is_not_json(start: StartVendor, kind: str) -> None:
    """What stands before the vendor answers with a page."""
    _, client = misbehaving(start, kind)
    assert client.report(WEDNESDAY).headers["content-type"] == "text/html"


@pytest.mark.parametrize("value", ["1", "7", "soon"])
def test_retry_after_says_what_it_is_told(start: StartVendor, value: str) -> None:
    """A 429 may say when to come again, also in words that nobody can use."""
    vendor, client = start()
    vendor.misbehave("429-retry-after", retry_after=value)
    answer = client.report(WEDNESDAY)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, value)


def test_a_500_may_ask_not_to_be_retried(start: StartVendor) -> None:
    """`x-should-retry: false` comes with a 500."""
    _, client = misbehaving(start, "500-do-not-retry")
    answer = client.report(WEDNESDAY)
    assert (answer.status_code, answer.headers["x-should-retry"]) == (500, "false")


def test_slow_waits_as_long_as_it_is_told(start: StartVendor) -> None:
    """The good answer comes after the milliseconds that were asked for, beside the usual latency."""
    waited: list[float] = []
    vendor, client = start(sleep=waited.append, latency_ms=20)
    vendor.misbehave("slow", milliseconds=1_500)
    assert client.report(WEDNESDAY).status_code == 200
    assert client.report(WEDNESDAY).status_code == 200
    assert waited == [pytest.approx(1.52), pytest.approx(0.02)]


def test_hang_answers_nothing(start: StartVendor) -> None:
    """The client waits until it gives up; the log has the request without a status."""
    vendor, client = misbehaving(start, "hang")
    with pytest.raises(httpx.ReadTimeout):
        client.http.get("/v1/organizations/me", timeout=0.05)
    assert [entry.status for entry in vendor.requests] == [None]
    assert client.get("/v1/organizations/me").status_code == 200


def test_reset_breaks_the_connection(start: StartVendor) -> None:
    """The connection is reset before a byte was sent."""
    vendor, client = misbehaving(start, "reset")
    with pytest.raises(httpx.ReadError):
        client.report(WEDNESDAY)
    assert [entry.status for entry in vendor.requests] == [None]
    assert client.report(WEDNESDAY).status_code == 200


def test_cut_closes_at_half_of_the_promised_length(start: StartVendor) -> None:
    """Content-Length promised more than came."""
    _, client = misbehaving(start, "cut")
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        client.report(WEDNESDAY)
    assert client.report(WEDNESDAY).status_code == 200


def test_truncated_is_half_of_a_document_as_if_it_were_all(start: StartVendor) -> None:
    """The transport is content; the JSON is not."""
    _, client = misbehaving(start, "truncated")
    answer = client.report(WEDNESDAY)
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_wrong_content_type_is_good_json_called_text(start: StartVendor) -> None:
    """Only the label is wrong."""
    _, client = misbehaving(start, "wrong-content-type")
    wrong, right = client.report(WEDNESDAY), client.report(WEDNESDAY)
    assert wrong.headers["content-type"] == "text/plain"
    assert wrong.json() == right.json()


def test_html_is_a_page_with_200(start: StartVendor) -> None:
    """A portal's page in place of data."""
    _, client = misbehaving(start, "html")
    answer = client.report(WEDNESDAY)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")
    assert answer.text.startswith("<!doctype html>")


def test_a_huge_answer_is_announced(start: StartVendor) -> None:
    """Its head promises more than anybody can hold, and the connection ends after a little of it."""
    _, client = misbehaving(start, "huge")
    with client.http.stream("GET", "/v1/organizations/me") as answer:
        assert int(answer.headers["content-length"]) > 1 << 39
        with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
            answer.read()
    assert client.report(WEDNESDAY).status_code == 200


def test_repeated_rows_come_on_two_pages(start: StartVendor) -> None:
    """The second page begins with rows that the first one ended with, and is the last."""
    vendor, client = start()
    vendor.misbehave("repeated-rows", times=None)
    first = client.report(WEDNESDAY, limit=1000).json()
    second = client.report(WEDNESDAY, limit=1000, page=first["next_page"]).json()
    assert second["data"] == first["data"][-2:] != []
    assert (first["has_more"], second["has_more"]) == (True, False)


def test_a_repeated_cursor_leads_to_itself(start: StartVendor) -> None:
    """The second page's cursor is the first's, for ever."""
    vendor, client = start()
    vendor.misbehave("repeated-cursor", times=None)
    first = client.report(WEDNESDAY).json()
    second = client.report(WEDNESDAY, page=first["next_page"]).json()
    assert first["has_more"] is second["has_more"] is True
    assert first["next_page"] == second["next_page"]


def test_missing_has_more_is_a_page_without_it(start: StartVendor) -> None:
    """The field is gone, from the report and from a list."""
    vendor, client = start()
    vendor.misbehave("missing-has-more", times=2)
    assert "has_more" not in client.report(WEDNESDAY).json()
    assert "has_more" not in client.get("/v1/organizations/users").json()


def test_has_more_without_next_page_leads_nowhere(start: StartVendor) -> None:
    """There is more, and no cursor to it."""
    _, client = misbehaving(start, "has-more-without-next-page")
    page = client.report(WEDNESDAY).json()
    assert page["has_more"] is True
    assert "next_page" not in page


def test_rows_of_another_day_say_so(start: StartVendor) -> None:
    """The rows carry the day before the one that was asked for."""
    _, client = misbehaving(start, "rows-of-another-day")
    dates = {row["date"] for row in client.report(WEDNESDAY).json()["data"]}
    assert dates == {(WEDNESDAY - timedelta(days=1)).isoformat()}


def test_rows_of_another_organization_say_so(start: StartVendor) -> None:
    """The rows carry an organisation that is not the key's."""
    vendor, client = misbehaving(start, "rows-of-another-organization")
    ids = {row["organization_id"] for row in client.report(WEDNESDAY).json()["data"]}
    assert len(ids) == 1
    assert vendor.world.organization.id not in ids


def test_a_rule_for_a_path_leaves_other_paths_alone(start: StartVendor) -> None:
    """Only requests whose path begins with the rule's are struck, and only they count."""
    vendor, client = start()
    vendor.misbehave("500", path=REPORT_PATH)
    assert client.get("/v1/organizations/me").status_code == 200
    assert client.report(WEDNESDAY).status_code == 500


def test_a_rule_for_a_day_leaves_other_days_alone(start: StartVendor) -> None:
    """Only requests for that day are struck."""
    vendor, client = start()
    vendor.misbehave("500", times=None, day=WEDNESDAY)
    assert client.report(WEDNESDAY).status_code == 500
    assert client.report(WEDNESDAY - timedelta(days=1)).status_code == 200
    assert client.get("/v1/organizations/me").status_code == 200


def test_a_rule_may_let_some_pass_first(start: StartVendor) -> None:
    """With `skip` a later page fails and the first does not."""
    vendor, client = start()
    vendor.misbehave("503", skip=1)
    assert [client.report(WEDNESDAY).status_code for _ in range(3)] == [200, 503, 200]


def test_rules_strike_in_their_order(start: StartVendor) -> None:
    """The first rule that strikes counts; when it is used up the next one does."""
    vendor, client = start()
    vendor.misbehave("429")
    vendor.misbehave("500")
    assert [client.report(WEDNESDAY).status_code for _ in range(3)] == [429, 500, 200]


def test_what_bends_rows_leaves_errors_and_other_paths_alone(start: StartVendor) -> None:
    """A rule for pages of the report is not used up by a list, and an error stays an error."""
    vendor, client = start()
    vendor.misbehave("repeated-cursor", times=None)
    assert "next_page" not in client.get("/v1/organizations/users").json()
    assert client.report(WEDNESDAY, page="nonsense").status_code == 400


def test_behave_ends_all_misbehaviour(start: StartVendor) -> None:
    """Afterwards the vendor is well."""
    vendor, client = start()
    vendor.misbehave("500", times=None)
    vendor.behave()
    assert client.report(WEDNESDAY).status_code == 200


def test_an_unknown_kind_is_refused_with_those_that_exist() -> None:
    """A wrong kind is answered with the right ones."""
    with pytest.raises(ValueError, match="repeated-cursor"):
        Misbehaviour("gremlins")


def test_a_hanging_vendor_can_be_stopped() -> None:
    """Stopping ends the connections that wait, so a test that failed leaves nothing behind."""
    with SimulatedVendor("empty") as vendor, Client(vendor.url, vendor.key) as client:
        vendor.misbehave("hang", times=None)
        with pytest.raises(httpx.ReadTimeout):
            client.http.get("/v1/organizations/me", timeout=0.02)
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 5
