"""A world: one organisation, its people and keys, what they really did, and what the vendor lets through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from local.vendor.enterprise import Enterprise
from local.vendor.organization import ApiKey, Invite, Member, Organization
from local.vendor.truth import Truth
from local.vendor.usage import History, Use, WrittenHistory, days_between, monday_of

ADMIN_KEY = "sk-ant-admin01-simulated"
REVOKED_KEY = "sk-ant-admin01-revoked"
SHOWN_AFTER = timedelta(hours=1)  # contract section 1: only data older than one hour is returned

ACME = Organization("5b1f7a52-3a0e-4c47-9d0b-7d1f0e6f8a11", "Acme Robotics")


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A file that an admin has dropped: where it stands in the drop container, and what it says."""

    name: str
    content: bytes


@dataclass(slots=True)
class World:
    """Everything the simulated vendor knows, and the truth that tests compare with.

    `expected_organization` is the Console id that a correct operator would configure; where it is not
    `organization.id`, the key belongs to somebody else. `engineers` are the lower-case addresses of the real
    team, whoever the key sees as `members`. `enterprise` is the plan that the Analytics API tells of.
    `unseen` is use that no API returns and only exports show. `dropped` is what an admin has dropped, in
    order. `settings` is what the operator has told the app otherwise than is usual; where `storage_is_away`,
    the app cannot read its tables; where there is an `away_for`, the vendor was heard last so long ago, and
    does not answer now.
    """

    name: str
    seed: int
    organization: Organization
    expected_organization: str
    engineers: tuple[str, ...]
    members: Sequence[Member]
    history: History
    invites: Sequence[Invite] = ()
    api_keys: Sequence[ApiKey] = ()
    unseen: History = field(default_factory=WrittenHistory)
    key: str = ADMIN_KEY
    enterprise: Enterprise | None = None
    dropped: Sequence[DroppedFile] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    storage_is_away: bool = False
    away_for: timedelta = timedelta()
    _restated: dict[date, float] = field(default_factory=dict)

    @classmethod
    def of_uses(cls, uses: Iterable[Use], *, engineers: Sequence[str] = (), seed: int = 1) -> World:
        """A small world written by hand; its members are the people in the uses and `engineers`."""
        written = tuple(uses)
        people = {use.actor for use in written if not use.is_key} | {email.lower() for email in engineers}
        emails = tuple(sorted(people))
        joined = datetime(2026, 1, 5, 9, tzinfo=UTC)
        return cls(
            name="written",
            seed=seed,
            organization=ACME,
            expected_organization=ACME.id,
            engineers=emails,
            members=[
                Member(
                    f"user_{number:04d}", email, email.partition("@")[0].title(), "claude_code_user", joined
                )
                for number, email in enumerate(emails, 1)
            ],
            history=WrittenHistory(written),
        )

    def uses(self, day: date, *, as_of: datetime | None = None) -> tuple[Use, ...]:
        """What the API can show of that day: in the end, or at the moment `as_of`."""
        factor = self.revision(day)
        if not factor or (as_of is not None and day > as_of.date()):
            return ()
        found = self.history.uses(day)
        if as_of is not None:
            found = tuple(use for use in found if use.moment + SHOWN_AFTER <= as_of)
        return found if factor == 1.0 else tuple(use.scaled(factor) for use in found)

    def truth(self, start: date, end: date | None = None, *, as_of: datetime | None = None) -> Truth:
        """The true sums from `start` to before `end` (default: that one day), of all that the API can show.

        Without `as_of` the days are taken as complete, days in the future included.
        """
        last = end or start + timedelta(days=1)
        return Truth.of(use for day in days_between(start, last) for use in self.uses(day, as_of=as_of))

    def truth_of_week(self, monday: date, *, as_of: datetime | None = None) -> Truth:
        """The true sums of the ISO week that begins on that Monday."""
        if monday != monday_of(monday):
            raise ValueError(f"{monday} is not a Monday")
        return self.truth(monday, monday + timedelta(days=7), as_of=as_of)

    def lines_month_to_date(self, month: date, moment: datetime) -> dict[str, int]:
        """Accepted lines per person on a subscription, from the month's beginning to `moment` or its end.

        What a claude.ai team export shows without any lag: the unseen use too, and nobody with 0 lines.
        """
        first = month.replace(day=1)
        following = (first + timedelta(days=32)).replace(day=1)
        end = min(following, moment.date() + timedelta(days=1))
        lines: dict[str, int] = defaultdict(int)
        for day in days_between(first, end):
            for use in (*self.uses(day), *self.unseen.uses(day)):
                if use.population == "subscription" and not use.is_key and use.moment < moment:
                    lines[use.actor] += use.amounts.lines_accepted
        return {email: count for email, count in sorted(lines.items()) if count}

    def restate(self, day: date, factor: float) -> None:
        """From now on that day's sums are `factor` times what they first were; 0 leaves no row at all."""
        if factor < 0:
            raise ValueError("a factor cannot be negative")
        self._restated[day] = factor

    def revision(self, day: date) -> float:
        """What tells the present version of a day from an earlier one: the factor it is restated by."""
        return self._restated.get(day, 1.0)

    def make_empty(self, day: date) -> None:
        """From now on that day has no rows."""
        self.restate(day, 0)

    def forget_restatements(self) -> None:
        """Every day is as it first was."""
        self._restated.clear()
        if self.enterprise is not None:
            self.enterprise.forget_restatements()
