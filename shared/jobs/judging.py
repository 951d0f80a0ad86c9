"""Which looks count: judged again whenever a file arrives that can turn the judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from shared.adoption.standing import Referee, Standing, settle
from shared.errors import StoreConflict
from shared.jobs.shelf import Shelf, by_stream_and_month, main_measure
from shared.records import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from shared.adoption.looks import ShownLook
    from shared.app import App
    from shared.store.exports import LookEntry

ATTEMPTS = 20


class Hearing(NamedTuple):
    """The looks of one stream and month, and how each stands beside the others."""

    looks: list[ShownLook]
    standings: dict[str, Standing]


def judge(app: App, months: Collection[str] | None) -> None:
    """Judge the looks of these months (None: of all); ``receipts.tell`` then says it on their receipts."""
    for _ in range(ATTEMPTS):
        held = app.exports.read()
        judged = _judged(Shelf(app, held.manifest), months)
        if judged == held.manifest.looks:
            return
        try:
            app.exports.replace(held, held.manifest.with_looks(judged))
            return
        except StoreConflict:
            continue
    raise StoreConflict(f"the exports' manifest was overtaken {ATTEMPTS} times running")


def hear(shelf: Shelf, months: Collection[str] | None) -> Iterator[Hearing]:
    """Each stream's looks of these months, heard together."""
    looks = [one.look for one in shelf.manifest.looks if months is None or one.look.month in months]
    for group in by_stream_and_month(shelf, looks).values():
        shown = [shelf.shown(look, main_measure(look)) for look in group]
        yield Hearing(shown, settle(shown, referee(shelf)))


def referee(shelf: Shelf) -> Referee:
    """Who says which looks contradict each other, by what the admin has said so far."""
    return Referee(shelf.tolerance, shelf.left_by)


def _judged(shelf: Shelf, months: Collection[str] | None) -> tuple[LookEntry, ...]:
    standings = {
        look_id: standing
        for hearing in hear(shelf, months)
        for look_id, standing in hearing.standings.items()
    }
    return tuple(
        msgspec.structs.replace(one, state=standing.state, reason=standing.reason)
        if (standing := standings.get(one.look.look_id)) is not None
        else one
        for one in shelf.manifest.looks
    )


def contradiction(reason: str) -> Finding:
    """What a file's report says that cannot stand beside the others of its month."""
    return Finding(
        "constraint-error",
        reason,
        expected="cumulative counts, which cannot fall within a month",
        action="look which of the two is of the right organisation and month, and export it again",
    )
