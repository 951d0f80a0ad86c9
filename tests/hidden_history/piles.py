"""A pile: what the admin of a company downloads and writes, of every kind, and the files that it arrives as.

Each dashboard is behind by anything up to its lag and never goes back. What a file tells stands beside it, so
that a second reckoning need not read it.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Literal, NamedTuple

from tests.hidden_history.company import Company, Deed, Measure, Surface, amount
from tests.hidden_history.history import DAY, FIRST, HOUR, LAG, month_after, month_of
from tests.hidden_history.written import COUNTS, File, grouped

OURS: Mapping[Surface, str] = {
    "claude_ai": "3a0f6a1e-52a1-4c7f-9d1e-0a8c6c9b7f01",
    "console": "b1c2d3e4-0000-4000-8000-00000000beef",
}

Table = Literal["team", "console", "contribution"]
#: Each month's table: whose surface it is of, and what its columns tell.
TABLES: Mapping[Table, tuple[Surface, tuple[Measure, ...]]] = {
    "team": ("claude_ai", ("linesAccepted", "pullRequests")),
    "console": ("console", ("linesAccepted", "meteredCost")),
    "contribution": ("claude_ai", ("linesMerged", "pullRequestsMerged")),
}


class Moment(NamedTuple):
    """When a file was downloaded, as it is told: exactly, or by its day in the company's zone."""

    told: datetime | date
    at: datetime
    first: datetime
    last: datetime
    day: date


class LookTold(NamedTuple):
    """A month's table: each cell's count, by measure. Nobody tells up to when it is ``spoken``."""

    table: Table
    month: datetime
    moment: Moment
    spoken: datetime
    counts: Mapping[Measure, Mapping[str, int]]


class RangeTold(NamedTuple):
    """What was used in days, both included, by measure and cell (None: nobody's); or on single days."""

    kind: Literal["spend_report", "members_analytics", "console_cost"]
    first: date
    last: date
    moment: Moment
    amounts: Mapping[Measure, Mapping[str | None, int]]
    days: Mapping[date, Mapping[str, int]] = {}
    last_active: Mapping[str, date] = {}


class SeatsTold(NamedTuple):
    """Who holds a seat of which tier."""

    moment: Moment
    tiers: Mapping[str, str]


class Configured(NamedTuple):
    """Rows of a file that the admin wrote."""

    kind: str
    moment: Moment
    rows: tuple[tuple[str, ...], ...]


Told = LookTold | RangeTold | SeatsTold | Configured


@dataclass(frozen=True)
class Dropping:
    """A file, and what it tells: of members analytics both use and seats."""

    file: File
    told: tuple[Told, ...]


@dataclass
class Pile:
    """Everything that there is to drop of a company; ``named``: whether its files name the organisation."""

    company: Company
    named: bool
    droppings: list[Dropping] = field(default_factory=list)
    _days: set[tuple[str, date]] = field(default_factory=set)

    def add(self, *told: Told, name: str, rows: list[dict[str, str]]) -> None:
        """A file of these rows under the name that the vendor, or the admin, gave it."""
        self.droppings.append(Dropping(_file(told[0].moment, name, rows, self.company.random), told))

    def is_first(self, kind: str, day: date) -> bool:
        """Whether no file of that kind is of that day yet: of two of one day nobody knows which was later."""
        if (kind, day) in self._days:
            return False
        self._days.add((kind, day))
        return True


def pile_of(company: Company) -> Pile:
    """One of the many piles that an admin may come to have."""
    random = company.random
    pile = Pile(company, named=random.random() < 0.7)
    for table, (surface, _) in TABLES.items():
        if surface in company.surfaces and random.random() < (0.5 if table == "contribution" else 0.9):
            _download_tables(pile, table)
    for _ in range(random.randrange(6)):
        _spend_report(pile)
    for _ in range(random.randrange(3)):
        _members_analytics(pile)
    for _ in range(random.randrange(3)):
        _members(pile)
    if "console" in company.surfaces:
        for _ in range(random.randrange(4)):
            _console_cost(pile)
    _configure(pile)
    pile.droppings = list(_with_quiet_weeks(pile.droppings, random))
    return pile


def _with_quiet_weeks(droppings: list[Dropping], random: Random) -> Iterator[Dropping]:
    """A table that shows what the one before showed may be the same in every byte."""
    newest: dict[Table, Dropping] = {}
    for one in droppings:
        look = one.told[0]
        if isinstance(look, LookTold):
            before = newest.get(look.table)
            if before is not None and random.random() < 0.5 and _shows_the_same(before.told[0], look):
                one = Dropping(one.file._replace(content=before.file.content), one.told)
            newest[look.table] = one
        yield one


def _shows_the_same(before: Told, look: LookTold) -> bool:
    return isinstance(before, LookTold) and (before.month, before.counts) == (look.month, look.counts)


# --- moments -----------------------------------------------------------------------------------


def _moment(company: Company, at: datetime, *, exact: bool) -> Moment:
    """A download at that moment, told exactly or by its day."""
    if exact:
        return Moment(at, at, at, at, at.astimezone(company.zone).date())
    return _by_day(company, at.astimezone(company.zone).date())


def _by_day(company: Company, day: date) -> Moment:
    noon, first, last = (
        datetime.combine(one, at, company.zone).astimezone(UTC)
        for one, at in ((day, time(12)), (day, time()), (day + DAY, time()))
    )
    return Moment(day, noon, first, last, day)


def _spoken(random: Random, at: datetime) -> datetime:
    """Up to which moment a dashboard knows what was done."""
    return at - random.choice((0 * HOUR, random.random() * LAG, LAG))


def _some_moment(pile: Pile, since: datetime) -> datetime | None:
    """A moment from then on, up to now; None where there is none."""
    latest = pile.company.now - HOUR
    if since >= latest:
        return None
    return min(since + pile.company.random.randrange(0, 140) * HOUR, latest)


# --- what the vendor tells ---------------------------------------------------------------------


def _download_tables(pile: Pile, table: Table) -> None:
    """Every Friday but for a forgotten one, some other days, and most finished months again."""
    company, random = pile.company, pile.company.random
    exact, often = random.random() < 0.6, random.random() < 0.3
    plan: list[tuple[datetime, datetime]] = []
    for week in range(company.weeks):
        friday = datetime.combine(FIRST + (7 * week + 4) * DAY, time(14), UTC)
        at = friday + random.randrange(-180, 300) * timedelta(minutes=1)
        if random.random() < 0.85:
            plan.append((at, month_of(at)))
        if often and random.random() < 0.5:
            further = at + random.randrange(20, 90) * HOUR
            plan.append((further, month_of(further)))
        month = month_after(month_of(at))
        if month_of(friday + 7 * DAY) == month and random.random() < 0.7:
            plan.append((month + random.randrange(4, 90) * HOUR, month_of(at)))
    spoken = datetime.min.replace(tzinfo=UTC)
    for at, month in sorted(plan):
        moment = _moment(company, at, exact=exact)
        if at < company.now and _is_of(moment, month) and pile.is_first(table, moment.at.date()):
            spoken = max(spoken, _spoken(random, at))
            _look(pile, table, month, moment, spoken)


def _is_of(moment: Moment, month: datetime) -> bool:
    """Whether a day in the east or the west is, at noon, on the same side of its month's end."""
    end = month_after(month)
    return (moment.first >= month) and (moment.at >= end) == (moment.last > end) == (moment.first >= end)


def _look(pile: Pile, table: Table, month: datetime, moment: Moment, spoken: datetime) -> None:
    company, random = pile.company, pile.company.random
    surface, measures = TABLES[table]
    with_pulls = random.random() < 0.6
    told = [one for one in measures if one != "pullRequests" or with_pulls]
    cells: dict[str, dict[Measure, int]] = {}
    for deed in company.until(surface, month, min(spoken, month_after(month))):
        if deed.cell is not None and _shows(table, deed):
            cell = company.shown.get(deed.cell, deed.cell) if table == "team" else deed.cell
            counts = cells.setdefault(cell, dict.fromkeys(told, 0))
            for measure in told:
                counts[measure] += amount(deed, measure)
    everything = sum(counts[told[0]] for counts in cells.values())
    if any("@" not in cell and 2 * counts[told[0]] == everything for cell, counts in cells.items()):
        return  # it would be the sum of all others, and so a total row
    counts_by = {one: {cell: counts[one] for cell, counts in cells.items()} for one in told}
    language = random.choice(list(COUNTS))
    rows = [_table_row(table, cell, counts, language) for cell, counts in cells.items()]
    pile.add(
        LookTold(table, month, moment, spoken, counts_by),
        name=_table_name(pile, table, month, moment),
        rows=rows or [dict.fromkeys(_columns(table, told), "")],
    )


def _shows(table: Table, deed: Deed) -> bool:
    """Whether a table lists somebody for it."""
    return bool(deed.merged) if table == "contribution" else deed.session or bool(deed.merged)


_LABELS: Mapping[tuple[Table, Measure], str] = {
    ("team", "linesAccepted"): "Lines this Month",
    ("team", "pullRequests"): "PRs with CC",
    ("console", "linesAccepted"): "Lines this Month",
    ("console", "meteredCost"): "Spend this Month (USD)",
    ("contribution", "linesMerged"): "Lines with CC",
    ("contribution", "pullRequestsMerged"): "PRs with CC",
}


def _columns(table: Table, measures: list[Measure]) -> list[str]:
    return ["Email" if table == "contribution" else "User", *(_LABELS[table, one] for one in measures)]


def _table_row(table: Table, cell: str, counts: Mapping[Measure, int], language: str) -> dict[str, str]:
    write = COUNTS[language]
    values = [
        _dollars(count) if measure == "meteredCost" else write(count) for measure, count in counts.items()
    ]
    return dict(zip(_columns(table, list(counts)), [cell, *values], strict=True))


def _dollars(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    return f"${grouped(whole, ',')}.{rest:02}"


def _table_name(pile: Pile, table: Table, month: datetime, moment: Moment) -> str:
    first, last = month, month_after(month) - DAY
    if table == "contribution":
        day = min(moment.at.date(), last.date())
        return f"code-analytics-{OURS['claude_ai']}-{day}.csv" if pile.named else f"code-analytics-{day}.csv"
    if table == "team" and pile.named and pile.company.random.random() < 0.6:
        return f"claude-code-{OURS['claude_ai']}-{first:%Y-%m-%d}-to-{last:%Y-%m-%d}.csv"
    return f"claude_code_team_{first:%Y_%m_%d}_to_{last:%Y_%m_%d}.csv"


def _range(pile: Pile) -> tuple[date, date]:
    """A week, a month so far, or any days."""
    random = pile.company.random
    monday = FIRST + random.randrange(pile.company.weeks) * 7 * DAY
    match random.randrange(4):
        case 0 | 1:
            return monday, monday + random.choice((6, 6, 13)) * DAY
        case 2:
            return monday.replace(day=1), monday + random.randrange(7) * DAY
    first = FIRST + random.randrange(pile.company.weeks * 7) * DAY
    return first, first + random.randrange(20) * DAY


def _shown_in(pile: Pile, first: date, last: date, at: datetime) -> list[Deed]:
    """What claude.ai shows of a range of days, and up to when it knows."""
    begin, end = _midnight(first), _midnight(last) + DAY
    return pile.company.until("claude_ai", begin, min(end, _spoken(pile.company.random, at)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _spend_report(pile: Pile) -> None:
    company, random = pile.company, pile.company.random
    first, last = _range(pile)
    at = _some_moment(pile, _midnight(last) + random.choice((6, 26, 49, 80)) * HOUR)
    if at is None:
        return
    used = [one for one in _shown_in(pile, first, last, at) if one.session or one.chat]
    amounts: dict[Measure, dict[str | None, int]] = {"tokens": {}, "meteredCost": {}}
    rows = []
    for one in used:
        rows.append(_spend_row(one, random))
        if one.session:
            for measure, found in amounts.items():
                found[one.cell] = found.get(one.cell, 0) + amount(one, measure)
    moment = _moment(company, at, exact=random.random() < 0.5)
    told = RangeTold("spend_report", first, last, moment, amounts)
    organization = OURS["claude_ai"] if pile.named else ""
    pile.add(told, name=f"spend-report-{organization}-{first}-to-{last}.csv", rows=rows or [_BLANK_SPEND])


def _spend_row(deed: Deed, random: Random) -> dict[str, str]:
    prompt = random.randrange(deed.tokens + 1)
    return {
        "user_email": deed.cell or "(org service usage)",
        "account_uuid": "u",
        "product": "Chat" if deed.chat else random.choice(("Claude Code", "claude code")),
        "model": "opus",
        "total_requests": "3",
        "total_prompt_tokens": str(prompt),
        "total_completion_tokens": str(deed.tokens - prompt),
        "total_net_spend_usd": f"{deed.cents // 100}.{deed.cents % 100:02}",
        "total_gross_spend_usd": "1.00",
    }


_BLANK_SPEND = dict.fromkeys(
    (
        "user_email",
        "product",
        "total_requests",
        "total_prompt_tokens",
        "total_completion_tokens",
        "total_net_spend_usd",
        "total_gross_spend_usd",
    ),
    "",
)


def _members_analytics(pile: Pile) -> None:
    """One row a member; some are no members any more, or not yet."""
    company, random = pile.company, pile.company.random
    last = FIRST + random.randrange(3, company.weeks * 7) * DAY
    first = last - random.choice((6, 13, 29, 29)) * DAY
    at = _some_moment(pile, _midnight(last) + random.choice((6, 26, 49)) * HOUR)
    if at is None:
        return
    moment = _moment(company, at, exact=random.random() < 0.5)
    if not pile.is_first("seats", moment.day):
        return
    spoken = _spoken(random, at)
    begin, end = _midnight(first), min(_midnight(last) + DAY, spoken)
    sessions: dict[str | None, int] = {}
    last_active: dict[str, date] = {}
    rows = []
    tiers = _tiers(company, moment)
    for cell in sorted(company.seats):
        deeds = company.until("claude_ai", datetime.min.replace(tzinfo=UTC), spoken)
        mine = [one for one in deeds if one.cell == cell and (one.session or one.chat)]
        sessions[cell] = sum(one.session for one in mine if begin <= one.at < end)
        if mine and (mine[-1].at >= begin or random.random() < 0.5):
            last_active[cell] = mine[-1].at.date()
        rows.append(
            {
                "Name": company.shown.get(cell, "Somebody"),
                "Email": cell,
                "Role": "Member",
                "Seat Tier": tiers[cell],
                "Last Active": str(last_active.get(cell, "")),
                "Days Active": "1",
                "Code sessions": str(sessions[cell]),
                "Estimated Spend (USD)": "$0.00",
            }
        )
    told = RangeTold("members_analytics", first, last, moment, {"sessions": sessions}, {}, last_active)
    organization = OURS["claude_ai"] if pile.named else ""
    pile.add(
        told,
        SeatsTold(moment, _assigned(tiers)),
        name=f"members-analytics-{organization}-{first}-to-{last}.csv",
        rows=rows,
    )


def _tiers(company: Company, moment: Moment) -> dict[str, str]:
    day = moment.at.date()
    return {cell: [tier for since, tier in held if since <= day][-1] for cell, held in company.seats.items()}


def _assigned(tiers: Mapping[str, str]) -> dict[str, str]:
    return {cell: tier for cell, tier in tiers.items() if tier != "Unassigned"}


def _members(pile: Pile) -> None:
    company, random = pile.company, pile.company.random
    at = datetime.combine(FIRST + random.randrange(company.weeks * 7) * DAY, time(9), UTC)
    moment = _moment(company, at, exact=random.random() < 0.5)
    if not pile.is_first("seats", moment.day):
        return
    tiers = _tiers(company, moment)
    status = {cell: random.choice(("Active", "Active", "Active", "Inactive", "Pending")) for cell in tiers}
    rows = [
        {
            "Name": company.shown.get(cell, "Somebody"),
            "Email": cell,
            "Role": "Member",
            "Status": status[cell],
            "Seat Tier": tier,
        }
        for cell, tier in sorted(tiers.items())
    ]
    held = {cell: tier for cell, tier in _assigned(tiers).items() if status[cell] == "Active"}
    day = moment.at.date()
    organization = f"{OURS['claude_ai']}-" if pile.named else ""
    pile.add(SeatsTold(moment, held), name=f"members-{organization}{day}.csv", rows=rows)


def _console_cost(pile: Pile) -> None:
    company, random = pile.company, pile.company.random
    first, last = _range(pile)
    at = _some_moment(pile, max(_midnight(first) + 30 * HOUR, _midnight(last) - 9 * DAY))
    if at is None:
        return
    deeds = company.until("console", _midnight(first), min(_midnight(last) + DAY, _spoken(random, at)))
    days: dict[date, dict[str, int]] = defaultdict(dict)
    rows = [_cost_row(first, "another program", "99.00", "research")]
    for one in deeds:
        key = _key_of(one)
        day = days[one.at.date()]
        day[key] = day.get(key, 0) + one.cents
        cost = f"{one.cents // 100}.{one.cents % 100:02}"
        rows.append(_cost_row(one.at.date(), key, cost, "Claude Code"))
    moment = _moment(company, at, exact=random.random() < 0.5)
    told = RangeTold("console_cost", first, last, moment, {}, dict(days))
    name = f"claude_api_cost_{first:%Y_%m_%d}_to_{last:%Y_%m_%d}.csv"
    pile.add(told, name=name, rows=rows)


def _key_of(deed: Deed) -> str:
    assert deed.cell is not None
    name = deed.cell.partition("@")[0]
    return deed.cell if "@" not in deed.cell else f"claude_code_key_{name}_abcd"


def _cost_row(day: date, key: str, cost: str, workspace: str) -> dict[str, str]:
    return {
        "usage_date_utc": str(day),
        "model": "opus",
        "workspace": workspace,
        "api_key": key,
        "usage_type": "message",
        "context_window": "≤ 200k",
        "token_type": "output",
        "cost_usd": cost,
        "cost_type": "tokens",
    }


# --- what the admin writes ---------------------------------------------------------------------

Kind = Literal["roster", "aliases", "keys", "seat_prices", "holidays", "canaries"]


def _configure(pile: Pile) -> None:
    """Each file up to twice, from a day on."""
    company, random = pile.company, pile.company.random
    for kind, (header, rows_of) in _CONFIGURATIONS.items():
        for day in sorted(random.sample(range(company.weeks * 7), random.randrange(3))):
            rows = tuple(rows_of(company))
            if rows:
                named = [dict(zip(header.split(","), row, strict=True)) for row in rows]
                moment = _by_day(company, FIRST + day * DAY)
                pile.add(Configured(kind, moment, rows), name=f"{kind}.csv", rows=named)


def _roster(company: Company) -> Iterator[tuple[str, ...]]:
    random = company.random
    for address in company.people:
        if random.random() < 0.85:
            joined = random.choice(("", "", str(FIRST + random.randrange(30) * DAY)))
            left = random.choice(("", "", "", str(FIRST + random.randrange(31, 60) * DAY)))
            yield address, company.shown.get(address, ""), "core", joined, left


def _aliases(company: Company) -> Iterator[tuple[str, ...]]:
    for (address, _), cells in company.cells.items():
        yield from ((cell, address) for cell in cells if ".old" in cell)


def _keys(company: Company) -> Iterator[tuple[str, ...]]:
    for address in company.people:
        if "console" in company.surfaces and company.random.random() < 0.8:
            yield f"claude_code_key_{address.partition('@')[0]}_abcd", address


def _prices(company: Company) -> Iterator[tuple[str, ...]]:
    random = company.random
    for tier, price in (("Standard", "25.00"), ("Premium", "150.00")):
        if random.random() < 0.8:
            yield tier, price, "USD", random.choice(("", str(FIRST + random.randrange(40) * DAY)))


def _holidays(company: Company) -> Iterator[tuple[str, ...]]:
    yield str(FIRST + company.random.randrange(40) * DAY), "St Nobody"


def _canaries(company: Company) -> Iterator[tuple[str, ...]]:
    yield (company.random.choice(company.people),)


_CONFIGURATIONS: Mapping[Kind, tuple[str, Callable[[Company], Iterator[tuple[str, ...]]]]] = {
    "roster": ("email,name,team,joined,left", _roster),
    "aliases": ("alias,email", _aliases),
    "keys": ("key_name,email", _keys),
    "seat_prices": ("tier,monthly_price,currency,from", _prices),
    "holidays": ("date,name", _holidays),
    "canaries": ("email", _canaries),
}


# --- as a file ---------------------------------------------------------------------------------


def _file(moment: Moment, name: str, rows: list[dict[str, str]], random: Random) -> File:
    """Columns and lines in any order, in any dress; a row without any value stands for none."""
    labels = list(rows[0])
    random.shuffle(labels)
    lines = [[row[label] for label in labels] for row in rows if any(row.values())]
    random.shuffle(lines)
    text = io.StringIO()
    csv.writer(
        text,
        lineterminator=random.choice(("\n", "\r\n")),
        quoting=random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    ).writerows([labels, *lines])
    content = text.getvalue().encode(random.choice(("utf-8", "utf-8-sig")))
    if isinstance(moment.told, datetime):
        return File(name, content, {"as_of": moment.told.isoformat()})
    return File(f"{moment.told}/{name}", content)
