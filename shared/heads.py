"""What a reader needs of each source beside its period rows: how it answers, whom it shows, what was noted.

Like the records, frozen values; those that leave the program as JSON are camelCase there.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from shared.periods import Period

AccessState = Literal["never", "ok", "locked", "denied", "failed"]


class Access(msgspec.Struct, frozen=True, rename="camel"):
    """How the source answered last, and whether it ever did."""

    state: AccessState = "never"
    status: int | None = None
    detail: str = ""
    action: str = ""
    at: datetime | None = None
    answered_at: datetime | None = None


class View(msgspec.Struct, frozen=True, rename="camel"):
    """Whom a key sees. Its members and its key mapping stand as facts under these versions.

    ``seats``: how many are assigned, where a source counts them and does not list them; ``daily_active``: how
    many people used Claude Code on each day by the vendor's own count, where it tells. ``key``: by which key
    it was seen, as ``Head.key`` tells one from the next.
    """

    organization: str = ""
    organization_name: str = ""
    members: int = 0
    keys: int = 0
    members_version: int = 0
    keys_version: int = 0
    looked_at: datetime | None = None
    seats: int | None = None
    daily_active: dict[date, int] = {}
    key: str = ""


class Breaker(msgspec.Struct, frozen=True, rename="camel"):
    """Whether a source's vendor is left in peace. ``failures``: runs in a row that it did not answer.

    While the circuit is open, since ``opened_at``, one run is let through from ``probe_at`` on (half-open).
    Its laws are in ``shared.breaker``.
    """

    state: Literal["closed", "open"] = "closed"
    failures: int = 0
    opened_at: datetime | None = None
    probe_at: datetime | None = None


class Backfill(msgspec.Struct, frozen=True, rename="camel"):
    """How far a source's days reach: so many of those wanted are there, back to ``oldest_day``.

    ``seconds_left``: how long the missing ones will take at the pace of the run that told it, null where it
    has none; a run works for ``REFRESH_BUDGET_SECONDS`` at most, and the next one goes on.
    """

    days_wanted: int = 0
    days_there: int = 0
    oldest_day: date | None = None
    seconds_left: int | None = None


class Head(msgspec.Struct, frozen=True, rename="camel"):
    """What a reader needs of a live source without its days.

    ``broken_days``: those whose newest answer broke the contract, and whether something is known of them
    nevertheless; ``others_days``: those of them whose rows were another organisation's. ``shrunk_days`` lost
    more than half when they were read again. ``key``: which key was asked with last, by its version in the
    vault or by the process that was given it. ``shown_until`` is the newest day that a source shows which
    tells its lag by its answers alone, ``lag`` how long after its end that day was first seen.
    """

    access: Access = Access()
    view: View = View()
    organization: str = ""  # whose days are stored
    first_row_day: date | None = None
    newest_settled_day: date | None = None
    data_as_of: datetime | None = None
    days_known: int = 0
    days_left: int = 0
    people_rows: int = 0
    key_rows: int = 0
    populations_by_month: dict[str, tuple[str, ...]] = {}
    broken_days: dict[date, bool] = {}
    others_days: tuple[date, ...] = ()
    shrunk_days: tuple[date, ...] = ()
    breaker: Breaker = Breaker()
    key: str = ""
    shown_until: date | None = None
    lag: timedelta | None = None
    backfill: Backfill = Backfill()


class RosterSeen(msgspec.Struct, frozen=True, rename="camel"):
    """Of the roster, whom a source's key should see (others are shown by exports), and whom it does see."""

    roster: int
    expected: int
    seen: int


class Silence(msgspec.Struct, frozen=True, rename="camel"):
    """How long a live source has shown no use: since which day, over how many working days without any rows,
    and how many there ever were between two days with rows."""

    since: date
    working_days: int
    longest: int


class CanariesSeen(msgspec.Struct, frozen=True, rename="camel"):
    """Of the engineers who are known to use it every working day, how many a live source has not shown over
    the last working days."""

    canaries: int
    unseen: int


class Departed(msgspec.Struct, frozen=True, rename="camel"):
    """Engineers of whom a live source shows nothing ``since`` the same day, though they hold their seats and
    others go on: so many of those whom it had shown in the four weeks before. ``until``: the newest day."""

    since: date
    until: date
    silent: int
    before: int


class Repeated(msgspec.Struct, frozen=True, rename="camel"):
    """Working days, from ``first`` to ``last``, with the very rows of earlier ones, of which ``like`` is the
    first."""

    first: date
    last: date
    like: date


class OddCost(msgspec.Struct, frozen=True, rename="camel"):
    """From ``first`` to ``last`` a population's tokens cost so many times more (``is_high``) or less than
    before; ``times`` is null where they cost nothing at all."""

    population: str
    first: date
    last: date
    is_high: bool
    times: int | None


class RefusedFile(msgspec.Struct, frozen=True, rename="camel"):
    """A dropped file that broke its contract, and what was wrong with it first."""

    receipt_id: str
    at: datetime
    code: str


class Bounds(msgspec.Struct, frozen=True, rename="camel"):
    """A whole number from ``low`` to ``high`` (null: no bound)."""

    low: int
    high: int | None


class Disagreement(msgspec.Struct, frozen=True, rename="camel"):
    """Two sources that tell of one population's lines in a period, and cannot both be right.

    ``exported`` is what the exports say was added between two looks, or another live source in a week, which
    ``beside`` names; ``daily`` is what the live ``source`` says; ``silent``: it shows nobody at all on some
    of these days.
    """

    source: str
    population: str
    period: Period
    exported: Bounds
    daily: Bounds
    silent: bool
    beside: str = "exports"


class Miscounted(msgspec.Struct, frozen=True, rename="camel"):
    """A day on which a source's own count of people at work and its rows are apart."""

    day: date
    counted: int
    shown: int


class Noted(msgspec.Struct, frozen=True, rename="camel"):
    """What was concluded when rows were last rebuilt, for every reader.

    ``roster_seen``, by live source: where there is a roster. ``unnamed_strangers``, by surface: how many of
    the exports whose names tell no organisation show people most of whom are not on the roster.
    ``people_by_keys``: live sources that show people by keys which the admin mapped. ``people_exported``: how
    many people the exports show to have used it, out of ``actors_exported``, whoever they are;
    ``strangers_exported`` of them were never on the roster, where there is one.
    """

    roster_seen: dict[str, RosterSeen] = {}
    has_roster: bool = False
    unnamed_strangers: dict[str, int] = {}
    holidays: tuple[date, ...] = ()
    silences: dict[str, Silence] = {}
    canaries: dict[str, CanariesSeen] = {}
    disagreements: tuple[Disagreement, ...] = ()
    people_by_keys: tuple[str, ...] = ()
    people_exported: int = 0
    actors_exported: int = 0
    departed: dict[str, Departed] = {}
    repeats: dict[str, tuple[Repeated, ...]] = {}
    odd_costs: dict[str, tuple[OddCost, ...]] = {}
    refused: tuple[RefusedFile, ...] = ()
    strangers_exported: int = 0
    miscounted: dict[str, tuple[Miscounted, ...]] = {}


class LookTaken(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """When a look was taken, and of which month it is; where only the day is known it stands at noon."""

    moment: datetime
    month: str
    date_only: bool = False


class Dashboard(msgspec.Struct, frozen=True, rename="camel"):
    """Where looks are taken: a kind of export, of one organisation as the files' names say it ("": they do
    not), with its looks of the last months. ``usual``: the one that most files of the surface name.
    ``ended``: the newest look shows nobody, so that there is no more use to look at."""

    kind: str
    surface: str
    population: str
    organization: str
    usual: str
    measures: tuple[str, ...]
    looks: tuple[LookTaken, ...]
    ended: bool = False


class ExportsHead(msgspec.Struct, frozen=True, rename="camel"):
    """How many looks count, and how many reports of use there are; the newest one's moment, and how many
    people showed use in each month.

    ``organizations``, by surface: of which the files' names say they are; ``unnamed`` of them say nothing.
    ``set_aside``, by month, do not count, because other files contradict them. ``dashboards``: when they were
    looked at lately, for who advises on the next export.
    """

    looks: int = 0
    reports: int = 0
    newest: datetime | None = None
    people_by_month: dict[str, int] = {}
    organizations: dict[str, tuple[str, ...]] = {}
    unnamed: dict[str, int] = {}
    set_aside: dict[str, int] = {}
    noted: Noted = Noted()
    dashboards: tuple[Dashboard, ...] = ()
