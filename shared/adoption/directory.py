"""Whose row is it? Aliases, mapped keys and bare names, each to one person, or to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from sys import intern


@dataclass(frozen=True, slots=True)
class Directory:
    """From the ids that facts carry to engineers.

    ``aliases``: from one address's id to another's, for all time. ``keys``: from a key's id, or that of a
    name which may be a key's, to its person's; what an admin says stands before what the vendor tells.
    ``names``: from a bare name's id to the one roster entry that bears it.
    """

    aliases: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def person(self, actor_id: str) -> str | None:
        """The engineer whose row it is; None where nobody's: then it is unattributed."""
        if actor_id.startswith("k"):
            owner = self.keys.get(actor_id)
        elif actor_id.startswith("n"):
            owner = self.keys.get(actor_id) or self.names.get(actor_id)
        else:
            owner = actor_id
        return None if owner is None else self.aliases.get(owner, owner)

    def owner(self, actor_id: str) -> str:
        """The engineer whose row it is, or the actor's own id where nobody's.

        Everybody is in many files: the same id is held once, not once for each of them.
        """
        return intern(self.person(actor_id) or actor_id)

    def joined(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Each owner's count."""
        joined: dict[str, int] = {}
        for actor, count in counts.items():
            owner = self.owner(actor)
            joined[owner] = joined.get(owner, 0) + count
        return joined

    def with_keys(self, keys: Mapping[str, str]) -> Directory:
        """The same, with what the vendor tells of keys that no admin has mapped."""
        return Directory(self.aliases, {**keys, **self.keys}, self.names)
