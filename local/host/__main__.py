"""`python -m local.host`: see the package's docstring for what this host is and is not."""

import argparse
import logging
import os
import signal
import socket
import sys
from pathlib import Path

import uvicorn

import local.host
from local.host import settings
from local.host.errors import HostError
from local.host.host import FINISH_SECONDS, Host
from local.places import ROOT


def main() -> int:
    arguments = _arguments()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    logging.getLogger("azure").setLevel(logging.WARNING)  # else a line for each request to storage
    # uvicorn ends in order on a signal and raises it again when done: that is then a normal end.
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return _serve(arguments)
    except HostError as error:
        print(error, file=sys.stderr)
        return 2


def _serve(told: argparse.Namespace) -> int:
    folder: Path = told.app.resolve()
    listening = _listen(told.port)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    file: Path | None = told.settings or settings.settings_file(folder)
    settings.overlay(file, os.environ)
    host = Host(folder, os.environ, origins=settings.origins(file), at_start=told.run, page=told.page)
    print("\n".join(host.listing(address)), flush=True)
    print(f"listening on {address}", flush=True)
    configuration = uvicorn.Config(
        host.application,
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        timeout_graceful_shutdown=int(FINISH_SECONDS),
    )
    uvicorn.Server(configuration).run(sockets=[listening])
    return 0


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would let two programs share the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError:
        raise HostError(
            f"Port {port} is in use: stop what listens there, or take another with --port."
        ) from None
    listening.listen(128)  # who calls before the server accepts, waits
    return listening


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m local.host",
        description=local.host.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=7071, help="0: any free one (default 7071)")
    parser.add_argument("--app", type=Path, default=ROOT, help="the folder of function_app.py and host.json")
    parser.add_argument(
        "--settings", type=Path, help="a settings file; default: local.settings.json, else the example"
    )
    parser.add_argument(
        "--run", action="append", default=[], metavar="TIMER", help="a timer function to run at once"
    )
    parser.add_argument(
        "--page", type=Path, help="a folder of files to serve at the root, beside the functions"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
