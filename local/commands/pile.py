"""CSV files considered together, as if all of them had been dropped, in whatever order: offline and pure.

They are read, admitted, joined to persons, judged and remarked upon by what the app itself uses. Only what is
stored already is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from shared.adoption.lines import Tolerance
from shared.adoption.looks import ShownLook, shown
from shared.adoption.remarks import remarks
from shared.adoption.roster import first_use_in
from shared.adoption.settling import Counting, settled_by
from shared.adoption.standing import Referee, Standing, settle
from shared.errors import ExportRefused
from shared.jobs.configuring import Told, stored, told_by
from shared.jobs.judging import contradiction
from shared.jobs.recording import counts_of, look_of, twin_of
from shared.jobs.shelf import last_day_of, main_measure, stream_of
from shared.sources.exports import (
    MOST_PEOPLE,
    Configuration,
    Export,
    MonthToDate,
    Said,
    check_organization,
    check_size,
    content_key,
    read_dropped,
)
from shared.store.exports import usual_organizations

if TYPE_CHECKING:
    from shared.periods import Period
    from shared.records import Actor, Finding, Look
    from shared.settings import Settings


class Given(NamedTuple):
    """A file: where it lies, the name that it would have in the container, and its bytes."""

    path: str
    name: str
    content: bytes


@dataclass(slots=True)
class Considered:
    """What would become of one file."""

    name: str
    state: str = "accepted"
    said: Said | None = None
    remarks: list[str] = field(default_factory=list)
    settles: list[Period] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    findings: Sequence[Finding] = ()
    findings_total: int = 0

    def refuse(self, refused: ExportRefused) -> None:
        """It would lie in quarantine beside a report of these findings."""
        self.state, self.findings, self.findings_total = "refused", refused.findings, refused.total


_QUIET = " If it is a fresh export of a quiet week, drop it in the folder of its own day."


def consider(files: Iterable[Given], settings: Settings, now: datetime) -> list[Considered]:
    """What would become of each file, beside the others, in the order given."""
    read = {file.path: (_read(file, settings, now), content_key(file.content)) for file in files}
    good = {path: one.said for path, (one, _) in read.items() if one.said is not None}
    keys = {path: key for path, (_, key) in read.items()}
    exports = {path: said for path, said in good.items() if isinstance(said, MonthToDate)}
    configurations = {path: said for path, said in good.items() if isinstance(said, Configuration)}
    duplicates = _same_configurations(configurations, keys)
    looks, twins = _looks(exports, keys)
    for path, first in {**duplicates, **twins}.items():
        read[path][0].state = "duplicate"
        read[path][0].remarks = [f"It says what {first} says.{_QUIET if path in twins else ''}"]
    vendors = [said for path, said in good.items() if isinstance(said, Export) and path not in twins]
    side_by_side = _Looks(looks, exports, vendors, list(configurations.values()), settings)
    for path, told in side_by_side.told().items():
        _tell(read[path][0], told)
    return [one for one, _ in read.values()]


def _read(file: Given, settings: Settings, now: datetime) -> Considered:
    found = Considered(file.name)
    try:
        check_size(len(file.content), settings.export_max_bytes)
        said = read_dropped(
            file.content,
            name=file.name,
            metadata={},
            last_modified=now,
            arrived=now,
            timezone=settings.export_timezone,
            most_people=MOST_PEOPLE,
        )
        if isinstance(said, Export):
            check_organization(said.organization, settings.expected_organizations.get(said.surface))
        found.said = said
    except ExportRefused as refused:
        found.refuse(refused)
    return found


def _same_configurations(
    configurations: Mapping[str, Configuration], keys: Mapping[str, str]
) -> dict[str, str]:
    """The files that say what the newest of their kind before them says; and which that is."""
    newest: dict[str, str] = {}
    found: dict[str, str] = {}
    for path, said in sorted(configurations.items(), key=lambda one: (one[1].moment, one[0])):
        before = newest.setdefault(said.kind, path)
        if before != path and keys[before] == keys[path]:
            found[path] = before
        else:
            newest[said.kind] = path
    return found


def _looks(
    exports: Mapping[str, MonthToDate], keys: Mapping[str, str]
) -> tuple[dict[str, Look], dict[str, str]]:
    """The looks; and which files are none, because another one shows the same. Stated moments come first."""
    looks: dict[str, Look] = {}
    twins: dict[str, str] = {}
    in_order = sorted(exports.items(), key=lambda one: (not one[1].explicit, one[1].moment, one[0]))
    for path, export in in_order:
        twin = twin_of(looks.values(), export, keys[path])
        if twin is None:
            looks[path] = look_of(path, export, keys[path])
        else:
            twins[path] = twin.look_id
    return looks, twins


class _Verdict(NamedTuple):
    """What the others of the pile make of a look."""

    standing: Standing
    remarks: list[str]
    settles: list[Period]
    missing: list[str]


def _tell(found: Considered, told: _Verdict) -> None:
    found.remarks, found.settles, found.missing = told.remarks, told.settles, told.missing
    if told.standing.state == "refused":
        found.refuse(ExportRefused([contradiction(told.standing.reason)]))
    else:
        found.state = told.standing.state


class _Looks:
    """The looks of a pile, side by side, and whom they show: a person's id is what the exports call them."""

    def __init__(
        self,
        looks: Mapping[str, Look],
        exports: Mapping[str, MonthToDate],
        vendors: Sequence[Export],
        configurations: Sequence[Configuration],
        settings: Settings,
    ) -> None:
        self._looks = list(looks.values())
        self._zone = settings.export_timezone
        self._lag = timedelta(hours=settings.export_lag_hours)
        self._known = {**usual_organizations(vendors), **settings.expected_organizations}
        told = _told(configurations, settings.export_timezone)
        self._shown = {
            look.look_id: self._as_shown(look, exports[look.look_id], told) for look in self._looks
        }
        roster = told.roster(
            first_use_in((last_day_of(look), self._shown[look.look_id].counts) for look in self._looks)
        )
        self._referee = Referee(
            Tolerance(*settings.correction_tolerance), lambda person, at: roster.left_by(person, at.date())
        )

    def told(self) -> dict[str, _Verdict]:
        """What becomes of each look beside the others."""
        groups: dict[tuple[str, str], list[ShownLook]] = {}
        for look in self._looks:
            groups.setdefault((self._stream_of(look), look.month), []).append(self._shown[look.look_id])
        standings: dict[str, Standing] = {}
        said: dict[str, list[str]] = {}
        for group in groups.values():
            heard = settle(group, self._referee)
            standings |= heard
            said |= remarks(group, heard, self._referee, lag=self._lag, zone=self._zone)
        settled = settled_by(
            [
                Counting(self._stream_of(look), self._shown[look.look_id], look.total)
                for look in self._looks
                if standings[look.look_id].state == "accepted"
            ],
            lag=self._lag,
            zone=self._zone,
        )
        return {
            look_id: _Verdict(
                standing,
                said[look_id],
                settled[look_id].periods if look_id in settled else [],
                settled[look_id].missing if look_id in settled else [],
            )
            for look_id, standing in standings.items()
        }

    def _stream_of(self, look: Look) -> str:
        return stream_of(look, self._known)

    def _as_shown(self, look: Look, export: MonthToDate, told: Told) -> ShownLook:
        counts = counts_of(export, main_measure(look), _ids(export.actors))
        return replace(shown(look, told.directory.joined(counts), self._zone), known_by="file")


def _told(configurations: Sequence[Configuration], zone: tzinfo) -> Told:
    """What the configuration files of the pile say, the newest of each kind; of the roster every file."""
    in_order = sorted(configurations, key=lambda one: one.moment)
    kept = {one.kind: stored(one, _ids) for one in in_order}
    rosters = [
        (one.moment.astimezone(zone).date(), stored(one, _ids).entries)
        for one in in_order
        if one.kind == "roster"
    ]
    return told_by(kept, rosters)


def _ids(actors: Iterable[Actor]) -> dict[Actor, str]:
    """Ids as the directory knows them: their first letter tells an engineer, a key and a mere name apart."""
    return {actor: f"{actor.kind[0]}:{actor.name}" for actor in actors}
