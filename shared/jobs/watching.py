"""What readers are told by default, looked at by the timer: events where it changed, and of what is overdue.

The run's record remembers what was told, so nothing else is written.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from shared.events import emit
from shared.evidence import Judge
from shared.reading import read, span_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.app import App
    from shared.records import Overdue, Run, Trust, TrustState

#: From the best state to the worst; what was never judged is as good as unknown.
_STATES: tuple[TrustState | None, ...] = ("trusted", "partial", "unknown", "untrusted")


def watch(app: App, run: Run, last: Run | None) -> Run:
    """The run with what it found; events say what is another than after the last one."""
    now = app.clock.now()
    heads = app.manifests.heads()
    judge = Judge(app.settings, heads, now)
    rows = read(app, span_of(None, None, None, today=now.date()), heads, now).asked
    trust, overdue = judge(rows).trust, judge.overdue(rows)
    used = {cover.source for row in rows for cover in row.sources}
    _tell_trust(trust, used, last.trust_state if last else None)
    known = set(last.overdue) if last else set()
    is_new_day = last is None or last.started_at.date() != run.started_at.date()
    _tell_overdue(overdue, known, is_new_day=is_new_day)
    return msgspec.structs.replace(run, trust_state=trust.state, overdue=tuple(one.key for one in overdue))


def _tell_trust(trust: Trust, used: set[str], before: TrustState | None) -> None:
    """With the checks that do not pass, of the sources that figures come from: a dead key beside good exports
    is no cause of anything. Where there are no figures each may be one."""
    if trust.state == before:
        return
    is_worse = _STATES.index(trust.state) > _STATES.index(before or "unknown")
    emit(
        "trust.changed",
        level=logging.WARNING if is_worse else logging.INFO,
        **{"from": before, "to": trust.state},
        checks=[
            {"name": one.name, "source": one.source, "status": one.status, "action": one.action}
            for one in trust.checks
            if one.status != "pass" and (one.source in used or not used)
        ],
    )


def _tell_overdue(overdue: Sequence[Overdue], known: set[str], *, is_new_day: bool) -> None:
    """Each once a day for as long as it lasts, and once when it is over."""
    for one in overdue:
        if is_new_day or one.key not in known:
            emit(
                one.name,
                level=logging.WARNING,
                dashboard=one.dashboard,
                month=one.month,
                since=one.since,
                expected=one.expected,
                seen=one.seen,
                action=one.action,
            )
    for key in sorted(known - {one.key for one in overdue}):
        name, _, of = key.partition(" ")
        emit("overdue.ended", was=name, of=of)
