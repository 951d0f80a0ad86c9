"""``GET /api/adoption``: the answer, the periods, the trust checks. No names."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.answer import OLDEST, answer_now, withhold
from shared.adoption.trust import Evaluation, SourceEvidence, evaluate
from shared.api.parameters import AdoptionQuery, adoption_query
from shared.api.principal import principal_of, require
from shared.api.problems import NO_DATA_YET, NOT_FOUND, UNPROVEN, UNTRUSTED, Problem
from shared.api.responses import Request, Response, data_response, json_response
from shared.api.tables import CSV, csv_of
from shared.periods import Granularity, period_of
from shared.records import Answer, Head, PeriodRow, Trust
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
        raise Problem(NOT_FOUND, "There is no roster yet, so there are no teams.")
    heads = app.manifests.heads()
    weeks, rows = _read(app, query, now)
    evidence = evidence_of(app, heads)
    evaluation = evaluate(evidence, heads.exports, rows, now)
    _refuse_what_cannot_be_defended(evaluation, heads, rows)
    rows = withhold(rows, evaluation.usable)
    if query.format == "csv":
        return data_response(csv_of(rows, demo=bool(app.settings.demo_world)), request, content_type=CSV)
    recent = [row for row in weeks if row.period.end >= now - LOOKED_BACK]
    usable = evaluate(evidence, heads.exports, recent, now).usable
    heard = [head.data_as_of for head in heads.live.values() if head.data_as_of is not None]
    return json_response(
        Adoption(
            answer=answer_now(weeks, usable, now),
            granularity=query.granularity,
            periods=rows,
            trust=evaluation.trust,
            data_as_of=max(heard, default=None),
            demo=bool(app.settings.demo_world),
        ),
        request,
    )


def _read(app: App, query: AdoptionQuery, now: datetime) -> tuple[list[PeriodRow], list[PeriodRow]]:
    """The weeks that the answer needs, and the periods that were asked for: one range query where they
    are of one kind."""
    running = period_of("week", now.date())
    oldest = now - LOOKED_BACK
    if query.granularity != "week":
        weeks = app.periods.read("week", oldest, running.end)
        return weeks, app.periods.read(query.granularity, query.first_end, query.last_end)
    rows = app.periods.read("week", min(query.first_end, oldest), max(query.last_end, running.end))
    asked = [row for row in rows if query.first_end <= row.period.end <= query.last_end]
    return rows, asked


def evidence_of(app: App, heads: Heads) -> list[SourceEvidence]:
    """What the trust checks are told of each live source that was ever asked or is configured."""
    expected = app.settings.expected_organizations.get("console")
    return [
        SourceEvidence(source, heads.live.get(source, Head()), expected, lag)
        for source, lag in LIVE.items()
        if source in heads.live or app.settings.live_source_configured
    ]


def _refuse_what_cannot_be_defended(evaluation: Evaluation, heads: Heads, rows: list[PeriodRow]) -> None:
    trust = evaluation.trust
    if trust.state in ("trusted", "partial"):
        return
    asked = any(head.access.state != "never" for head in heads.live.values())
    if not rows and not asked:
        exports = heads.exports.looks
        detail = f"{exports} exports are recorded; no figure can be made of them yet." if exports else ""
        raise Problem(NO_DATA_YET, detail, checks=trust.checks)
    failing = [check for check in trust.checks if check.status == "fail"]
    if trust.state == "untrusted":
        said = "; ".join(f"{one.name}: expected {one.expected}, seen {one.seen}" for one in failing)
        raise Problem(UNTRUSTED, f"{said}.", checks=trust.checks, action=failing[0].action)
    unproven = [check for check in trust.checks if check.status != "pass" and check.action]
    settling = [check for check in unproven if check.name in _SETTLING] or unproven
    raise Problem(UNPROVEN, checks=trust.checks, action=settling[0].action if settling else "")
