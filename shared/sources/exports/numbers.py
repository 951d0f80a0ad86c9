"""How a number is written: by its *shape*, in which every digit from 1 to 9 stands as 9.

The vendor formats numbers for the language of whoever downloads: ``43,855``, ``64.230``,
``64 230``, ``64’230``, ``1,23,456``, ``$1,000.50``, ``1.234,50 $``. A column has few shapes however
many rows it has, and its shapes are all that decides how its numbers are meant.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

__all__ = ["BLANKS", "Unread", "Written", "amount", "count", "plain", "shape_of", "style"]

#: What stands for no value at all. It is not zero.
BLANKS = frozenset({"", "-", "--"})

_SHAPE = str.maketrans("12345678", "99999999")

#: One sign for each mark that is written in several ways; each kind of space is a space.
_ALIKE = {
    " ": "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "'": "\u2019\u02bc\uff07",
    "-": "\u2212\u2013\u2014\uff0d",
    "$": "\uff04\ufe69",
}
_FURTHER_DIGIT = re.compile(r"(?![0-9])\d")

_MARKS = "[,.\u066c ']"  # comma, dot, Arabic thousands mark, space, apostrophe
_DECIMALS = "[,.\u066b]"
_LONGEST = 15  # digits before the decimals; beyond it is neither a count of lines nor money
_PLAIN = re.compile(rf"[09]{{1,{_LONGEST}}}(?:(?P<decimal>{_DECIMALS})[09]{{1,12}})?")
_WESTERN = re.compile(
    rf"9[09]{{0,2}}(?P<mark>{_MARKS})[09]{{3}}(?:(?P=mark)[09]{{3}}){{0,3}}"
    rf"(?:(?!(?P=mark))(?P<decimal>{_DECIMALS})[09]{{1,12}})?"
)
_INDIAN = re.compile(r"9[09]?(?:,[09]{2}){1,5},[09]{3}(?:(?P<decimal>\.)[09]{1,12})?")
_AMOUNT = re.compile(
    r"(?P<before>[^-+09]*)[-+]?(?P<between>[^-+09]*)(?P<number>[09](?:.*[09])?)(?P<after>[^09]*)"
)
_LONGEST_CELL = 40  # characters; enough for any amount with its currency

_US_DOLLAR = frozenset({"", "$", "us$", "$us", "usd"})
_CURRENCIES = (
    "aed aud brl cad chf clp cny cop czk dkk eur gbp hkd huf idr ils inr jpy krw mxn myr nok nzd php pln ron "
    "rub sar sek sgd thb try twd uah zar r$ a$ au$ c$ ca$ hk$ mx$ nt$ nz$ s$"
)
_OTHER_CURRENCIES = frozenset(_CURRENCIES.split())


class Written(NamedTuple):
    """How one number is written, as far as its shape tells; each field is empty where it does not.

    ``grouping`` and ``decimal`` are marks. ``groups`` is ``threes`` or ``twos``: up to five digits the
    two look alike. ``doubtful`` is a mark before three digits that may be either of both; where it is
    for decimals, there are no groups.
    """

    grouping: str = ""
    decimal: str = ""
    groups: str = ""
    doubtful: str = ""


class Unread(NamedTuple):
    """Why a shape is no number of the column. ``currency`` is another currency's sign or code."""

    note: str
    currency: str = ""


def plain(text: str) -> str:
    """The text with one sign for each kind of space, apostrophe, minus and digit."""
    if text.isascii():
        return text
    for sign, others in _ALIKE.items():
        for other in others:
            text = text.replace(other, sign)
    return text if text.isascii() else _FURTHER_DIGIT.sub(lambda digit: str(int(digit[0])), text)


def shape_of(text: str) -> str:
    """The shape of a plain text. A zero keeps its own: a number with grouping cannot begin with it."""
    return text.translate(_SHAPE)


def count(shape: str) -> Written | Unread:
    """How a whole number of this shape is written. A mark before groups of three is grouping."""
    written = _number(shape.strip())
    if written is None or written.decimal:
        return Unread("the cell is not a whole number")
    return written._replace(grouping=written.grouping or written.doubtful, doubtful="")


def amount(shape: str) -> Written | Unread:
    """How an amount of US dollars of this shape is written; it may be negative: corrections are."""
    parts = _AMOUNT.fullmatch(shape.strip()) if len(shape) <= _LONGEST_CELL else None
    written = _number(parts["number"]) if parts else None
    if parts is None or written is None:
        return Unread("the cell is not an amount of money")
    signs = {parts[name].replace(" ", "").casefold() for name in ("before", "between", "after")}
    if signs <= _US_DOLLAR:
        return written
    foreign = "".join(sorted(signs & _OTHER_CURRENCIES)).upper() or "".join(
        sign for sign in "".join(signs) if sign != "$" and unicodedata.category(sign) == "Sc"
    )
    if foreign:
        return Unread("the amount is in another currency than US dollars", foreign)
    return Unread("the cell is not an amount of money")


def _number(shape: str) -> Written | None:
    if len(shape) > _LONGEST_CELL:
        return None
    simple = _PLAIN.fullmatch(shape)
    western = _WESTERN.fullmatch(shape)
    if western:
        whole = shape.rpartition(western["decimal"])[0] if western["decimal"] else shape
        groups = "threes" if len(whole) > len("99,999") else ""
        if simple:
            return Written(groups=groups, doubtful=western["mark"])
        return Written(western["mark"], western["decimal"] or "", groups)
    if simple:
        return Written(decimal=simple["decimal"] or "")
    if indian := _INDIAN.fullmatch(shape):
        return Written(",", indian["decimal"] or "", "twos")
    return None


def style(mark: str) -> str:
    """A mark, or a way of grouping, in words."""
    names = {
        ",": "comma",
        ".": "dot",
        "\u066c": "Arabic thousands mark",
        "\u066b": "Arabic decimal mark",
        " ": "space",
        "'": "apostrophe",
        "threes": "groups of three",
        "twos": "Indian groups",
    }
    return names[mark]
