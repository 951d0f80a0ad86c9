"""Names that a blob may have and a careless program stumbles over, by what is odd about each."""

from __future__ import annotations

import unicodedata

__all__ = ["ODD_NAMES"]

_TEAM = "claude_code_team_2026_11_01_to_2026_11_30"

ODD_NAMES = {
    "a slash first": f"/{_TEAM}.csv",
    "many slashes": f"a//b///{_TEAM}.csv",
    "a slash last": f"{_TEAM}/",
    "composed": unicodedata.normalize("NFC", f"équipe {_TEAM}.csv"),
    "decomposed": unicodedata.normalize("NFD", f"équipe {_TEAM}.csv"),
    "emoji": f"📈👩‍💻 {_TEAM}.csv",
    "right to left": f"\u202eגליון {_TEAM}.csv",
    "the longest": "/".join(["x" * 200] * 5) + "y" * (1020 - 1004) + ".csv",
    "the longest, in emoji": "📈" * 250,
    "dots alone": "...",
    "a hash": f"#1 {_TEAM}.csv",
    "a question": f"{_TEAM}.csv?sig=x&a=b",
    "percent": f"100% {_TEAM}%2F%zz.csv",
    "a trailing dot": f"{_TEAM}.csv.",
    "a trailing space": f"{_TEAM}.csv ",
    "a leading space": f" {_TEAM}.csv",
    "an address": "zelda@quux.example.csv",
    "quotation marks": f"\"{_TEAM}\" 'x' `y`.csv",
    "a line break": f"two\nlines {_TEAM}.csv",
    "a tab": f"a\tb {_TEAM}.csv",
    "a control character": f"\x7f {_TEAM}.csv",
    "a plus": f"a+b+{_TEAM}.csv",
    "a semicolon": f"a;b=c,{_TEAM}.csv",
    "braces": f"{{name}} {_TEAM}.csv",
    "markup": f"<script>alert(1)</script>{_TEAM}.csv",
    "a formula": "=1+1.csv",
    "a colon": "http://user:pw@quux.example/x.csv",
}
