"""The vendor's pages: followed to the last, kept raw, decoded against the contract.

A breach of the contract names the page (from 1), the place in it (rows from 0), what was found and
what was expected. Found text is never quoted, because it may be an address or a key's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec

from shared.errors import ContractBroken

Decoded = TypeVar("Decoded")

#: A count on the wire. The bound is far above any real one and far below what storage can hold.
Count = Annotated[int, msgspec.Meta(ge=0, le=10**15)]

ROWS_A_PAGE = 1000
MAX_PAGES = 500

ACTION = (
    "What was stored before stays. Compare the kept answer with the vendor's API reference; if the "
    "vendor changed it, this program needs a new version."
)


@dataclass(frozen=True, slots=True)
class PagedAnswer:
    """Whole answers of the vendor, in order, as they came; ``broken`` says why there are no more.

    The pages are for keeping even where the answer is broken; only an unbroken one is for reading.
    """

    pages: tuple[bytes, ...]
    broken: ContractBroken | None = None


def follow(
    ask: Callable[[str | None], bytes], next_cursor: Callable[[bytes, int], str | None]
) -> PagedAnswer:
    """Ask for page after page until ``next_cursor`` of one is None.

    A repeated cursor, too many pages, and any ContractBroken of the two end in ``broken``; other
    errors of ``ask`` pass, because nothing was learnt.
    """
    pages: list[bytes] = []
    seen: set[str] = set()
    cursor: str | None = None
    try:
        while True:
            pages.append(ask(cursor))
            cursor = next_cursor(pages[-1], len(pages))
            if cursor is None:
                return PagedAnswer(tuple(pages))
            if cursor in seen:
                raise breach(f"page {len(pages)}", "a cursor that came before", "a new one")
            if len(pages) >= MAX_PAGES:
                raise breach(f"page {len(pages)}", "has_more true", f"the end within {MAX_PAGES} pages")
            seen.add(cursor)
    except ContractBroken as broken:
        return PagedAnswer(tuple(pages), broken.with_traceback(None))


class _Rows(msgspec.Struct):
    data: list[msgspec.Raw]


_ROWS = msgspec.json.Decoder(_Rows)


def check_pages(pages: Sequence[bytes]) -> None:
    """Raises ContractBroken where a row came on two pages, word for word: the rows have moved while they were
    paged, or a cursor led back, and a sum would count it twice. Twins on one page are two rows, since no
    grain is promised; so are, rarely, twins that a page's end parts: that day is told as broken, not wrong.
    """
    earlier: set[bytes] = set()
    for number, page in enumerate(pages if len(pages) > 1 else (), start=1):
        rows = [bytes(row) for row in decode(_ROWS, page, number).data]
        for index, row in enumerate(rows):
            if row in earlier:
                raise breach(f"page {number}, data[{index}]", "a row of an earlier page", "each row once")
        earlier.update(rows)


def breach(place: str, found: str, expected: str) -> ContractBroken:
    """The error for a 200 that says what the contract excludes."""
    return ContractBroken(f"{place}: found {found}, expected {expected}", action=ACTION)


def decode(decoder: msgspec.json.Decoder[Decoded], page: bytes, number: int) -> Decoded:
    """The page as the decoder's type; raises ContractBroken at the first thing that does not fit."""
    try:
        return decoder.decode(page)
    except msgspec.ValidationError as error:
        broken = _explain(str(error), page, number)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        broken = breach(f"page {number}", "text that is no JSON", "JSON")
    raise broken


def organization_id(text: str, place: str) -> str:
    """An organisation's UUID in its one spelling; raises ContractBroken for anything else."""
    try:
        return str(UUID(text))
    except ValueError:
        pass
    raise breach(place, "text that is no UUID", "an organisation's UUID")


_COMPLAINT = re.compile(
    r"(?:Expected `(?P<expected>[^`]+)`(?P<bound> [<>]=? -?\d+)?(?:, got `(?P<got>[^`]+)`)?"
    r"|Object missing required field `(?P<missing>\w+)`"
    r"|(?P<other>[^`]+?))"
    r"(?: - at `\$(?P<path>[^`]*)`)?"
)


def _explain(complaint: str, page: bytes, number: int) -> ContractBroken:
    """msgspec's complaint (types and field names, never values) in our words."""
    match = _COMPLAINT.fullmatch(complaint)
    if match is None:
        return breach(f"page {number}", "a value of another form", "what the contract says")
    path = match["path"] or ""
    place = f"page {number}{', ' if path else ''}{path.lstrip('.')}"
    if match["missing"]:
        return breach(place, f"no {match['missing']}", "one")
    if match["other"]:
        return breach(place, "what is no usable number", "a number")
    found = match["got"] or _number_at(path, page)
    return breach(place, found, f"{match['expected']}{match['bound'] or ''}")


def _number_at(path: str, page: bytes) -> str:
    """The number, where the page can be read as far as that: a decoder stops at the first thing that does not
    fit, and what comes after it may be worse."""
    try:
        value: Any = msgspec.json.decode(page)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "a number out of bounds"
    for step in re.findall(r"\.(\w+)|\[([^\]]*)\]", path):
        if step[1] == "...":  # below a map whose keys are open
            return "a number out of bounds"
        value = value[int(step[1])] if step[1] else value[step[0]]
    return (
        f"{value:.6g}"
        if isinstance(value, float)
        else f"{value}"
        if isinstance(value, int)
        else "another type"
    )
