"""What a file is known by: its bytes, and its content whatever a mere re-save made of them."""

from __future__ import annotations

import codecs
import hashlib
import io
from typing import NamedTuple

from shared.sources.exports.content import Content, pieces_of

__all__ = ["Fingerprint", "content_key", "fingerprint_of"]

_BOM = codecs.BOM_UTF8
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Fingerprint(NamedTuple):
    """``digest`` is the SHA-256 of the bytes. ``key`` is that of the text without what a re-save changes:
    line ends, byte order mark, UTF-16. Two files with one key hold the same rows in the same order.
    """

    digest: str
    key: str


def fingerprint_of(content: Content) -> Fingerprint:
    """Both, in one passing. Raises nothing but what the content does as it comes."""
    as_it_is = hashlib.sha256()
    plain: _Plain | None = None
    for piece in pieces_of(content):
        plain = plain or _Plain(piece)
        as_it_is.update(piece)
        plain.update(piece)
    digest = as_it_is.hexdigest()
    return Fingerprint(digest, (plain.hexdigest() if plain else "") or digest)


class _Plain:
    """The hash of a text in UTF-8, LF at each line's end but the last, no byte order mark."""

    def __init__(self, start: bytes) -> None:
        self._hash = hashlib.sha256()
        self._codec = ("utf-16", "utf-8") if start.startswith(_UTF_16) else ("latin-1", "latin-1")
        decoder = codecs.getincrementaldecoder(self._codec[0])()
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)
        self._begun = False
        self._is_text = True
        self._ends = 0

    def update(self, piece: bytes, *, final: bool = False) -> None:
        if not self._is_text:
            return
        try:
            text = self._decoder.decode(piece, final=final).encode(self._codec[1])
        except UnicodeError:
            self._is_text = False
            return
        if text and not self._begun:
            self._begun = True
            text = text.removeprefix(_BOM)
        kept = text.rstrip(b"\n")
        if kept:
            self._hash.update(b"\n" * self._ends + kept)
            self._ends = 0
        self._ends += len(text) - len(kept)

    def hexdigest(self) -> str:
        """Empty where it began as UTF-16 and is none."""
        self.update(b"", final=True)
        return self._hash.hexdigest() if self._is_text else ""


def content_key(content: Content) -> str:
    """The key of a content alone."""
    return fingerprint_of(content).key
