"""Everything that can be rebuilt, out of what is kept raw: for tables that were lost, damaged, or misread.

Of each source the manifest is made anew beside the one that readers follow, and takes its place by one
conditional replace; the period rows then follow. Who dies in between leaves the old or the new, and the same
message, brought again, begins again. ``people`` and ``audit`` are read and kept: they are not in raw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.jobs.outcome import Outcome
from shared.jobs.rebuild import rebuild
from shared.jobs.replay_days import replay_days
from shared.jobs.replay_exports import replay_exports
from shared.jobs.restating import history_of

if TYPE_CHECKING:
    from shared.app import App

#: The newest version of each input that any period row was built from, by source and part.
Floor = dict[tuple[str, str], int]


def replay(app: App) -> Outcome:
    """Read everything again that came and was decided, and compute every row from it."""
    floor = _floor(app)
    files = replay_exports(app, floor)
    days = replay_days(app, floor)
    rows = rebuild(app, everything=True, history=history_of(app))
    return Outcome(
        done=True,
        said=f"{files} files and {days} days were read again from raw, {rows} period rows computed again",
    )


def _floor(app: App) -> Floor:
    """Rows that are still there must not seem to be built from something newer than what is rebuilt."""
    floor: Floor = {}
    for inputs in app.periods.inputs():
        for part, version in inputs.versions().items():
            floor[part] = max(version, floor.get(part, 0))
    return floor
