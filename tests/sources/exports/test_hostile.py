"""Whatever is dropped is read or refused, and a refusal names nobody."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import ExportRefused
from shared.sources.exports import read_dropped
from tests.sources.exports.files import (
    ANALYTICS_WIDER,
    CONSOLE,
    COST,
    COST_2024,
    FRIDAY,
    HEADER,
    MEMBERS,
    NOVEMBER,
    ROSTER,
    SPEND,
    SPEND_WIDER,
    csv_of,
)

HEADERS = (
    HEADER,
    CONSOLE,
    ROSTER,
    ("Email", "PRs with CC", "All PRs", "Lines with CC", "All Lines"),
    ("alias", "email"),
    ("key_name", "email"),
    ("date", "name"),
    ("tier", "monthly_price", "currency", "from"),
    ("email",),
    MEMBERS,
    ANALYTICS_WIDER,
    SPEND,
    SPEND_WIDER,
    COST_2024,
    COST,
)
CELLS = [
    "1",
    "1.5",
    "1,234",
    "1.234",
    "-0.01",
    "$5",
    "€5",
    "",
    "--",
    "Total",
    "2026-11-20",
    "=1+1",
    "(other)",
    "Claude Code",
    "Active",
    "USD",
    "claude_code_key_x",
]

cells = st.one_of(
    st.sampled_from(CELLS), st.text(max_size=8), st.sampled_from(["qz@example.com", "Qz Qzson"])
)
names = st.one_of(
    st.sampled_from([NOVEMBER, "canaries.csv", "spend-report--2026-11-09-to-2026-11-15.csv"]),
    st.text(max_size=40),
    st.from_regex(
        r"(drop/)?\d{4}-\d\d-\d\d/.{0,9}20\d\d[-_.]\d\d[-_.]\d\d(.{0,3}to.{0,3}20\d\d-\d\d-\d\d)?\.csv"
    ),
)
moments = st.integers(-600, 600).map(lambda hours: FRIDAY + timedelta(hours=hours))


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file that is nearly good: some header, any rows, perhaps some bytes gone, doubled or replaced."""
    header = list(draw(st.sampled_from(HEADERS)))
    width = len(header)
    rows = draw(
        st.lists(st.lists(cells, min_size=width - draw(st.integers(0, 1)), max_size=width), max_size=6)
    )
    content = csv_of(*rows, header=header).decode(errors="replace")
    text = content.encode(
        draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"])), errors="replace"
    )
    return _broken(text, draw(st.randoms(use_true_random=False))) if draw(st.booleans()) else text


def _broken(content: bytes, chance: random.Random) -> bytes:
    broken = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(broken))
        damage = chance.choice([b"", b",", b'"', b"\n", b";", b"\xff", b"1,0", b"\x00"])
        broken[at : at + chance.randint(0, 3)] = damage
    return bytes(broken)


def refusal_of(content: bytes, name: str, metadata: dict[str, str], at: datetime) -> ExportRefused | None:
    """The refusal, if it is one; any other error is the test's failure."""
    try:
        read_dropped(
            content,
            name=name,
            metadata=metadata,
            last_modified=at,
            arrived=at,
            timezone=ZoneInfo("Pacific/Apia"),
        )
    except ExportRefused as refused:
        return refused
    return None


@settings(max_examples=150)
@given(st.one_of(files(), st.binary(max_size=200)), names, st.text(max_size=30), moments)
def test_no_file_raises_anything_but_a_refusal(content: bytes, name: str, as_of: str, at: datetime) -> None:
    """What breaks the program would block every file that comes after it."""
    for metadata in ({}, {"as_of": as_of}):
        refused = refusal_of(content, name, metadata, at)
        if refused:
            assert refused.findings
            assert refused.total >= len(refused.findings)


marked = st.lists(st.from_regex(r"qz[a-z]{3,8}@example\.com", fullmatch=True), unique=True, min_size=1)


@settings(max_examples=150)
@given(marked, st.randoms(use_true_random=False))
def test_no_finding_names_a_person(addresses: list[str], chance: random.Random) -> None:
    """Whatever is wrong with a file, its report repeats no address, not even half of one."""
    header = chance.choice([*HEADERS, HEADER[::-1], ("Who", "What")])
    rows = [
        [chance.choice([address, *CELLS]) if at else address for at in range(len(header))]
        for address in (*addresses, addresses[0])
    ]
    content = _broken(csv_of(*rows, header=chance.choice([header, rows[0]])), chance)
    name = chance.choice(
        [
            NOVEMBER,
            "canaries 2026-11-01-to-2026-11-19.csv",
            f"2026-11-02/{addresses[0]}.csv",
            f"{addresses[0]} 2026-99-99.csv",
        ]
    )
    refused = refusal_of(content, name, {}, FRIDAY)
    said = msgspec.json.encode(refused.findings).decode() + str(refused) if refused else ""
    assert "qz" not in said
    assert "example" not in said
    assert "@" not in said.replace("with one @", "")
