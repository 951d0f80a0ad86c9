"""``GET /api/adoption``: the answer, the periods, the trust checks. No names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from shared.adoption.advice import best_next, next_look
from shared.adoption.answer import OLDEST, answer_of, chain, weeks_that_answer, withhold
from shared.adoption.diary import Diary, diary_of
from shared.adoption.trust import Evaluation, evaluate
from shared.adoption.trust_exports import ExportsEvidence
from shared.adoption.trust_live import SourceEvidence
from shared.api.parameters import AdoptionQuery, adoption_query
from shared.api.principal import principal_of, require
from shared.api.problems import NO_DATA_YET, NOT_FOUND, UNPROVEN, UNTRUSTED, Problem
from shared.api.responses import Request, Response, data_response, json_response
from shared.api.tables import CSV, csv_of
from shared.heads import Head
from shared.periods import Granularity, period_of
from shared.records import Answer, PeriodRow, Trust
from shared.sources import LIVE

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.manifests import Heads


#: How far back the answer looks: its period may be as old as ``OLDEST``, and the one before it counts.
LOOKED_BACK = OLDEST + timedelta(days=14)


#: The checks whose action, where nothing is usable and nothing failed, would settle what the data are worth.
_SETTLING = ("humans-present", "access", "coverage")


class Adoption(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The body of a 200. ``data_as_of`` is when the newest stored answer was heard, never an age."""

    answer: Answer
    granularity: Granularity
    periods: list[PeriodRow]
    trust: Trust
    data_as_of: datetime | None
    team: str | None = None
    demo: bool = False


def get_adoption(app: App, request: Request) -> Response:
    """Answer from the store alone; what cannot be defended is a problem document, not a chart."""
    now = app.clock.now()
    require(principal_of(request, app.settings, now=now), "Usage.Read")
    query = adoption_query(request.params, now=now)
    if query.team is not None:
        raise Problem(NOT_FOUND, "There are no figures by team yet.")
    heads = app.manifests.heads()
    shelf = _read(app, query, heads, now)
    diary = diary_of_exports(app, heads)
    judge = _Judge(app, heads, diary, now)
    evaluation = judge(shelf.asked)
    next_export = best_next(diary, shelf.exported, now)
    waits = app.settings.live_source_configured and not heads.exports.looks
    _refuse_what_cannot_be_defended(evaluation, heads, shelf.asked, "" if waits else next_export)
    rows = withhold(shelf.asked, evaluation.usable)
    if query.format == "csv":
        return data_response(csv_of(rows, demo=bool(app.settings.demo_world)), request, content_type=CSV)
    heard = [head.data_as_of for head in heads.live.values() if head.data_as_of is not None]
    return json_response(
        Adoption(
            answer=answer_of(
                shelf.weeks, judge(shelf.recent(now)).usable, shelf.exported, judge, next_export, now
            ),
            granularity=shelf.granularity,
            periods=rows,
            trust=evaluation.trust,
            data_as_of=max([*heard, *filter(None, [heads.exports.newest])], default=None),
            demo=bool(app.settings.demo_world),
        ),
        request,
    )


class _Judge:
    """Says how far rows can be trusted, from one reading of the evidence."""

    def __init__(self, app: App, heads: Heads, diary: Diary, now: datetime) -> None:
        self._evidence = evidence_of(app, heads)
        self._exports = exports_evidence(app, heads, next_look(diary, now))
        self._now = now

    def __call__(self, rows: Sequence[PeriodRow]) -> Evaluation:
        return evaluate(self._evidence, self._exports, rows, self._now)


class _Shelf(NamedTuple):
    """The weeks, the row that the exports' answer is of, and the periods that were asked for."""

    weeks: list[PeriodRow]
    exported: PeriodRow | None
    granularity: Granularity
    asked: list[PeriodRow]

    def recent(self, now: datetime) -> list[PeriodRow]:
        """The weeks that the answer can be of, and those before them."""
        return [row for row in self.weeks if row.period.end >= now - LOOKED_BACK]


def _read(app: App, query: AdoptionQuery, heads: Heads, now: datetime) -> _Shelf:
    """Range queries in one partition each; where weeks are asked for, one alone."""
    running = period_of("week", now.date())
    oldest = now - LOOKED_BACK
    of_weeks = query.granularity in ("week", None)
    first = min(query.first_end, oldest) if of_weeks else oldest
    last = max(query.last_end, running.end) if of_weeks else running.end
    weeks = app.periods.read("week", first, last)
    exported = app.periods.read_answer() if heads.exports.looks else None
    by_weeks = exported is None or weeks_that_answer(weeks, exported, now) is not None
    granularity = query.granularity or ("week" if by_weeks else "export")
    if granularity == "week":
        asked = [row for row in weeks if query.first_end <= row.period.end <= query.last_end]
    else:
        asked = app.periods.read(granularity, query.first_end, query.last_end)
    if granularity == "export":
        asked = chain(asked, exported)
    return _Shelf(weeks, exported, granularity, asked)


def exports_evidence(app: App, heads: Heads, advised: str) -> ExportsEvidence:
    """What the trust checks are told of the exports; ``advised``: which look would help most next."""
    return ExportsEvidence(
        heads.exports,
        app.settings.expected_organizations,
        timedelta(days=app.settings.export_cadence_days),
        advised,
    )


def evidence_of(app: App, heads: Heads) -> list[SourceEvidence]:
    """What the trust checks are told of each live source that was ever asked or is configured."""
    expected = app.settings.expected_organizations.get("console")
    noted = heads.exports.noted
    seen = noted.roster_seen
    return [
        SourceEvidence(
            source,
            heads.live.get(source, Head()),
            expected,
            lag,
            roster=seen[source].expected if source in seen else None,
            roster_seen=seen[source].seen if source in seen else None,
            silence=noted.silences.get(source),
            canaries=noted.canaries.get(source),
            disagreements=tuple(one for one in noted.disagreements if one.source == source),
        )
        for source, lag in LIVE.items()
        if source in heads.live or app.settings.live_source_configured
    ]


def diary_of_exports(app: App, heads: Heads) -> Diary:
    """When the exports were looked at, in the admin's own days."""
    told = app.settings
    lag = timedelta(hours=told.export_lag_hours)
    return diary_of(heads.exports, told.expected_organizations, told.export_timezone, lag)


def _refuse_what_cannot_be_defended(
    evaluation: Evaluation, heads: Heads, rows: list[PeriodRow], next_export: str
) -> None:
    trust = evaluation.trust
    if trust.state in ("trusted", "partial"):
        return
    asked = any(head.access.state != "never" for head in heads.live.values())
    if not rows and not asked:
        looks = heads.exports.looks
        some = "1 look" if looks == 1 else f"{looks} looks"
        detail = f"There is {some} at the vendor's dashboard; a period lies between two." if looks else ""
        raise Problem(NO_DATA_YET, detail, checks=trust.checks, action=next_export)
    failing = [check for check in trust.checks if check.status == "fail"]
    if trust.state == "untrusted":
        said = "; ".join(f"{one.name}: expected {one.expected}, seen {one.seen}" for one in failing)
        raise Problem(UNTRUSTED, f"{said}.", checks=trust.checks, action=failing[0].action)
    unproven = [check for check in trust.checks if check.status != "pass" and check.action]
    settling = [check for check in unproven if check.name in _SETTLING] or unproven
    raise Problem(UNPROVEN, checks=trust.checks, action=settling[0].action if settling else "")
