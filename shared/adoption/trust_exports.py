"""The trust checks of the exports: of whom they are, what they cover, how old they are, if they agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from shared.adoption.trust_periods import in_months, labels, usable
from shared.heads import Bounds, CanariesSeen, Disagreement, ExportsHead
from shared.records import Check, CheckStatus, Overdue, PeriodRow

EXPORTS = "exports"

#: A weekly export is late a day after the next one was due; after sixteen days nothing can be said of now.
CADENCE = timedelta(days=7)
GRACE = timedelta(days=1)
OLDEST = timedelta(days=16)

_CONTRADICT = "contradict each other"

#: From the worst status to the best.
WORST: tuple[CheckStatus, ...] = ("fail", "warn", "unknown", "pass")


@dataclass(frozen=True, slots=True)
class ExportsEvidence:
    """What is stored of the exports, whose they should be on each surface, how often one is expected, which
    look would help most next, and what is overdue for the periods that are judged."""

    head: ExportsHead
    expected_organizations: Mapping[str, str] = field(default_factory=dict)
    cadence: timedelta = CADENCE
    next_look: str = ""
    overdue: tuple[Overdue, ...] = ()


def check_exports(evidence: ExportsEvidence, rows: Sequence[PeriodRow], now: datetime) -> list[Check]:
    """Every check of the exports for these periods."""
    exports = evidence.head
    mine = [row for row in rows if any(cover.source == EXPORTS for cover in row.sources)]
    return [
        _organization(exports, evidence.expected_organizations, rows),
        _humans_present(exports, rows),
        _coverage(evidence, mine),
        _freshness(evidence, now),
        _reconciliation(exports, mine),
        _contract(exports, rows, now),
    ]


def exports_usable(checks: Iterable[Check], rows: Iterable[PeriodRow]) -> set[str]:
    """The periods that the exports cover and in which no check fails."""
    return usable(EXPORTS, checks, [row for row in rows if row.completeness != "uncovered"])


def _organization(exports: ExportsHead, expected: Mapping[str, str], rows: Sequence[PeriodRow]) -> Check:
    """Whose the exports are, surface by surface: a company has one id on each. The worst one counts."""
    one = _worst_organization(exports, expected)
    return msgspec.structs.replace(one, periods=labels(rows)) if one.status == "fail" else one


def _worst_organization(exports: ExportsHead, expected: Mapping[str, str]) -> Check:
    surfaces = sorted(exports.organizations.keys() | exports.unnamed.keys())
    found = [_organization_of(surface, exports, expected.get(surface)) for surface in surfaces]
    if not found:
        return _check("expected-organization", "unknown", "any", "no export")
    worst = min(found, key=lambda one: WORST.index(one.status))
    if len(found) == 1:
        return worst
    said, seen = (
        "; ".join(f"{surface}: {text}" for surface, text in zip(surfaces, texts, strict=True))
        for texts in ([one.expected for one in found], [one.seen for one in found])
    )
    return _check("expected-organization", worst.status, said, seen, worst.action)


_RETRACT = "Retract the other organisation's exports, or correct EXPECTED_ORGANIZATIONS."
_COMPARE = "Drop your roster, so that the people in the exports can be compared with it."


def _organization_of(surface: str, exports: ExportsHead, expected: str | None) -> Check:
    named, unnamed = exports.organizations.get(surface, ()), exports.unnamed.get(surface, 0)
    seen, said = ", ".join(named) or "no id in any file's name", expected or "not configured"
    strangers = exports.noted.unnamed_strangers.get(surface, 0)
    status: CheckStatus = "pass" if expected else "unknown"
    action = ""
    if expected and set(named) - {expected}:
        status, action = "fail", _RETRACT
    elif len(named) > 1:
        status, action = "warn", "Retract the exports of the one that is not yours."
    elif strangers:
        seen = f"{seen}; in {strangers} of {unnamed} files without an id most people are strangers"
        status, action = "warn", "Look whether these exports, or the roster, are of another organisation."
    elif not named and exports.noted.has_roster:
        status, seen = "pass", f"{seen}; at least half of the people in each are on the roster"
        said = expected or "people of the roster"
    elif not named:
        status, action = "warn" if expected else "unknown", _COMPARE
    elif not expected:
        action = f"Set EXPECTED_ORGANIZATIONS={surface}:<uuid>."
    return _check("expected-organization", status, said, seen, action)


_STRANGERS = (
    "Compare the addresses in the exports with those of the roster: where people log in under others, drop "
    "an aliases file; otherwise correct the roster. Until then nobody's use counts as an engineer's."
)


def _humans_present(exports: ExportsHead, rows: Sequence[PeriodRow]) -> Check:
    """Whether the exports show people, and those who use it every working day."""
    people, expected = exports.noted.people_exported, "lines of people"
    some = "1 person" if people == 1 else f"{people} people"
    if not people and exports.noted.actors_exported:
        action = "Drop a keys file, where the keys are people's, or the roster, where only names are given."
        seen = "lines of keys or of bare names alone"
        return _check("humans-present", "fail", expected, seen, action, labels(rows))
    if not people:
        return _check("humans-present", "unknown", expected, "nobody", "Drop an export that shows somebody.")
    if exports.noted.strangers_exported == people:
        return _check(
            "humans-present", "warn", "people of the roster", f"{some}, never on the roster", _STRANGERS
        )
    canaries = exports.noted.canaries.get(EXPORTS)
    if canaries is not None and canaries.unseen:
        return _check("humans-present", "warn", *missed(canaries))
    return _check("humans-present", "pass", expected, some)


def _coverage(evidence: ExportsEvidence, rows: Sequence[PeriodRow]) -> Check:
    expected = "looks at both ends of each period, and every finished month's file"
    ranges = [row.label for row in rows if row.completeness != "complete"]
    if not rows:
        return _check(
            "coverage", "unknown", expected, "no period lies between two exports", evidence.next_look
        )
    if not ranges:
        return _check("coverage", "pass", expected, f"{len(rows)} periods")
    shown = ", ".join(ranges[:3]) + (f" and {len(ranges) - 3} more" if len(ranges) > 3 else "")
    missing = [one for one in evidence.overdue if one.name == "month-final.missing"]
    seen = "; ".join([f"only ranges for {shown}", *(one.seen for one in missing)])
    action = _actions(missing) or "See each figure's reason: it names what would settle it."
    return _check("coverage", "warn", expected, seen, action, ranges)


def _actions(found: Iterable[Overdue]) -> str:
    return " ".join(dict.fromkeys(one.action for one in found))


def _freshness(evidence: ExportsEvidence, now: datetime) -> Check:
    late, newest = evidence.cadence + GRACE, evidence.head.newest
    expected = f"an export since {now - late:%Y-%m-%d}"
    if found := [one for one in evidence.overdue if one.name == "export.overdue"]:
        age = now - min(one.since for one in found) + late
        seen = "; ".join(one.seen for one in found)
        return _check("freshness", "warn" if age <= OLDEST else "fail", expected, seen, _actions(found))
    if newest is None:
        return _check("freshness", "unknown", expected, "none")
    age = now - newest
    status: CheckStatus = "pass" if age <= late else "warn" if age <= OLDEST else "fail"
    action = "" if status == "pass" else evidence.next_look
    return _check("freshness", status, expected, f"the newest of {newest:%Y-%m-%d %H:%M}", action)


def _reconciliation(exports: ExportsHead, rows: Sequence[PeriodRow]) -> Check:
    expected = "files that agree"
    doubts: dict[str, str] = {}  # by period
    for row in rows:
        for figure in (*row.figures.values(), *row.active.values()):
            if figure.reason and _CONTRADICT in figure.reason:
                doubts[row.label] = min(figure.reason, doubts.get(row.label, figure.reason))
    if doubts:
        action = (
            "One of each pair is of another organisation, month or day: find out which, and export it again."
        )
        return _check("reconciliation", "warn", expected, min(doubts.values()), action, list(doubts))
    told = (one for one in exports.noted.disagreements if one.beside == EXPORTS)
    found = [one for one in told if touches(one, rows)]
    if found:
        periods = contradicted(found, rows)
        return _check("reconciliation", "warn", expected, in_words(found), FIND_OUT, periods)
    months = {day.strftime("%Y-%m") for row in rows for day in row.period.days()}
    aside = {month: count for month, count in exports.set_aside.items() if month in months}
    if aside:
        some = "1 file is" if sum(aside.values()) == 1 else f"{sum(aside.values())} files are"
        seen = f"{some} set aside, because others contradict what is said there"
        action = "See their receipts in /api/status."
        return _check("reconciliation", "warn", expected, seen, action, in_months(rows, aside))
    return _check("reconciliation", "pass", expected, "they do")


def _contract(exports: ExportsHead, rows: Sequence[PeriodRow], now: datetime) -> Check:
    """Whether every file of late could be read: one that was refused is missed until it comes again."""
    expected = "files of a kind that is known, whole, and of the organisation that is expected"
    late = [one for one in exports.noted.refused if now - one.at <= OLDEST]
    periods = in_months(rows, {f"{one.at:%Y-%m}" for one in late})
    if not late or (rows and not periods):
        return _check("contract", "pass", expected, "nothing else")
    some = "1 file" if len(late) == 1 else f"{len(late)} files"
    seen = f"{some} refused, the last on {late[0].at:%Y-%m-%d}: {late[0].code}"
    action = "See the receipt in /api/status: it says what is wrong. Drop the file again under the same name."
    return _check("contract", "warn", expected, seen, action, periods)


def missed(canaries: CanariesSeen) -> tuple[str, str, str]:
    """What is expected of canaries, what was seen, and what to do."""
    return (
        f"{canaries.canaries} canary engineers within five working days",
        f"{canaries.unseen} of them not at all",
        "Ask them whether they used Claude Code: if they did, this source does not show all of its use.",
    )


FIND_OUT = (
    "Find out which of the two is of another organisation, or stopped showing somebody; the better source "
    "counts meanwhile."
)


def touches(one: Disagreement, rows: Iterable[PeriodRow]) -> bool:
    """Whether a disagreement is about some part of these periods."""
    return any(one.period.start < row.period.end and row.period.start < one.period.end for row in rows)


def contradicted(found: Iterable[Disagreement], rows: Sequence[PeriodRow]) -> list[str]:
    """The periods that disagreements are about."""
    return [row.label for row in rows if any(touches(one, [row]) for one in found)]


def in_words(found: Sequence[Disagreement]) -> str:
    """The newest disagreement, with both numbers, and how many there are besides."""
    one = found[-1]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    beside = "the exports" if one.beside == EXPORTS else one.beside
    return (
        f"in {one.period.in_words()} {_lines(one.exported)} by {beside} and {_lines(one.daily)} by "
        f"{one.source} ({one.population}){more}"
    )


def _lines(bounds: Bounds) -> str:
    if bounds.high is None:
        return f"at least {bounds.low} lines"
    return f"{bounds.low} lines" if bounds.low == bounds.high else f"{bounds.low} to {bounds.high} lines"


def _check(
    name: str,
    status: CheckStatus,
    expected: str,
    seen: str,
    action: str = "",
    periods: Sequence[str] = (),
) -> Check:
    return Check(name, EXPORTS, status, expected, seen, action, periods=list(periods))
