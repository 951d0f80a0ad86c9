"""A file's bytes in pieces, and what they are by their beginning.

UTF-8 with or without a byte order mark and UTF-16 with one are read. Anything else is said to be
what it is: an admin who saved the login page needs to hear that, not "line 1, column 1".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shared.sources.exports.findings import Findings

__all__ = ["PIECE", "TEXT", "Content", "encoding_of", "pieces_of"]

#: A file's bytes: all of them, or as they come.
Content = bytes | Iterable[bytes]

#: How many bytes are looked at together, however they come.
PIECE = 1 << 16

#: What is read as text.
TEXT = "UTF-8, or UTF-16 with a byte order mark"

_UNPACK = "unpack it and drop the .csv inside"
_EXPORT = "export CSV at the vendor's page instead"
_OTHER_FORMATS = (
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", f"a gzip archive; {_UNPACK}"),
    (b"BZh", f"a bzip2 archive; {_UNPACK}"),
    (b"\xfd7zXZ\x00", f"an xz archive; {_UNPACK}"),
    (b"\x28\xb5\x2f\xfd", f"a Zstandard archive; {_UNPACK}"),
    (b"7z\xbc\xaf", f"a 7z archive; {_UNPACK}"),
    (b"Rar!", f"a RAR archive; {_UNPACK}"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"PK\x07\x08", "a part of a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook saved as .csv"),
    (b"ID;P", f"a SYLK spreadsheet; {_EXPORT}"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"MIME-Version:", "a web page saved as .csv: sign in and download again"),
    (b"From: <Saved by", "a web page saved as .csv: sign in and download again"),
)
_SPREADSHEETS = (b"[Content_Types].xml", b"xl/", b"opendocument.spreadsheet", b"Index/Tables", b"Index.zip")
_LOOKED_AT = 4096


def pieces_of(content: Content) -> Iterator[bytes]:
    """The content in pieces of one size but for the last, so that nothing depends on how it came."""
    if isinstance(content, bytes):
        yield from (content[at : at + PIECE] for at in range(0, len(content), PIECE))
        return
    held = bytearray()
    for part in content:
        held += part
        whole = len(held) - len(held) % PIECE
        yield from (bytes(held[at : at + PIECE]) for at in range(0, whole, PIECE))
        del held[:whole]
    if held:
        yield bytes(held)


def encoding_of(start: bytes, findings: Findings) -> str | None:
    """The codec that reads a file with that first piece, or None and a finding that says what it is."""
    what = _other_format(start)
    if what:
        findings.add("format-error", f"this is {what}", expected="a CSV file")
        return None
    if start.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        findings.add("encoding-error", "the text is UTF-32", expected=TEXT)
        return None
    return "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"


def _other_format(start: bytes) -> str:
    if start.startswith(b"PK\x03\x04"):
        if any(sign in start for sign in _SPREADSHEETS):
            return f"an Excel workbook or another spreadsheet saved as .csv; {_EXPORT}"
        return f"a ZIP archive; {_UNPACK}"
    plain = start[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, what in _OTHER_FORMATS:
        if start.startswith(magic) or plain.startswith(magic):
            return what
    if start[257:262] == b"ustar":
        return f"a tar archive; {_UNPACK}"
    text = plain.replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n").lower()
    if text.startswith(b"<?xml") and b"<html" not in text:
        return "an XML document"
    if text.startswith(b"<"):
        return "a web page saved as .csv: sign in and download again"
    if text.startswith((b"{", b"[")):
        return "a JSON document"
    return ""
