"""Chance that can be repeated: every choice of the simulation is drawn from what it is about."""

from __future__ import annotations

import random


def draw(*about: object) -> random.Random:
    """A generator that gives the same numbers for the same words, on every machine and in every run."""
    return random.Random("|".join(str(word) for word in about))  # noqa: S311  nothing secret is drawn
