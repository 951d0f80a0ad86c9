"""The npm packages of one folder, in the git-ignored `node_modules` in it."""

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local.locks import lock
from local.node.node import InstallationError, Node, node


@dataclass(frozen=True, slots=True)
class Packages:
    """`folder` has a package.json and its lockfile; `bring` says what they bring, for a person who waits."""

    folder: Path
    bring: str

    def install(self) -> Node:
        """Installs what is missing or differs from the lockfile. Returns the node that runs it.

        Raises InstallationError.
        """
        found = node()
        lockfile = self.folder / "package-lock.json"
        wanted = hashlib.sha256(lockfile.read_bytes()).hexdigest()
        with lock(lockfile):
            if not self._stamp.is_file() or self._stamp.read_text() != wanted:
                self._install(found)
                self._stamp.write_text(wanted)
        return found

    @property
    def _stamp(self) -> Path:
        return self.folder / "node_modules" / ".installed-from"

    def _install(self, found: Node) -> None:
        said = f"Installing {self.bring} from npm (once, under a minute)."
        print(said, file=sys.stderr, flush=True)
        command = [*found.npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        environment = found.environment()
        done = subprocess.run(command, cwd=self.folder, check=False, stdout=sys.stderr, env=environment)
        if done.returncode != 0:
            raise InstallationError(
                f"`npm ci` in {self.folder} did not install {self.bring} (see above). Is the npm registry "
                f"reachable? Try again with the same command."
            )
