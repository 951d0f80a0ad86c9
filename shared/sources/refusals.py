"""What an answer other than 200 means: whose turn it is, in which words, and what would mend it.

A message holds the status, the vendor's ``error.type`` and its request id, each checked for its form;
never ``error.message``, which may name a person or a key. Facts: the vendor's page "Errors".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from shared.errors import ContractBroken, SourceError, SourceLocked, SourceMisconfigured
from shared.sources.keys import ADMIN_KEY, KeyKind


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a status means: the error to raise, in words, and the action that would mend it."""

    raises: type[SourceError]
    meaning: str
    action: str


CHECK_THE_WAY = "Check ANTHROPIC_BASE_URL, and any proxy or firewall between this app and the vendor."
NEXT_RUN = "Nothing: the next run tries again. If it lasts, look at the vendor's status page."
REPORT = "What was stored before stays. If it comes again, compare it with the vendor's API reference."

NEW_KEY, LOCKED = "{new key}", "{locked}"  # in the words of the key's kind

REFUSALS: Mapping[int, Refusal] = {
    400: Refusal(ContractBroken, "the vendor does not understand the question", REPORT),
    401: Refusal(SourceMisconfigured, "the key is wrong or revoked", NEW_KEY),
    402: Refusal(SourceMisconfigured, "the organisation's billing stops it", "Settle it in the Console."),
    403: Refusal(SourceLocked, "the key may not see this", LOCKED),
    404: Refusal(SourceLocked, "this does not exist for the key's organisation", LOCKED),
    407: Refusal(SourceMisconfigured, "a proxy asks who this app is", CHECK_THE_WAY),
}
REDIRECT = Refusal(
    ContractBroken, "a redirect, not followed because it would carry the key elsewhere", CHECK_THE_WAY
)
SOMEBODY_ELSE = Refusal(SourceMisconfigured, "something other than the vendor answered", CHECK_THE_WAY)
ANY_OTHER = Refusal(ContractBroken, "the contract has no such answer", REPORT)


def is_transient(status: int) -> bool:
    """Whether the same question may get another answer: 408, 409, 429 and every 5xx, 529 included."""
    return status in {408, 409, 429} or status >= 500


def refusal_of(status: int, *, is_json: bool, kind: KeyKind = ADMIN_KEY) -> Refusal:
    """What a status that is not transient means for a key that was given as one of that kind. The vendor
    refuses in JSON; a lock must be its own."""
    if 300 <= status < 400:
        return REDIRECT
    refusal = REFUSALS.get(status, ANY_OTHER)
    if refusal.raises is SourceLocked and not is_json:
        return SOMEBODY_ELSE
    return replace(
        refusal, action={NEW_KEY: kind.anew, LOCKED: kind.locked}.get(refusal.action, refusal.action)
    )


def locked_or_misconfigured(
    error: SourceError, answered_before: bool, kind: KeyKind = ADMIN_KEY
) -> SourceError:
    """What a lock means given the past: from a source that has answered before it is a fault.

    The check ``access`` (docs/metrics.md): only a source that has never answered is locked. Any other error
    comes back as it is.
    """
    if not isinstance(error, SourceLocked) or not answered_before:
        return error
    return SourceMisconfigured(
        f"{error}, although this source has answered before",
        status=error.status,
        action=f"The key lost its permission, or the plan changed. {kind.anew}",
    )


def of_the_other_kind(error: SourceError, kind: KeyKind, other: KeyKind) -> SourceMisconfigured:
    """What a refusal means where the key was seen to open the other kind's API."""
    return SourceMisconfigured(
        f"the {kind.called} is an {other.called}: {other.opens} answers it, and {kind.opens} does not",
        status=error.status,
        action=f"Store it {other.where}. For {kind.opens}, if the plan includes it: {kind.anew}",
    )


_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def days_named(body: bytes) -> tuple[date, ...]:
    """The days that a refusal names, in order: a day says nothing of anybody, so it may be read."""
    found = set()
    for text in _DATE.findall(body.decode("utf-8", errors="replace")):
        try:
            found.add(date.fromisoformat(text))
        except ValueError:
            continue
    return tuple(sorted(found))


class _ErrorType(msgspec.Struct):
    type: str = ""


class _ErrorBody(msgspec.Struct):
    error: _ErrorType | None = None
    request_id: str | None = None


def vendor_words(body: bytes, request_id: str) -> str:
    """``error.type`` and the request id in brackets, where each has its form; else nothing."""
    try:
        said = msgspec.json.decode(body, type=_ErrorBody)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        said = _ErrorBody()
    kind = said.error.type if said.error else ""
    forms = ((kind, r"[a-z_]{1,40}"), (request_id or said.request_id or "", r"req_[A-Za-z0-9]{1,64}"))
    words = [word for word, form in forms if re.fullmatch(form, word)]
    return f" ({', '.join(words)})" if words else ""
