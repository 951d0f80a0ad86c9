"""``GET /api/adoption``: the answer, the periods, the trust checks. No names."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.advice import best_next
from shared.adoption.answer import answer_of, withhold
from shared.api.parameters import adoption_query
from shared.api.principal import principal_of, require
from shared.api.problems import NO_DATA_YET, UNPROVEN, UNTRUSTED, Problem
from shared.api.responses import Request, Response, data_response, json_response
from shared.api.tables import AS_FILE, CSV, csv_of
from shared.api.teams import NAMES, of_team
from shared.evidence import Judge
from shared.periods import Granularity
from shared.reading import read
from shared.records import Answer, PeriodRow, Trust

if TYPE_CHECKING:
    from shared.adoption.trust import Evaluation
    from shared.app import App
    from shared.store.manifests import Heads


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
    principal = require(principal_of(request, app.settings, now=now), "Usage.Read")
    query = adoption_query(request.params, now=now)
    heads = app.manifests.heads()
    reading = read(app, query.span, heads, now)
    judge = Judge(app.settings, heads, now)
    evaluation = judge(reading.asked)
    next_export = best_next(judge.diary, reading.exported, now)
    waits = app.settings.live_source_configured and not heads.exports.looks
    _refuse_what_cannot_be_defended(evaluation, heads, reading.asked, "" if waits else next_export)
    team, shown = None, reading
    if query.team is not None:
        team, shown = of_team(app, reading, query.team, names=NAMES in principal.roles)
    rows = withhold(shown.asked, evaluation.usable)
    demo = bool(app.settings.demo_world)
    if query.format == "csv":
        table = csv_of(rows, team=team, demo=demo)
        return data_response(table, request, content_type=CSV, headers=AS_FILE)
    heard = [head.data_as_of for head in heads.live.values() if head.data_as_of is not None]
    return json_response(
        Adoption(
            answer=answer_of(
                shown.weeks, judge(reading.recent(now)).usable, shown.exported, judge, next_export, now
            ),
            granularity=reading.granularity,
            periods=rows,
            trust=evaluation.trust,
            data_as_of=max([*heard, *filter(None, [heads.exports.newest])], default=None),
            team=team,
            demo=demo,
        ),
        request,
    )


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
