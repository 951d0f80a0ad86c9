"""A file that something happened to says what it said before, or is refused, and never anything else."""

from __future__ import annotations

import codecs
import csv
import io
import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import ExportRefused
from shared.sources.exports import Said, content_key, fingerprint_of
from shared.sources.exports.content import PIECE
from tests.sources.exports.files import (
    ANALYTICS,
    CONSOLE,
    COST_2026,
    FRIDAY,
    MEMBERS,
    NOVEMBER,
    ORGANIZATION,
    ROSTER,
    SPEND,
    csv_of,
    dropped,
)

seeds = st.integers(0, 1 << 32)

#: A good file of each form: its name, its header, and what its rows are made of, column by column.
FORMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    NOVEMBER: (("User", "Lines this Month"), ("address", "count")),
    f"console {NOVEMBER}": (CONSOLE, ("address", "money", "count")),
    f"members-{ORGANIZATION}-2026-11-19.csv": (MEMBERS, ("name", "address", "User", "Active", "Standard")),
    f"members-analytics-{ORGANIZATION}-2026-10-22-to-2026-11-19.csv": (
        ANALYTICS,
        ("name", "address", "User", "Standard", "day", *["count"] * 11, "money"),
    ),
    f"spend-report-{ORGANIZATION}-2026-11-09-to-2026-11-15.csv": (
        SPEND,
        ("address", "id", "Claude Code", "sonnet", "count", "count", "count", "money", "money"),
    ),
    "claude_api_cost_2026_11_01_to_2026_11_20.csv": (
        COST_2026,
        ("day", "sonnet", "Claude Code", "key", "usage", "≤ 200k", "input", "money", "token", "eu", "fast"),
    ),
    "roster.csv": (ROSTER, ("address", "name", "Team =1", "day", "")),
}


def cell(of: str, row: int, chance: random.Random) -> str:
    """One cell of a column."""
    made = {
        "address": f"p{row}@quux.example",
        "name": chance.choice(["Zoë", "O'Neil, Ann", 'Bob "B" Roy', "山田", "-"]),
        "count": f"{chance.choice([0, 7, 999, 1_000, 43_855]):,}",
        "money": f"${chance.randrange(200_000) / 100:,.2f}",
        "day": f"2026-11-{chance.randint(2, 18):02d}",
        "key": f"claude_code_key_p{row}_x",
    }
    return made.get(of, of)


@st.composite
def good_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A good file and its name."""
    name = draw(st.sampled_from(sorted(FORMS)))
    chance = random.Random(draw(st.integers(0, 1 << 32)))  # noqa: S311 - the same each time
    header, columns = FORMS[name]
    rows = [[cell(of, row, chance) for of in columns] for row in range(draw(st.integers(1, 9)))]
    return name, csv_of(*rows, header=header)


def said_by(name: str, content: bytes) -> Said | None:
    """What a file says; None where it is refused. Any other error is the test's failure."""
    try:
        return dropped(content, name)
    except ExportRefused as refusal:
        if not refusal.total >= len(refusal.findings) > 0:
            raise AssertionError("a refusal without a finding") from refusal
        return None


def quoted(text: str) -> str:
    """Each cell between quotation marks."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(csv.reader(io.StringIO(text, newline="")))
    return out.getvalue()


#: What a save elsewhere does to a file, and what changes nothing of what it says.
NEUTRAL: dict[str, Callable[[bytes], bytes]] = {
    "a mark": lambda content: codecs.BOM_UTF8 + content,
    "UTF-16": lambda content: content.decode().encode("utf-16"),
    "UTF-16, big end": lambda content: codecs.BOM_UTF16_BE + content.decode().encode("utf-16-be"),
    "LF": lambda content: content.replace(b"\r\n", b"\n"),
    "CR": lambda content: content.replace(b"\r\n", b"\r"),
    "no end": lambda content: content.removesuffix(b"\r\n"),
    "more ends": lambda content: content + b"\r\n\r\n",
    "all quoted": lambda content: quoted(content.decode()).encode(),
}


@pytest.mark.parametrize("change", NEUTRAL.values(), ids=NEUTRAL)
@settings(derandomize=True, deadline=None, max_examples=40)
@given(good_files())
def test_a_neutral_change_is_none(change: Callable[[bytes], bytes], file: tuple[str, bytes]) -> None:
    """The same is read, note for note."""
    name, content = file
    before = said_by(name, content)
    assert before is not None
    assert said_by(name, change(content)) == before


@settings(derandomize=True, deadline=None, max_examples=60)
@given(good_files(), st.integers(1, 99), seeds)
def test_how_a_file_comes_in_pieces_is_nothing(file: tuple[str, bytes], most: int, seed: int) -> None:
    """Storage may cut it anywhere, within a character and between the two halves of a line's end."""
    name, content = file
    chance = random.Random(seed)  # noqa: S311 - the same each time

    def pieces(of: bytes) -> Iterator[bytes]:
        at = 0
        while at < len(of):
            size = chance.randint(0, most)
            yield of[at : at + size]
            at += size

    for text in (content, content.decode().encode("utf-16")):
        assert dropped_in_pieces(name, pieces(text)) == said_by(name, text)
        assert fingerprint_of(pieces(text)) == fingerprint_of(text)


def dropped_in_pieces(name: str, pieces: Iterator[bytes]) -> Said | None:
    """What a file says that comes so."""
    try:
        return dropped(pieces, name)
    except ExportRefused:
        return None


@pytest.mark.parametrize("before", range(PIECE - 4, PIECE + 3))
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_piece_may_end_anywhere(before: int, end: str, encoding: str) -> None:
    """Within a character, a line's end or a quoted cell: it is all the same."""
    head = f"Note,User,Lines this Month{end}"
    padding = "x" * (before // (2 if encoding == "utf-16" else 1) - len(head))
    rows = f'{padding}é{end},zoë@quux.example,1{end}"two{end}📈","ann@quux.example","1,600"{end}'
    content = f"{head}{rows}".replace(f"é{end},", "é,").encode(encoding)
    said = dropped(content, NOVEMBER)
    assert said.rows_accepted == 2
    assert said == dropped(iter([content[:7], content[7:]]), NOVEMBER)
    assert content_key(content) == content_key(content.decode(encoding).replace(end, "\n").encode())


DAMAGE = [
    b"",
    b",",
    b'"',
    b"\n",
    b"\r",
    b";",
    b"\t",
    b"\xff",
    b"\x00",
    b"1,0",
    b"\xef\xbb\xbf",
    b"<",
    b"\xe2\x80\xaf",
]


@settings(derandomize=True, deadline=None, max_examples=300)
@given(good_files(), st.integers(1, 4), seeds)
def test_damage_is_refused_or_read(file: tuple[str, bytes], times: int, seed: int) -> None:
    """Bytes that are gone, doubled, replaced or put in end in a reading or in a refusal."""
    name, content = file
    chance = random.Random(seed)  # noqa: S311 - the same each time
    damaged = bytearray(content)
    for _ in range(times):
        at = chance.randrange(len(damaged) + 1)
        damaged[at : at + chance.randint(0, 3)] = chance.choice([*DAMAGE, bytes(damaged[at : at + 9])])
    said = said_by(name, bytes(damaged))
    assert said is None or said.rows_in == said.rows_accepted + said.rows_rejected
    assert said is None or said.moment <= FRIDAY


@settings(derandomize=True, deadline=None, max_examples=60)
@given(good_files(), st.data())
def test_a_file_cut_short_never_says_more(file: tuple[str, bytes], data: st.DataObject) -> None:
    """An upload that broke off is refused, or has rows less, never another number of somebody."""
    name, content = file
    whole = said_by(name, content)
    cut = content[: data.draw(st.integers(0, len(content)))]
    said = said_by(name, cut[: cut.rfind(b"\r\n") + 2])
    assert whole is not None
    assert said is None or said.rows_in <= whole.rows_in
