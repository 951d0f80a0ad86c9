"""Waiting for a source's lease: a run that died holds it only until it runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from shared.errors import StoreConflict
from shared.store.manifests import Held, take_lease

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.manifests import Manifest

#: The lease outlives three missed renewals; a run that died holds the next one up for no longer.
LEASE = timedelta(seconds=45)
RENEWAL_SECONDS = 10.0

#: How long who needs it asks for a lease that another run keeps alive: a function ends after ten minutes, and
#: the queue brings the message again.
PATIENCE = timedelta(minutes=4)

#: So often may a run lose the race for a lease that nobody has, before it leaves as if another had it.
RACES = 20

#: Who finds the lease taken looks again so often.
POLL_SECONDS = 3.0


def lease(app: App, source: str, run_id: str, read: Held | None = None) -> Held | None:
    """The source's manifest under a lease and a new epoch; None while another run is alive and has it.

    ``read``: the manifest, where the caller has just read it. Another instance's clock may be hours ahead: a
    lease that nobody renews for as long as one lasts has run out, whatever it says.
    """
    first_until = None
    waits_since = app.clock.monotonic()
    races = 0
    while races < RACES:
        waited = timedelta(seconds=app.clock.monotonic() - waits_since)
        abandoned = first_until if waited >= LEASE else None
        held = take_lease(
            app.manifests, source, run_id, app.clock.now(), LEASE, read=read, abandoned=abandoned
        )
        read = None
        if held is not None:
            return held
        until = app.manifests.read(source).manifest.lease_until
        first_until = first_until or until
        if until is None or first_until is None:
            races += 1
            continue  # it was let go meanwhile
        if until != first_until:
            return None  # it was renewed: the holder is alive
        app.clock.sleep(POLL_SECONDS)
    return None


def lease_patiently(app: App, source: str, run_id: str) -> Held:
    """``lease``, asked for until the run that has it has ended. Raises StoreConflict where none ends."""
    until = app.clock.monotonic() + PATIENCE.total_seconds()
    while app.clock.monotonic() < until:
        held = lease(app, source, run_id)
        if held is not None:
            return held
    raise StoreConflict("another run holds the lease, and is alive")


@dataclass(slots=True)
class KeptLease:
    """A lease over long work that publishes nothing on the way."""

    app: App
    held: Held
    _renewed_at: float

    @classmethod
    def take(cls, app: App, source: str, run_id: str) -> KeptLease:
        """Raises StoreConflict as ``lease_patiently``."""
        return cls(app, lease_patiently(app, source, run_id), app.clock.monotonic())

    def renew(self) -> None:
        """Keep it, where that is due. Raises StoreConflict where it was lost."""
        if self.app.clock.monotonic() - self._renewed_at < RENEWAL_SECONDS:
            return
        self.replace(self.held.manifest)

    def replace(self, manifest: Manifest) -> None:
        """Replace the manifest, and keep the lease. Raises StoreConflict where it was lost."""
        until = self.app.clock.now() + LEASE
        self.held = self.app.manifests.replace(
            self.held, msgspec.structs.replace(manifest, lease_until=until)
        )
        self._renewed_at = self.app.clock.monotonic()

    def publish(self, manifest: Manifest) -> None:
        """Replace the manifest, and let the lease go."""
        released = msgspec.structs.replace(manifest, lease_holder="", lease_until=None)
        self.app.manifests.replace(self.held, released)
