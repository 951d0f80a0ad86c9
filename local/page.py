"""The dashboard page: built from `web/` into `web/dist` when its sources have changed since."""

import hashlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.locks import lock
from local.node import InstallationError, Packages
from local.places import ROOT


@dataclass(frozen=True, slots=True)
class Page:
    """The page whose package is in `folder`."""

    folder: Path

    @property
    def built(self) -> Path:
        """The folder of files that a web server serves, once it is built."""
        return self.folder / "dist"

    @property
    def packages(self) -> Packages:
        return Packages(self.folder, "the page's tools")

    def build(self) -> None:
        """Installs what the page needs, and builds it unless it was built from these very sources.

        Raises InstallationError.
        """
        node = self.packages.install()
        with lock(self.folder / "package.json"):
            wanted = self._hash_of_sources()
            stamp = self.built / ".built-from"  # vite empties the folder first: who is cut off leaves none
            if stamp.is_file() and stamp.read_text() == wanted:
                return
            print("Building the page.", file=sys.stderr, flush=True)
            command, environment = [*node.npm, "run", "--silent", "build"], node.environment()
            done = subprocess.run(
                command, cwd=self.folder, env=environment, check=False, capture_output=True, text=True
            )
            if done.returncode != 0:
                said = done.stderr.strip() or done.stdout.strip()
                raise InstallationError(f"`npm run build` in {self.folder} did not build it:\n{said}")
            stamp.write_text(wanted)

    def _hash_of_sources(self) -> str:
        digest = hashlib.sha256()
        for file in sorted(self._sources()):
            content = file.read_bytes()
            digest.update(f"{file.relative_to(self.folder).as_posix()}\n{len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()

    def _sources(self) -> Iterator[Path]:
        """What lies in the folder itself, and what the page is made of; not what is made of these."""
        for found in (
            self.folder.glob("*"),
            *((self.folder / name).rglob("*") for name in ("src", "public")),
        ):
            yield from (file for file in found if file.is_file())


PAGE = Page(ROOT / "web")


class Building:
    """A page being built while other things are started."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._failure: Exception | None = None
        # Stopping does not wait for it: it ends by itself, or is done again next time.
        self._thread = threading.Thread(target=self._build, name="building the page", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until it is built. Raises InstallationError, or OSError."""
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _build(self) -> None:
        try:
            self._page.build()
        except Exception as error:  # noqa: BLE001 - whatever it is, who waits for the page is told
            self._failure = error
