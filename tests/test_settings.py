"""Laws of what the app may be told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from shared.errors import SettingsError
from shared.settings import AZURE_MARKS, LOOPBACK_HOSTS, SETTINGS, host_of, load

ROOT = Path(__file__).resolve().parents[1]

LOCAL = {"DATA_STORAGE": "UseDevelopmentStorage=true"}
REAL_STORAGE = (
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0LWtleQ==;EndpointSuffix=core.windows.net"
)
EMULATOR = ";".join(
    [
        "DefaultEndpointsProtocol=http",
        "AccountName=devstoreaccount1",
        "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1",
        "QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1",
        "TableEndpoint=http://127.0.0.1:10002/devstoreaccount1",
    ]
)

BAD = {
    "DATA_STORAGE__blobServiceUri": "http://a.blob.core.windows.net",
    "DATA_STORAGE__queueServiceUri": "queue",
    "DATA_STORAGE__tableServiceUri": "ftp://a.table.core.windows.net",
    "KEY_VAULT_URL": "vault",
    "ANTHROPIC_BASE_URL": "http://api.anthropic.com",
    "EXPECTED_ORGANIZATIONS": "console:not-a-uuid",
    "REFRESH_SCHEDULE": "5 * * * *",
    "BACKFILL_DAYS": "401",
    "TRAILING_DAYS": "2",
    "FETCH_CONCURRENCY": "0",
    "REFRESH_BUDGET_SECONDS": "8 minutes",
    "EXPORT_TRIGGER": "Polling",
    "EXPORT_TIMEZONE": "Mars/Olympus",
    "EXPORT_LAG_HOURS": "a day",
    "EXPORT_CADENCE_DAYS": "0",
    "CORRECTION_TOLERANCE": "5 lines",
    "RECONCILIATION_TOLERANCE": "50",
    "EXPORT_MAX_BYTES": "-1",
    "FACT_RETENTION_DAYS": "401",
    "RAW_RETENTION_DAYS": "for ever",
    "AUDIT_RETENTION_DAYS": "1",
    "SOFT_DELETE_DAYS": "two weeks",
    "GRACE_DAYS": "two weeks",
    "SHOW_NAMES": "yes, please",
    "DEVELOPMENT_ROLES": "Usage.Everything",
}


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(environ)
    return caught.value.problems


def test_all_bad_settings_are_named_at_once() -> None:
    """An operator corrects everything in one go: one sentence a setting, with its name first."""
    named = [problem.partition(":")[0] for problem in problems({**LOCAL, **BAD})]
    assert sorted(named) == sorted(BAD)


@pytest.mark.parametrize(("name", "text"), BAD.items())
def test_a_bad_setting_is_named_with_what_was_found_and_expected(name: str, text: str) -> None:
    """A sentence about a setting is enough to correct it."""
    (problem,) = problems({**LOCAL, name: text})
    assert problem.startswith(f"{name}: found {text!r}, expected ")


def test_every_setting_that_can_be_bad_is_tried_here() -> None:
    """A new setting with a check of its own joins these tests."""
    assert {setting.name for setting in SETTINGS if setting.parse is not str} == set(BAD)


def test_defaults_are_good() -> None:
    """With nothing but storage the app starts, knows no source and lets nobody in."""
    settings = load(LOCAL)
    assert not settings.live_source_configured
    assert not settings.development_principal
    assert (settings.backfill_days, settings.export_timezone.key) == (90, "UTC")


def test_blank_means_default() -> None:
    """A setting left blank, as in the example file, is not set."""
    assert load({**LOCAL, "BACKFILL_DAYS": " "}) == load(LOCAL)


def test_secrets_are_never_quoted() -> None:
    """Whatever else is wrong, no sentence repeats a key or a connection string."""
    secrets = {"ANTHROPIC_ADMIN_KEY": "sk-ant-admin01-open-sesame", "DATA_STORAGE": REAL_STORAGE}
    text = " ".join(problems({**BAD, **secrets})) + " ".join(
        problems({**secrets, "DEVELOPMENT_PRINCIPAL": "developer"})
    )
    assert "open-sesame" not in text
    assert "c2VjcmV0" not in text


def test_the_settings_do_not_keep_the_admin_key() -> None:
    """The key itself is read where it is used; settings know only whether there is one."""
    settings = load({**LOCAL, "ANTHROPIC_ADMIN_KEY": "sk-ant-admin01-open-sesame"})
    assert settings.live_source_configured
    assert "open-sesame" not in repr(settings)


def test_missing_storage_is_named() -> None:
    """Without storage there is no app: either form is asked for."""
    (problem,) = problems({"DATA_STORAGE__blobServiceUri": "https://a.blob.core.windows.net"})
    assert problem.startswith("DATA_STORAGE: ")


def test_a_secrets_name_needs_its_vault() -> None:
    """The name of a secret says nothing without the vault that holds it."""
    (problem,) = problems({**LOCAL, "ANTHROPIC_ADMIN_KEY_SECRET": "admin-key"})
    assert problem.startswith("KEY_VAULT_URL: ")


@pytest.mark.parametrize("mark", AZURE_MARKS)
def test_a_development_principal_is_refused_in_azure(mark: str) -> None:
    """Anything that looks like Azure has no development principal."""
    (problem,) = problems({**LOCAL, "DEVELOPMENT_PRINCIPAL": "developer", mark: "x"})
    assert problem.startswith("DEVELOPMENT_PRINCIPAL: ")


def test_a_development_principal_is_refused_behind_easy_auth() -> None:
    """Where EasyAuth is on there is no development principal, whatever else the machine looks like."""
    (problem,) = problems({**LOCAL, "DEVELOPMENT_PRINCIPAL": "developer", "WEBSITE_AUTH_ENABLED": "True"})
    assert problem.startswith("DEVELOPMENT_PRINCIPAL: ")


@pytest.mark.parametrize(
    "storage",
    [
        REAL_STORAGE,
        EMULATOR.replace("http://127.0.0.1:10002", "https://a.table.core.windows.net"),
        EMULATOR.replace("127.0.0.1:10002", "127.0.0.1.example.com"),
        EMULATOR.replace("127.0.0.1:10002", "127.0.0.1@example.com"),
        "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://example.com",
    ],
)
def test_a_development_principal_is_refused_beside_real_storage(storage: str) -> None:
    """A reader who needs no sign-in never sees real data."""
    (problem,) = problems({"DATA_STORAGE": storage, "DEVELOPMENT_PRINCIPAL": "developer"})
    assert problem.startswith("DEVELOPMENT_PRINCIPAL: ")


@pytest.mark.parametrize("storage", [EMULATOR, "UseDevelopmentStorage=true", "usedevelopmentstorage=TRUE"])
def test_a_development_principal_is_allowed_beside_an_emulator(storage: str) -> None:
    """On a developer's machine, beside its own emulator, there may be one."""
    settings = load({"DATA_STORAGE": storage, "DEVELOPMENT_PRINCIPAL": "developer"})
    assert settings.development_principal == "developer"
    assert settings.development_roles == {"Usage.Read"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_plain_http_is_for_loopback(host: str) -> None:
    """A simulated vendor on this machine may be reached without TLS."""
    assert (
        load({**LOCAL, "ANTHROPIC_BASE_URL": f"http://{host}:9000/"}).anthropic_base_url
        == f"http://{host}:9000"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://api.anthropic.com",
        "http://127.0.0.1.example.com",
        "http://localhost@example.com",
        "http://localhost:80@example.com",
        "http://example.com#localhost",
        "https://user:password@example.com",
        "https://example.com?key=1",
        "//localhost",
        "file:///etc/passwd",
    ],
)
def test_the_vendors_key_is_never_sent_in_the_clear(url: str) -> None:
    """Anything but https, except on this machine, and any URL with a user or a query is refused."""
    (problem,) = problems({**LOCAL, "ANTHROPIC_BASE_URL": url})
    assert problem.startswith("ANTHROPIC_BASE_URL: ")


def test_a_host_is_what_a_client_would_connect_to() -> None:
    """The loopback test looks at the host alone."""
    assert host_of("http://127.0.0.1:10000/devstoreaccount1") in LOOPBACK_HOSTS
    assert host_of("https://a.vault.azure.net/") == "a.vault.azure.net"
    assert host_of("") == ""


def test_a_company_has_one_id_on_each_surface() -> None:
    """Expected organisations are read by surface, in the canonical form of a UUID."""
    settings = load({**LOCAL, "EXPECTED_ORGANIZATIONS": "console:0A" + "0" * 30 + ", claude_ai:" + "1" * 32})
    assert settings.expected_organizations == {
        "console": "0a000000-0000-0000-0000-000000000000",
        "claude_ai": "11111111-1111-1111-1111-111111111111",
    }
    twice = "console:" + "0" * 32 + ",console:" + "1" * 32
    assert len(problems({**LOCAL, "EXPECTED_ORGANIZATIONS": twice})) == 1


def test_every_setting_stands_in_the_example_and_the_other_way_round() -> None:
    """A developer who copies the example sees every setting there is, and none there is not."""
    values = json.loads((ROOT / "local.settings.example.json").read_text())["Values"]
    hosts_own = {"FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"}
    assert values.keys() - hosts_own == {setting.name for setting in SETTINGS}


#: What a deployment computes, and so has no default in infra/settings.bicep.
BY_THE_DEPLOYMENT = {
    "DATA_STORAGE__blobServiceUri",
    "DATA_STORAGE__queueServiceUri",
    "DATA_STORAGE__tableServiceUri",
    "DATA_STORAGE__clientId",
    "KEY_VAULT_URL",
}


def test_every_setting_that_applies_in_azure_stands_in_bicep_with_its_default() -> None:
    """infra/settings.bicep has each, none that is a secret or for a developer's machine."""
    text = (ROOT / "infra" / "settings.bicep").read_text(encoding="utf-8")
    in_bicep = re.findall(r"^  ([A-Za-z_]+): '(.*)'$", text, re.MULTILINE)
    assert sorted(in_bicep) == sorted(
        (setting.name, setting.default)
        for setting in SETTINGS
        if setting.in_azure and setting.name not in BY_THE_DEPLOYMENT
    )


def test_a_developers_settings_are_marked() -> None:
    """What opens the app without a sign-in, or says that data are simulated, is never told in Azure."""
    kept_here = {setting.name for setting in SETTINGS if not setting.in_azure}
    developers = {"DEVELOPMENT_PRINCIPAL", "DEVELOPMENT_ROLES", "DEMO_WORLD"}
    assert kept_here == developers | {"DATA_STORAGE", "ANTHROPIC_ADMIN_KEY", "ANTHROPIC_ANALYTICS_KEY"}


def test_the_example_is_good() -> None:
    """The example starts as it stands, with a developer who may do all but see names, and no key."""
    values = json.loads((ROOT / "local.settings.example.json").read_text())["Values"]
    settings = load(values)
    assert settings.development_roles == {"Usage.Read", "Usage.Upload", "Usage.Admin"}
    assert not settings.live_source_configured


def test_every_setting_has_a_meaning() -> None:
    """A setting without a sentence is not a setting."""
    assert all(setting.meaning.endswith(".") for setting in SETTINGS)
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def test_a_refresh_ends_at_least_a_minute_before_the_host_would_end_it() -> None:
    """Whatever an operator asks for: what follows the fetching (rows, receipts, its record) needs time."""
    host = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))
    hours, minutes, seconds = map(int, host["functionTimeout"].split(":"))
    most = (hours * 60 + minutes) * 60 + seconds - 60
    assert load(LOCAL | {"REFRESH_BUDGET_SECONDS": str(most)}).refresh_budget_seconds == most
    assert problems({**LOCAL, "REFRESH_BUDGET_SECONDS": str(most + 1)})
