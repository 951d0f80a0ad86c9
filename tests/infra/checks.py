"""What must be true of a deployment. Each check returns what is wrong, a sentence each: [] is good.

They look at predicted resources, so they judge what would be made, not how it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from shared.settings import SETTINGS
from shared.store.storage import CONTAINERS, QUEUES, TABLES
from tests.infra.prediction import Prediction, Resource

Check = Callable[[Prediction], list[str]]


def _differences(of: str, found: Resource, expected: Resource) -> list[str]:
    return [
        f"{of}: {name} is {found.get(name)!r}, not {value!r}"
        for name, value in expected.items()
        if found.get(name) != value
    ]


# --- storage -------------------------------------------------------------------------------------


def storage_has_no_key_and_no_public_blob(prediction: Prediction) -> list[str]:
    """Neither account can be opened with a key, by the public, from another tenant, or in the clear."""
    locked = {
        "allowSharedKeyAccess": False,
        "defaultToOAuthAuthentication": True,
        "allowBlobPublicAccess": False,
        "allowCrossTenantReplication": False,
        "minimumTlsVersion": "TLS1_2",
        "supportsHttpsTrafficOnly": True,
    }
    wrong = [
        difference
        for account in prediction.all("storageAccounts")
        for difference in _differences(account["name"], account["properties"], locked)
    ]
    for container in prediction.all("storageAccounts/blobServices/containers"):
        wrong += _differences(container["name"], container["properties"], {"publicAccess": "None"})
    return wrong


def storage_is_laid_out_as_the_app_expects(prediction: Prediction) -> list[str]:
    """Two accounts; in the data account the tables, containers and queues of shared/store/storage.py."""
    accounts = [account["name"] for account in prediction.all("storageAccounts")]
    wrong = [] if len(accounts) == 2 else [f"there are {len(accounts)} storage accounts"]
    expected = {
        "storageAccounts/tableServices/tables": set(TABLES),
        "storageAccounts/blobServices/containers": {*CONTAINERS, "deadletter"},
        "storageAccounts/queueServices/queues": set(QUEUES),
    }
    for kind, names in expected.items():
        found = prediction.children(kind, "stdata")
        wrong += [f"{kind}: {sorted(found ^ names)} differ"] if found != names else []
    return wrong


def deleted_data_can_be_restored_and_then_is_gone(prediction: Prediction) -> list[str]:
    """Soft delete lasts as long as the app is told it does, older versions no longer, and no file that may
    still count is deleted by its age."""
    days = int(prediction.app_settings["SOFT_DELETE_DAYS"])
    service = prediction.one("storageAccounts/blobServices", "stdata")["properties"]
    lasting = {"enabled": True, "days": days}
    wrong = _differences(
        "data account",
        service,
        {
            "isVersioningEnabled": True,
            "deleteRetentionPolicy": lasting,
            "containerDeleteRetentionPolicy": lasting,
        },
    )
    rules = prediction.one("storageAccounts/managementPolicies")["properties"]["policy"]["rules"]
    for rule in (one["definition"] for one in rules):
        prefixes = rule["filters"].get("prefixMatch", [""])
        if "baseBlob" in rule["actions"] and prefixes != ["deadletter/"]:
            wrong.append(f"lifecycle deletes blobs of {prefixes} by their age")
        version = rule["actions"].get("version")
        if version and version["delete"]["daysAfterCreationGreaterThan"] != days:
            wrong.append("lifecycle: older versions do not go when soft delete ends")
    vault = prediction.one("vaults")["properties"]
    recoverable = {"enableSoftDelete": True, "softDeleteRetentionInDays": 90, "enablePurgeProtection": True}
    return wrong + _differences("vault", vault, recoverable)


# --- secrets -------------------------------------------------------------------------------------


def nothing_reads_a_key(prediction: Prediction) -> list[str]:
    """The first phase asks no resource for its keys."""
    return [f"{said} is called" for said in sorted(set(re.findall(r"\blist[A-Z]\w*(?=\()", prediction.text)))]


def outputs_hold_no_secret(prediction: Prediction) -> list[str]:
    """What a deployment says at its end stays in its history, for every reader of the resource group."""
    telling = re.compile(
        r"list[A-Z]\w*\(|connection_?string|password|secret|(account|access|instrumentation)key",
        re.IGNORECASE,
    )
    return [
        f"output {name} may be a secret"
        for name, value in prediction.outputs.items()
        if telling.search(f"{name} {value}")
    ]


def no_secret_has_a_value(prediction: Prediction) -> list[str]:
    """The vault's values are put in by people, and the vault decides by roles alone."""
    wrong = [f"{one['name']} has a value" for one in prediction.all("vaults/secrets")]
    return wrong + _differences(
        "vault",
        prediction.one("vaults")["properties"],
        {"enableRbacAuthorization": True, "enabledForTemplateDeployment": False},
    )


# --- the app -------------------------------------------------------------------------------------

#: What Flex Consumption forbids: https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan
FORBIDDEN = re.compile(
    "FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_RUN_FROM_PACKAGE|WEBSITE_CONTENT.*|"
    "SCM_DO_BUILD_DURING_DEPLOYMENT|ENABLE_ORYX_BUILD|AzureWebJobsStorage|DATA_STORAGE|AzureWebJobsDashboard"
)


def flex_is_set_up_as_flex(prediction: Prediction) -> list[str]:
    """The plan is FC1 on Linux; the runtime stands where Flex reads it; nothing of the older plans is set."""
    wrong = [f"app setting {name}" for name in prediction.app_settings if FORBIDDEN.fullmatch(name)]
    site = prediction.one("sites")["properties"]
    wrong += [
        f"siteConfig.{name}"
        for name in ("linuxFxVersion", "healthCheckPath", "alwaysOn")
        if name in site["siteConfig"]
    ]
    plan = prediction.one("serverfarms")
    wrong += _differences("plan", plan, {"sku": {"tier": "FlexConsumption", "name": "FC1"}})
    wrong += _differences("plan", plan["properties"], {"reserved": True})
    config = site["functionAppConfig"]
    wrong += _differences("runtime", config["runtime"], {"name": "python", "version": "3.13"})
    wrong += _differences(
        "code package",
        config["deployment"]["storage"]["authentication"],
        {"type": "UserAssignedIdentity", "userAssignedIdentityResourceId": prediction.one(_IDENTITY)["id"]},
    )
    if config["scaleAndConcurrency"]["maximumInstanceCount"] < 40:
        wrong.append("fewer than 40 instances")
    return wrong + [f"slot {one['name']}" for one in prediction.all("sites/slots")]


_IDENTITY = "userAssignedIdentities"


def the_app_has_one_identity_and_no_password(prediction: Prediction) -> list[str]:
    """One user-assigned identity; TLS 1.2; no FTP; no basic credentials for publishing."""
    site, identity = prediction.one("sites"), prediction.one(_IDENTITY)
    wrong = _differences(
        "site",
        site,
        {
            "kind": "functionapp,linux",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity["id"]: {}}},
        },
    )
    wrong += _differences("site", site["properties"], {"httpsOnly": True})
    wrong += _differences(
        "site",
        site["properties"]["siteConfig"],
        {"minTlsVersion": "1.2", "scmMinTlsVersion": "1.2", "ftpsState": "Disabled", "http20Enabled": True},
    )
    policies = {
        one["name"].rpartition("/")[2]: one["properties"]
        for one in prediction.all("sites/basicPublishingCredentialsPolicies")
    }
    closed: Resource = {"ftp": {"allow": False}, "scm": {"allow": False}}
    return wrong + _differences("basic publishing credentials", policies, closed)


def both_connections_are_complete(prediction: Prediction) -> list[str]:
    """A blob trigger with an identity needs the queue's address beside the blobs', or is never indexed."""
    settings, wrong = prediction.app_settings, []
    client = settings.get("AZURE_CLIENT_ID", "")
    for connection, account in (("AzureWebJobsStorage", "sthost"), ("DATA_STORAGE", "stdata")):
        found = {
            name.partition("__")[2]: value
            for name, value in settings.items()
            if name.startswith(f"{connection}__")
        }
        wrong += _differences(connection, found, {"credential": "managedidentity", "clientId": client})
        for service in ("blob", "queue", "table"):
            said = found.get(f"{service}ServiceUri", "")
            if f".{service}." not in said or account not in said:
                wrong.append(f"{connection}__{service}ServiceUri is {said!r}")
    return wrong


#: What the platform reads, beside the settings of shared/settings.py.
OF_THE_PLATFORM = re.compile(
    "AzureWebJobsStorage__.*|DATA_STORAGE__credential|AZURE_CLIENT_ID|"
    "APPLICATIONINSIGHTS_(CONNECTION|AUTHENTICATION)_STRING|OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
)

#: Said by the deployment itself, which alone knows it.
_COMPUTED = re.compile("DATA_STORAGE__.*|KEY_VAULT_URL")


def each_setting_is_told(prediction: Prediction) -> list[str]:
    """Every setting that applies in Azure is there, as settings.py has it; none that is a secret or for a
    developer's machine, and none that nobody reads."""
    told = prediction.app_settings
    here = {setting.name: setting for setting in SETTINGS if setting.in_azure}
    wrong = [f"{name} is not told" for name in sorted(here.keys() - told.keys())]
    unknown = [name for name in told if name not in here and not OF_THE_PLATFORM.fullmatch(name)]
    wrong += [f"{name} is told, and should not be" for name in unknown]
    for name, setting in here.items():
        try:
            setting.parse(_readable(told.get(name, "")) or setting.default)
        except ValueError as error:
            wrong.append(f"{name}: expected {error}")
    return wrong


def _readable(value: str) -> str:
    """The value, or "" where only a real deployment can compute it."""
    return "" if value.startswith("[") else value


def defaults_are_those_of_the_app(prediction: Prediction) -> list[str]:
    """Where a parameter file says nothing, Azure has the default that settings.py and the README have."""
    told = prediction.app_settings
    return [
        f"{setting.name} is {told[setting.name]!r}, its default {setting.default!r}"
        for setting in SETTINGS
        if setting.name in told
        and not _COMPUTED.fullmatch(setting.name)
        and told[setting.name] != setting.default
    ]


# --- who comes in --------------------------------------------------------------------------------


def cors_names_its_origins(prediction: Prediction) -> list[str]:
    """Only the front end's pages, and over https except from a developer's machine."""
    allowed = prediction.one("sites")["properties"]["siteConfig"]["cors"]
    proper = re.compile(r"https://[\w.-]+(:\d+)?|http://localhost(:\d+)?")
    wrong = [f"CORS lets {origin} in" for origin in allowed["allowedOrigins"] if not proper.fullmatch(origin)]
    return wrong + _differences("CORS", allowed, {"supportCredentials": False})


def everybody_signs_in(prediction: Prediction) -> list[str]:
    """EasyAuth stands before all routes but Event Grid's webhook and liveness, without a client secret."""
    config = prediction.one("sites/config")
    said = config["properties"]
    wrong = [] if config["name"].endswith("/authsettingsV2") else [f"{config['name']} is no authsettingsV2"]
    wrong += _differences("platform", said["platform"], {"enabled": True})
    wrong += _differences(
        "globalValidation",
        said["globalValidation"],
        {
            "requireAuthentication": True,
            "unauthenticatedClientAction": "Return401",
            "excludedPaths": ["/runtime/webhooks/blobs", "/api/health"],
        },
    )
    entra = said["identityProviders"]["azureActiveDirectory"]
    client = entra["registration"]["clientId"]
    wrong += _differences("registration", entra["registration"], {"clientSecretSettingName": _NO_SECRET})
    wrong += _differences(
        "validation", entra["validation"], {"allowedAudiences": [f"api://{client}", client]}
    )
    wrong += _differences("token store", said["login"]["tokenStore"], {"enabled": False})
    if _NO_SECRET not in prediction.app_settings:
        wrong.append(f"{_NO_SECRET} is not told")
    return wrong


_NO_SECRET = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"


def uploaders_may_create_and_no_more(prediction: Prediction) -> list[str]:
    """The one role of ours lets somebody create blobs; not read, list, overwrite or delete them."""
    only = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action"
    wrong = []
    for role in prediction.all("roleDefinitions"):
        for granted in role["properties"]["permissions"]:
            wrong += _differences(
                role["properties"]["roleName"], granted, {"actions": [], "dataActions": [only]}
            )
    return wrong


def assignments_say_what_kind_of_principal(prediction: Prediction) -> list[str]:
    """Without a principalType the first deployment fails while the directory has not heard of an identity."""
    return [
        f"{one['name']} has no principalType"
        for one in prediction.all("roleAssignments")
        if "principalType" not in one["properties"]
    ]


# --- what is seen --------------------------------------------------------------------------------


def logs_are_kept_and_take_no_key(prediction: Prediction) -> list[str]:
    """Workspace and Application Insights take no key; addresses are masked; use of secrets and of files is
    logged; the day's amount is bounded."""
    workspace = prediction.one("workspaces")["properties"]
    wrong = _differences("workspace", workspace["features"], {"disableLocalAuth": True})
    if not 30 <= workspace["retentionInDays"] <= 90 or workspace["workspaceCapping"]["dailyQuotaGb"] < 1:
        wrong.append("workspace: logs are kept too short, too long, or without bound")
    wrong += _differences(
        "Application Insights",
        prediction.one("components")["properties"],
        {
            "DisableLocalAuth": True,
            "DisableIpMasking": False,
            "WorkspaceResourceId": prediction.one("workspaces")["id"],
        },
    )
    return wrong + [f"nothing logs {what}" for what in _unlogged(prediction)]


def _unlogged(prediction: Prediction) -> Iterator[str]:
    logged = {
        (one["id"].partition("/providers/Microsoft.Insights/")[0], log["category"])
        for one in prediction.all("diagnosticSettings")
        for log in one["properties"]["logs"]
        if log["enabled"]
    }
    wanted = {
        ("/vaults/kv-", "AuditEvent"),
        ("stdata.*/blobServices/default", "StorageRead"),
        ("stdata.*/blobServices/default", "StorageWrite"),
        ("stdata.*/blobServices/default", "StorageDelete"),
        ("stdata.*/tableServices/default", "StorageRead"),
        ("stdata.*/queueServices/default", "StorageWrite"),
        ("sthost.*/queueServices/default", "StorageWrite"),
    }
    for pattern, category in sorted(wanted):
        if not any(re.search(pattern, scope) and category == found for scope, found in logged):
            yield f"{category} of {pattern}"


def alerts_reach_somebody(prediction: Prediction) -> list[str]:
    """Each alert is on, tells the action group, looks back further than its rhythm, says where help is."""
    group = prediction.one("actionGroups")
    wrong = [] if group["properties"]["emailReceivers"] else ["nobody is written to"]
    for rule in prediction.all("scheduledQueryRules") + prediction.all("metricAlerts"):
        said, name = rule["properties"], rule["name"]
        wrong += _differences(name, said, {"enabled": True, "autoMitigate": True})
        if group["id"] not in str(said["actions"]):
            wrong.append(f"{name} tells nobody")
        if _duration(said["evaluationFrequency"]) >= _duration(said["windowSize"]):
            wrong.append(f"{name} would miss what is logged late")
        if "docs/operations.md" not in said["description"]:
            wrong.append(f"{name} does not say what to do")
    for budget in prediction.all("budgets"):
        for notice in budget["properties"]["notifications"].values():
            wrong += _differences("budget", notice, {"enabled": True, "contactGroups": [group["id"]]})
    return wrong


def _duration(said: str) -> timedelta:
    number, unit = re.fullmatch(r"PT?(\d+)([MHD])", said).groups()  # type: ignore[union-attr]
    return int(number) * {"M": timedelta(minutes=1), "H": timedelta(hours=1), "D": timedelta(days=1)}[unit]


def queries_are_silent_for_those_who_are_well(prediction: Prediction) -> list[str]:
    """A locked source, an app without any live source, and a first look at an empty store are no trouble."""
    queries = queries_of(prediction)
    absence = queries.get("no-successful-refresh", "")
    wrong = [
        f"no-successful-refresh takes {well} for a failure"
        for well in ("'skipped'", "'source.locked'", "'partial'", "'ok'")
        if well not in absence
    ]
    if "summarize" not in absence:
        wrong.append("no-successful-refresh: where nothing is logged at all, it has no row")
    if "isnotempty(said['from'])" not in queries.get("trust-lost", ""):
        wrong.append("trust-lost fires for a new installation")
    wrong += [
        f"{name} fires for a locked source"
        for name, query in queries.items()
        if "source.locked" in query and name != "no-successful-refresh"
    ]
    return wrong


def queries_of(prediction: Prediction) -> dict[str, str]:
    """What each log alert asks, by its name."""
    return {
        rule["name"]: rule["properties"]["criteria"]["allOf"][0]["query"]
        for rule in prediction.all("scheduledQueryRules")
    }


# --- everything ----------------------------------------------------------------------------------


def versions_are_stable(prediction: Prediction) -> list[str]:
    """No preview version, but for diagnostic settings, which have no other."""
    return [
        f"{one['type']}@{one['apiVersion']}"
        for one in prediction.resources
        if "preview" in one["apiVersion"] and not one["type"].endswith("/diagnosticSettings")
    ]


FIRST_PHASE: tuple[Check, ...] = (
    storage_has_no_key_and_no_public_blob,
    storage_is_laid_out_as_the_app_expects,
    deleted_data_can_be_restored_and_then_is_gone,
    nothing_reads_a_key,
    outputs_hold_no_secret,
    no_secret_has_a_value,
    flex_is_set_up_as_flex,
    the_app_has_one_identity_and_no_password,
    both_connections_are_complete,
    each_setting_is_told,
    cors_names_its_origins,
    everybody_signs_in,
    uploaders_may_create_and_no_more,
    assignments_say_what_kind_of_principal,
    logs_are_kept_and_take_no_key,
    alerts_reach_somebody,
    queries_are_silent_for_those_who_are_well,
    versions_are_stable,
)


def events_come_to_the_app(prediction: Prediction) -> list[str]:
    """The second phase: every file of the drop container, whatever its ending, to the function, with the
    host's key; what cannot be delivered is kept by the topic's own identity."""
    said = prediction.one("systemTopics/eventSubscriptions")["properties"]
    url = said["destination"]["properties"]["endpointUrl"]
    needed = ("/runtime/webhooks/blobs?functionName=Host.Functions.", "'ingest_export'", "blobs_extension")
    wrong = [f"the address lacks {part}" for part in needed if part not in url]
    wrong += _differences(
        "filter",
        said["filter"],
        {
            "subjectBeginsWith": "/blobServices/default/containers/drop/blobs/",
            "includedEventTypes": ["Microsoft.Storage.BlobCreated"],
            "subjectEndsWith": None,
        },
    )
    patience = {"maxDeliveryAttempts": 30, "eventTimeToLiveInMinutes": 1440}
    wrong += _differences("retry", said["retryPolicy"], patience)
    letters = said.get("deadLetterWithResourceIdentity", {})
    kept = letters.get("deadLetterDestination", {}).get("properties", {})
    wrong += _differences("dead letters", kept, {"blobContainerName": "deadletter"})
    return wrong + _differences("dead letters", letters, {"identity": {"type": "SystemAssigned"}})
