"""The looks with their counts, each read once, as the timeline and the referee want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from shared.adoption.lines import Tolerance
from shared.adoption.looks import ShownLook, look_of_day, look_of_moment
from shared.jobs.configuring import read_told
from shared.store.exports import FILE_VERSION, part_of
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from shared.adoption.roster import Roster
    from shared.app import App
    from shared.records import Look
    from shared.store.exports import ExportsManifest


class Shelf:
    """One reading of the exports' manifest, and whatever it refers to."""

    def __init__(self, app: App, manifest: ExportsManifest) -> None:
        self._app = app
        self.manifest = manifest
        self.told = read_told(app, manifest)
        self._counts: dict[str, Mapping[str, Mapping[str, int]]] = {}
        self._only = manifest.only_organizations
        self._roster: Roster | None = None
        self.tolerance = Tolerance(*app.settings.correction_tolerance)

    @property
    def roster(self) -> Roster:
        """The roster, as far as first use is known."""
        if self._roster is None:
            self._roster = self.told.roster(self.manifest.first_use)
        return self._roster

    def stream_of(self, look: Look) -> str:
        """Which dashboard it looks at: a name without an organisation means the one that is known."""
        organization = (
            look.organization
            or self._app.settings.expected_organizations.get(look.surface)
            or self._only.get(look.surface, "")
        )
        return f"{look.surface}|{look.kind}|{organization}"

    def counts(self, look: Look, measure: str) -> dict[str, int]:
        """Each person's count, aliases and mapped keys joined; who belongs to nobody keeps an own id."""
        if look.look_id not in self._counts:
            self._counts[look.look_id] = self._app.facts.read_value(
                EXPORTS, part_of(look.look_id), FILE_VERSION, dict[str, dict[str, int]]
            )
        joined: dict[str, int] = {}
        for actor, count in self._counts[look.look_id].get(measure, {}).items():
            person = self.told.directory.person(actor) or actor
            joined[person] = joined.get(person, 0) + count
        return joined

    def shown(self, look: Look, measure: str) -> ShownLook:
        """The look as the timeline sees it."""
        month = month_of(look)
        counts = self.counts(look, measure)
        if not look.date_only:
            return look_of_moment(look.look_id, month, look.moment, counts)
        zone = self._app.settings.export_timezone
        day = look.moment.astimezone(zone).date()
        begins = datetime.combine(day, time(), zone)  # the zone knows the day's length
        return look_of_day(look.look_id, month, day, counts, begins=begins)

    def left_by(self, person: str, moment: datetime) -> bool:
        """Whether somebody had left the roster by then."""
        return self.roster.left_by(person, moment.date())


def month_of(look: Look) -> date:
    """The first day of a look's month."""
    return date.fromisoformat(f"{look.month}-01")


def main_measure(look: Look) -> str:
    """The measure by which looks of one month are compared: lines, where there are any."""
    return next((one for one in look.measures if one.startswith("lines")), look.measures[0])


def by_stream_and_month(shelf: Shelf, looks: Iterable[Look]) -> dict[tuple[str, str], list[Look]]:
    """The looks that can contradict each other, together."""
    groups: dict[tuple[str, str], list[Look]] = {}
    for look in looks:
        groups.setdefault((shelf.stream_of(look), look.month), []).append(look)
    return groups
