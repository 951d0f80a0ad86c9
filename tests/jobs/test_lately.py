"""What is held of what was made last."""

from __future__ import annotations

from shared.jobs.lately import Lately


def test_a_few_of_each_kind_are_made_once() -> None:
    """A week is still there for the next one's comparison however many days came between them; of its own
    kind the one that nobody asked for the longest goes first."""
    made: list[str] = []
    lately: Lately[str, str] = Lately(2)

    def ask(kind: str, key: str) -> str:
        def make() -> str:
            made.append(key)
            return key.upper()

        return lately.get(kind, key, make)

    for key in ("w1", "d1", "d2", "d3", "w1", "w2", "d3", "w1", "w2"):
        assert ask(key[0], key) == key.upper()
    assert made == ["w1", "d1", "d2", "d3", "w2"]
    for key in ("w1", "w3", "w1", "w2"):
        ask("w", key)
    assert made[5:] == ["w3", "w2"]
