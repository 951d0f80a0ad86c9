"""A file says what it is by its first bytes, and is the same file after a mere re-save."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sources.exports import content_key
from tests.sources.exports.files import addresses, csv_of, finding, read

GOOD = csv_of(("zoe@example.com", "1600"), ("max@example.com", "43,855"))
COUNTS = {"zoe@example.com": 1600, "max@example.com": 43855}
TEXT = GOOD.decode()


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        codecs.BOM_UTF8 + GOOD,
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        GOOD.replace(b"\r\n", b"\n"),
        GOOD.replace(b"\r\n", b"\r"),
        GOOD.rstrip(),
        csv_of(("zoe@example.com", "1600"), ("max@example.com", "43,855"), delimiter="\t"),
        csv_of(("zoe@example.com", "1600"), ("max@example.com", "43,855"), delimiter=";"),
        b"\r\n" + GOOD + b"\r\n,\r\n\r\n",
    ],
)
def test_encodings_line_ends_and_delimiters_are_free(content: bytes) -> None:
    """UTF-8 and UTF-16, any line end, commas, semicolons or tabs: the same counts."""
    assert addresses(read(content)) == COUNTS


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"", "source-error", "empty"),
        (b" \r\n\r\n", "source-error", "empty"),
        (codecs.BOM_UTF8, "blank-header", "no header"),
        (b",\n,\n", "blank-header", "no header"),
        (b"\xef\xbb\xbf\n <!DOCTYPE html><html>", "format-error", "web page saved as .csv: sign in"),
        ("<html>".encode("utf-16"), "format-error", "web page"),
        (b'<?xml version="1.0"?><a/>', "format-error", "XML"),
        (b'{"type":"error"}', "format-error", "JSON"),
        (b"PK\x03\x04......[Content_Types].xml", "format-error", "Excel workbook"),
        (b"PK\x03\x04......export.csv", "format-error", "ZIP"),
        (b"%PDF-1.7", "format-error", "PDF"),
        (b"\x1f\x8b\x08\x00", "format-error", "gzip"),
        (TEXT.encode("utf-32"), "encoding-error", "UTF-32"),
        (TEXT.encode("utf-16-le"), "encoding-error", "NUL"),
        (GOOD + b"\x00", "encoding-error", "NUL"),
        (TEXT.encode("utf-16")[:-1], "encoding-error", "UTF-16"),
    ],
)
def test_what_is_no_csv_text_is_named(content: bytes, code: str, says: str) -> None:
    """The report says what the file is, not that its first column is wrong."""
    report = finding(content)
    assert report.code == code
    assert says in report.note
    assert report.action


def test_a_byte_of_another_encoding_is_named_by_its_line() -> None:
    """Latin-1 is not guessed at: a guess would make two people of one."""
    report = finding(csv_of(("zoe@example.com", "1")) + "Zoë,2\r\n".encode("latin-1"))
    assert (report.code, report.line, report.found) == ("encoding-error", 3, "byte 0xeb")


@given(st.text(st.characters(blacklist_categories=["Cs"])), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_resave_keeps_the_content_key(text: str, end: str) -> None:
    """Line ends, byte order mark and UTF-16 make no other export of the same rows."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    saved = plain.replace("\n", end)
    keys = {content_key(plain.encode())}
    keys.add(content_key(saved.encode()))
    keys.add(content_key(codecs.BOM_UTF8 + saved.encode()))
    keys.add(content_key(codecs.BOM_UTF16_LE + saved.encode("utf-16-le")))
    assert len(keys) == 1


def test_another_count_is_another_content() -> None:
    """The key is of the rows."""
    assert content_key(GOOD) != content_key(GOOD.replace(b"1600", b"1601"))


@given(st.binary())
def test_the_content_key_never_raises(content: bytes) -> None:
    """A file must have a key before it is known to be any good."""
    assert len(content_key(codecs.BOM_UTF16_LE + content)) == len(content_key(content)) == 64
