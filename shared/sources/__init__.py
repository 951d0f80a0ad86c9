"""What arrives. One module a source; each ends in observations with their provenance.

A new live source is one module here and one line below; a new kind of CSV is one entry in
``exports.kinds``. A live source's module is a ``live.Source``. None is imported here: a request that only
reads must not pay for an HTTP client.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shared.sources.keys import ADMIN_KEY, ANALYTICS_KEY, KeyKind


@dataclass(frozen=True, slots=True)
class Live:
    """A live source, as those know it who do not ask it.

    ``key`` opens it, ``surface`` says by which of the expected organisations it is judged. ``lag``: how long
    after a day's end its figures may still grow; None where only its answers tell. Days before ``since`` do
    not exist, and days further back than ``reach`` are not told. What a day cost may change for ``revisable``
    after it.
    """

    key: KeyKind
    surface: str
    lag: timedelta | None
    since: date = date.min
    reach: timedelta | None = None
    revisable: timedelta = timedelta(0)
    requests_a_minute: int | None = None

    def first_day(self, today: date) -> date:
        """The oldest day that it tells of."""
        return self.since if self.reach is None else max(self.since, today - self.reach)


#: The modules of this package that ask a vendor's API, by name, in the order in which they are asked.
LIVE: Mapping[str, Live] = {
    "claude_code_admin": Live(ADMIN_KEY, "console", timedelta(hours=2)),
    "claude_enterprise_analytics": Live(
        ANALYTICS_KEY,
        "analytics",
        None,
        since=date(2026, 1, 1),
        reach=timedelta(days=364),
        revisable=timedelta(days=30),
        requests_a_minute=60,
    ),
}
