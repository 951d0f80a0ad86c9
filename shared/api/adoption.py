"""``GET /api/adoption``: the answer, the periods, the trust checks. No names."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.answer import answer_of, withhold
from shared.api.defence import read_what_can_be_defended
from shared.api.parameters import adoption_query
from shared.api.principal import names_withheld, principal_of, require
from shared.api.responses import Request, Response, data_response, json_response
from shared.api.tables import AS_FILE, CSV, csv_of
from shared.api.teams import of_team
from shared.periods import Granularity
from shared.records import Answer, PeriodRow, Trust

if TYPE_CHECKING:
    from shared.app import App


class Adoption(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The body of a 200. ``data_as_of`` is when the newest stored answer was heard, never an age.

    ``stale``: a live source was heard longer ago than the hourly refresh would leave it.
    """

    answer: Answer
    granularity: Granularity
    periods: list[PeriodRow]
    trust: Trust
    data_as_of: datetime | None
    team: str | None = None
    stale: bool = False
    demo: bool = False


def get_adoption(app: App, request: Request) -> Response:
    """Answer from the store alone; what cannot be defended is a problem document, not a chart."""
    now = app.clock.now()
    principal = require(principal_of(request, app.settings, now=now), "Usage.Read")
    query = adoption_query(request.params, now=now)
    told = read_what_can_be_defended(app, query.span, now)
    reading, judge, evaluation = told.reading, told.judge, told.evaluation
    team, shown = None, reading
    if query.team is not None:
        team, shown = of_team(app, reading, query.team, names=not names_withheld(principal, app.settings))
    rows = withhold(shown.asked, evaluation.usable)
    demo = bool(app.settings.demo_world)
    if query.format == "csv":
        table = csv_of(rows, team=team, demo=demo)
        return data_response(table, request, content_type=CSV, headers=AS_FILE)
    return json_response(
        Adoption(
            answer=answer_of(
                shown.weeks, judge(reading.recent(now)).usable, shown.exported, judge, told.next_export, now
            ),
            granularity=reading.granularity,
            periods=rows,
            trust=evaluation.trust,
            data_as_of=told.heads.data_as_of,
            team=team,
            stale=told.stale,
            demo=demo,
        ),
        request,
    )
