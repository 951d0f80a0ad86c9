"""Laws of trust: what is expected, what is seen, and which figures may be defended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.trust import Evaluation, evaluate
from shared.adoption.trust_days import REFRESH_SLACK, STALE_DAYS, coverage, freshness, silence
from shared.adoption.trust_exports import ExportsEvidence
from shared.adoption.trust_live import (
    SourceEvidence,
    expected_organization,
    humans_present,
    roster_visible,
)
from shared.adoption.trust_live import access as access_check
from shared.heads import (
    Access,
    Bounds,
    CanariesSeen,
    Disagreement,
    ExportsHead,
    Head,
    Miscounted,
    Silence,
    View,
)
from shared.periods import ONE_DAY
from shared.records import CheckStatus, PeriodRow, TrustState
from tests.adoption.making import (
    ACME,
    MONDAY,
    MONDAY_NOON,
    NAMESAKE,
    SOURCE,
    check,
    evidence,
    head,
    judged,
    row,
    rows_of,
    week,
)

CHECKS = (
    "expected-organization",
    "roster-visible",
    "humans-present",
    "access",
    "coverage",
    "freshness",
    "silence",
    "reconciliation",
    "plausibility",
    "contract",
)
GOOD = rows_of(MONDAY - timedelta(days=7), "rrrrree" * 2)
LABELS = frozenset(one.label for one in GOOD)

NAMESAKES_VIEW = View(organization=NAMESAKE, organization_name="Acme", members=1, looked_at=MONDAY_NOON)
DEAD_KEY = head(
    people_rows=0,
    key_rows=4,
    first_row_day=date(2026, 8, 27),
    populations_by_month={"2026-08": ("api",), "2026-11": ("api",)},
)
NEVER_ASKED = Head()
NEVER_ANY_ROW = head(people_rows=0, key_rows=0, first_row_day=None, populations_by_month={})
DENIED = Access("denied", 401, "the key is wrong", "Create a key.", MONDAY_NOON, MONDAY_NOON)


def exports(people_by_month: dict[str, int]) -> ExportsHead:
    return ExportsHead(looks=1, newest=MONDAY_NOON, people_by_month=people_by_month)


# --- the worked examples -------------------------------------------------------------------------


def test_example_26_rows_of_keys_only_are_untrusted() -> None:
    """The right organisation, 4 rows in 90 days, all of keys: humans-present fails, no chart."""
    found = judged(evidence(DEAD_KEY, roster=None, roster_seen=None), GOOD)
    assert (found.trust.state, found.usable) == ("untrusted", frozenset())
    assert [one.name for one in found.trust.checks if one.status == "fail"] == ["humans-present"]
    assert check(found, "humans-present").seen == "0 rows of people, 4 of API keys"
    assert check(found, "humans-present").action


def test_example_27_the_namesake_is_untrusted() -> None:
    """The right name with another id and 1 of 8 members: two checks fail, with expected and seen."""
    one = evidence(head(view=NAMESAKES_VIEW, organization=NAMESAKE), roster=8, roster_seen=1)
    found = judged(one, GOOD)
    assert (found.trust.state, found.usable) == ("untrusted", frozenset())
    organization, roster = check(found, "expected-organization"), check(found, "roster-visible")
    assert (organization.status, roster.status) == ("fail", "fail")
    assert organization.expected == ACME
    assert organization.seen == f"{NAMESAKE} (Acme)"
    assert (roster.expected, roster.seen) == ("8 engineers on the roster", "1 of them")
    assert organization.action
    assert roster.action


def test_example_28_empty_weekends_are_trusted() -> None:
    """Full weekdays with an empty Saturday and Sunday: nothing else than pass."""
    found = judged(evidence(), rows_of(MONDAY, "rrrrree"))
    assert found.trust.state == "trusted"
    assert {one.status for one in found.trust.checks} == {"pass"}


def test_example_30_a_silence_leaves_the_weeks_before() -> None:
    """Nothing since Wednesday: partial, coverage warns and names the days, the weeks before stay usable."""
    rows = [*rows_of(MONDAY - timedelta(days=14), "rrrrree" * 2), row(letters="ccssp", settled=False)]
    found = judged(evidence(), rows, now=MONDAY_NOON - timedelta(days=3))
    assert found.trust.state == "partial"
    assert found.usable == {week(-2).label, week(-1).label}
    assert check(found, "coverage").status == "warn"
    assert "2026-11-11, 2026-11-12" in check(found, "coverage").seen


def test_example_31_a_week_off_is_trusted() -> None:
    """A week without any use, with use before and after it, is as good as any other."""
    found = judged(evidence(), rows_of(MONDAY - timedelta(days=14), "rrrrree eeeeeee rrrrree"))
    assert (found.trust.state, len(found.usable)) == ("trusted", 3)


def test_example_32_nothing_ever_is_unknown() -> None:
    """Nothing in 90 days of 8 members: nothing failed or is usable, and what would settle it is said."""
    found = judged(evidence(NEVER_ANY_ROW, roster=None, roster_seen=None), rows_of(MONDAY, "e" * 7))
    assert (found.trust.state, found.usable) == ("unknown", frozenset())
    assert check(found, "humans-present").status == "unknown"
    assert "export" in check(found, "humans-present").action
    assert check(found, "coverage").status == "unknown"


def test_example_32a_a_new_team_is_trusted_from_its_first_monday() -> None:
    """The weeks before are outside the coverage: not usable, and no warning; the first week counts."""
    rows = rows_of(MONDAY - timedelta(days=14), "eeeeeee errrree rrrrree")
    one = evidence(head(first_row_day=MONDAY - timedelta(days=6)))
    found = judged(one, rows)
    assert found.trust.state == "partial"
    assert found.usable == {week(-1).label, week().label}
    assert check(found, "coverage").status == "unknown"
    assert "before the first rows" in check(found, "coverage").seen
    assert judged(one, rows[1:]).trust.state == "trusted"


def test_a_missing_canary_is_a_warning() -> None:
    """Who is known to work with it every day does not show: then others may be hidden, too."""
    for unseen, status in ((0, "pass"), (1, "warn")):
        found = judged(evidence(canaries=CanariesSeen(2, unseen)), GOOD)
        assert check(found, "humans-present").status == status
        assert found.trust.state == ("partial" if unseen else "trusted")


# --- silence and reconciliation -------------------------------------------------------------------


def contradiction(silent: bool) -> Disagreement:
    return Disagreement(SOURCE, "subscription", week(), Bounds(400, 400), Bounds(0, 80), silent)


@pytest.mark.parametrize(
    ("working_days", "longest", "contradicted", "status"),
    [
        (0, 0, False, "pass"),
        (1, 0, False, "pass"),
        (2, 0, False, "warn"),
        (3, 0, False, "warn"),
        (4, 0, False, "fail"),
        (8, 5, False, "warn"),
        (9, 5, False, "fail"),
        (2, 5, True, "fail"),
    ],
)
def test_a_silence_is_doubted_and_then_disbelieved(
    working_days: int, longest: int, contradicted: bool, status: CheckStatus
) -> None:
    """It warns from the second working day on, and fails three days beyond the longest ever, or when an
    export shows that work went on."""
    found = silence(
        evidence(
            silence=Silence(MONDAY + 2 * ONE_DAY, working_days, longest),
            disagreements=(contradiction(silent=True),) if contradicted else (),
        )
    )
    assert found.status == status
    assert bool(found.action) == (status != "pass")
    assert ("400 lines" in found.seen) == contradicted


def test_a_source_that_never_spoke_is_unknown_not_silent() -> None:
    """Nobody can go quiet who never said anything."""
    assert silence(evidence(silence=None)).status == "unknown"


def test_exports_that_contradict_a_source_are_named_with_it() -> None:
    """Both figures, for the periods that they are about; the state is partial and the figures stay."""
    one = evidence(disagreements=(contradiction(silent=False),))
    found = judged(one, GOOD)
    assert (found.trust.state, found.usable) == ("partial", LABELS)
    assert check(found, "reconciliation").status == "warn"
    assert "400 lines by the exports" in check(found, "reconciliation").seen
    assert judged(one, rows_of(MONDAY - timedelta(days=7), "rrrrree")).trust.state == "trusted"


# --- expected-organization -----------------------------------------------------------------------


def test_an_organisation_that_nobody_configured_is_unknown() -> None:
    """Without EXPECTED_ORGANIZATIONS the check is unknown, and says which id to compare and set."""
    found = judged(evidence(expected_organization=None), GOOD)
    one = check(found, "expected-organization")
    assert (one.status, one.expected, one.seen) == ("unknown", "not configured", f"{ACME} (Acme)")
    assert f"EXPECTED_ORGANIZATIONS=console:{ACME}" in one.action
    assert (found.trust.state, found.usable) == ("partial", LABELS)


def test_an_organisation_that_was_not_asked_for_yet_is_unknown() -> None:
    """Before the first look there is nothing to compare."""
    one = expected_organization(evidence(head(view=View())))
    assert (one.status, one.seen) == ("unknown", "not asked yet")


def test_the_name_of_an_organisation_proves_nothing() -> None:
    """Only the id passes; an organisation without a name is shown by its id alone."""
    view = View(organization=ACME, looked_at=MONDAY_NOON)
    passed = expected_organization(evidence(head(view=view)))
    assert (passed.status, passed.seen) == ("pass", ACME)
    assert expected_organization(evidence(head(view=NAMESAKES_VIEW, organization=""))).status == "fail"


def test_days_of_another_organisation_are_unusable() -> None:
    """Stored days of another organisation than the expected one fail, even when the key is right by now."""
    found = judged(evidence(head(organization=NAMESAKE)), GOOD)
    one = check(found, "expected-organization")
    assert (one.status, found.trust.state, found.usable) == ("fail", "untrusted", frozenset())
    assert NAMESAKE in one.seen


def test_a_key_of_another_organisation_fails_and_leaves_the_days_of_the_right_one() -> None:
    """A key swapped for another organisation's fails the check; what was stored of the right one stands."""
    found = judged(evidence(head(view=NAMESAKES_VIEW)), GOOD)
    one = check(found, "expected-organization")
    assert (one.status, one.expected) == ("fail", ACME)
    assert NAMESAKE in one.seen
    assert one.action
    assert (found.trust.state, found.usable) == ("partial", LABELS)


# --- roster-visible ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "of", "status"),
    [
        (8, 8, "pass"),
        (9, 10, "pass"),
        (27, 30, "pass"),
        (7, 8, "warn"),
        (89, 100, "warn"),
        (4, 8, "warn"),
        (3, 8, "fail"),
        (49, 100, "fail"),
        (1, 8, "fail"),
        (0, 8, "fail"),
        (0, 0, "pass"),
    ],
)
def test_how_much_of_the_roster_must_be_seen(seen: int, of: int, status: CheckStatus) -> None:
    """Below half fails, below 90 % warns."""
    one = roster_visible(evidence(roster=of, roster_seen=seen))
    assert one.status == status
    assert (one.expected, one.seen) == (f"{of} engineers on the roster", f"{seen} of them")
    assert bool(one.action) == (status != "pass")


def test_without_a_roster_its_visibility_is_unknown() -> None:
    """Whom a key sees is never compared with itself."""
    one = roster_visible(evidence(roster=None, roster_seen=None))
    assert (one.status, one.expected) == ("unknown", "no independent roster")
    assert "8 members" in one.seen
    assert one.action


# --- humans-present ------------------------------------------------------------------------------


def test_people_present_pass() -> None:
    """Rows of people, with or without rows of keys beside them, are people."""
    assert humans_present(evidence(), ExportsHead()).status == "pass"
    assert humans_present(evidence(head(key_rows=0)), exports({"2026-10": 6})).status == "pass"


def test_subscription_use_that_the_api_hides_fails_for_its_months() -> None:
    """Exports show six people in November where the API has API rows only: November is not usable."""
    api_only = head(populations_by_month={"2026-10": ("api", "subscription"), "2026-11": ("api",)})
    rows = rows_of(date(2026, 10, 19), "rrrrree" * 4)
    found = judged(evidence(api_only), rows, exports=exports({"2026-10": 6, "2026-11": 6}))
    one = check(found, "humans-present")
    assert one.status == "fail"
    assert "6 people" in one.expected
    assert "2026-11" in one.expected
    assert "2026-10" not in one.expected
    assert found.usable == {"2026-W43"}  # W44 ends on Sunday 1 November
    assert found.trust.state == "partial"


def test_hidden_use_in_every_month_is_untrusted() -> None:
    """Where no month is left that the API shows, nothing is."""
    api_only = head(populations_by_month={"2026-11": ("api",)})
    found = judged(evidence(api_only), GOOD, exports=exports({"2026-11": 6}))
    assert (found.trust.state, found.usable) == ("untrusted", frozenset())


@pytest.mark.parametrize(
    "people_by_month",
    [{}, {"2026-11": 0}, {"2026-08": 6}],
    ids=["no export", "an export of nobody", "an export of a month before the first rows"],
)
def test_exports_that_show_no_hidden_use_fail_nothing(people_by_month: dict[str, int]) -> None:
    """Only people in a month that the source covers contradict it."""
    api_only = head(first_row_day=date(2026, 9, 1), populations_by_month={"2026-11": ("api",)})
    assert humans_present(evidence(api_only), exports(people_by_month)).status == "pass"


def test_exports_of_people_contradict_an_api_without_any_row() -> None:
    """An API that answered with nothing at all while exports show people hides them: fail, not unknown."""
    found = judged(evidence(NEVER_ANY_ROW), rows_of(MONDAY, "e" * 7), exports=exports({"2026-11": 8}))
    one = check(found, "humans-present")
    assert one.status == "fail"
    assert "8 people" in one.expected
    assert found.trust.state == "untrusted"


def test_an_api_that_never_answered_hides_nobody() -> None:
    """A locked source is locked; exports beside it do not make it a liar."""
    locked = msgspec.structs.replace(NEVER_ASKED, access=Access("locked", 403))
    assert humans_present(evidence(locked), exports({"2026-11": 8})).status == "unknown"


def test_a_source_that_never_had_a_row_is_usable_for_nothing() -> None:
    """Not even for the running week, of which today can still change."""
    found = judged(evidence(NEVER_ANY_ROW), [row(letters="p", settled=False)])
    assert (found.trust.state, found.usable) == ("unknown", frozenset())


# --- access --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "status", "reason", "seen"),
    [
        (Access("ok"), "pass", None, "answers"),
        (Access(), "unknown", None, "not asked yet"),
        (Access("locked", 403, "d", "a"), "unknown", "locked", "not supported for this plan"),
        (Access("denied", 401, "the key is wrong", "a"), "fail", None, "the key is wrong"),
        (Access("failed", 503, "the vendor failed", "a"), "warn", None, "the vendor failed"),
    ],
    ids=lambda one: one.state if isinstance(one, Access) else None,
)
def test_how_a_source_answers(said: Access, status: CheckStatus, reason: str | None, seen: str) -> None:
    """Locked is unknown for the reason ``locked``, denied fails, a vendor's failure warns."""
    one = access_check(evidence(head(access=said)))
    assert (one.status, one.reason, one.seen, one.action) == (status, reason, seen, said.action)


def test_a_locked_source_is_unknown_and_not_usable() -> None:
    """A plan without the API: nothing fails, nothing is usable."""
    locked = msgspec.structs.replace(NEVER_ASKED, access=Access("locked", 404))
    found = judged(evidence(locked, roster=None, roster_seen=None), [])
    assert (found.trust.state, found.usable) == ("unknown", frozenset())
    assert check(found, "access").reason == "locked"


@pytest.mark.parametrize("state", ["denied", "failed"])
def test_access_speaks_of_now(state: str) -> None:
    """A key that fails today does not take away the weeks that it fetched."""
    said = DENIED if state == "denied" else Access("failed", 503)
    found = judged(evidence(head(access=said)), GOOD)
    assert (found.trust.state, found.usable) == ("partial", LABELS)


# --- coverage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("letters", "status", "words"),
    [
        ("cccccee", "pass", "7 days"),
        ("cccccep", "pass", "7 days"),
        ("ccccfee", "fail", "2026-11-13 could not be fetched"),
        ("cccc.ee", "unknown", "2026-11-13 not fetched yet"),
        ("cccssee", "warn", "2026-11-12, 2026-11-13 empty"),
        ("ssssfee", "fail", "2026-11-09, 2026-11-10, 2026-11-11 and 1 more days empty"),
        ("cc.s.ee", "warn", "2026-11-11, 2026-11-13 not fetched yet"),
    ],
)
def test_missing_days_are_named(letters: str, status: CheckStatus, words: str) -> None:
    """Coverage says which days are missing, each kind in its words, and is as bad as the worst of them."""
    one = coverage(evidence(), [row(letters=letters)])
    assert one.status == status
    assert words in one.seen
    assert bool(one.action) == (status != "pass")


def test_coverage_counts_only_its_own_source() -> None:
    """Another source's missing days are not this one's."""
    assert coverage(evidence(), [row(letters="ccccfee", source="another")]).status == "unknown"


def test_without_any_day_coverage_is_unknown() -> None:
    """No period, no statement."""
    assert coverage(evidence(), []).status == "unknown"


# --- freshness -----------------------------------------------------------------------------------


def test_freshness_allows_the_lag_and_an_hourly_refresh() -> None:
    """Sunday is due once its lag and the slack of a refresh have passed, and not a microsecond earlier."""
    due = datetime(2026, 11, 16, tzinfo=MONDAY_NOON.tzinfo) + timedelta(hours=2) + REFRESH_SLACK
    saturday = evidence(head(newest_settled_day=date(2026, 11, 14)))
    assert freshness(saturday, due - timedelta(microseconds=1)).status == "pass"
    assert freshness(saturday, due).status == "warn"
    assert freshness(evidence(), due).status == "pass"


@pytest.mark.parametrize(("days", "status"), [(0, "pass"), (1, "warn"), (STALE_DAYS, "warn"), (17, "fail")])
def test_stale_is_a_warning_and_in_the_end_a_failure(days: int, status: CheckStatus) -> None:
    """More than 16 days behind fails; the action says where to look."""
    one = freshness(evidence(head(newest_settled_day=date(2026, 11, 15) - days * ONE_DAY)), MONDAY_NOON)
    assert one.status == status
    assert bool(one.action) == (status != "pass")


def test_a_lag_that_is_not_learnt_yet_says_nothing() -> None:
    """A source whose answers alone tell how far its days reach, before the first of them."""
    assert freshness(evidence(lag=None), MONDAY_NOON).status == "unknown"


def test_a_source_that_counts_others_than_it_shows_is_doubted() -> None:
    """Only in the periods of such a day."""
    one = evidence(miscounted=(Miscounted(MONDAY, 8, 3),))
    found = check(judged(one, GOOD), "reconciliation")
    assert (found.status, found.periods) == ("warn", [week().label])
    assert "3 people in the rows, 8 by" in found.seen
    assert check(judged(one, GOOD[:-1]), "reconciliation").status == "pass"


def test_use_that_another_live_source_shows_is_not_hidden() -> None:
    """Exports show subscription use and this API none; the one beside it tells of the same people."""
    exports = ExportsHead(looks=1, people_by_month={"2026-11": 5})
    api_only = head(populations_by_month={"2026-11": ("api",)})
    hidden = judged(evidence(api_only), GOOD, exports=exports)
    assert check(hidden, "humans-present").status == "fail"
    shown = evidence(api_only, shown_elsewhere=frozenset({"2026-11"}))
    assert check(judged(shown, GOOD, exports=exports), "humans-present").status == "pass"


def test_freshness_speaks_of_now() -> None:
    """A source that stopped weeks ago leaves its closed weeks usable, and the state partial."""
    stale = evidence(head(newest_settled_day=date(2026, 10, 1)))
    found = judged(stale, GOOD)
    assert check(found, "freshness").status == "fail"
    assert (found.trust.state, found.usable) == ("partial", LABELS)


def test_without_a_settled_day_freshness_is_unknown() -> None:
    """Nothing settled, nothing to be stale."""
    assert freshness(evidence(head(newest_settled_day=None)), MONDAY_NOON).status == "unknown"


# --- the state -----------------------------------------------------------------------------------

#: What makes one check say so, beside everything else that passes. None of them concerns a closed period.
BLEMISHES: dict[CheckStatus, SourceEvidence] = {
    "pass": evidence(),
    "warn": evidence(head(access=Access("failed", 503))),
    "unknown": evidence(roster=None, roster_seen=None),
    "fail": evidence(head(access=DENIED)),
}
COVERED = {
    "all": GOOD,
    "some": [GOOD[0], row(letters="cccccc.")],
    "none": [row(letters="......."), row(letters="cccccc.", period=week(-1))],
}
#: (covered by usable sources, worst thing that a check says) → state. Days not fetched are an unknown too.
STATES: dict[tuple[str, CheckStatus], TrustState] = {
    ("all", "pass"): "trusted",
    ("all", "warn"): "partial",
    ("all", "unknown"): "partial",
    ("all", "fail"): "partial",
    ("some", "pass"): "partial",
    ("some", "warn"): "partial",
    ("some", "unknown"): "partial",
    ("some", "fail"): "partial",
    ("none", "pass"): "unknown",
    ("none", "warn"): "unknown",
    ("none", "unknown"): "unknown",
    ("none", "fail"): "untrusted",
}


def test_the_table_of_states_is_whole() -> None:
    """Every combination has a row."""
    assert set(STATES) == set(product(COVERED, BLEMISHES))


@pytest.mark.parametrize(("covered", "blemish"), STATES)
def test_the_state_follows_from_coverage_and_checks(covered: str, blemish: CheckStatus) -> None:
    """Trusted, partial, untrusted or unknown, as docs/metrics.md says."""
    found = judged(BLEMISHES[blemish], COVERED[covered])
    assert found.trust.state == STATES[covered, blemish]
    assert {"all": found.usable == LABELS, "some": len(found.usable) == 1, "none": not found.usable}[covered]


def test_without_any_source_everything_is_unknown() -> None:
    """No source, no check, no trust."""
    found = evaluate([], ExportsEvidence(ExportsHead()), [], MONDAY_NOON)
    assert (found.trust.state, found.trust.checks, found.usable) == ("unknown", [], frozenset())


def test_a_failing_source_leaves_a_good_one_usable() -> None:
    """Beside a dead key a sound source covers its periods; no figure uses the key, which lowers nothing."""
    dead = SourceEvidence("another", DEAD_KEY, ACME, timedelta(hours=2))
    found = evaluate([evidence(), dead], ExportsEvidence(ExportsHead()), GOOD, MONDAY_NOON)
    assert (found.trust.state, found.usable) == ("trusted", LABELS)
    assert {one.source for one in found.trust.checks} == {SOURCE, "another"}


HEADS = st.builds(
    head,
    access=st.sampled_from(
        [Access("ok"), Access(), Access("locked", 403), DENIED, Access("failed", 503, "x", "y")]
    ),
    people_rows=st.sampled_from([0, 9]),
    key_rows=st.sampled_from([0, 9]),
    first_row_day=st.sampled_from([None, date(2026, 8, 20), MONDAY]),
    organization=st.sampled_from([ACME, NAMESAKE, ""]),
    newest_settled_day=st.sampled_from([None, date(2026, 10, 1), date(2026, 11, 15)]),
    populations_by_month=st.sampled_from([{}, {"2026-11": ("api",)}, {"2026-11": ("subscription",)}]),
    broken_days=st.sampled_from([{}, {MONDAY: True}, {MONDAY: False, MONDAY + ONE_DAY: True}]),
    others_days=st.sampled_from([(), (MONDAY,)]),
    shrunk_days=st.sampled_from([(), (MONDAY - 3 * ONE_DAY,)]),
)
EVIDENCE = st.builds(
    evidence,
    HEADS,
    expected_organization=st.sampled_from([None, ACME]),
    roster_seen=st.sampled_from([0, 4, 7, 8]),
)
ROWS = st.lists(st.text("cpef.s", min_size=7, max_size=7), max_size=3).map(
    lambda weeks: [row(letters=letters, period=week(-number)) for number, letters in enumerate(weeks)]
)
EXPORTS = st.sampled_from([ExportsHead(), exports({"2026-11": 6})])


@given(EVIDENCE, EXPORTS, ROWS)
def test_every_check_is_always_said(one: SourceEvidence, looks: ExportsHead, rows: list[PeriodRow]) -> None:
    """Whatever is stored, each of a source's checks is there once, with what was expected and seen."""
    found = judged(one, rows, exports=looks)
    mine = [each for each in found.trust.checks if each.source == SOURCE]
    assert tuple(each.name for each in mine) == CHECKS
    assert all(each.expected and each.seen for each in found.trust.checks)
    assert all(each.action for each in mine if each.status in ("warn", "fail") and each.name != "access")


@given(EVIDENCE, EXPORTS, ROWS)
def test_the_state_says_what_designs_words_say(
    one: SourceEvidence, looks: ExportsHead, rows: list[PeriodRow]
) -> None:
    """The four states are exclusive, and each is given exactly where its definition holds."""
    found: Evaluation = judged(one, rows, exports=looks)
    statuses = {each.status for each in found.trust.checks}
    everything = bool(rows) and found.usable == {each.label for each in rows}
    cases: dict[TrustState, bool] = {
        "trusted": everything and statuses == {"pass"},
        "partial": bool(found.usable) and not (everything and statuses == {"pass"}),
        "untrusted": not found.usable and "fail" in statuses,
        "unknown": not found.usable and "fail" not in statuses,
    }
    assert [state for state, holds in cases.items() if holds] == [found.trust.state]


@given(EVIDENCE, EXPORTS, ROWS)
def test_a_usable_period_lacks_no_day(one: SourceEvidence, looks: ExportsHead, rows: list[PeriodRow]) -> None:
    """A period with a failed, unfetched or suspect day is never usable, nor is a source without people."""
    found = judged(one, rows, exports=looks)
    for each in rows:
        if each.label in found.usable:
            assert not {day.state for day in each.sources[0].days} & {
                "failed",
                "never_fetched",
                "empty_suspect",
            }
            assert one.head.people_rows or not one.head.key_rows
            assert one.head.first_row_day is not None
