"""Laws of the scripts: from nothing to a deployment that was looked at; and again, changing nothing.

`az` is a stand-in that keeps a state, for no test has a subscription; the shell, git and curl are real.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from local.bicep import INFRA
from local.places import ROOT
from shared.settings import ROLES

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or not shutil.which("curl"), reason="the scripts need a POSIX shell and curl"
)

TOKEN = "the-readers-token"


class Site(ThreadingHTTPServer):
    """An app as a stranger and a reader see it; ``closed_by`` is what says 401."""

    closed_by = "You do not have permission to view this directory or page."
    checks: tuple[dict[str, str], ...] = ()


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        if self.path == "/api/health":
            return self._say(200, '{"status":"ok","version":"0.1.0"}')
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._say(401, self.server.closed_by)
        return self._say(200, json.dumps({"checks": self.server.checks}))

    def _say(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@dataclass
class Azure:
    """The stand-in's folder, and what the scripts are told."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads((self.folder / "state.json").read_text())
        return state

    def set(self, **state: object) -> None:
        (self.folder / "state.json").write_text(json.dumps(self.state | state))

    def asked(self) -> list[str]:
        """What it was asked since the last time."""
        log = self.folder / "asked.txt"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines

    def run(self, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        told = {**os.environ, **self.environment, "PATH": path, "FAKE_AZ": str(self.folder), **environment}
        command = ["sh", str(INFRA / script), *arguments]
        return subprocess.run(  # noqa: S603
            command, env=told, check=False, capture_output=True, text=True, cwd=ROOT
        )


@pytest.fixture
def azure(tmp_path: Path, site: Site) -> Azure:
    """An empty subscription, whose site will be ``site``."""
    program = tmp_path / "az"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{ROOT}/tests/infra/fake_az.py" "$@"\n')
    program.chmod(0o755)
    url = f"http://127.0.0.1:{site.server_address[1]}"
    names = {
        "RESOURCE_GROUP": "rg",
        "SITE_NAME": "func",
        "SITE_URL": url,
        "IDENTITY_PRINCIPAL_ID": "the-identity",
        "TOPIC_NAME": "evgt",
        "DATA_ACCOUNT_NAME": "stdata",
        "AUTH_CLIENT_ID": "the-client",
    }
    state = {"outputs": names, "keyless": 1, "failures": 1, "token": TOKEN}
    (tmp_path / "state.json").write_text(json.dumps(state))
    told = {
        "AZURE_ENV_NAME": "night",
        "AZURE_LOCATION": "westeurope",
        "ALERT_EMAILS": "night@quux.example",
        "BUDGET_START": "2026-12-01",
        "CALLER_CLIENT_IDS": "front-end,az",
        "PAUSE_SECONDS": "0",
        "RETRY_SECONDS": "0",
    }
    return Azure(tmp_path, told)


def test_one_command_brings_everything_and_again_changes_nothing(azure: Azure, site: Site) -> None:
    """Registration, resources (once more where a role was late), code, the host's key, the subscription, a
    look at it; the second time the same calls make nothing new, and no key and no token is shown."""
    site.checks = ({"name": "access", "source": "live", "status": "unknown", "seen": "locked"},)
    first = azure.run("deploy.sh")
    assert first.returncode == 0, first.stderr
    assert "alive: " in first.stdout
    assert "closed: a stranger gets 401" in first.stdout
    assert "trust: unknown access (live): locked" in first.stdout
    assert "Waiting for the host's key" in first.stderr
    order = [line for line in azure.asked() if " create " in f"{line} " or "config-zip" in line]
    assert [line.split(" --")[0] for line in order] == [
        "ad app create",
        "ad sp create",
        "deployment sub create",
        "deployment sub create",
        "ad app federated-credential create",
        "functionapp deployment source config-zip",
        "deployment group create",
    ]
    made = azure.state
    assert made["subscribed"] == ["eventSubscription.bicepparam", "func", "evgt", "stdata"]
    assert made["code"] == ["constraints.txt", "function_app.py", "host.json", "requirements.txt", "shared"]
    assert made["principal"] == {"appRoleAssignmentRequired": "true"}
    assert made["vouching"]["subject"] == "the-identity"

    second = azure.run("deploy.sh")
    assert second.returncode == 0, second.stderr
    assert azure.state == made
    assert not [line for line in azure.asked() if line.startswith("ad ") and " create " in line]
    shown = first.stdout + first.stderr + second.stdout + second.stderr
    assert TOKEN not in shown
    assert "the-host-key" not in shown


def test_the_registration_has_the_roles_that_the_app_reads(azure: Azure) -> None:
    """And the scope, for which the front end needs no consent; one that somebody else made is left alone."""
    assert azure.run("hooks/register-app.sh").stdout.strip() == "the-client"
    app = azure.state["app"]
    (scope,) = app["api"]["oauth2PermissionScopes"]
    assert {role["value"] for role in app["appRoles"]} == ROLES
    assert scope["value"] == "access_as_user"
    assert app["api"]["requestedAccessTokenVersion"] == 2
    assert app["api"]["preAuthorizedApplications"] == [
        {"appId": caller, "delegatedPermissionIds": [scope["id"]]} for caller in ("front-end", "az")
    ]
    before = azure.state
    theirs = azure.run("hooks/register-app.sh", AUTH_CLIENT_ID="theirs")
    assert theirs.stdout.strip() == "theirs"
    assert azure.state == before


def test_a_host_without_its_key_is_said(azure: Azure) -> None:
    """Not waited for without an end; what to do stands there, and nothing was subscribed."""
    azure.set(keyless=99, code=[])
    told = {**azure.state["outputs"], "PAUSE_SECONDS": "1", "PATIENCE_SECONDS": "0"}
    done = azure.run("hooks/subscribe.sh", **told)
    assert done.returncode == 1
    assert "run this again" in done.stderr
    assert "subscribed" not in azure.state


def test_an_app_without_its_door_is_no_success(azure: Azure, site: Site) -> None:
    """A 401 of the app's own means that EasyAuth let the stranger through. Without a token the trust status
    is not checked, and that is said."""
    outputs = azure.state["outputs"]
    azure.set(token="")
    without = azure.run("hooks/smoke-test.sh", **outputs)
    assert without.returncode == 0
    assert "NOT CHECKED: the trust status" in without.stdout
    site.closed_by = '{"type":"/problems/unauthenticated"}'
    open_door = azure.run("hooks/smoke-test.sh", **outputs)
    assert open_door.returncode == 1
    assert "EasyAuth is not on" in open_door.stderr
