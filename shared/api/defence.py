"""What cannot be defended is a problem document, not a chart: the same at every door that shows figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.api.problems import NO_DATA_YET, UNPROVEN, UNTRUSTED, Problem
from shared.records import PeriodRow

if TYPE_CHECKING:
    from shared.adoption.trust import Evaluation
    from shared.store.manifests import Heads

#: The checks whose action, where nothing is usable and nothing failed, would settle what the data are worth.
_SETTLING = ("humans-present", "access", "coverage")


def refuse_what_cannot_be_defended(
    evaluation: Evaluation, heads: Heads, rows: list[PeriodRow], next_export: str
) -> None:
    """Raise the Problem ``no-data-yet``, ``untrusted`` or ``unproven`` where that is what the data are.

    ``rows`` are the periods that were asked for, ``next_export`` the advice of now.
    """
    trust = evaluation.trust
    if trust.state in ("trusted", "partial"):
        return
    asked = any(head.access.state != "never" for head in heads.live.values())
    if not rows and not asked:
        raise Problem(
            NO_DATA_YET, _looks_in_words(heads.exports.looks), checks=trust.checks, action=next_export
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
