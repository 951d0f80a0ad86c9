"""What the app is told: the settings file, overlaid by the environment, as `func` does it; and host.json."""

import json
import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from local.azurite import STANDARD_PORTS, connection_string
from local.host.errors import HostError

FILES = ("local.settings.json", "local.settings.example.json")


@dataclass(frozen=True, slots=True)
class HostFile:
    """What this host heeds of host.json, with the defaults of Azure."""

    route_prefix: str = "api"
    blob_tries: int = 5
    queue_tries: int = 5
    queue_pause: timedelta = timedelta()
    base64_messages: bool = True


def read_host_file(folder: Path) -> HostFile:
    """Raises HostError."""
    document = _json(folder / "host.json")
    extensions = document.get("extensions", {})
    encoding = extensions.get("queues", {}).get("messageEncoding", "base64")
    if encoding not in ("base64", "none"):
        raise HostError(f"host.json: extensions.queues.messageEncoding is {encoding!r}, not base64 or none.")
    return HostFile(
        route_prefix=extensions.get("http", {}).get("routePrefix", "api").strip("/"),
        blob_tries=extensions.get("blobs", {}).get("poisonBlobThreshold", 5),
        queue_tries=extensions.get("queues", {}).get("maxDequeueCount", 5),
        queue_pause=_span(extensions.get("queues", {}).get("visibilityTimeout", "00:00:00")),
        base64_messages=encoding == "base64",
    )


def _span(text: str) -> timedelta:
    """`hh:mm:ss`. Raises HostError."""
    try:
        hours, minutes, seconds = map(int, text.split(":"))
    except ValueError:
        raise HostError(f"host.json: {text!r} is no time span, hh:mm:ss.") from None
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def settings_file(folder: Path) -> Path | None:
    """The developer's own, else the committed example, else none."""
    return next((folder / name for name in FILES if (folder / name).is_file()), None)


def values(file: Path | None) -> dict[str, str]:
    """The `Values` of a settings file. Raises HostError."""
    found = _json(file).get("Values", {}) if file else {}
    wrong = [name for name, value in found.items() if not isinstance(value, str)]
    if wrong:
        raise HostError(f"{file}: the value of {', '.join(wrong)} must be a text in quotes.")
    return dict(found)


def origins(file: Path | None) -> list[str]:
    """The web pages that may call us from a browser: `Host.CORS`, separated by commas."""
    text = str(_json(file).get("Host", {}).get("CORS", "")) if file else ""
    return [origin.strip() for origin in text.split(",") if origin.strip()]


def overlay(file: Path | None, environment: MutableMapping[str, str]) -> None:
    """Puts the file's values into `environment`; what is there already wins. Raises HostError."""
    for name, value in values(file).items():
        environment.setdefault(name, value)


def resolve(text: str, environment: Mapping[str, str]) -> str:
    """`text` with each `%NAME%` replaced by that setting. Raises HostError when one is not set."""

    def value(match: re.Match[str]) -> str:
        found = environment.get(match[1])
        if not found:
            raise HostError(
                f"%{match[1]}% is not set: set {match[1]} in local.settings.json or the environment."
            )
        return found

    return re.sub(r"%([^%]+)%", value, text)


def connection(name: str, environment: Mapping[str, str]) -> str:
    """The connection string that the setting `name` holds. Raises HostError."""
    found = environment.get(name or "AzureWebJobsStorage", "")
    if not found:
        raise HostError(f"The storage connection {name or 'AzureWebJobsStorage'} is not set.")
    return connection_string(STANDARD_PORTS) if found == "UseDevelopmentStorage=true" else found


def _json(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise HostError(f"There is no {file.name} in {file.parent}.") from None
    except ValueError as error:
        raise HostError(f"{file} is not JSON: {error}.") from None
    if not isinstance(document, dict):
        raise HostError(f"{file} holds no JSON object.")
    return document
