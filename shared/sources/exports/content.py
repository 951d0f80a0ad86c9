"""A file's bytes: what they are, and how they read as lines of text.

UTF-8 with or without a byte order mark and UTF-16 with one are read. Anything else is said to be
what it is: an admin who saved the login page needs to hear that, not "line 1, column 1".
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

from shared.sources.exports.findings import AGAIN, Findings

__all__ = ["LONGEST_LINE", "content_key", "encoding_of", "endless_line", "first_line", "lines", "locate"]

#: Bytes; no row of an export comes near, and a longer one is not worth the memory.
LONGEST_LINE = 1 << 20

_OTHER_FORMATS = (
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive; unpack it and drop the .csv inside"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook saved as .csv"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it and drop the .csv inside"),
    (b"Rar!", "a RAR archive; unpack it and drop the .csv inside"),
)
_START = 4096


def encoding_of(content: bytes, findings: Findings) -> str | None:
    """The codec that reads the content, or None and a finding that says what the file is."""
    if not content or content.isspace():
        findings.add("source-error", "the file is empty", found="nothing", expected="a header and rows")
        return None
    what = _other_format(content)
    if what:
        findings.add("format-error", f"this is {what}", expected="a CSV file")
        return None
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        findings.add(
            "encoding-error", "the text is UTF-32", expected="UTF-8, or UTF-16 with a byte order mark"
        )
        return None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in content:
        findings.add(
            "encoding-error",
            "the file holds NUL bytes: it is no text, or UTF-16 without a byte order mark",
            line=_line_at(content, content.index(b"\x00")),
            expected="UTF-8, or UTF-16 with a byte order mark",
        )
        return None
    return "utf-8-sig"


def endless_line(content: bytes) -> int | None:
    """The number of the first line that is longer than LONGEST_LINE, or None.

    It hops from a line end to the last one that a line may reach. In UTF-16 half of a character may
    look like a line end, which makes a line that is too long harder to see, and no other one wrong.
    """
    start = 0
    while len(content) - start > LONGEST_LINE:
        reach = (start, start + LONGEST_LINE)
        end = max(content.rfind(b"\n", *reach), content.rfind(b"\r", *reach))
        if end < 0:
            return _line_at(content, start)
        start = end + 1
    return None


def _line_at(content: bytes, place: int) -> int:
    """The number of the line on which a byte stands, whichever of the line ends the file has."""
    ends = (content.count(end, 0, place) for end in (b"\n", b"\r", b"\r\n"))
    feeds, returns, both = ends
    return feeds + returns - both + 1


def _other_format(content: bytes) -> str:
    for magic, what in _OTHER_FORMATS:
        if content.startswith(magic):
            return what
    start = content[:_START]
    if start.startswith(b"PK\x03\x04"):
        if b"[Content_Types].xml" in start or b"xl/" in start:
            return "an Excel workbook saved as .csv; export CSV at the vendor's page instead"
        return "a ZIP archive; unpack it and drop the .csv inside"
    text = start.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n").lower()
    if text.startswith(b"<?xml") and b"<html" not in text:
        return "an XML document"
    if text.startswith(b"<"):
        return "a web page saved as .csv: sign in and download again"
    if text.startswith((b"{", b"[")):
        return "a JSON document"
    return ""


def first_line(content: bytes, encoding: str) -> str:
    """The beginning of the first line with content, for a look at its delimiter; never raises."""
    text = content[:_START].decode(encoding, errors="ignore").strip("\r\n")
    return text.splitlines()[0] if text else ""


def lines(content: bytes, encoding: str) -> Iterator[str]:
    """The lines with their ends (LF, CRLF or CR), decoded as they are asked for.

    Raises UnicodeDecodeError on the way.
    """
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline="")


def locate(content: bytes, encoding: str, findings: Findings) -> None:
    """Add the finding that names the line of the first byte that is not text."""
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(encoding, errors="ignore")
        name = "UTF-16" if encoding == "utf-16" else "UTF-8"
        findings.add(
            "encoding-error",
            f"a byte is not {name} text",
            line=before.count("\n") + 1,
            found=f"byte 0x{error.object[error.start]:02x}",
            expected="UTF-8, or UTF-16 with a byte order mark",
            action=f"{AGAIN}; if it must be saved again, as 'CSV UTF-8'",
        )


def content_key(content: bytes) -> str:
    """SHA-256 of the content without what a mere re-save changes: line ends, byte order mark, UTF-16.

    Two files with one key hold the same rows in the same order. Raises nothing.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            return hashlib.sha256(content).hexdigest()
    plain = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return hashlib.sha256(plain.rstrip(b"\n")).hexdigest()
