"""Waiting for a source's lease: a run that died holds it only until it runs out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from shared.errors import StoreConflict
from shared.store.manifests import Held, take_lease

if TYPE_CHECKING:
    from shared.app import App

#: The lease outlives three missed renewals; a run that died holds the next one up for no longer.
LEASE = timedelta(seconds=45)
RENEWAL_SECONDS = 10.0

#: How often who needs it asks for a lease that another run keeps alive; a refresh does for some minutes.
PATIENCE = 60

#: Who finds the lease taken looks again so often.
POLL_SECONDS = 3.0


def lease(app: App, source: str, run_id: str) -> Held | None:
    """The source's manifest under a lease and a new epoch; None while another run is alive and has it."""
    first_until = None
    while True:
        held = take_lease(app.manifests, source, run_id, app.clock.now(), LEASE)
        if held is not None:
            return held
        until = app.manifests.read(source).manifest.lease_until
        first_until = first_until or until
        if until is None or first_until is None:
            continue  # it was let go meanwhile
        if until > first_until:
            return None  # it was renewed: the holder is alive
        app.clock.sleep(POLL_SECONDS)


def lease_patiently(app: App, source: str, run_id: str) -> Held:
    """``lease``, asked for until the run that has it has ended. Raises StoreConflict where none ends."""
    for _ in range(PATIENCE):
        held = lease(app, source, run_id)
        if held is not None:
            return held
    raise StoreConflict("another run holds the lease, and is alive")
