"""Everything the app may be told, in one table; bad settings are named, all at once.

A setting exists in ``SETTINGS``, in ``local.settings.example.json``, in the README's table and, where
it applies in Azure, in ``infra/settings.bicep``; tests hold them together. Secrets come from Key Vault
(or, locally, from the environment) and are read by ``shared.sources.credentials`` when they are needed,
never here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.errors import SettingsError

#: The settings that hold keys; ``<name>_SECRET`` names the Key Vault secret that holds one.
KEYS = ("ANTHROPIC_ADMIN_KEY", "ANTHROPIC_ANALYTICS_KEY")

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})

#: Variables that the Functions platform sets in Azure and a developer's machine does not have.
AZURE_MARKS = (
    "WEBSITE_INSTANCE_ID",
    "WEBSITE_SITE_NAME",
    "WEBSITE_POD_NAME",
    "WEBSITE_OWNER_NAME",
    "LEGION_SERVICE_HOST",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing the app may be told. ``parse`` raises ValueError with what is expected."""

    name: str
    default: str
    meaning: str
    parse: Callable[[str], Any] = str
    secret: bool = False
    platform: bool = False  # read by the Functions host itself, not by our code
    developer: bool = False  # for a developer's machine, and never told in Azure

    @property
    def in_azure(self) -> bool:
        """Whether a deployment tells it: infra/settings.bicep has these, and never a secret."""
        return not (self.secret or self.developer)


class Allowed(NamedTuple):
    """How far two counts of lines may lie apart: by so many lines, or by this share."""

    lines: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Settings:
    """The app's settings, checked. Durations are in the unit of their name."""

    data_storage: str
    data_storage_uris: Mapping[str, str]
    data_storage_client_id: str
    anthropic_base_url: str
    keys_set: frozenset[str]
    key_secrets: Mapping[str, str]
    key_vault_url: str
    expected_organizations: Mapping[str, str]
    backfill_days: int
    trailing_days: int
    fetch_concurrency: int
    refresh_budget_seconds: int
    export_timezone: ZoneInfo
    export_lag_hours: int
    export_cadence_days: int
    export_max_bytes: int
    fact_retention_days: int
    raw_retention_days: int
    audit_retention_days: int
    soft_delete_days: int
    grace_days: int
    show_names: bool
    correction_tolerance: Allowed
    reconciliation_tolerance: Allowed
    development_principal: str
    development_roles: frozenset[str]
    demo_world: str
    in_azure: bool
    easy_auth: bool

    @property
    def of_figures(self) -> str:
        """The settings that figures depend on, in one text: rows of other settings are made again."""
        tolerances = (*self.correction_tolerance, *self.reconciliation_tolerance)
        return "|".join(map(str, (self.export_timezone.key, self.export_lag_hours, *tolerances)))

    def has_key(self, setting: str) -> bool:
        """Whether the app was given the key of that setting, or the name of the secret that holds it."""
        return setting in self.keys_set or setting in self.key_secrets

    @property
    def live_source_configured(self) -> bool:
        """Whether the app was given any key, or the name of a secret that holds one."""
        return bool(self.keys_set or self.key_secrets)


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,12}", text) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


def _allowed(text: str) -> Allowed:
    if not re.fullmatch(r"\d{1,6},\d{1,2}(\.\d{1,3})?", text):
        raise ValueError("a number of lines and a percentage, such as 5,1 or 50,2.5")
    lines, percent = text.split(",")
    return Allowed(int(lines), Fraction(percent) / 100)


def host_of(url: str) -> str:
    """The host of an http(s) URL, without port, path or user; empty where there is none."""
    match = re.fullmatch(r"https?://(\[[0-9a-fA-F:]+\]|[^/:?#@\s]+)(?::\d+)?(?:/[^?#@\s]*)?", url)
    return match.group(1) if match else ""


def _url(text: str) -> str:
    host = host_of(text)
    if not host or (text.startswith("http://") and host not in LOOPBACK_HOSTS):
        raise ValueError("an https URL (plain http only for loopback), without a user or a query")
    return text.rstrip("/")


def _optional_url(text: str) -> str:
    return _url(text) if text else ""


#: Where a company has an organisation; the Analytics API calls claude.ai's by another id than files do.
SURFACES = ("console", "claude_ai", "analytics")


def _organizations(text: str) -> dict[str, str]:
    expected = "a list such as console:<uuid>,claude_ai:<uuid>,analytics:org_…"
    found: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        surface, _, identifier = part.partition(":")
        if surface not in SURFACES or surface in found:
            raise ValueError(expected)
        if surface == "analytics":
            if not re.fullmatch(r"org_[A-Za-z0-9]{1,64}", identifier):
                raise ValueError(expected)
            found[surface] = identifier
            continue
        try:
            found[surface] = str(UUID(identifier))
        except ValueError:
            raise ValueError(expected) from None
    return found


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError("the name of a time zone, such as UTC or Europe/Berlin") from None


ROLES = frozenset({"Usage.Read", "Usage.Read.Named", "Usage.Upload", "Usage.Admin"})


def _roles(text: str) -> frozenset[str]:
    roles = frozenset(filter(None, (role.strip() for role in text.split(","))))
    if not roles <= ROLES:
        raise ValueError("a list out of " + ", ".join(sorted(ROLES)))
    return roles


def _six_fields(text: str) -> str:
    if len(text.split()) != 6:
        raise ValueError("an NCRONTAB expression of six fields, seconds first")
    return text


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("true or false")
    return text.lower() == "true"


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return text

    return parse


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATA_STORAGE",
        "",
        "Connection string of the data storage account, for a local emulator only; in Azure the four "
        "`DATA_STORAGE__…` settings below take its place.",
        secret=True,
    ),
    Setting("DATA_STORAGE__blobServiceUri", "", "Blob endpoint of the data account.", _optional_url),
    Setting("DATA_STORAGE__queueServiceUri", "", "Queue endpoint of the data account.", _optional_url),
    Setting("DATA_STORAGE__tableServiceUri", "", "Table endpoint of the data account.", _optional_url),
    Setting("DATA_STORAGE__clientId", "", "Client id of the managed identity that may use it."),
    Setting(
        "ANTHROPIC_ADMIN_KEY",
        "",
        "Admin API key of the Console organisation, for a local run or as a Key Vault reference.",
        secret=True,
    ),
    Setting(
        "ANTHROPIC_ADMIN_KEY_SECRET",
        "",
        "Name of the Key Vault secret that holds the Admin API key; read with the managed identity.",
    ),
    Setting(
        "ANTHROPIC_ANALYTICS_KEY",
        "",
        "Enterprise Analytics API key of the claude.ai organisation (Enterprise plan), likewise. Both keys "
        "may be set.",
        secret=True,
    ),
    Setting(
        "ANTHROPIC_ANALYTICS_KEY_SECRET",
        "",
        "Name of the Key Vault secret that holds the Enterprise Analytics API key.",
    ),
    Setting(
        "KEY_VAULT_URL", "", "The vault of these secrets, `https://<name>.vault.azure.net`.", _optional_url
    ),
    Setting("ANTHROPIC_BASE_URL", "https://api.anthropic.com", "Where the vendor's API is.", _url),
    Setting(
        "EXPECTED_ORGANIZATIONS",
        "",
        "The organisations that the data must be of: `console:<uuid>,claude_ai:<uuid>,analytics:org_…`. A "
        "company has one id on each surface. Unset, nothing proves that the key is of the right one.",
        _organizations,
    ),
    Setting(
        "REFRESH_SCHEDULE", "0 5 * * * *", "When the timer refreshes (NCRONTAB).", _six_fields, platform=True
    ),
    Setting("BACKFILL_DAYS", "90", "How many days back the first refresh goes.", _whole(1, 400)),
    Setting("TRAILING_DAYS", "5", "How many finished days are read again at each refresh.", _whole(3, 30)),
    Setting("FETCH_CONCURRENCY", "4", "Requests to the vendor under way at once.", _whole(1, 16)),
    Setting(
        "REFRESH_BUDGET_SECONDS",
        "480",
        "How long one refresh may work before it stops and leaves the rest to the next; below "
        "host.json's functionTimeout.",
        _whole(10, 540),
    ),
    Setting(
        "EXPORT_TRIGGER",
        "EventGrid",
        "How the host learns of dropped files: `EventGrid` in Azure, `LogsAndContainerScan` (polling) "
        "locally.",
        _one_of("EventGrid", "LogsAndContainerScan"),
        platform=True,
    ),
    Setting("EXPORT_TIMEZONE", "UTC", "The time zone of dates in file and folder names.", _zone),
    Setting(
        "EXPORT_LAG_HOURS",
        "24",
        "How far the vendor's dashboard may be behind: a look speaks of some moment within it.",
        _whole(0, 96),
    ),
    Setting(
        "EXPORT_CADENCE_DAYS",
        "7",
        "How often an export is expected: `freshness` warns a day later.",
        _whole(1, 31),
    ),
    Setting(
        "CORRECTION_TOLERANCE",
        "5,1",
        "A count may fall by so many lines, or by this percentage of it, whichever is more, and be the "
        "vendor's correction; a larger fall is a contradiction.",
        _allowed,
    ),
    Setting(
        "RECONCILIATION_TOLERANCE",
        "50,5",
        "Two sources of one population disagree when they differ by more than so many lines and by more "
        "than this percentage.",
        _allowed,
    ),
    Setting(
        "EXPORT_MAX_BYTES",
        "33554432",
        "A larger dropped file is refused unread.",
        _whole(1024, 1 << 30),
    ),
    Setting(
        "FACT_RETENTION_DAYS",
        "400",
        "How long it is kept what each engineer did; the period rows made of it stay for good.",
        _whole(62, 400),
    ),
    Setting(
        "RAW_RETENTION_DAYS",
        "400",
        "How long raw answers and files, receipts and quarantine are kept; what still counts stays.",
        _whole(62, 3650),
    ),
    Setting(
        "AUDIT_RETENTION_DAYS",
        "1100",
        "How long the audit, and the records of runs, are kept.",
        _whole(62, 3650),
    ),
    Setting(
        "SOFT_DELETE_DAYS",
        "14",
        "For how long the data account keeps deleted blobs: who was erased is gone when it ends.",
        _whole(0, 365),
    ),
    Setting(
        "GRACE_DAYS",
        "14",
        "For how many days on the roster nobody is said to have not yet started.",
        _whole(0, 90),
    ),
    Setting(
        "SHOW_NAMES",
        "false",
        "Whether `/api/engineers` names engineers, to readers with the role Usage.Read.Named. Each look is "
        "written into the audit.",
        _yes_or_no,
    ),
    Setting(
        "DEVELOPMENT_PRINCIPAL",
        "",
        "Name of the reader on a developer's machine; refused in Azure and beside real storage.",
        developer=True,
    ),
    Setting(
        "DEVELOPMENT_ROLES", "Usage.Read", "Roles of that reader, comma-separated.", _roles, developer=True
    ),
    Setting("DEMO_WORLD", "", "Name of the simulated world; each response then says `demo`.", developer=True),
)


def load(environ: Mapping[str, str]) -> Settings:
    """Read and check every setting.

    Raises SettingsError naming each unusable setting at once; values of secrets are never quoted.
    """
    problems: list[str] = []
    read: dict[str, Any] = {}
    for setting in SETTINGS:
        text = environ.get(setting.name, "").strip() or setting.default
        try:
            read[setting.name] = setting.parse(text)
        except ValueError as error:
            problems.append(f"{setting.name}: found {_found(setting, text)}, expected {error}")
            read[setting.name] = None
    uris = {
        service: read[f"DATA_STORAGE__{service}ServiceUri"]
        for service in ("blob", "queue", "table")
        if read[f"DATA_STORAGE__{service}ServiceUri"]
    }
    settings = Settings(
        data_storage=read["DATA_STORAGE"],
        data_storage_uris=uris,
        data_storage_client_id=read["DATA_STORAGE__clientId"],
        anthropic_base_url=read["ANTHROPIC_BASE_URL"],
        keys_set=frozenset(name for name in KEYS if read[name]),
        key_secrets={name: read[f"{name}_SECRET"] for name in KEYS if read[f"{name}_SECRET"]},
        key_vault_url=read["KEY_VAULT_URL"],
        expected_organizations=read["EXPECTED_ORGANIZATIONS"] or {},
        backfill_days=read["BACKFILL_DAYS"],
        trailing_days=read["TRAILING_DAYS"],
        fetch_concurrency=read["FETCH_CONCURRENCY"],
        refresh_budget_seconds=read["REFRESH_BUDGET_SECONDS"],
        export_timezone=read["EXPORT_TIMEZONE"],
        export_lag_hours=read["EXPORT_LAG_HOURS"],
        export_cadence_days=read["EXPORT_CADENCE_DAYS"],
        export_max_bytes=read["EXPORT_MAX_BYTES"],
        fact_retention_days=read["FACT_RETENTION_DAYS"],
        raw_retention_days=read["RAW_RETENTION_DAYS"],
        audit_retention_days=read["AUDIT_RETENTION_DAYS"],
        soft_delete_days=read["SOFT_DELETE_DAYS"],
        grace_days=read["GRACE_DAYS"],
        show_names=bool(read["SHOW_NAMES"]),
        correction_tolerance=read["CORRECTION_TOLERANCE"],
        reconciliation_tolerance=read["RECONCILIATION_TOLERANCE"],
        development_principal=read["DEVELOPMENT_PRINCIPAL"],
        development_roles=read["DEVELOPMENT_ROLES"] or frozenset(),
        demo_world=read["DEMO_WORLD"],
        in_azure=any(environ.get(mark) for mark in AZURE_MARKS),
        easy_auth=environ.get("WEBSITE_AUTH_ENABLED", "").lower() == "true",
    )
    problems.extend(_contradictions(settings))
    if problems:
        raise SettingsError(problems)
    return settings


#: What a text that may carry a secret has in it: it is not quoted, whatever setting it stands in.
_TELLTALE = re.compile(r"sk-ant|AccountKey|[?@]", re.IGNORECASE)


def _found(setting: Setting, text: str) -> str:
    """What was found, for a message: never a secret, and never much of anything."""
    if setting.secret or _TELLTALE.search(text):
        return "a value"
    return repr(text[:60])


def _contradictions(settings: Settings) -> list[str]:
    problems = []
    if not settings.data_storage and len(settings.data_storage_uris) != 3:
        problems.append(
            "DATA_STORAGE: found nothing, expected a connection string or all of "
            "DATA_STORAGE__blobServiceUri, DATA_STORAGE__queueServiceUri, DATA_STORAGE__tableServiceUri"
        )
    if settings.key_secrets and not settings.key_vault_url:
        named = " and ".join(f"{key}_SECRET" for key in settings.key_secrets)
        problems.append(
            f"KEY_VAULT_URL: found nothing, expected the vault that holds the secret named by {named}"
        )
    if settings.development_principal:
        if settings.in_azure or settings.easy_auth:
            problems.append(
                "DEVELOPMENT_PRINCIPAL: found in Azure, expected only on a developer's machine; remove it"
            )
        elif settings.data_storage_uris or not _on_loopback(settings.data_storage):
            problems.append(
                "DEVELOPMENT_PRINCIPAL: found beside storage that is not an emulator on this machine, "
                "expected only with one; remove it"
            )
    return problems


def _on_loopback(connection_string: str) -> bool:
    if connection_string.strip().lower() == "usedevelopmentstorage=true":
        return True
    endpoints = re.findall(r"(?:Blob|Queue|Table)Endpoint=([^;]+)", connection_string)
    return len(endpoints) == 3 and all(host_of(endpoint) in LOOPBACK_HOSTS for endpoint in endpoints)
