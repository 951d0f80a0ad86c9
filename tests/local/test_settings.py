"""The settings file and host.json, read as `func` reads them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from local.azurite import STANDARD_PORTS, connection_string
from local.host import settings
from local.host.errors import HostError


def _write(folder: Path, name: str, document: object) -> Path:
    file = folder / name
    file.write_text(json.dumps(document))
    return file


def test_the_developer_s_own_file_comes_before_the_example(tmp_path: Path) -> None:
    """Without local.settings.json the committed example serves; without both, the environment alone."""
    assert settings.settings_file(tmp_path) is None
    example = _write(tmp_path, "local.settings.example.json", {})
    assert settings.settings_file(tmp_path) == example
    own = _write(tmp_path, "local.settings.json", {})
    assert settings.settings_file(tmp_path) == own


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """Also with an empty value: that is how a demo takes a real key away."""
    file = _write(tmp_path, "local.settings.json", {"Values": {"A": "file", "B": "file", "C": "file"}})
    environment = {"A": "environment", "B": ""}
    settings.overlay(file, environment)
    assert environment == {"A": "environment", "B": "", "C": "file"}


def test_origins_are_a_list_with_commas(tmp_path: Path) -> None:
    """`Host.CORS`, as func reads it."""
    file = _write(tmp_path, "local.settings.json", {"Host": {"CORS": "http://localhost:5173, http://b"}})
    assert settings.origins(file) == ["http://localhost:5173", "http://b"]
    assert settings.origins(None) == []


def test_development_storage_is_the_azurite_on_the_standard_ports() -> None:
    """The storage clients do not know this word of Azure's tools, so the host spells it out."""
    environment = {"S": "UseDevelopmentStorage=true", "T": "given"}
    assert settings.connection("S", environment) == connection_string(STANDARD_PORTS)
    assert settings.connection("T", environment) == "given"
    with pytest.raises(HostError, match="connection U is not set"):
        settings.connection("U", environment)


def test_host_json_has_azure_s_defaults(tmp_path: Path) -> None:
    """What the file leaves open is as in Azure."""
    _write(tmp_path, "host.json", {"version": "2.0"})
    assert settings.read_host_file(tmp_path) == settings.HostFile("api", 5, 5, timedelta(), True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not JSON"),
        ("[]", "holds no JSON object"),
        ('{"extensions": {"queues": {"messageEncoding": "utf8"}}}', "messageEncoding is 'utf8'"),
        (None, "There is no host.json"),
    ],
)
def test_a_host_json_that_cannot_be_meant_is_refused(tmp_path: Path, text: str | None, reason: str) -> None:
    """With the file and what is wrong in it."""
    if text is not None:
        (tmp_path / "host.json").write_text(text)
    with pytest.raises(HostError, match=reason):
        settings.read_host_file(tmp_path)


def test_a_value_that_is_no_text_is_named(tmp_path: Path) -> None:
    """Numbers in `Values` make `func` fail in ways of its own."""
    file = _write(tmp_path, "local.settings.json", {"Values": {"BACKFILL_DAYS": 90}})
    with pytest.raises(HostError, match="BACKFILL_DAYS"):
        settings.values(file)
