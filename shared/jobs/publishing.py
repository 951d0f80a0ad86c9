"""Writes period rows, those of a period's teams before everybody's.

Everybody's row thus is the commit: it has the same inputs, so as long as it is behind, all of them are made
again; and where it is not, nobody has to look at a team's. Many periods are held until they are written,
because a transaction takes a hundred rows of one team.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from shared.jobs.restating import remember, tell
from shared.store.limits import BATCH_ENTITIES
from shared.store.period_rows import Written
from shared.store.team_rows import entities_of

if TYPE_CHECKING:
    from shared.adoption.team_rows import Rows
    from shared.app import App
    from shared.heads import Disagreement
    from shared.jobs.restating import History
    from shared.jobs.workshop import Workshop
    from shared.periods import Granularity
    from shared.store.period_rows import Built, Inputs
    from shared.store.tables import Entity

#: Packed rows of teams held in memory at once, some 2 KiB each.
HELD = 10_000

#: Teams that are written side by side; the SDK keeps ten connections open.
WRITERS = 8


class Publisher:
    """Writes the rows of one granularity. Whoever puts some also finishes. ``history``: what periods said
    before, for rows that were lost. ``everything``: over those of a later program, too."""

    def __init__(
        self,
        app: App,
        workshop: Workshop,
        granularity: Granularity,
        history: History | None = None,
        *,
        everything: bool = False,
    ) -> None:
        self._app = app
        self._history = history or {}
        self._workshop = workshop
        self._granularity = granularity
        self._everything = everything
        self._made: list[Written] = []
        self._of_teams: dict[str, dict[str, Entity | None]] = {}

    def put(
        self,
        key: str,
        rows: Rows,
        inputs: Inputs,
        over: Built | None,
        disagreements: tuple[Disagreement, ...] = (),
        *,
        newest: Inputs | None = None,
    ) -> None:
        """Have a period's rows written, sooner or later. ``newest``: as ``Written`` has it.

        Raises StoreConflict as ``finish`` does.
        """
        made = entities_of(inputs, rows.teams)
        for team in (over.teams if over else frozenset()) - made.keys():
            self._of_teams.setdefault(team, {})[key] = None
        for team, entity in made.items():
            self._of_teams.setdefault(team, {})[key] = entity
        teams = tuple(made)
        self._made.append(Written(key, rows.everybody, inputs, over, disagreements, teams, newest=newest))
        if len(self._made) >= BATCH_ENTITIES or sum(map(len, self._of_teams.values())) >= HELD:
            self.finish()

    def remove(self, key: str, stored: Built) -> None:
        """Take a period's rows away. Raises StoreConflict where one has changed."""
        self._write_teams({team: {key: None} for team in stored.teams})
        self._app.periods.remove(self._granularity, key, stored)

    def finish(self) -> None:
        """Write what is still held. Raises StoreConflict where another row stands there by now, or one built
        from newer inputs."""
        self._write_teams(self._of_teams)
        rows, taken = remember(self._app, self._granularity, self._made, self._history)
        self._app.periods.write_all(rows)
        tell(self._granularity, taken)
        self._made, self._of_teams = [], {}

    def _write_teams(self, rows: Mapping[str, Mapping[str, Entity | None]]) -> None:
        if not rows:
            return
        newest = self._workshop.everything
        with ThreadPoolExecutor(min(WRITERS, len(rows))) as pool:
            writing = [
                pool.submit(
                    self._app.teams.write,
                    self._granularity,
                    team,
                    of_team,
                    newest,
                    everything=self._everything,
                )
                for team, of_team in sorted(rows.items())
            ]
        for one in writing:
            one.result()
