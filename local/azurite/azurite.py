"""One running Azurite."""

import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from local.children import Child
from local.node import Packages

_HERE = Path(__file__).resolve().parent
PACKAGES = Packages(_HERE, "Azurite, the storage emulator,")
_PROGRAM = _HERE / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"

DEVELOPMENT_ACCOUNT = "devstoreaccount1"
# Published by Microsoft, the same in every emulator of the world: it opens nothing else.
DEVELOPMENT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
ACCOUNT_KEY = "c2NvcmVib2FyZA=="


@dataclass(frozen=True, slots=True)
class Ports:
    """0: whichever is free."""

    blob: int = 0
    queue: int = 0
    table: int = 0


STANDARD_PORTS = Ports(10000, 10001, 10002)


class Azurite:
    """Starts at once and is ready when constructed. Use it as a context manager, or call `stop`.

    `location` is the folder that keeps the data; None keeps them in memory. `accounts` are the names of
    further storage accounts, each empty at first and apart from the others; their key is ACCOUNT_KEY.
    Raises InstallationError, ChildError.
    """

    def __init__(
        self,
        *,
        location: Path | None,
        ports: Ports = Ports(),
        accounts: tuple[str, ...] = (),
    ) -> None:
        node = PACKAGES.install()
        data: list[str | Path] = ["--inMemoryPersistence"]
        if location is not None:
            location.mkdir(parents=True, exist_ok=True)
            data = ["--location", location]
        follow = _HERE / "follow.cjs"
        self.child = Child(
            "Azurite",
            [
                node.program,
                "--require",
                follow,
                _PROGRAM,
                *data,
                *_port_options(ports),
                *_OPTIONS,
            ],
            environment={**os.environ, **_settings(accounts)},
        )
        try:
            said = self.child.wait_for(_LISTENING, within=60, times=3)
        except BaseException:
            self.child.stop()
            raise
        ports_of = {match["service"].lower(): int(match["port"]) for match in said}
        self.ports = Ports(**ports_of)

    @property
    def connection_string(self) -> str:
        return connection_string(self.ports)

    def stop(self) -> None:
        """In order: what was written is saved before it ends."""
        self.child.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


# Without skipApiVersionCheck the current storage clients get a 400: they speak a newer version than it knows.
_OPTIONS = ("--skipApiVersionCheck", "--disableTelemetry", "--silent")
_LISTENING = r"(?P<service>Blob|Queue|Table) service is successfully listening at http://[^:]+:(?P<port>\d+)"


def connection_string(ports: Ports) -> str:
    """How a storage client reaches the Azurite that listens on `ports`."""
    endpoints = (("Blob", ports.blob), ("Queue", ports.queue), ("Table", ports.table))
    reached = "".join(
        f"{name}Endpoint=http://127.0.0.1:{port}/{DEVELOPMENT_ACCOUNT};" for name, port in endpoints
    )
    account = f"AccountName={DEVELOPMENT_ACCOUNT};AccountKey={DEVELOPMENT_KEY};"
    return f"DefaultEndpointsProtocol=http;{account}{reached}"


def of_account(development: str, account: str) -> str:
    """The same connection string, for one of the further accounts."""
    return development.replace(DEVELOPMENT_ACCOUNT, account).replace(DEVELOPMENT_KEY, ACCOUNT_KEY)


def _settings(accounts: tuple[str, ...]) -> dict[str, str]:
    """The environment variable that tells Azurite of further accounts; none without any."""
    if not accounts:
        return {}
    further = "".join(f";{name}:{ACCOUNT_KEY}" for name in accounts)
    return {"AZURITE_ACCOUNTS": f"{DEVELOPMENT_ACCOUNT}:{DEVELOPMENT_KEY}{further}"}


def _port_options(ports: Ports) -> list[str]:
    named = (("--blobPort", ports.blob), ("--queuePort", ports.queue), ("--tablePort", ports.table))
    return [part for name, port in named for part in (name, str(port))]
