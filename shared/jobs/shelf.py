"""The looks with their counts, each read once, as the timeline and the referee want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from shared.adoption.lines import Tolerance
from shared.adoption.looks import ShownLook, shown
from shared.adoption.seats import Seats
from shared.jobs.configuring import read_told, seats_shown
from shared.periods import period_of
from shared.store.exports import FILE_VERSION, part_of
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from shared.adoption.roster import Roster
    from shared.app import App
    from shared.records import Look, Report
    from shared.store.exports import ExportsManifest


class Shelf:
    """One reading of the exports' manifest, and whatever it refers to."""

    def __init__(self, app: App, manifest: ExportsManifest) -> None:
        self._app = app
        self.manifest = manifest
        self.told = read_told(app, manifest)
        self._counts: dict[str, Mapping[str, Mapping[str, int]]] = {}
        self._usual = manifest.usual_organizations
        self._roster: Roster | None = None
        self.tolerance = Tolerance(*app.settings.correction_tolerance)

    @property
    def roster(self) -> Roster:
        """The roster, as far as first use is known."""
        if self._roster is None:
            self._roster = self.told.roster(self.manifest.first_use)
        return self._roster

    @cached_property
    def seats(self) -> Seats:
        """Who held which seat, and what it cost; two addresses of one person hold one seat each."""
        return Seats(seats_shown(self._app, self.manifest), self.told.prices, self.told.directory.aliases)

    def stream_of(self, look: Look) -> str:
        """Which dashboard it looks at: a name without an organisation means the one that is known."""
        return stream_of(look, {**self._usual, **self._app.settings.expected_organizations})

    def organization_of(self, report: Report) -> str:
        """Whose report it is: like a look, one without an organisation is of the one that is known."""
        known = {**self._usual, **self._app.settings.expected_organizations}
        return report.organization or known.get(report.surface, "")

    def spoken(self, report: Report) -> datetime:
        """Up to which moment the vendor certainly knew everything when it showed the report."""
        earliest = report.moment
        if report.date_only:
            zone = self._app.settings.export_timezone
            earliest = datetime.combine(report.moment.astimezone(zone).date(), time(), zone)
        return earliest - timedelta(hours=self._app.settings.export_lag_hours)

    def counts(self, look: Look, measure: str) -> dict[str, int]:
        """Each person's count, aliases and mapped keys joined; who belongs to nobody keeps an own id."""
        if look.look_id not in self._counts:
            self._counts[look.look_id] = self._app.facts.read_value(
                EXPORTS, part_of(look.look_id), FILE_VERSION, dict[str, dict[str, int]]
            )
        return self.told.directory.joined(self._counts[look.look_id].get(measure, {}))

    def shown(self, look: Look, measure: str) -> ShownLook:
        """The look as the timeline sees it."""
        return shown(look, self.counts(look, measure), self._app.settings.export_timezone)

    def left_by(self, person: str, moment: datetime) -> bool:
        """Whether somebody had left the roster by then."""
        return self.roster.left_by(person, moment.date())


def stream_of(look: Look, known: Mapping[str, str]) -> str:
    """The dashboard that a look is of; ``known`` is the organisation of each surface."""
    return f"{look.surface}|{look.kind}|{look.organization or known.get(look.surface, '')}"


def last_day_of(look: Look) -> date:
    """The last day of which it tells: its own, or its month's."""
    return min(look.moment.date(), period_of("month", month_of(look)).last_day)


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
