"""What the app stands on here: Azurite with a data folder of its own, and the simulated vendor."""

import shutil
import socket
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from local.azurite import STANDARD_PORTS, Azurite, Ports
from local.children import Child, ChildError
from local.places import STATE
from local.vendor.world import World
from local.vendor.worlds import build_world

DATA = STATE / "azurite"


def start_storage(stack: ExitStack, world: str) -> Azurite:
    """Azurite with the live data, or with those of a world; on the standard ports where they are free."""
    location = data_folder(world)
    for other in DATA.glob(f"demo-{world}-[0-9]*") if world else ():
        if other != location:
            shutil.rmtree(other)
    if _all_free(STANDARD_PORTS):
        try:
            return stack.enter_context(Azurite(location=location, ports=STANDARD_PORTS))
        except ChildError:
            if _all_free(STANDARD_PORTS):
                raise  # it was not that another start took them meanwhile
    return stack.enter_context(Azurite(location=location, ports=Ports()))


def data_folder(world: str) -> Path:
    """Real and made-up data never share one. A world is told relative to today, so each day has its own."""
    return DATA / (f"demo-{world}-{datetime.now(UTC):%Y-%m-%d}" if world else "live")


def start_vendor(stack: ExitStack, world: str) -> tuple[Child, str]:
    """The simulated vendor, and its URL. Raises ChildError."""
    command = [sys.executable, "-m", "local.children.follow", "local.vendor", "--world", world, "--port", "0"]
    vendor = stack.enter_context(Child("The simulated vendor", command))
    return vendor, vendor.wait_for(r"listening on (\S+)", within=30)[0][1]


def storage_settings(azurite: Azurite) -> dict[str, str]:
    """Settings that keep the app on this machine's storage, whatever else it was told."""
    return {
        "AzureWebJobsStorage": azurite.connection_string,
        "DATA_STORAGE": azurite.connection_string,
        "DATA_STORAGE__blobServiceUri": "",
        "DATA_STORAGE__queueServiceUri": "",
        "DATA_STORAGE__tableServiceUri": "",
        "DATA_STORAGE__clientId": "",
        "EXPORT_TRIGGER": "LogsAndContainerScan",
        "DEMO_WORLD": "",
    }


def world_settings(world: str, url: str) -> dict[str, str]:
    """Settings of a demo. A real key or vault that the app was told of must not meet the simulator."""
    told = world_of_today(world)
    return {
        "ANTHROPIC_ADMIN_KEY": told.key,
        "ANTHROPIC_ADMIN_KEY_SECRET": "",
        "ANTHROPIC_ANALYTICS_KEY": "",
        "ANTHROPIC_ANALYTICS_KEY_SECRET": "",
        "KEY_VAULT_URL": "",
        "ANTHROPIC_BASE_URL": url,
        "EXPECTED_ORGANIZATIONS": f"console:{told.expected_organization}",
        "DEMO_WORLD": world,
        **told.settings,
    }


def world_of_today(world: str) -> World:
    """The world as the simulated vendor tells it now."""
    return build_world(world, seed=1, today=datetime.now(UTC).date())


def drop_files(world: World, storage: str) -> int:
    """Put what the world's admin has dropped into the container, unless it was taken in before; how many."""
    from azure.storage.blob import ContainerClient

    with (
        ContainerClient.from_connection_string(storage, "raw") as raw,
        ContainerClient.from_connection_string(storage, "drop") as drop,
    ):
        if any(True for _ in raw.list_blob_names()):
            return 0
        for file in world.dropped:
            drop.upload_blob(file.name, file.content, overwrite=True)
    return len(world.dropped)


def refresh_earlier(environment: Mapping[str, str], ago: timedelta) -> None:
    """A refresh as it would have been so long ago. Raises StoreUnavailable."""
    from shared.app import App, Clock, utc_now
    from shared.jobs.refresh import refresh
    from shared.settings import load
    from shared.store.storage import Storage

    told = load(environment)
    refresh(App(told, Storage.of(told), environment, Clock(lambda: utc_now() - ago)), "timer")


def is_taken_in(storage: str) -> bool:
    """Whether every dropped file has its receipt: it has left the container then."""
    from azure.storage.blob import ContainerClient

    with ContainerClient.from_connection_string(storage, "drop") as drop:
        return not any(True for _ in drop.list_blob_names())


def has_key(settings: Mapping[str, str]) -> bool:
    names = ("ANTHROPIC_ADMIN_KEY", "ANTHROPIC_ANALYTICS_KEY")
    return any(settings.get(name) or settings.get(f"{name}_SECRET") for name in names)


def _all_free(ports: Ports) -> bool:
    for port in (ports.blob, ports.queue, ports.table):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
