"""Laws of representations: one JSON form, strong tags, 304 for who has it already."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.api.responses import (
    JSON,
    Request,
    Response,
    compressed,
    data_response,
    entity_tag,
    json_bytes,
    json_response,
    uncached_response,
)
from shared.records import Figure

GET = Request("GET")

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def asking(if_none_match: str, *, method: str = "GET", header: str = "If-None-Match") -> Request:
    return Request(method, headers={header: if_none_match})


def tag_of(response: Response) -> str:
    return response.headers["ETag"]


def test_decimals_are_numbers_and_names_are_camel_case() -> None:
    """A cost leaves as the number it is, digit for digit, under the field's camelCase name."""
    assert json_bytes(Figure(Decimal("12.30"), Decimal("12.30"), None, "why")) == (
        b'{"value":12.30,"low":12.30,"high":null,"reason":"why"}'
    )


def test_moments_end_in_z() -> None:
    """A moment is ISO 8601 in UTC, written with Z."""
    assert json_bytes(datetime(2026, 11, 9, 5, tzinfo=UTC)) == b'"2026-11-09T05:00:00Z"'


@given(VALUES)
def test_what_is_sent_is_json(value: object) -> None:
    """Any value's representation is read back by another JSON reader as the same value."""
    assert json.loads(json_response(value, GET).body) == value


def test_data_is_private_for_a_minute_and_depends_on_who_asks() -> None:
    """Data may be kept by the caller's own browser for a minute, and never for another caller."""
    response = json_response({"n": 1}, GET)
    assert response.status == 200
    assert dict(response.headers) == {
        "Cache-Control": "private, max-age=60, must-revalidate",
        "Content-Type": "application/json",
        "ETag": tag_of(response),
        "Vary": "Accept-Encoding, Authorization, Cookie",
        "X-Content-Type-Options": "nosniff",
    }


def test_what_must_not_be_kept_is_not() -> None:
    """An uncached response says no-store and has no tag to come back with."""
    response = uncached_response({"names": []}, status=200)
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@given(VALUES)
def test_the_same_value_has_the_same_tag(value: object) -> None:
    """A value read again from storage, in other objects, is the same representation with the same tag."""
    again = json.loads(json.dumps(value))
    assert tag_of(json_response(value, GET)) == tag_of(json_response(again, GET))


@given(st.dictionaries(st.text(max_size=5), st.integers(), min_size=2))
def test_the_order_in_which_a_dict_was_filled_does_not_matter(value: dict[str, int]) -> None:
    """Two instances that fill a dict in different orders answer with the same tag."""
    turned = dict(reversed(value.items()))
    assert tag_of(json_response(value, GET)) == tag_of(json_response(turned, GET))


@given(st.binary(), st.binary())
def test_a_different_body_has_a_different_tag(one: bytes, other: bytes) -> None:
    """Tags are equal exactly where the bytes are."""
    assert (entity_tag(one, JSON) == entity_tag(other, JSON)) == (one == other)


def test_another_format_of_the_same_bytes_has_another_tag() -> None:
    """A tag names a representation, so the type belongs to it."""
    assert entity_tag(b"1", "text/csv") != entity_tag(b"1", JSON)


@given(VALUES)
def test_who_has_it_gets_304(value: object) -> None:
    """Sent back, a tag yields 304: no body, and the headers of the 200 (RFC 9110, 15.4.5)."""
    full = json_response(value, GET)
    again = json_response(value, asking(tag_of(full)))
    assert (again.status, again.body) == (304, b"")
    kept = {name: text for name, text in full.headers.items() if name != "Content-Type"}
    assert dict(again.headers) == kept


@pytest.mark.parametrize(
    "form", ["{tag}", "W/{tag}", '"other", {tag}', '"a,b" ,W/"c",{tag}', " {tag} ", "*", " * "]
)
def test_the_forms_of_if_none_match(form: str) -> None:
    """Lists, weak tags and the star match (weak comparison, RFC 9110, 13.1.2)."""
    tag = tag_of(json_response(1, GET))
    assert json_response(1, asking(form.format(tag=tag))).status == 304


@pytest.mark.parametrize("sent", ["", '"other"', "w/", "**", '"*"', '"', "\x00"])
def test_what_does_not_match_gets_the_body(sent: str) -> None:
    """Another tag, or none that can be read, gets the whole representation."""
    assert json_response(1, asking(sent)).status == 200


@given(st.text(max_size=60))
def test_an_unquoted_or_garbled_tag_never_hides_data(sent: str) -> None:
    """Whatever a client sends: 304 only for the star or the quoted tag itself."""
    tag = tag_of(json_response(1, GET))
    expected = 304 if sent.strip() == "*" or tag in sent else 200
    assert json_response(1, asking(sent)).status == expected


def test_the_tag_without_its_quotes_does_not_match() -> None:
    """The quotes are part of a tag."""
    assert json_response(1, asking(tag_of(json_response(1, GET)).strip('"'))).status == 200


@pytest.mark.parametrize("header", ["if-none-match", "IF-NONE-MATCH", "If-None-Match"])
def test_header_names_have_no_case(header: str) -> None:
    """The host lower-cases header names, other servers do not."""
    tag = tag_of(json_response(1, GET))
    assert json_response(1, asking(tag, header=header)).status == 304


def test_only_a_get_is_answered_with_304() -> None:
    """304 answers a GET; anything else gets its response."""
    tag = tag_of(json_response(1, GET))
    assert json_response(1, asking(tag, method="POST")).status == 200


def test_other_bytes_go_the_same_way() -> None:
    """CSV has its own type and headers, and the same tag and cache rules."""
    headers = {"Content-Disposition": 'attachment; filename="adoption.csv"'}
    response = data_response(b"a\r\n", GET, content_type="text/csv", headers=headers)
    assert response.body == b"a\r\n"
    assert response.headers["Content-Type"] == "text/csv"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert data_response(b"a\r\n", asking(tag_of(response)), content_type="text/csv").status == 304


def test_a_set_is_written_in_one_order() -> None:
    """Sets iterate differently in each process; what is sent does not."""
    assert json_bytes(frozenset({"c", "a", "b"})) == b'["a","b","c"]'


def test_headers_are_not_shown() -> None:
    """A request can be logged whole without its token."""
    assert "Bearer" not in repr(Request("GET", {}, {"Authorization": "Bearer t"}))


def test_structs_keep_their_order() -> None:
    """Fields leave in the order in which the vocabulary writes them."""

    class Pair(msgspec.Struct):
        second: int
        first: int

    assert json_bytes(Pair(2, 1)) == b'{"second":2,"first":1}'


# --- gzip ----------------------------------------------------------------------------------------

LONG = {"names": ["the same word again"] * 200}


def taking(accept_encoding: str, **headers: str) -> Request:
    return Request("GET", {}, {"Accept-Encoding": accept_encoding, **headers})


@pytest.mark.parametrize(
    "accepted",
    ["gzip", "GZIP", "br, gzip;q=0.5", "gzip, deflate, br", "*", "deflate;q=1 , * ; q=0.1", "gzip;Q=1.000"],
)
def test_a_long_body_is_compressed_for_who_takes_it(accepted: str) -> None:
    """The platform compresses nothing, so the app does; what arrives is what would have been sent."""
    response = json_response(LONG, taking(accepted))
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Content-Type"] == "application/json"
    assert zlib.decompress(response.body, wbits=31) == json_bytes(LONG)


@pytest.mark.parametrize(
    "accepted",
    ["", "br", "identity", "gzip;q=0", "gzip;q=0.000", "*, gzip;q=0", "*;q=0", "gzip;q=2", "x-gzip ;;"],
)
def test_who_does_not_take_gzip_gets_the_bytes_themselves(accepted: str) -> None:
    """Without a header, with a weight of 0, or one that cannot be read, nothing is compressed."""
    response = json_response(LONG, taking(accepted))
    assert "Content-Encoding" not in response.headers
    assert response.body == json_bytes(LONG)


def test_a_short_body_is_sent_as_it_is() -> None:
    """Compressing what fits into a packet costs time and saves none."""
    assert "Content-Encoding" not in json_response({"n": 1}, taking("gzip")).headers


def test_each_coding_has_a_tag_of_its_own() -> None:
    """A strong tag names the bytes (RFC 9110, 8.8.3.3); each is answered with 304 where it was given."""
    plain, packed = json_response(LONG, GET), json_response(LONG, taking("gzip"))
    assert tag_of(plain) != tag_of(packed)
    again = json_response(LONG, taking("gzip", **{"If-None-Match": tag_of(packed)}))
    assert (again.status, again.body, tag_of(again)) == (304, b"", tag_of(packed))
    assert "Content-Encoding" not in again.headers
    assert json_response(LONG, taking("gzip", **{"If-None-Match": tag_of(plain)})).status == 200


def test_the_same_bytes_are_compressed_to_the_same_bytes() -> None:
    """No time stands in them: a tag would change with it."""
    assert tag_of(json_response(LONG, taking("gzip"))) == tag_of(json_response(LONG, taking("gzip")))


def test_what_is_not_kept_is_compressed_on_its_way() -> None:
    """A long problem document is, too; what was tagged, or is compressed already, is left alone."""
    refused = uncached_response(LONG, status=409)
    sent = compressed(refused, taking("gzip"))
    assert (sent.status, sent.headers["Content-Encoding"]) == (409, "gzip")
    assert zlib.decompress(sent.body, wbits=31) == refused.body
    assert compressed(sent, taking("gzip")) is sent
    plain = json_response(LONG, GET)
    assert compressed(plain, taking("gzip")) is plain
