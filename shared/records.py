"""The vocabulary: one name a thing, the same in code, tables, JSON and on the page.

Everything here is a frozen value. Structs that leave the program as JSON are camelCase there.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, get_args

import msgspec

from shared.periods import Period

Number = int | Decimal

# --- who ---------------------------------------------------------------------------------------


class Actor(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Who did something, as a source names them: an e-mail address, an API key's name, or a mere name.

    An address is already trimmed, NFKC and case-folded. Actors live in memory, in raw documents and
    in the ``people`` table; everything else knows an opaque id.
    """

    kind: Literal["engineer", "key", "name"]
    name: str


# --- what was seen -----------------------------------------------------------------------------


class Measures(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one actor did in one span. Counts are whole numbers; cost is in US dollars."""

    sessions: int = 0
    lines_accepted: int = 0
    lines_removed: int = 0
    decisions_accepted: int = 0
    decisions_rejected: int = 0
    commits: int = 0
    pull_requests: int = 0
    tokens: int = 0
    cost: Decimal = Decimal(0)

    def __add__(self, other: Measures) -> Measures:
        return Measures(
            self.sessions + other.sessions,
            self.lines_accepted + other.lines_accepted,
            self.lines_removed + other.lines_removed,
            self.decisions_accepted + other.decisions_accepted,
            self.decisions_rejected + other.decisions_rejected,
            self.commits + other.commits,
            self.pull_requests + other.pull_requests,
            self.tokens + other.tokens,
            self.cost + other.cost,
        )

    @property
    def any_activity(self) -> bool:
        """Any session, line, commit, pull request, decision or token; cost alone is none."""
        return bool(
            self.sessions
            or self.lines_accepted
            or self.lines_removed
            or self.decisions_accepted
            or self.decisions_rejected
            or self.commits
            or self.pull_requests
            or self.tokens
        )


class Observation(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a source says of one actor and population on one day. Rows of one grain are summed."""

    actor: Actor
    population: str
    measures: Measures


class Fact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An observation as it is kept: its actor an opaque id, ``e…`` a person, ``k…`` a key, ``n…`` a name."""

    actor_id: str
    population: str
    measures: Measures


class Look(msgspec.Struct, frozen=True, rename="camel"):
    """One month-to-date export: what the vendor showed at one moment.

    ``surface`` says whose UUID ``organization`` is, ``population`` whose use it is. ``evidence`` says
    where the moment comes from; ``content`` names what the file says, whatever its line ends. ``people``
    are listed in it, ``active`` of them with a count of lines above 0, whose sum is ``total``. Each
    actor's cumulative values stand in the facts, as part ``look-<look_id>``.
    """

    look_id: str
    kind: str
    surface: str
    population: str
    organization: str | None
    measures: tuple[str, ...]
    month: str
    moment: datetime
    date_only: bool
    evidence: str
    content: str
    people: int
    active: int
    total: int


class Report(msgspec.Struct, frozen=True, rename="camel"):
    """One export of a range of days, or of the members on one day: what it says stands in the facts, as part
    ``look-<report_id>``, like a look's.

    ``first`` and ``last`` are its days, both included; ``since`` is the earliest day of which it tells
    anything. ``people`` are listed in it, ``active`` of them used Claude Code.
    """

    report_id: str
    kind: str
    surface: str
    population: str
    organization: str | None
    first: date
    last: date
    since: date
    moment: datetime
    date_only: bool
    evidence: str
    content: str
    people: int
    active: int


# --- what is known of a day --------------------------------------------------------------------

Content = Literal["rows", "empty", "none"]
Attempt = Literal["ok", "failed", "never"]
DayState = Literal["complete", "provisional", "empty_expected", "empty_suspect", "failed", "never_fetched"]


#: Why the newest asking for a day brought nothing new: the vendor failed, its answer broke the contract or
#: told of another organisation, or it was empty where rows are known.
Fault = Literal["", "unavailable", "contract", "other_organization", "emptied"]


class Volume(msgspec.Struct, frozen=True, array_like=True):
    """How much the rows of a day say in all."""

    people: int = 0
    sessions: int = 0
    lines: int = 0
    tokens: int = 0

    def or_more(self, other: Volume) -> Volume:
        """The larger of the two, measure by measure."""
        return Volume(
            max(self.people, other.people),
            max(self.sessions, other.sessions),
            max(self.lines, other.lines),
            max(self.tokens, other.tokens),
        )

    @property
    def measures(self) -> tuple[int, int, int, int]:
        """Each measure, in order."""
        return self.people, self.sessions, self.lines, self.tokens


class Spent(msgspec.Struct, frozen=True, array_like=True):
    """What one population used on a day, and what the source says that it cost in US dollars; ``lines`` that
    were accepted are unknown of a day that was stored before they were counted here."""

    tokens: int
    cost: Decimal
    lines: int | None = None


class DayEntry(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What a source's manifest knows of one UTC day.

    ``version`` is the epoch of the run that last changed anything here, so it only grows;
    ``facts`` is the version under which the packed rows stand (0: none). ``raw`` names the kept answer,
    ``digest`` what it says, ``people_digest`` what it says of people; ``people`` and ``keys`` count its
    actors of either kind. ``fault``: why the last attempt failed. ``said`` is how much it says, ``most`` how
    much it ever said once it was settled, ``spent`` the tokens and their cost by population.
    ``accepted_empty``: an admin has said that nobody used it.
    """

    version: int = 0
    facts: int = 0
    content: Content = "none"
    last_attempt: Attempt = "never"
    settled: bool = False
    fetched_at: datetime | None = None
    raw: str = ""
    digest: str = ""
    people: int = 0
    keys: int = 0
    populations: tuple[str, ...] = ()
    note: str = ""
    accepted_empty: bool = False
    fault: Fault = ""
    people_digest: str = ""
    said: Volume = Volume()
    most: Volume = Volume()
    spent: dict[str, Spent] = {}


# --- what is concluded -------------------------------------------------------------------------

Basis = Literal["anyActivity", "tokens", "linesAccepted", "linesMerged"]
Cohort = Literal["power", "regular", "casual", "new", "dormant", "notYetStarted", "unknown"]
COHORTS: tuple[Cohort, ...] = get_args(Cohort)
Verdict = Literal["yes", "no", "mixed", "unknown"]
CheckStatus = Literal["pass", "warn", "fail", "unknown"]
TrustState = Literal["trusted", "partial", "untrusted", "unknown"]


class Figure(msgspec.Struct, frozen=True, rename="camel"):
    """A number that can be defended: ``value`` where ``low`` = ``high``, else the range and why.

    ``high`` is null where nothing bounds it; ``reason`` is null where there is a value.
    """

    value: Number | None
    low: Number | None
    high: Number | None
    reason: str | None = None


class Check(msgspec.Struct, frozen=True, rename="camel"):
    """One trust check of one source: what was expected, what was seen, what would mend it.

    ``periods`` are the labels of those asked for in which it is so, oldest first: a source is not usable in
    one in which a check of it fails. None of them: it passes, or speaks of now and not of any period.
    """

    name: str
    source: str
    status: CheckStatus
    expected: str
    seen: str
    action: str = ""
    reason: str | None = None
    periods: list[str] = []


OverdueName = Literal["export.overdue", "month-final.missing"]


class Overdue(msgspec.Struct, frozen=True, rename="camel"):
    """A file that figures wait for: of which dashboard, since when it is overdue, and what would mend it.

    ``dashboard`` is a kind of export (with its organisation where two are of one kind), or ``reports``;
    ``month`` is the finished month whose final file is missing.
    """

    name: OverdueName
    dashboard: str
    month: str | None
    since: datetime
    expected: str
    seen: str
    action: str

    @property
    def key(self) -> str:
        """The same for as long as the same is overdue: ``month-final.missing claude_code_team 2026-10``."""
        return " ".join(filter(None, (self.name, self.dashboard, self.month)))


class Counts(msgspec.Struct, frozen=True, rename="camel"):
    """How the engineers of both periods moved. Each active one is in exactly one of the five."""

    active_before: int
    active: int
    started: int
    gained: int
    held: int
    declined: int
    stopped: int


class Spread(msgspec.Struct, frozen=True, rename="camel"):
    """A count of engineers that the ranges leave open: at least ``low``, at most ``high``."""

    low: int
    high: int


class Answer(msgspec.Struct, frozen=True, rename="camel"):
    """The verdict of one period against the one before it, with everything its sentence says.

    ``counts`` where each is one number; where figures are ranges, ``ranges`` says how far each reaches. Of a
    team both may be withheld beside a verdict, where few joined or left.
    ``joiners`` and ``leavers``: active engineers who are on the roster of the later, or the earlier period
    only; they are beside the verdict.
    """

    verdict: Verdict
    sentence: str
    basis: Basis | None = None
    compared_on: str | None = None
    period: Period | None = None
    previous: Period | None = None
    counts: Counts | None = None
    ranges: dict[str, Spread] | None = None
    joiners: Spread | None = None
    leavers: Spread | None = None
    reason: str | None = None
    action: str | None = None


Completeness = Literal["complete", "provisional", "incomplete", "uncovered"]


class DayCover(msgspec.Struct, frozen=True, rename="camel"):
    """One day of a source within a period."""

    day: date
    state: DayState


class SourceCover(msgspec.Struct, frozen=True, rename="camel"):
    """What one source contributes to a period. ``covered``: no day of it is missing or unproven."""

    source: str
    covered: bool
    populations: list[str]
    days: list[DayCover]


class Restated(msgspec.Struct, frozen=True, rename="camel"):
    """What a closed period said until it was told otherwise: its verdict and sentence, ``on`` which UTC day
    they were replaced, and for which ``cause``."""

    on: date
    cause: str
    verdict: Verdict
    sentence: str


class PeriodRow(msgspec.Struct, frozen=True, rename="camel"):
    """One period as it is stored and served: everything that a response needs of it.

    ``active`` counts engineers on every basis that the period has, ``basis`` is the best of them;
    ``of`` is the roster's size at the period's end, null without a roster. ``unattributed`` is what
    API keys did that no mapping gives to a person: within ``figures``, never within ``active``. ``frozen``:
    what it was made of is not kept any more, so that it can never be made again. ``restated``: what it said
    before, the last times that it was told otherwise after it was closed; absent where it never was.
    """

    label: str
    period: Period
    closed: bool
    completeness: Completeness
    basis: Basis
    active: dict[Basis, Figure]
    of: int | None
    figures: dict[str, Figure]
    unattributed: dict[str, Figure]
    sources: list[SourceCover]
    answer: Answer
    frozen: bool = False
    restated: tuple[Restated, ...] | msgspec.UnsetType = msgspec.UNSET


class TeamSizes(msgspec.Struct, frozen=True, array_like=True):
    """Of how many people a team's row tells, at the period's end: what may be shown depends on it.

    ``members`` of ``roster`` are on the team. ``stayed`` were on it at the end of the period before, too, of
    ``roster_stayed`` on the roster of both; ``left`` were, and no longer are. ``off`` the roster are so many
    who show use, in everybody's figures only. ``kept_back``: too few would be left of everybody without all
    teams that are shown, were this one shown; ``numbers_kept_back``: the same of the verdict's numbers.
    """

    members: int
    roster: int
    stayed: int = 0
    roster_stayed: int = 0
    left: int = 0
    off: int = 0
    kept_back: bool = False
    numbers_kept_back: bool = False

    @property
    def joined(self) -> int:
        """How many are on the team who were not at the end of the period before."""
        return self.members - self.stayed


class TeamRow(msgspec.Struct, frozen=True):
    """A period's row of one team; its ``name`` as it is written."""

    name: str
    row: PeriodRow
    sizes: TeamSizes


class Trust(msgspec.Struct, frozen=True, rename="camel"):
    """Whether the figures can be defended, and by which checks."""

    state: TrustState
    checks: list[Check]


# --- what happened to a file, a run ------------------------------------------------------------


class Finding(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One thing wrong with a dropped file, in the Frictionless vocabulary.

    A cell that identifies a person is named by its line only.
    """

    code: str
    note: str
    line: int | None = None
    column: str | None = None
    found: str | None = None
    expected: str | None = None
    action: str | None = None


ReceiptState = Literal["accepted", "duplicate", "refused", "contested", "retracted"]


class Receipt(msgspec.Struct, frozen=True, rename="camel"):
    """What became of one dropped file. ``name`` is the blob's, as the admin gave it. ``first`` and ``last``
    are the days of a file that is of a range of them.

    ``notes`` are of the file itself. What a look is beside the others is told again when that changes: its
    ``state``, ``remarks``, the periods that it ``settles``, and what is ``missing`` for it to settle more. So
    are ``settles`` and ``missing`` of a report.
    """

    receipt_id: str
    name: str
    state: ReceiptState
    at: datetime
    size: int
    digest: str
    kind: str | None = None
    organization: str | None = None
    month: str | None = None
    first: date | None = None
    last: date | None = None
    moment: datetime | None = None
    evidence: str | None = None
    rows_in: int | None = None
    rows_accepted: int | None = None
    rows_rejected: int | None = None
    people: int | None = None
    duplicate_of: str | None = None
    notes: list[str] = []
    remarks: list[str] = []
    settles: list[str] = []
    missing: list[str] = []
    findings: list[Finding] = []
    findings_total: int = 0


class Turned(msgspec.Struct, frozen=True, rename="camel"):
    """The receipt of an earlier file that would have another state: ``before``, and ``after``. ``name`` is
    that file's."""

    receipt_id: str
    name: str
    before: ReceiptState
    after: ReceiptState


RunOutcome = Literal["ok", "partial", "failed", "busy", "skipped"]


class Run(msgspec.Struct, frozen=True, rename="camel"):
    """What one refresh did, counted; and what readers were told after it, so that the next one sees a change:
    the trust of the default request, and what was overdue, by its key. ``undone``: the steps of it that could
    not be done; ``detail`` says why."""

    run_id: str
    started_at: datetime
    finished_at: datetime
    outcome: RunOutcome
    trigger: str
    source: str
    days_asked: int = 0
    days_changed: int = 0
    days_failed: int = 0
    days_left: int = 0
    requests: int = 0
    periods_written: int = 0
    detail: str = ""
    trust_state: TrustState | None = None
    overdue: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()


AuditState = Literal["begun", "done", "nothing"]


class AuditEntry(msgspec.Struct, frozen=True, rename="camel"):
    """What an operator asked for: written before anything is done about it, and completed after.

    ``what`` is the job and ``of`` its object: a receipt's id, a day of a source, an engineer's id. ``by`` is
    the operator's name as it was told. ``outcome`` says in a sentence what was done, or why there was nothing
    to do.
    """

    audit_id: str
    what: str
    of: str
    by: str
    reason: str
    at: datetime
    state: AuditState = "begun"
    outcome: str = ""
    finished_at: datetime | None = None
