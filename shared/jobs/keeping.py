"""A dropped file, made durable before anything reads it, and never held whole where it is large."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from shared.errors import StoreConflict
from shared.sources.exports import fingerprint_of

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.blobs import Dropped

__all__ = ["HELD", "Kept", "keep", "kept_as"]

#: Bytes; a file up to this size is fetched once and held.
HELD = 4 << 20


class Kept(NamedTuple):
    """A file under its ``digest``, known again by its ``key``. ``content`` gives it whenever it is asked."""

    digest: str
    key: str
    content: Callable[[], bytes | Iterator[bytes]]


def keep(app: App, dropped: Dropped) -> Kept | None:
    """The file, durable; None where another one has taken its place meanwhile.

    A large one is fetched twice, because it must be known by its digest before it can be put, and is read
    from its durable copy: no disk of an instance ever holds whom it names.
    """
    try:
        if dropped.size <= HELD:
            held = b"".join(app.drop.stream(dropped))
            digest, key = fingerprint_of(held)
            app.raw.keep(held)
            return Kept(digest, key, lambda: held)
        digest, key = fingerprint_of(app.drop.stream(dropped))
        app.raw.keep_pieces(digest, app.drop.stream(dropped))
    except StoreConflict:
        return None
    return Kept(digest, key, lambda: app.raw.stream(digest))


def kept_as(app: App, digest: str, size: int, key: str = "") -> Kept:
    """A file that is durable already, of ``size`` bytes when it came. ``key`` is what it was known by, where
    its content is not the same any more."""
    if size <= HELD:
        held = app.raw.read(digest)
        return Kept(digest, key or fingerprint_of(held)[1], lambda: held)
    known = key or fingerprint_of(app.raw.stream(digest))[1]
    return Kept(digest, known, lambda: app.raw.stream(digest))
