"""The page beside the functions: built when it must be, and served as a web server would, and no more."""

import json
from pathlib import Path

import pytest

from local.host.host import Host
from local.node import InstallationError
from local.page import Building, Page
from tests.local.conftest import WriteApp
from tests.local.test_http import APP, Call, caller

FILES = {
    "index.html": "<!doctype html><title>Scoreboard</title>",
    "assets/index-Bx1.js": "export {}",
    "assets/index-C2y.css": "main{}",
    "assets/mark-D3z.svg": "<svg/>",
    ".built-from": "secret",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the page will be: beside a file that is nobody's business."""
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "dist"


@pytest.fixture
def call(write_app: WriteApp, folder: Path) -> Call:
    return caller(Host(write_app(APP), {}, page=folder))


def build(folder: Path) -> None:
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def test_a_page_is_served_as_by_a_web_server(call: Call, folder: Path) -> None:
    """As soon as it is built: each file as what it is, those named by content for good."""
    assert call("GET", "/").status_code == 404
    build(folder)
    found = {path: call("GET", path) for path in ("/", *(f"/{name}" for name in FILES if name[0] != "."))}
    assert {path: answer.headers["content-type"] for path, answer in found.items()} == {
        "/": "text/html; charset=utf-8",
        "/index.html": "text/html; charset=utf-8",
        "/assets/index-Bx1.js": "text/javascript; charset=utf-8",
        "/assets/index-C2y.css": "text/css; charset=utf-8",
        "/assets/mark-D3z.svg": "image/svg+xml",
    }
    assert found["/"].text == FILES["index.html"]
    for path, answer in found.items():
        kept = answer.headers["cache-control"]
        assert ("immutable" in kept) == path.startswith("/assets/"), path
        assert answer.headers["x-content-type-options"] == "nosniff"
    again = call("GET", "/", headers={"If-None-Match": found["/"].headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")
    assert call("HEAD", "/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/secret.txt",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "/link.txt",
        "/.built-from",
        "/%00",
        "/nowhere",
        "/assets",
    ],
)
def test_nothing_but_the_page_is_served(call: Call, folder: Path, path: str) -> None:
    """No way leads out of its folder, and what is not there is not found: it has no second address."""
    build(folder)
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    answer = call("GET", path)
    assert (answer.status_code, "secret" in answer.text) == (404, False)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/plain", 200),
        ("GET", "/api/nowhere", 404),
        ("POST", "/api/nowhere", 404),
        ("POST", "/api/things/1", 405),
        ("HEAD", "/api/things/1", 405),
        ("GET", "/admin/functions/plain", 405),
        ("POST", "/admin/functions/none", 404),
        ("POST", "/", 404),
    ],
)
def test_the_functions_answer_as_without_a_page(
    call: Call, folder: Path, method: str, path: str, status: int
) -> None:
    """Their routes and methods, and the admin door."""
    build(folder)
    assert call(method, path).status_code == status


def test_a_page_is_built_when_its_sources_changed(tmp_path: Path) -> None:
    """And only then; again after a build that failed, of which npm's own words are told."""
    package = {"name": "page", "version": "1.0.0", "scripts": {"build": "node build.cjs"}}
    (tmp_path / "package.json").write_text(json.dumps(package))
    program = tmp_path / "build.cjs"
    program.write_text(
        "const fs = require('fs'); fs.mkdirSync('dist', {recursive: true}); fs.appendFileSync('dist/n', 'x')"
    )
    lockfile = {"name": "page", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {}}}
    (tmp_path / "package-lock.json").write_text(json.dumps(lockfile))
    (tmp_path / "node_modules").mkdir()
    source = tmp_path / "src" / "page" / "main.ts"
    source.parent.mkdir(parents=True)
    page = Page(tmp_path)

    def builds() -> int:
        building = Building(page)
        building.wait()
        return len((page.built / "n").read_text())

    source.write_text("1")
    assert [builds(), builds()] == [1, 1]
    source.write_text("2")
    assert [builds(), builds()] == [2, 2]
    program.write_text("throw new Error('no such thing')")
    for _ in range(2):
        with pytest.raises(InstallationError, match="no such thing"):
            builds()
