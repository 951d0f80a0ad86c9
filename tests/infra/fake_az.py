"""Stands for `az`, which no test can run: keeps what it is asked to make, and notes what it was asked.

It knows the commands of infra/deploy.sh and infra/hooks/, and fails at any other. FAKE_AZ names its folder.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["FAKE_AZ"])
STATE = FOLDER / "state.json"


def main(asked: list[str]) -> str:
    state: dict[str, Any] = json.loads(STATE.read_text())
    with (FOLDER / "asked.txt").open("a") as log:
        log.write(" ".join(asked) + "\n")
    words = list(itertools.takewhile(lambda word: not word.startswith("--"), asked))
    options = {asked[i][2:]: asked[i + 1] for i in range(len(words), len(asked) - 1, 2)}
    said: str = ANSWERS[" ".join(words)](state, options)
    STATE.write_text(json.dumps(state, indent=1, sort_keys=True))
    return said


def _app(state: dict[str, Any], options: dict[str, str]) -> str:
    app = state.get("app", {})
    return str(app["appId"]) if app.get("displayName") == options["display-name"] else ""


def _make_app(state: dict[str, Any], options: dict[str, str]) -> str:
    assert "app" not in state, "a second registration"
    state["app"] = {"displayName": options["display-name"], "appId": "the-client", "id": "the-object"}
    return "the-client"


def _name_app(state: dict[str, Any], options: dict[str, str]) -> str:
    state["app"]["identifierUris"] = [options["identifier-uris"]]
    return ""


def _rest(state: dict[str, Any], options: dict[str, str]) -> str:
    assert (options["method"], options["url"].rpartition("/")[2]) == ("PATCH", "the-object")
    body = json.loads(Path(options["body"].removeprefix("@")).read_text())
    app = state["app"]
    scopes = [one["id"] for one in app.get("api", {}).get("oauth2PermissionScopes", [])]
    for caller in body.get("api", {}).get("preAuthorizedApplications", []):
        assert set(caller["delegatedPermissionIds"]) <= set(scopes), (
            "pre-authorised before there is the scope"
        )
    app["api"] = app.get("api", {}) | body.pop("api", {})
    app.update(body)
    return ""


def _principal(state: dict[str, Any], options: dict[str, str]) -> str:
    if "principal" not in state:
        sys.exit(3)
    return "the-principal"


def _make_principal(state: dict[str, Any], options: dict[str, str]) -> str:
    assert "principal" not in state, "a second service principal"
    state["principal"] = {}
    return ""


def _set_principal(state: dict[str, Any], options: dict[str, str]) -> str:
    name, _, value = options["set"].partition("=")
    state["principal"][name] = value
    return ""


def _vouch(state: dict[str, Any], options: dict[str, str]) -> str:
    assert "vouching" not in state, "a second credential"
    state["vouching"] = json.loads(options["parameters"])
    return ""


def _unvouch(state: dict[str, Any], options: dict[str, str]) -> str:
    del state["vouching"]
    return ""


def _provision(state: dict[str, Any], options: dict[str, str]) -> str:
    state["failures"], fails = max(state["failures"] - 1, 0), state["failures"] > 0
    state["provisioned"] = [options["name"], Path(options["parameters"]).name, os.environ["AUTH_CLIENT_ID"]]
    STATE.write_text(json.dumps(state))
    return sys.exit("a role has not arrived") if fails else ""


def _output(state: dict[str, Any], options: dict[str, str]) -> str:
    return "\t".join(state["outputs"][name] for name in re.findall(r"([A-Z_]+)\.value", options["query"]))


def _key(state: dict[str, Any], options: dict[str, str]) -> str:
    state["keyless"], missing = max(state["keyless"] - 1, 0), state["keyless"] > 0
    return "" if missing or "code" not in state else "the-host-key"


def _code(state: dict[str, Any], options: dict[str, str]) -> str:
    with zipfile.ZipFile(options["src"]) as package:
        state["code"] = sorted({name.split("/")[0] for name in package.namelist()})
    return ""


def _subscribe(state: dict[str, Any], options: dict[str, str]) -> str:
    told = ("SITE_NAME", "TOPIC_NAME", "DATA_ACCOUNT_NAME")
    state["subscribed"] = [Path(options["parameters"]).name, *(os.environ[name] for name in told)]
    return ""


ANSWERS = {
    "ad app list": _app,
    "ad app create": _make_app,
    "ad app show": lambda state, _: state["app"]["id"],
    "ad app update": _name_app,
    "rest": _rest,
    "ad sp show": _principal,
    "ad sp create": _make_principal,
    "ad sp update": _set_principal,
    "ad app federated-credential list": lambda state, _: state.get("vouching", {}).get("subject", ""),
    "ad app federated-credential create": _vouch,
    "ad app federated-credential delete": _unvouch,
    "account show": lambda *_: "the-tenant",
    "account get-access-token": lambda state, _: state["token"],
    "deployment sub create": _provision,
    "deployment sub show": _output,
    "functionapp keys list": _key,
    "functionapp deployment source config-zip": _code,
    "deployment group create": _subscribe,
}

if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]))
