"""Node: which one is new enough, what a script of a package finds, and that npm installs once."""

import json
import os
from pathlib import Path

import pytest

from local import azurite
from local.node import InstallationError, Node, Packages, node
from local.node.node import is_new_enough


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("v20.19.0", True),
        ("v22.12.0", True),
        ("v23.0.0", True),
        ("v24.1.0", True),
        ("v18.20.4", False),
        ("v20.18.9", False),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("", False),
    ],
)
def test_new_enough_is_what_the_page_s_tools_ask_for(version: str, expected: bool) -> None:
    """Twenty from its 19th release on, and all from 22.12 on; a shim that says nothing is none."""
    assert is_new_enough(version) is expected


def test_a_script_finds_the_node_that_runs_npm(tmp_path: Path) -> None:
    """And not an older one that stands on PATH."""
    own = tmp_path / "bin" / "node"
    found = Node(own, ()).environment()["PATH"].split(os.pathsep)
    assert found[0] == str(own.parent)
    assert os.environ["PATH"].split(os.pathsep) == found[1:]


def test_what_is_installed_is_what_the_lockfile_says(tmp_path: Path) -> None:
    """Installed once; again when the lockfile has changed; and what npm refuses is said with what to do."""
    folder = tmp_path / "nothing"
    folder.mkdir()
    (folder / "package.json").write_text('{"name": "nothing", "version": "1.0.0"}')
    lockfile = folder / "package-lock.json"
    locked = {"name": "nothing", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {}}}
    lockfile.write_text(json.dumps(locked))
    (folder / "node_modules").mkdir()
    packages = Packages(folder, "nothing")
    packages.install()
    kept = folder / "node_modules" / "kept"
    kept.touch()
    packages.install()
    assert kept.exists()
    lockfile.write_text(json.dumps(locked, indent=2))
    packages.install()
    assert not kept.exists()
    (folder / "package.json").write_text('{"name": "nothing", "dependencies": {"not-locked": "1.0.0"}}')
    lockfile.write_text(json.dumps(locked))
    with pytest.raises(InstallationError, match="did not install nothing"):
        packages.install()
    assert azurite.PACKAGES.install() == node()
