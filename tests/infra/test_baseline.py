"""The security baseline's list of what may fail: no more and no less than what does."""

from __future__ import annotations

from local.commands.baseline import ALLOWED, allowed, disagreements, template_of


def test_what_fails_and_what_may_are_the_same() -> None:
    """A new complaint is told with its resource; a reason that nobody needs any more is told, too."""
    table = "| rule | asks for | why |\n|---|---|---|\n| `CKV_A_1` | x | y |\n| `CKV_A_2` | x | y |\n"
    failing = {("CKV_A_1", "vault: open"), ("CKV_A_3", "site: no TLS")}
    assert disagreements({("CKV_A_1", "vault: open"), ("CKV_A_2", "plan: small")}, allowed(table)) == []
    assert disagreements(failing, allowed(table)) == [
        "fails: CKV_A_3 site: no TLS",
        "no longer fails, so it leaves baseline.md: CKV_A_2",
    ]


def test_each_rule_that_may_fail_has_its_reason() -> None:
    """The list is not a place to silence things."""
    rows = [line for line in ALLOWED.read_text(encoding="utf-8").splitlines() if line.startswith("| `CKV")]
    assert len(allowed("\n".join(rows))) == len(rows) > 0
    assert all(len(row.strip("| ").split(" | ")[2]) > 5 for row in rows)


def test_rules_read_a_template_of_what_is_predicted() -> None:
    """Ids are the prediction's own; a template has none."""
    made = template_of({"predictedResources": [{"id": "/x", "type": "A/b", "name": "x"}], "outputs": {}})
    assert made["resources"] == [{"type": "A/b", "name": "x"}]
