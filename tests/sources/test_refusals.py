"""Laws of what a refusal means."""

from __future__ import annotations

import pytest

from shared.errors import SourceLocked, SourceMisconfigured, SourceUnavailable
from shared.sources.refusals import locked_or_misconfigured, vendor_words


def test_a_lock_is_a_fault_only_of_a_source_that_has_answered() -> None:
    """403 or 404 from a source that never answered pages nobody; from one that did, it is a key to mend."""
    lock = SourceLocked("GET /x: 403", status=403, action="Nothing.")
    assert locked_or_misconfigured(lock, answered_before=False) is lock
    fault = locked_or_misconfigured(lock, answered_before=True)
    assert type(fault) is SourceMisconfigured
    assert fault.status == 403
    assert fault.action


def test_other_errors_do_not_change_with_the_past() -> None:
    """Only a lock has two meanings."""
    other = SourceUnavailable("GET /x: 503")
    assert locked_or_misconfigured(other, answered_before=True) is other


@pytest.mark.parametrize(
    ("body", "request_id", "words"),
    [
        (b'{"error":{"type":"api_error"}}', "req_1", " (api_error, req_1)"),
        (b'{"error":{"type":"api_error"},"request_id":"req_2"}', "", " (api_error, req_2)"),
        (b'{"error":{"type":"ana@example.com"}}', "sk-ant-admin01-x", ""),
        (b'{"error":"api_error"}', "req_1\n", ""),
        (b"<html>", "req_1", " (req_1)"),
        (b'{"error":{"type":"\xff"}}', "", ""),
        (b"[" * 10_000, "", ""),
    ],
)
def test_of_the_vendors_words_only_two_tokens_are_repeated(body: bytes, request_id: str, words: str) -> None:
    """The error's type and the request id, each only in its own form."""
    assert vendor_words(body, request_id) == words
