"""Start everything: storage, functions, the page and, in a demo, a simulated vendor; print the answer.

With ANTHROPIC_ADMIN_KEY or ANTHROPIC_ANALYTICS_KEY in local.settings.json or the environment the app talks to
the vendor. Without one it starts all the same: exports can be dropped (python3 dev.py drop FILE). With --demo
it talks to a simulated vendor on this machine, and every response says "demo": true. Ctrl-C stops everything.
"""

import argparse
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from time import sleep
from types import FrameType
from typing import Never, TextIO

from local.azurite import Azurite, Ports, connection_string
from local.children import Child, ChildError
from local.commands import running, services
from local.commands.refresh import TIMER, finished_run
from local.commands.telling import tell_answer, tell_run
from local.host import settings
from local.host.errors import HostError
from local.node import InstallationError
from local.page import PAGE, Building
from local.places import ROOT, STATE
from local.vendor.worlds import DEFAULT_WORLD, worlds

#: Where nothing listens.
NOWHERE = Ports(9, 9, 9)

DEFAULT_PORT = 7071
LOG = STATE / "log" / "functions.log"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = worlds()
    width = max(map(len, names))
    listing = "\n".join(f"  {name:<{width}}  {meaning}" for name, meaning in names.items())
    parser.epilog = f"worlds of --demo:\n{listing}"
    parser.add_argument(
        "--demo",
        nargs="?",
        const=DEFAULT_WORLD,
        default="",
        choices=names,
        metavar="WORLD",
        help=f"talk to a simulated vendor; its world, below (default {DEFAULT_WORLD})",
    )
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="of the functions and the page; 0: any free one"
    )
    parser.add_argument("--once", action="store_true", help="print the answer and stop")
    parser.add_argument("--verbose", action="store_true", help="show the functions' log here, too")
    parser.add_argument(
        "--no-host",
        action="store_true",
        help="start no functions: for Azure Functions Core Tools, `func start`",
    )


def run(arguments: argparse.Namespace) -> int:
    for name in STOPPING:
        signal.signal(name, _interrupt)
    stack = ExitStack()
    try:
        return Start(arguments, stack).run()
    except KeyboardInterrupt:
        print("Stopping.", flush=True)
        return 0
    except (ChildError, running.AppError, HostError, InstallationError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        for name in STOPPING:
            signal.signal(name, signal.SIG_IGN)  # nothing interrupts the stopping
        stack.close()


STOPPING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def _interrupt(_: int, __: FrameType | None) -> Never:
    raise KeyboardInterrupt


class Start:
    """One start; what it started stops with the stack, the last first."""

    def __init__(self, arguments: argparse.Namespace, stack: ExitStack) -> None:
        self._told = arguments
        self._world: str = arguments.demo
        self._stack = stack
        self._children: list[Child] = []
        self._environment = dict(os.environ)
        self._dropped = 0
        self._vendor_is_away = False
        self._names: list[str] = []
        self._page: Building | None = None

    def run(self) -> int:
        """Raises ChildError, AppError, HostError, InstallationError; ends by KeyboardInterrupt."""
        self._stack.enter_context(running.alone())
        if not self._told.no_host:
            _refuse_taken(self._told.port)
        settings.overlay(settings.settings_file(ROOT), self._environment)
        if not self._told.no_host and not self._told.once:
            self._page = Building(PAGE)
        azurite = self._start_storage()
        self._start_vendor()
        if self._told.no_host:
            self._explain_func(azurite)
            return self._stay()
        started = datetime.now(UTC)
        app = self._start_host(azurite)
        self._refresh(app, started)
        answered = tell_answer(app)
        if self._told.once:
            return 0 if answered else 1
        self._explain(app)
        return self._stay()

    def _refresh(self, app: running.Running, started: datetime) -> None:
        """Wait for the first refresh, and for what was dropped; a world may show that nothing can be read, or
        that nobody answers."""
        if self._vendor_is_away or (self._world and app.get("/api/status")[0] != 200):
            return
        slow = "" if self._world else " (with a key: some minutes, the first time)"
        print(f"First refresh{slow}.", flush=True)
        run = finished_run(app, started, self._check_children)
        if self._dropped:
            is_taken_in = partial(services.is_taken_in, app.storage)
            running.wait_for(lambda: is_taken_in() or None, within=60, what="The exports' receipts")
            again = datetime.now(UTC)
            app.trigger(TIMER)
            run = finished_run(app, again, self._check_children)
        tell_run(run)
        print()

    def _start_storage(self) -> Azurite:
        azurite = services.start_storage(self._stack, self._world)
        self._children.append(azurite.child)
        self._tell_app(services.storage_settings(azurite))
        _make_layout(self._environment)
        data = os.path.relpath(services.data_folder(self._world), ROOT)
        ports = azurite.ports
        print(f"Azurite on ports {ports.blob}, {ports.queue}, {ports.table}; data in {data}", flush=True)
        return azurite

    def _tell_app(self, settings: Mapping[str, str]) -> None:
        """For the functions that we start, or that others do."""
        self._environment |= settings
        self._names += settings

    def _start_vendor(self) -> None:
        if self._world:
            vendor, url = services.start_vendor(self._stack, self._world)
            self._children.append(vendor)
            self._tell_app(services.world_settings(self._world, url))
            print(f"Simulated vendor at {url}, world {self._world}: all that follows is made up.", flush=True)
            world = services.world_of_today(self._world)
            self._dropped = services.drop_files(world, self._environment["DATA_STORAGE"])
            if self._dropped:
                print(f"{self._dropped} files lie in the drop container.", flush=True)
            if world.away_for:
                services.refresh_earlier(self._environment, world.away_for)
                self._children.remove(vendor)
                vendor.stop()
                self._vendor_is_away = True
                print("It was asked a while ago, and is away now.", flush=True)
            if world.storage_is_away:
                self._environment["DATA_STORAGE"] = connection_string(NOWHERE)
        elif not services.has_key(self._environment):
            print(
                "Nothing is fetched: neither ANTHROPIC_ADMIN_KEY nor ANTHROPIC_ANALYTICS_KEY is in "
                "local.settings.json or the environment.\n"
                "Drop exports (python3 dev.py drop FILE), or meet the simulated vendor: "
                "python3 dev.py start --demo",
                flush=True,
            )

    def _start_host(self, azurite: Azurite) -> running.Running:
        LOG.parent.mkdir(parents=True, exist_ok=True)
        log = self._stack.enter_context(LOG.open("w", encoding="utf-8", buffering=1))
        module = ["-m", "local.children.follow", "local.host", "--port", str(self._told.port)]
        module += ["--page", str(PAGE.built), *([] if self._vendor_is_away else ["--run", TIMER])]
        show = partial(_log, log, self._told.verbose)
        host = Child(
            "The functions host", [sys.executable, *module], environment=self._environment, show=show
        )
        self._children.append(self._stack.enter_context(host))
        url = host.wait_for(r"^listening on (\S+)", within=60)[0][1]
        app = self._record(azurite, url)
        print(f"Functions at {url}; their log is {os.path.relpath(LOG, ROOT)}", flush=True)
        return app

    def _record(self, azurite: Azurite, url: str) -> running.Running:
        """For `dev.py drop` and `dev.py refresh` to find us."""
        app = running.Running(os.getpid(), url, azurite.connection_string, self._world)
        app.write()
        self._stack.callback(running.RECORD.unlink, missing_ok=True)
        return app

    def _explain(self, app: running.Running) -> None:
        print(
            f"\n{self._page_in_words(app)}\n"
            f"The answer:     curl -s {app.url}/api/adoption\n"
            f"What is there:  curl -s {app.url}/api/status\n"
            f"Refresh now:    python3 dev.py refresh\n"
            f"Drop an export: python3 dev.py drop FILE\n"
            f"Ctrl-C stops everything.",
            flush=True,
        )

    def _page_in_words(self, app: running.Running) -> str:
        """Where the page is, or why there is none: everything else works without it."""
        try:
            if self._page is not None:
                self._page.wait()
        except (InstallationError, OSError) as error:
            return f"There is no page. {error}"
        return f"The page:       {app.url}/"

    def _explain_func(self, azurite: Azurite) -> None:
        port = self._told.port
        self._record(azurite, f"http://127.0.0.1:{port}")
        print("\nIn another terminal:\n\n  source .venv/bin/activate")
        if not (ROOT / settings.FILES[0]).is_file():
            print(f"  cp {settings.FILES[1]} {settings.FILES[0]}")
        for name in dict.fromkeys(self._names):
            print(f"  export {name}='{self._environment[name]}'")
        print(f"  func start --port {port}\n")
        if port == DEFAULT_PORT:
            print("And for the page, which asks that port:\n\n  cd web && npm ci && npm run dev\n")
        print("Ctrl-C stops everything that was started here.", flush=True)

    def _stay(self) -> Never:
        """Until Ctrl-C. Raises ChildError when a child ends."""
        while True:
            self._check_children()
            sleep(0.3)

    def _check_children(self) -> None:
        for child in self._children:
            child.check()


def _log(file: TextIO, aloud: bool, line: str) -> None:
    file.write(line + "\n")
    if aloud:
        print(line, flush=True)


def _make_layout(environment: Mapping[str, str]) -> None:
    """Makes tables, containers and queues. Raises AppError for settings that the app would refuse."""
    from shared.errors import SettingsError
    from shared.settings import load
    from shared.store.layout import create
    from shared.store.storage import Storage

    try:
        create(Storage.of(load(environment)))
    except SettingsError as error:
        raise running.AppError(
            f"Settings to correct, in local.settings.json or the environment:\n{error}"
        ) from error


def _refuse_taken(port: int) -> None:
    """Raises AppError when something listens on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if port and probe.connect_ex(("127.0.0.1", port)) == 0:
            raise running.AppError(
                f"Port {port} is in use: stop what listens there, or take another one, as in "
                f"`python3 dev.py start --port {port + 1}`."
            )
