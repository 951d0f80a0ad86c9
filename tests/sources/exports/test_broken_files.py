"""Files that an admin may drop by mistake, or somebody by malice: what is said of each, and of which line."""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
from typing import NamedTuple

import pytest

from shared.sources.exports.text import LONGEST_LINE
from tests.sources.exports.files import (
    ANALYTICS,
    CONSOLE,
    COST,
    MEMBERS,
    NOVEMBER,
    ORGANIZATION,
    ROSTER,
    SPEND,
    addresses,
    csv_of,
    read,
    refused,
)

HEAD = b"User,Lines this Month\r\n"
ANN, BOB = b"ann@quux.example,1600\r\n", b'bob@quux.example,"43,855"\r\n'
TEAM = HEAD + ANN + BOB
TEXT = TEAM.decode()
COUNTS = {"ann@quux.example": 1600, "bob@quux.example": 43_855}
CONTRIBUTION = ("Email", "PRs with CC", "All PRs", "Lines with CC", "All Lines")

MEMBERS_FILE = f"members-{ORGANIZATION}-2026-11-19.csv"
ANALYTICS_FILE = f"members-analytics-{ORGANIZATION}-2026-10-22-to-2026-11-19.csv"
SPEND_FILE = f"spend-report-{ORGANIZATION}-2026-11-09-to-2026-11-15.csv"
COST_FILE = "claude_api_cost_2026_11_01_to_2026_11_20.csv"
ARCHIVE_DAY = (2026, 11, 20, 12, 0, 0)


def zipped(*names: str) -> bytes:
    """An archive that holds these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, ARCHIVE_DAY), TEAM)
    return out.getvalue()


def spend(**cells: str) -> bytes:
    """A spend report of one row, some of whose cells are others."""
    good = dict(
        zip(SPEND, ("ann@quux.example", "u", "Claude Code", "m", "1", "2", "3", "0.5", "0.5"), strict=True)
    )
    return csv_of((good | cells).values(), header=SPEND)


def cost(*rows: dict[str, str]) -> bytes:
    """A Console cost file, some of whose cells are others."""
    said = (
        "2026-11-02",
        "m",
        "Claude Code",
        "k",
        "u",
        "≤ 200k",
        "input",
        "1.50",
        "1.50",
        "token",
        "x",
        "y",
        "i",
        "s",
    )
    return csv_of(*((dict(zip(COST, said, strict=True)) | row).values() for row in rows), header=COST)


def analytics(**cells: str) -> bytes:
    """A members analytics file of one row, some of whose cells are others."""
    good = dict.fromkeys(ANALYTICS, "0") | {
        "Name": "Ann", "Email": "ann@quux.example", "Role": "User", "Seat Tier": "Standard",
        "Last Active": "2026-11-18", "Estimated Spend (USD)": "$0.00",
    }  # fmt: skip
    return csv_of((good | cells).values(), header=ANALYTICS)


class Broken(NamedTuple):
    """A file, and its finding."""

    content: bytes
    code: str
    line: int | None
    says: str
    name: str = NOVEMBER


BROKEN = {
    # --- another format ---------------------------------------------------------------------------
    "a login page": Broken(b"<!DOCTYPE html>\n<html><head>", "format-error", None, "web page saved as .csv"),
    "a login page in capitals": Broken(b"\r\n\t<HTML><BODY>", "format-error", None, "web page"),
    "a login page with a comment": Broken(b"<!-- saved --><html>", "format-error", None, "web page"),
    "a login page with a mark": Broken(codecs.BOM_UTF8 + b" <html>", "format-error", None, "web page"),
    "a login page in UTF-16": Broken("<html>".encode("utf-16"), "format-error", None, "web page"),
    "a page saved with its pictures": Broken(
        b"From: <Saved by Browser>\r\n", "format-error", None, "web page"
    ),
    "a page saved as MIME": Broken(b"MIME-Version: 1.0\r\n", "format-error", None, "web page"),
    "XML": Broken(b'<?xml version="1.0"?><rows/>', "format-error", None, "XML"),
    "JSON": Broken(b'{"error":{"type":"x"}}', "format-error", None, "JSON"),
    "a JSON list": Broken(b"\n [1]", "format-error", None, "JSON"),
    "a workbook": Broken(zipped("[Content_Types].xml", "xl/workbook.xml"), "format-error", None, "Excel"),
    "a workbook of another order": Broken(
        zipped("_rels/.rels", "xl/styles.xml"), "format-error", None, "Excel"
    ),
    "an old workbook": Broken(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "format-error", None, "old Excel"),
    "a ZIP": Broken(zipped("team.csv"), "format-error", None, "ZIP"),
    "an empty ZIP": Broken(zipped(), "format-error", None, "empty ZIP"),
    "a gzip": Broken(gzip.compress(TEAM), "format-error", None, "gzip"),
    "a bzip2": Broken(b"BZh91AY&SY", "format-error", None, "bzip2"),
    "an xz": Broken(b"\xfd7zXZ\x00\x00", "format-error", None, "xz"),
    "a Zstandard": Broken(b"\x28\xb5\x2f\xfd\x04", "format-error", None, "Zstandard"),
    "a 7z": Broken(b"7z\xbc\xaf\x27\x1c", "format-error", None, "7z"),
    "a RAR": Broken(b"Rar!\x1a\x07\x01", "format-error", None, "RAR"),
    "a tar": Broken(b"team.csv".ljust(257, b"\x00") + b"ustar", "format-error", None, "tar"),
    "a PDF": Broken(b"%PDF-1.7\n%\xe2\xe3", "format-error", None, "PDF"),
    "a PDF after a line": Broken(b"\n%PDF-1.7", "format-error", None, "PDF"),
    "PostScript": Broken(b"%!PS-Adobe", "format-error", None, "PostScript"),
    "RTF": Broken(b"{\\rtf1", "format-error", None, "RTF"),
    "a picture": Broken(b"\x89PNG\r\n\x1a\n\x00", "format-error", None, "picture"),
    "a photograph": Broken(b"\xff\xd8\xff\xe0", "format-error", None, "picture"),
    "SYLK": Broken(b"ID;PWXL;N;E\n", "format-error", None, "SYLK"),
    "SQLite": Broken(b"SQLite format 3\x00", "format-error", None, "SQLite"),
    "Parquet": Broken(b"PAR1\x15\x00", "format-error", None, "Parquet"),
    # --- nothing, or no header --------------------------------------------------------------------
    "nothing": Broken(b"", "source-error", None, "empty"),
    "blanks": Broken(b" \r\n\t\r\n" * 40_000, "source-error", None, "empty"),
    "a mark alone": Broken(codecs.BOM_UTF8, "blank-header", 1, "no header"),
    "commas alone": Broken(b",,\n,,\n", "blank-header", 1, "no header"),
    "a header far below": Broken(b"\n" * 70_000 + TEAM, "blank-header", 1, "no header"),
    "no header": Broken(ANN + BOB, "missing-label", 1, "not a header"),
    "a title above": Broken(b"Claude Code team export\r\n" + TEAM, "missing-label", 1, ""),
    "an error as text": Broken(b"Internal Server Error\n", "missing-label", 1, "not a header"),
    "another table": Broken(b"id,title\n1,x\n", "missing-label", 1, "not a header"),
    "a column short": Broken(b"User\r\nann@quux.example\r\n", "missing-label", 1, ""),
    "another language": Broken(b"Usuario,Lineas este mes\r\nann@quux.example,1\r\n", "missing-label", 1, ""),
    "bars between": Broken(TEAM.replace(b",", b"|"), "missing-label", 1, ""),
    "a column twice": Broken(
        b"User,Lines this Month,user\r\na@b.example,1,c\r\n", "duplicate-label", 1, "1 and 3"
    ),
    "a column twice, wide": Broken(
        "User,Lines this Month,Ｕｓｅｒ\r\na@b.example,1,c\r\n".encode(), "duplicate-label", 1, "1 and 3"
    ),
    "a column without a name": Broken(
        b"User,Lines this Month,\r\na@b.example,1,c\r\n", "blank-label", 1, "3"
    ),
    # --- no text ----------------------------------------------------------------------------------
    "UTF-16 without a mark": Broken(TEXT.encode("utf-16-le"), "encoding-error", 1, "NUL"),
    "UTF-16 without a mark, big end": Broken(TEXT.encode("utf-16-be"), "encoding-error", 1, "NUL"),
    "UTF-32": Broken(TEXT.encode("utf-32"), "encoding-error", None, "UTF-32"),
    "UTF-16 cut": Broken(TEXT.encode("utf-16")[:-1], "encoding-error", 4, "UTF-16"),
    "a lone surrogate": Broken(
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le") + b"\x00\xd8a\x00", "encoding-error", 4, "UTF-16"
    ),
    "NUL at the end": Broken(TEAM + b"\x00", "encoding-error", 4, "NUL"),
    "NUL in a cell": Broken(HEAD + ANN + b"b\x00b@quux.example,2\r\n" + BOB, "encoding-error", 3, "NUL"),
    "NUL far below": Broken(HEAD + b"\r" * 90_000 + b"\x00", "encoding-error", 90_002, "NUL"),
    "NUL bytes alone": Broken(b"\x00" * 100_000, "encoding-error", 1, "NUL"),
    "Latin-1": Broken(TEAM + "Zoë,2\r\n".encode("latin-1"), "encoding-error", 4, "UTF-8"),
    "Windows-1252": Broken(HEAD + b"\x93ann\x94,2\r\n", "encoding-error", 2, "UTF-8"),
    "Shift-JIS": Broken(HEAD + ANN + "山田,2\r\n".encode("shift-jis"), "encoding-error", 3, "UTF-8"),
    "a mark in Latin-1": Broken(b"User;Lines this Month\r\ncaf\xe9;1\r\n", "encoding-error", 2, "UTF-8"),
    "a character cut": Broken(TEAM + "é".encode()[:1], "encoding-error", 4, "UTF-8"),
    "an overlong character": Broken(HEAD + ANN + b"\xc0\xaf,1\r\n", "encoding-error", 3, "UTF-8"),
    "CR alone, and a bad byte": Broken(TEAM.replace(b"\r\n", b"\r") + b"\xff", "encoding-error", 4, "UTF-8"),
    "a bad byte far below": Broken(HEAD + b"\n" * 200_000 + b"\xe9", "encoding-error", 200_002, "UTF-8"),
    "EBCDIC": Broken(TEXT.encode("cp500"), "encoding-error", 1, "UTF-8"),
    # --- no end -----------------------------------------------------------------------------------
    "one endless line": Broken(b"a" * 3_000_000, "source-error", 1, "line is longer"),
    "an endless header": Broken(b"a," * LONGEST_LINE, "source-error", 1, "line is longer"),
    "an endless line below": Broken(TEAM + b"x" * (LONGEST_LINE + 1), "source-error", 4, "line is longer"),
    "a giant cell": Broken(HEAD + b'"' + b"x" * 200_000 + b'",1\r\n' + ANN, "source-error", 2, "longer"),
    "a giant cell of lines": Broken(
        HEAD + ANN + b'"' + b"x\r\n" * 90_000 + b'",1\r\n', "source-error", 3, "cell"
    ),
    "a giant row of lines": Broken(HEAD + b"\n" + b'"x\n",' * 500_000, "source-error", 3, "row is longer"),
    "an open quotation mark": Broken(
        HEAD + ANN + b'"bob@quux.example,2\r\n', "source-error", 3, "never closed"
    ),
    "an open quotation mark above all": Broken(b'"' + TEAM, "source-error", 1, "do not match"),
    "an open quotation mark before much": Broken(
        HEAD + b'"ann@quux.example,1\r\n' + b"x@quux.example,2\r\n" * 50_000,
        "source-error",
        2,
        "cell is longer",
    ),
    "a quotation mark within": Broken(HEAD + b'"ann"@quux.example,1\r\n', "source-error", 2, "do not match"),
    # --- rows -------------------------------------------------------------------------------------
    "a cell too many": Broken(HEAD + ANN + b"bob@quux.example,43,855\r\n", "extra-cell", 3, "more cells"),
    "a cell too few": Broken(HEAD + ANN + b"bob@quux.example\r\n", "missing-cell", 3, "fewer cells"),
    "a file cut": Broken(TEAM + b"eve@quux.exam", "missing-cell", 4, "fewer cells"),
    "two files in one": Broken(TEAM + TEAM, "type-error", 4, "not a whole number"),
    "another delimiter below": Broken(HEAD + b"ann@quux.example;1\r\n", "missing-cell", 2, "fewer cells"),
    "a person twice": Broken(TEAM + b" ANN@quux.example,3\r\n", "constraint-error", 4, "line 2"),
    "a person twice, wide": Broken(
        TEAM + "ａnn@quux.example,3\r\n".encode(), "constraint-error", 4, "line 2"
    ),
    "an invisible character": Broken(
        HEAD + "an\u200bn@quux.example,1\r\n".encode(), "constraint-error", 2, "invisible"
    ),
    "a lost character": Broken(
        HEAD + "Zo\ufffd,1\r\n".encode(), "constraint-error", 2, "lost in a conversion"
    ),
    "a line break in a name": Broken(
        HEAD + b'"an\nn@quux.example",1\r\n', "constraint-error", 2, "line break"
    ),
    "a name without end": Broken(
        HEAD + b"x" * 400 + b"@quux.example,1\r\n", "constraint-error", 2, "longer than"
    ),
    # --- numbers ----------------------------------------------------------------------------------
    "a fraction": Broken(HEAD + b"ann@quux.example,1.5\r\n", "type-error", 2, "not a whole number"),
    "a negative count": Broken(HEAD + b"ann@quux.example,-1\r\n", "type-error", 2, "not a whole number"),
    "an exponent": Broken(HEAD + b"ann@quux.example,1.6E+03\r\n", "type-error", 2, "not a whole number"),
    "a date made of a number": Broken(HEAD + ANN + b"b@b.example,1-Mar\r\n", "type-error", 3, "not a whole"),
    "hashes for a narrow column": Broken(HEAD + b"ann@quux.example,####\r\n", "type-error", 2, "not a whole"),
    "an error of a spreadsheet": Broken(HEAD + b"ann@quux.example,#REF!\r\n", "type-error", 2, "not a whole"),
    "no number": Broken(HEAD + ANN + b"bob@quux.example,\r\n", "type-error", 3, "empty, which is not zero"),
    "a dash for none": Broken(HEAD + ANN + b"bob@quux.example,--\r\n", "type-error", 3, "empty"),
    "infinity": Broken(HEAD + b"ann@quux.example,inf\r\n", "type-error", 2, "not a whole number"),
    "not a number": Broken(HEAD + b"ann@quux.example,NaN\r\n", "type-error", 2, "not a whole number"),
    "hexadecimal": Broken(HEAD + b"ann@quux.example,0x10\r\n", "type-error", 2, "not a whole number"),
    "an underscore": Broken(HEAD + b"ann@quux.example,1_600\r\n", "type-error", 2, "not a whole number"),
    "twenty digits": Broken(
        HEAD + b"ann@quux.example,12345678901234567890\r\n", "type-error", 2, "not a whole"
    ),
    "a formula for a number": Broken(
        HEAD + b"ann@quux.example,=1+1\r\n", "type-error", 2, "not a whole number"
    ),
    "two ways of grouping": Broken(
        HEAD + b'ann@quux.example,"1,600"\r\nbob@quux.example,43.855\r\n', "constraint-error", 3, "line 2"
    ),
    "a comma that may be either": Broken(
        csv_of(("ann@quux.example", "1,234", "5"), header=CONSOLE), "constraint-error", 2, "comma may stand"
    ),
    "euros": Broken(
        csv_of(("ann@quux.example", "€5.10", "5"), header=CONSOLE), "constraint-error", 2, "currency"
    ),
    "a total that is none": Broken(TEAM + b"Total,7\r\n", "constraint-error", 4, "not the sum"),
    "two totals": Broken(TEAM + b"Total,45455\r\nTotal,45455\r\n", "constraint-error", 5, "line 4"),
    # --- the other kinds --------------------------------------------------------------------------
    "no member": Broken(csv_of(header=MEMBERS), "constraint-error", None, "no member", MEMBERS_FILE),
    "a member without an address": Broken(
        csv_of(("Ann", "ann", "User", "Active", "Standard"), header=MEMBERS),
        "type-error",
        2,
        "e-mail",
        MEMBERS_FILE,
    ),
    "statuses of another language": Broken(
        csv_of(("Ann", "a@b.example", "User", "Aktiv", "Standard"), header=MEMBERS),
        "constraint-error",
        2,
        "no row has a status",
        MEMBERS_FILE,
    ),
    "an American date": Broken(
        analytics(**{"Last Active": "11/18/2026"}), "type-error", 2, "not a day", ANALYTICS_FILE
    ),
    "a day that never was": Broken(
        analytics(**{"Last Active": "2026-02-30"}), "type-error", 2, "not a day", ANALYTICS_FILE
    ),
    "a serial number for a day": Broken(
        analytics(**{"Last Active": "46344"}), "type-error", 2, "not a day", ANALYTICS_FILE
    ),
    "half a session": Broken(
        analytics(**{"Code sessions": "0.5"}), "type-error", 2, "whole number", ANALYTICS_FILE
    ),
    "analytics without their days": Broken(analytics(), "constraint-error", None, "", "members.csv"),
    "tokens in words": Broken(spend(total_prompt_tokens="many"), "type-error", 2, "whole number", SPEND_FILE),
    "a user who is nobody": Broken(spend(user_email="Ann"), "type-error", 2, "e-mail", SPEND_FILE),
    "spend of no days": Broken(spend(), "constraint-error", None, "", "spend.csv"),
    "spend in pounds": Broken(
        spend(total_net_spend_usd="£1.00"), "constraint-error", 2, "currency", SPEND_FILE
    ),
    "a cost without a day": Broken(cost({"usage_date_utc": ""}), "type-error", 2, "not a day", COST_FILE),
    "a cost of another month": Broken(
        cost({}, {"usage_date_utc": "2026-10-31"}), "constraint-error", 3, "", COST_FILE
    ),
    "a cost of nothing": Broken(cost({"cost_usd": "--"}), "type-error", 2, "empty", COST_FILE),
    "a roster of days gone by": Broken(
        csv_of(("a@b.example", "A", "T", "2026-03-01", "2026-02-01"), header=ROSTER),
        "constraint-error",
        2,
        "left",
        "roster.csv",
    ),
    "an alias of itself": Broken(
        b"alias,email\na@b.example,a@b.example\n", "constraint-error", 2, "itself", "aliases.csv"
    ),
    "a price with a comma": Broken(
        b'tier,monthly_price,currency\nStandard,"30,00",USD\n',
        "type-error",
        2,
        "not a price",
        "seat_prices.csv",
    ),
    # --- the name ---------------------------------------------------------------------------------
    "a day to come": Broken(TEAM, "constraint-error", None, "future", f"2026-12-24/{NOVEMBER}"),
    "a folder that is no day": Broken(TEAM, "constraint-error", None, "cannot be", f"2026-02-31/{NOVEMBER}"),
    "a range backwards": Broken(TEAM, "constraint-error", None, "no month", "x_2026_11_30_to_2026_11_01.csv"),
    "two ranges": Broken(
        TEAM, "constraint-error", None, "more than one", f"2026-10-01 to 2026-10-31 {NOVEMBER}"
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_said_with_its_line(broken: Broken) -> None:
    """The first thing that is wrong is named by its code and its line, with something to do about it."""
    first = refused(broken.content, broken.name).findings[0]
    assert (first.code, first.line) == (broken.code, broken.line)
    assert broken.says in first.note
    assert first.action


RIGHT = {
    "a header alone": HEAD,
    "as it comes": TEAM,
    "a mark": codecs.BOM_UTF8 + TEAM,
    "two marks": codecs.BOM_UTF8 * 2 + TEAM,
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16, big end": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "LF": TEAM.replace(b"\r\n", b"\n"),
    "CR": TEAM.replace(b"\r\n", b"\r"),
    "line ends of each kind": HEAD + ANN.replace(b"\r\n", b"\r") + BOB.replace(b"\r\n", b"\n"),
    "no end": TEAM.rstrip(),
    "everything quoted": b'"User","Lines this Month"\r\n"ann@quux.example","1600"\r\n'
    b'"bob@quux.example","43,855"\r\n',
    "tabs": TEAM.replace(b",", b"\t").replace(b"43\t855", b"43,855"),
    "semicolons": TEAM.replace(b",", b";").replace(b"43;855", b"43,855"),
    "blank lines": b"\r\n\r\n" + HEAD + b"\r\n" + ANN + b"\r\n\r\n" + BOB + b"\r\n",
    "rows without content": HEAD + b",\r\n" + ANN + b" , \r\n" + BOB + b",\r\n",
    "spaces around": b" User , Lines this Month \r\n ann@quux.example , 1600 \r\nbob@quux.example, 43855\r\n",
    "capitals": TEAM.replace(b"User", b"USER").replace(b"ann", b"Ann"),
    "another order": b"Lines this Month,User\r\n1600,ann@quux.example\r\n43855,bob@quux.example\r\n",
    "a further column": b"User,Note,Lines this Month\r\nann@quux.example,=cmd|'/c calc'!A1,1600\r\n"
    b'bob@quux.example,"two\r\nlines",43855\r\n',
    "dots": TEAM.replace(b'"43,855"', b"43.855"),
    "narrow spaces": TEAM.replace(b'"43,855"', "43\u202f855".encode()),
    "apostrophes": TEAM.replace(b'"43,855"', "43’855".encode()),
    "Arabic digits": TEAM.replace(b'"43,855"', "٤٣٨٥٥".encode()),
    "a total": TEAM + b"Total,45455\r\n",
    "a total without a name": TEAM + b',"45,455"\r\n',
    "very many blank lines": HEAD + ANN + b"\r\n" * 100_000 + BOB,
    "a line as long as is allowed": b"User,Lines this Month,"
    + b"n" * 40
    + b"\r\n"
    + b"ann@quux.example,1600,"
    + b"x" * 120_000
    + b"\r\nbob@quux.example,43855,\r\n",
}


@pytest.mark.parametrize("content", RIGHT.values(), ids=RIGHT)
def test_what_is_only_odd_is_read_right(content: bytes) -> None:
    """Encodings, line ends, delimiters, quotes, blanks, order and ways of writing numbers are free."""
    assert addresses(read(content)) == ({} if content == HEAD else COUNTS)


def test_there_are_a_good_hundred() -> None:
    """So that nobody believes that some of them are enough."""
    assert len(BROKEN) + len(RIGHT) > 130
