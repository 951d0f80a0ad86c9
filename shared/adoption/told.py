"""What one source tells of one measure in one period: of everybody whom it lists, and of everybody else.

Whatever a source is like, this is all that the rest needs of it: sources of different populations add.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.adoption.timeline import Added

#: Whoever it was: an actor that belongs to no person. Engineers' ids begin with ``e``.
NOBODYS = "unattributed"


def is_person(actor: str) -> bool:
    """Whether an actor's id is an engineer's."""
    return actor.startswith("e")


@dataclass(frozen=True, slots=True)
class Told:
    """``added`` by actor; ``stranger`` is what somebody added who is not listed there.

    ``doubt`` says why nobody's share is bounded, such as a missing day: it may hold anybody's use. Money is
    told in millionths of a US dollar, so that every value is a whole number.
    """

    populations: frozenset[str]
    measure: str
    added: Mapping[str, Added]
    stranger: Added
    doubt: str | None = None

    def of(self, actor: str) -> Added:
        """What an actor added, listed or not."""
        return self.added.get(actor, self.stranger)

    @property
    def is_open(self) -> bool:
        """Whether somebody who is not listed may have added something."""
        return self.stranger.high is None
