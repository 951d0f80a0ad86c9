"""A file's bytes as lines of text, decoded as they are asked for and never held whole.

Where it is no text any more, or no line of any export, a finding names the line, and none follows it.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from itertools import chain

from shared.sources.exports.content import TEXT, Content, encoding_of, pieces_of
from shared.sources.exports.findings import AGAIN, Findings

__all__ = ["LONGEST_LINE", "LineBreaks", "Text", "TooLong"]

#: Characters; no row of an export comes near, and a longer line is not worth the memory.
LONGEST_LINE = 1 << 17

#: Where a line ends, as an editor has it.
LineBreaks = re.compile(r"\r\n|\r|\n")

_FIRST_LINE = 4096


class TooLong(Exception):
    """More was asked for at a time than is allowed."""


class Text:
    """The lines of one file; none where it is of another format.

    ``lines_read`` tells how many of its lines whoever reads it has had. ``given`` counts the characters that
    were given so far; `TooLong` is raised where it would pass ``most``, which the reader moves on as it goes.
    """

    def __init__(self, content: Content, findings: Findings, lines_read: Callable[[], int]) -> None:
        self.given = 0
        self.most = 0
        self.is_broken = False
        self._findings = findings
        self._lines_read = lines_read
        pieces = pieces_of(content)
        start = next(pieces, b"")
        self._pieces = chain([start], pieces, [b""])
        if (not start or start.isspace()) and all(map(bytes.isspace, pieces)):
            findings.add("source-error", "the file is empty", found="nothing", expected="a header and rows")
            self._encoding = None
        else:
            self._encoding = encoding_of(start, findings)
        self.first_line = self._first_line(start[:_FIRST_LINE])

    def lines(self) -> Iterator[str]:
        """Each line with its end: LF, CRLF or CR."""
        return chain.from_iterable(self._whole_lines()) if self._encoding else iter(())

    def _first_line(self, start: bytes) -> str:
        """The beginning of the first line with content, for a look at its delimiter; never raises."""
        text = start.decode(self._encoding or "utf-8", errors="ignore").strip("\r\n")
        return text.splitlines()[0] if text else ""

    def _whole_lines(self) -> Iterator[io.StringIO]:
        decoder = codecs.getincrementaldecoder(self._encoding or "utf-8")()
        rest = ""
        for piece in self._pieces:  # the last one is empty
            if self.given > self.most:
                raise TooLong
            fault, text = self._decoded(decoder, piece)
            text = rest + text
            if len(text) > LONGEST_LINE and not LineBreaks.search(text, 0, LONGEST_LINE + 1):
                fault, text = self._endless, ""
            ends = _end_of_lines(text) if piece or fault else len(text)
            rest = text[ends:]
            self.given += ends
            line = self._lines_read() + 1 + (len(LineBreaks.findall(text)) if fault else 0)
            yield io.StringIO(text[:ends], newline="")
            if fault:
                self.is_broken = True
                fault(line)
                return

    def _decoded(
        self, decoder: codecs.IncrementalDecoder, piece: bytes
    ) -> tuple[Callable[[int], None] | None, str]:
        """The text of a piece up to its first fault, and what says that fault of its line."""
        before = decoder.getstate()
        fault: Callable[[int], None] | None = None
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            byte, unread = error.object[error.start], len(error.object) - error.start
            decoder.setstate(before)
            text = decoder.decode(piece[: max(0, len(piece) - unread)])

            def fault(line: int) -> None:
                self._no_text(line, byte)

        if "\x00" in text:
            return self._nul, text[: text.index("\x00")]
        return fault, text

    def _no_text(self, line: int, byte: int) -> None:
        self._findings.add(
            "encoding-error",
            f"a byte is not {'UTF-16' if self._encoding == 'utf-16' else 'UTF-8'} text",
            line=line,
            found=f"byte 0x{byte:02x}",
            expected=TEXT,
            action=f"{AGAIN}; if it must be saved again, as 'CSV UTF-8'",
        )

    def _nul(self, line: int) -> None:
        self._findings.add(
            "encoding-error",
            "the file holds NUL bytes: it is no text, or UTF-16 without a byte order mark",
            line=line,
            expected=TEXT,
        )

    def _endless(self, line: int) -> None:
        self._findings.add(
            "source-error",
            f"the line is longer than {LONGEST_LINE:,} characters; nothing after it was read",
            line=line,
        )


def _end_of_lines(text: str) -> int:
    """Where the last whole line ends. A CR at the very end may be half of a line's end."""
    return max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
