"""What the app answers, in the words of a terminal."""

from collections.abc import Mapping
from typing import Any

from local.commands.running import Running

COUNTS = ("requests", "daysAsked", "daysChanged", "daysFailed", "daysLeft", "periodsWritten")


def tell_answer(app: Running) -> bool:
    """Prints the answer's sentence, or why there is none; whether there is an answer."""
    status, document = app.get("/api/adoption")
    if status == 200:
        print(document["answer"]["sentence"])
        return True
    print(f"No answer: {document.get('title', status)}. {document.get('detail', '')}")
    for check in document.get("checks", []):
        if check.get("status") != "pass":
            print(f"  {_check(check)}")
    return False


def tell_run(run: Mapping[str, Any]) -> None:
    """One line about a run: its outcome, why, and what it counted."""
    counts = [f"{name} {run[name]}" for name in COUNTS if run.get(name)]
    print(f"Refresh {run['outcome']}: " + "; ".join([*filter(None, [run.get("detail")]), *counts]))


def tell_receipt(receipt: Mapping[str, Any]) -> None:
    """A receipt: its state first, then what else it says, a line each, and what an admin can act on last."""
    print(f"{receipt['name']}: {receipt['state']}")
    for name, value in receipt.items():
        if name not in ("name", "state", "findings", *_SENTENCES) and value is not None:
            print(f"  {name}: {value}")
    for name, heading in _SENTENCES.items():
        for sentence in receipt.get(name, ()):
            print(f"  {heading}: {sentence}")
    for finding in receipt.get("findings", ()):
        print(f"  finding: {_finding(finding)}")


#: What a receipt says in sentences, and what each is called.
_SENTENCES = {"notes": "note", "remarks": "note", "settles": "settles", "missing": "missing"}


def _finding(finding: Mapping[str, Any]) -> str:
    place = [f"{name} {finding[name]}" for name in ("line", "column") if finding.get(name)]
    words = [f"{name} {finding[name]}" for name in ("found", "expected") if finding.get(name)]
    said = "; ".join([*place, str(finding.get("note", "")), *words])
    return said + (f". {finding['action']}" if finding.get("action") else "")


def _check(check: Mapping[str, Any]) -> str:
    words = [f"{check.get('name')}: {check.get('status')}"]
    words += [f"{name} {check[name]}" for name in ("expected", "seen") if check.get(name)]
    return "; ".join(words) + (f". {check['action']}" if check.get("action") else ".")


def in_words(error: Exception) -> str:
    """An error in one sentence; a file that cannot be read is named with what is wrong with it."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be read: {error.strerror}."
    return str(error)
