"""What cannot be defended is a problem document, not a chart: the same at every door that shows figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from shared.adoption.advice import best_next
from shared.api.problems import NO_DATA_YET, UNPROVEN, UNTRUSTED, Problem
from shared.evidence import Judge
from shared.reading import read
from shared.records import PeriodRow
from shared.revalidating import revalidate

if TYPE_CHECKING:
    from datetime import datetime

    from shared.adoption.trust import Evaluation
    from shared.app import App
    from shared.reading import Reading, Span
    from shared.store.manifests import Heads

#: The checks whose action, where nothing is usable and nothing failed, would settle what the data are worth.
_SETTLING = ("humans-present", "access", "coverage")


class Defended(NamedTuple):
    """What was read for one request, and what it can be trusted for.

    ``next_export`` is the advice of now, ``first_step`` the same for who has nothing yet: empty while a live
    source may still bring it. ``stale``: a live source was heard too long ago, and a refresh was asked for.
    """

    heads: Heads
    reading: Reading
    judge: Judge
    evaluation: Evaluation
    next_export: str
    first_step: str
    stale: bool


def read_what_can_be_defended(app: App, span: Span, now: datetime) -> Defended:
    """Read the periods of a span from the store, and judge them.

    Raises the Problem ``no-data-yet``, ``untrusted`` or ``unproven`` where that is what the data are.
    """
    heads = app.manifests.heads()
    stale = revalidate(app, heads, now)
    reading = read(app, span, heads, now)
    judge = Judge(app.settings, heads, now)
    evaluation = judge(reading.asked)
    next_export = best_next(judge.diary, reading.exported, now)
    waits = app.settings.live_source_configured and not heads.exports.looks
    first_step = "" if waits else next_export
    _refuse_what_cannot_be_defended(evaluation, heads, reading.asked, first_step)
    return Defended(heads, reading, judge, evaluation, next_export, first_step, stale)


def _refuse_what_cannot_be_defended(
    evaluation: Evaluation, heads: Heads, rows: list[PeriodRow], first_step: str
) -> None:
    """Raise the Problem ``no-data-yet``, ``untrusted`` or ``unproven`` where that is what the data are.

    ``rows`` are the periods that were asked for.
    """
    trust = evaluation.trust
    if trust.state in ("trusted", "partial"):
        return
    asked = any(head.access.state != "never" for head in heads.live.values())
    if not rows and not asked:
        raise Problem(
            NO_DATA_YET, _looks_in_words(heads.exports.looks), checks=trust.checks, action=first_step
        )
    failing = [check for check in trust.checks if check.status == "fail"]
    if trust.state == "untrusted":
        said = "; ".join(f"{one.name}: expected {one.expected}, seen {one.seen}" for one in failing)
        raise Problem(UNTRUSTED, f"{said}.", checks=trust.checks, action=failing[0].action)
    unproven = [check for check in trust.checks if check.status != "pass" and check.action]
    settling = [check for check in unproven if check.name in _SETTLING] or unproven
    raise Problem(UNPROVEN, checks=trust.checks, action=settling[0].action if settling else "")


def _looks_in_words(looks: int) -> str:
    """What was collected that makes no period of those asked for; empty for nothing."""
    if looks == 1:
        return "There is 1 look at the vendor's dashboard; a period lies between two."
    dashboard = f"There are {looks} looks at the vendor's dashboard"
    return f"{dashboard}, and none of the periods asked for lies between two." if looks else ""
