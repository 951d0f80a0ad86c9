"""What names the erased goes, and nothing else changes."""

from __future__ import annotations

import pytest

from shared.records import Actor
from shared.sources.redaction import redact, redact_text

ANA, BO, KEY = "ana@quux.example", "bo@quux.example", "claude_code_key_ana_w3"
NOBODY, NO_KEY, NO_NAME = "e0@erased.invalid", "claude_code_key_erased_k0", "erased n0"

TOKENS = {Actor("engineer", ANA): NOBODY, Actor("key", KEY): NO_KEY, Actor("name", "Ana Lys"): NO_NAME}


def without(text: str) -> str:
    redacted = redact(text.encode(), TOKENS.get)
    return text if redacted is None else redacted.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"User,Lines\r\n{ANA.upper()} ,1\r\n{BO},2", f"User,Lines\r\n{NOBODY},1\r\n{BO},2"),
        (f'User;Lines\n"{ANA}";1\n', f"User;Lines\n{NOBODY};1\n"),
        (
            f"Name,Email\nA. L.,{ANA}\nAna Lys,{BO}\n",
            f"Name,Email\nerased,{NOBODY}\n{NO_NAME},{BO}\n",
        ),
        (f"User,Lines\n{KEY},1\nAna Lys,2\n", f"User,Lines\n{NO_KEY},1\n{NO_NAME},2\n"),
        (f"email,team\n{BO},Ana Lys\n", f"email,team\n{BO},Ana Lys\n"),
        (f"email,note\n{BO},ask <{ANA}>!\n", f"email,note\n{BO},ask <{NOBODY}>!\n"),
        (f'a,"unclosed\n{ANA},1\n', f'a,"unclosed\n{NOBODY},1\n'),
        (f'\ufeffUser,Lines\n{ANA},"1,234"\n', f'\ufeffUser,Lines\n{NOBODY},"1,234"\n'),
    ],
)
def test_a_table_loses_the_erased(before: str, after: str) -> None:
    """In whatever spelling and place; lines of others keep their bytes."""
    assert without(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"email":"Ana@quux.example", "name":"A. L."}', '{"email":"e0@erased.invalid", "name":"erased"}'),
        (f'[{{"api_key_name":"{KEY}","amount":1.10}}]', f'[{{"api_key_name":"{NO_KEY}","amount":1.10}}]'),
        ('{"email":"\\u0061na\\u0040quux.example","x":1e5}', '{"email":"e0@erased.invalid","x":1e5}'),
        (f'{{"name":"A. B.","email":"{BO}"}}', f'{{"name":"A. B.","email":"{BO}"}}'),
    ],
)
def test_an_answer_loses_the_erased(before: str, after: str) -> None:
    """Numbers keep their digits, and the rest its form."""
    assert without(before) == after


@pytest.mark.parametrize(
    "content", [b"", b"{", b"User,Lines\nbo@quux.example,1\n", b"PK\x03\x04\xff\xfe", b"\xff\xfe\x00"]
)
def test_who_is_not_in_it_changes_nothing(content: bytes) -> None:
    """None: the file stays as it is."""
    assert redact(content, TOKENS.get) is None


def test_every_encoding_is_kept() -> None:
    """UTF-16 stays what it is, and bytes that are no text stay in their places."""
    text = f"User,Lines\n{ANA},1\n"
    wide = redact(text.encode("utf-16"), TOKENS.get)
    assert wide is not None
    assert wide.decode("utf-16") == text.replace(ANA, NOBODY)
    assert redact(b"\xe9,ana@quux.example\n", TOKENS.get) == b"\xe9,e0@erased.invalid\n"


def test_a_name_of_a_file_loses_an_address() -> None:
    """And keeps what says its kind and day."""
    assert redact_text(f"2026-11-13/{ANA}/team.csv", TOKENS.get) == f"2026-11-13/{NOBODY}/team.csv"
    assert redact_text(f"roster of {BO}.csv", TOKENS.get) == f"roster of {BO}.csv"
