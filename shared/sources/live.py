"""What a live source's module offers, and where to find one by its name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from shared.sources import LIVE, Live

if TYPE_CHECKING:
    from shared.settings import Settings
    from shared.sources.organization import KeyView
    from shared.sources.pages import PagedAnswer
    from shared.sources.readings import DayReading
    from shared.sources.vendor import Vendor


class Source(Protocol):
    """A module that asks one API."""

    def fetch_day(self, vendor: Vendor, day: date) -> PagedAnswer:
        """Ask for everything of one UTC day. Raises what ``Vendor.get`` raises, but for ContractBroken: that
        is in the answer; and NotShown where the day is too recent, or too old."""
        ...

    def read_day(
        self, pages: Sequence[bytes], day: date, expected_organization: str | None = None
    ) -> DayReading:
        """What those pages say. Raises ContractBroken."""
        ...

    def look_around(self, vendor: Vendor, today: date, *, at_once: int = 1) -> KeyView:
        """Who the key sees, ``at_once`` so many questions at most. Raises what ``Vendor.get`` raises."""
        ...

    def whose(self, vendor: Vendor, today: date) -> str:
        """The organisation that the key is of, by one question. Raises what ``Vendor.get`` raises."""
        ...

    def opens(self, vendor: Vendor) -> bool:
        """Whether this API answers the key, by one cheap question. Raises what ``Vendor.get`` raises where
        that cannot be told."""
        ...


def source_of(name: str) -> Source:
    """The module of a source in ``LIVE``."""
    return cast("Source", import_module(f"shared.sources.{name}"))


def configured(settings: Settings) -> dict[str, Live]:
    """The live sources that the app was given a key of, in the order in which they are asked."""
    return {name: live for name, live in LIVE.items() if settings.has_key(live.key.setting)}
