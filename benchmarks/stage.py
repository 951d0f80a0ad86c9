"""Where benchmarks play: one Azurite over TCP, data in memory, and an empty account for each app."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from benchmarks.traffic import Traffic
from local.azurite import Azurite, of_account
from local.vendor.world import ACME
from shared.app import App, Clock, look_for_cycles_seldom
from shared.settings import load
from shared.store.layout import create
from shared.store.storage import Storage

#: A Monday at noon: the week before is closed, the running one has begun.
MONDAY_NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)

ACCOUNTS = tuple(f"bench{number}" for number in range(100))


class Stage:
    """Makes apps, each on an account of its own unless it is told to share another's."""

    def __init__(self, azurite: Azurite) -> None:
        self._azurite = azurite
        self._accounts = iter(ACCOUNTS)

    def app(self, now: datetime = MONDAY_NOON, **environ: str) -> App:
        """An app on an empty account, whose wall clock stands at ``now``."""
        connection = of_account(self._azurite.connection_string, next(self._accounts))
        app = app_on(connection, now, **environ)
        create(app.storage)
        return app

    def counted(self, app: App, *, later: timedelta = timedelta(0)) -> tuple[App, Traffic]:
        """Another instance of the app on the same account, whose requests are counted."""
        traffic = Traffic(self._azurite.ports)
        storage = Storage(app.settings.data_storage, transport=traffic)
        at = app.clock.now() + later
        return App(app.settings, storage, app.environ, Clock(now=lambda: at)), traffic


def app_on(connection: str, now: datetime = MONDAY_NOON, **environ: str) -> App:
    """An app on that account, which has its tables already."""
    told = {
        "DATA_STORAGE": connection,
        "DEVELOPMENT_PRINCIPAL": "developer",
        "EXPECTED_ORGANIZATIONS": f"console:{ACME.id}",
        **environ,
    }
    settings = load(told)
    return App(settings, Storage.of(settings), told, Clock(now=lambda: now))


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage for as long as the block lasts. Raises InstallationError, ChildError."""
    look_for_cycles_seldom()
    with Azurite(location=None, accounts=ACCOUNTS) as azurite:
        yield Stage(azurite)
