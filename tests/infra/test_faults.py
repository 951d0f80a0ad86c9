"""Each check catches its fault: faults are written into a copy of infra/, compiled, and must be named."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from local.bicep import Bicep, BicepFailure
from tests.infra import checks
from tests.infra.conftest import PEOPLE, copy_of_infra, predict
from tests.infra.prediction import Prediction, may_do
from tests.infra.test_templates import expected_roles


class Fault(NamedTuple):
    """``old`` becomes ``new`` in a file; ``caught_by`` must complain with ``words``."""

    file: str
    old: str
    new: str
    caught_by: checks.Check
    words: str


STORAGE, SITE = "modules/storage.bicep", "modules/functionApp.bicep"
DOOR, WATCH, ROLES = "modules/authentication.bicep", "modules/alerts.bicep", "modules/roles.bicep"

#: All stand in one copy at once, so that one compilation tries them all.
FAULTS = (
    Fault(STORAGE, "allowSharedKeyAccess: false", "allowSharedKeyAccess: true",
          checks.storage_has_no_key_and_no_public_blob, "allowSharedKeyAccess is True"),
    Fault(STORAGE, "allowBlobPublicAccess: false", "allowBlobPublicAccess: true",
          checks.storage_has_no_key_and_no_public_blob, "allowBlobPublicAccess is True"),
    Fault(STORAGE, "'TLS1_2'", "'TLS1_0'",
          checks.storage_has_no_key_and_no_public_blob, "minimumTlsVersion is 'TLS1_0'"),
    Fault(STORAGE, "'receipts', ", "",
          checks.storage_is_laid_out_as_the_app_expects, "receipts"),
    Fault(STORAGE, "deleteRetentionPolicy: softDelete\n      container", "deleteRetentionPolicy: { enabled: true, days: 7 }\n      container",
          checks.deleted_data_can_be_restored_and_then_is_gone, "deleteRetentionPolicy"),
    Fault(STORAGE, "prefixMatch: ['${deadLetterContainer}/']", "prefixMatch: ['raw/']",
          checks.deleted_data_can_be_restored_and_then_is_gone, "raw/"),
    Fault("modules/vault.bicep", "enablePurgeProtection: true", "enablePurgeProtection: null",
          checks.deleted_data_can_be_restored_and_then_is_gone, "enablePurgeProtection"),
    Fault("modules/vault.bicep", "enableRbacAuthorization: true", "enableRbacAuthorization: false",
          checks.no_secret_has_a_value, "enableRbacAuthorization"),
    Fault("modules/vault.bicep", "'AuditEvent', enabled: true", "'AuditEvent', enabled: false",
          checks.logs_are_kept_and_take_no_key, "AuditEvent"),
    Fault("modules/monitoring.bicep", "DisableLocalAuth: true", "DisableLocalAuth: false",
          checks.logs_are_kept_and_take_no_key, "DisableLocalAuth"),
    Fault(SITE, "AZURE_CLIENT_ID: clientId", "AZURE_CLIENT_ID: clientId\n  FUNCTIONS_WORKER_RUNTIME: 'python'",
          checks.flex_is_set_up_as_flex, "FUNCTIONS_WORKER_RUNTIME"),
    Fault(SITE, "http20Enabled: true", "http20Enabled: true\n      healthCheckPath: '/api/health'",
          checks.flex_is_set_up_as_flex, "healthCheckPath"),
    Fault(SITE, "name: 'scm'\n    properties: { allow: false }", "name: 'scm'\n    properties: { allow: true }",
          checks.the_app_has_one_identity_and_no_password, "'allow': True"),
    Fault(SITE, "ftpsState: 'Disabled'", "ftpsState: 'FtpsOnly'",
          checks.the_app_has_one_identity_and_no_password, "ftpsState"),
    Fault(SITE, "  '${prefix}__queueServiceUri': 'https://${account}.queue.${suffix}'\n", "",
          checks.both_connections_are_complete, "DATA_STORAGE__queueServiceUri"),
    Fault(SITE, "allowedOrigins: origins", "allowedOrigins: [...origins, '*']",
          checks.cors_names_its_origins, "CORS lets * in"),
    Fault("settings.bicep", "  TRAILING_DAYS: '5'\n", "  DEVELOPMENT_PRINCIPAL: 'me'\n",
          checks.each_setting_is_told, "DEVELOPMENT_PRINCIPAL is told"),
    Fault("settings.bicep", "BACKFILL_DAYS: '90'", "BACKFILL_DAYS: '91'",
          checks.defaults_are_those_of_the_app, "BACKFILL_DAYS is '91'"),
    Fault(DOOR, "'/runtime/webhooks/blobs', ", "",
          checks.everybody_signs_in, "excludedPaths"),
    Fault(DOOR, "tokenStore: { enabled: false }", "tokenStore: { enabled: true }",
          checks.everybody_signs_in, "token store"),
    Fault(ROLES, "blobs/add/action", "blobs/write",
          checks.uploaders_may_create_and_no_more, "blobs/write"),
    Fault(ROLES, "principalId: topic.identity.principalId\n    principalType: 'ServicePrincipal'",
          "principalId: topic.identity.principalId",
          checks.assignments_say_what_kind_of_principal, "no principalType"),
    Fault(WATCH, "actions: { actionGroups: [actionGroup.id] }", "actions: {}",
          checks.alerts_reach_somebody, "tells nobody"),
    Fault(WATCH, "    or event == 'source.locked'\n", "",
          checks.queries_are_silent_for_those_who_are_well, "source.locked"),
    Fault("main.bicep", "output VAULT_NAME string = names.vault",
          "output INSIGHTS_CONNECTION string = monitoring.outputs.insightsConnectionString",
          checks.outputs_hold_no_secret, "INSIGHTS_CONNECTION"),
    Fault(SITE, "keyVaultReferenceIdentity: identity.id", "keyVaultReferenceIdentity: listKeys(plan.id, '2025-03-01').value",
          checks.nothing_reads_a_key, "listKeys"),
    Fault("modules/identity.bicep", "@2024-11-30", "@2025-01-31-preview",
          checks.versions_are_stable, "2025-01-31-preview"),
)  # fmt: skip

#: Of the second phase.
LATER_FAULTS = (
    Fault("eventSubscription.bicep", "containers/drop/blobs/'", "containers/drop/blobs/'\n      subjectEndsWith: '.csv'",
          checks.events_come_to_the_app, "subjectEndsWith"),
    Fault("eventSubscription.bicep", "type: 'SystemAssigned'", "type: 'UserAssigned'",
          checks.events_come_to_the_app, "SystemAssigned"),
    Fault("eventSubscription.bicep", "maxDeliveryAttempts: 30", "maxDeliveryAttempts: 1",
          checks.events_come_to_the_app, "maxDeliveryAttempts"),
)  # fmt: skip

#: What the compiler and its linter catch themselves, and the code with which they do.
BAD_TEXT = (
    ("modules/vault.bicep", "enableSoftDelete: true", "enableSoftDelete: true\n    unheardOf: true", "BCP037"),
    ("modules/eventTopic.bicep", "systemTopics@2025-02-15", "systemTopics@2025-02-16", "BCP081"),
    ("modules/functionApp.bicep", "environment().suffixes.storage", "'core.windows.net'", "no-hardcoded-env-urls"),
    ("modules/monitoring.bicep", "param tags texts", "param tags texts\nparam idle string", "no-unused-params"),
    ("modules/functionApp.bicep", "output hostName string = site.properties.defaultHostName",
     "output hostName string = listKeys('${site.id}/host/default', '2025-03-01').masterKey",
     "outputs-should-not-contain-secrets"),
)  # fmt: skip


def write(infra: Path, file: str, old: str, new: str) -> None:
    """Raises AssertionError where the text to replace is not there: a fault that is none tries nothing."""
    path = infra / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} no longer has {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def faulty(bicep: Bicep, folder: Path, faults: tuple[Fault, ...], parameters: str) -> Prediction:
    infra = copy_of_infra(folder)
    for fault in faults:
        write(infra, fault.file, fault.old, fault.new)
    (infra / "bicepconfig.json").unlink()  # what is tried are the checks, not the linter
    return predict(bicep, infra / parameters)


def test_each_fault_is_caught_by_its_check(bicep: Bicep, tmp_path: Path) -> None:
    """A check that lets its fault through is no check, and every check has a fault."""
    prediction = faulty(bicep, tmp_path, FAULTS, "main.bicepparam")
    missed = [fault for fault in FAULTS if fault.words not in "\n".join(fault.caught_by(prediction))]
    assert missed == []
    assert {*checks.FIRST_PHASE} <= {fault.caught_by for fault in FAULTS}


def test_a_fault_of_the_second_phase_is_caught(bicep: Bicep, tmp_path: Path) -> None:
    """A filter by ending, dead letters without the topic's identity, and no patience."""
    prediction = faulty(bicep, tmp_path, LATER_FAULTS, "eventSubscription.bicepparam")
    wrong = "\n".join(checks.events_come_to_the_app(prediction))
    assert [fault.words for fault in LATER_FAULTS if fault.words not in wrong] == []


def test_a_role_that_nobody_agreed_to_is_seen(first_phase: Prediction) -> None:
    """More for the app, a wider scope for uploaders, one more person: each differs from infra/roles.md."""
    (vault,) = [
        one for one in first_phase.all("roleAssignments") if "Secrets" in str(_role(first_phase, one))
    ][:1]
    for wider in (
        {**vault, "id": vault["id"].replace("/vaults/", "/vaultses/")},
        {**vault, "properties": {**vault["properties"], "principalId": "somebody"}},
        {**vault, "properties": {**vault["properties"], "roleDefinitionId": "/roleDefinitions/owner"}},
    ):
        with_it = Prediction([*first_phase.resources, wider], {})
        assert may_do(with_it, PEOPLE) != expected_roles()


def _role(prediction: Prediction, assignment: dict[str, object]) -> set[tuple[str, str, str]]:
    return may_do(Prediction([assignment, *prediction.all("roleDefinitions")], {}), PEOPLE)


def test_the_compiler_and_its_linter_are_heard(bicep: Bicep, tmp_path: Path) -> None:
    """A property that is none, a version that is none, a hard-wired address, an idle parameter, a secret in an
    output: each is told, so each fails the test of the templates."""
    infra = copy_of_infra(tmp_path)
    for file, old, new, _ in BAD_TEXT:
        write(infra, file, old, new)
    said = "\n".join(bicep.diagnostics(infra))
    assert [code for *_, code in BAD_TEXT if code not in said] == []


def test_a_setting_that_is_none_stops_the_deployment(bicep: Bicep, tmp_path: Path) -> None:
    """A misspelt name in a parameter file is refused before anything is made."""
    infra = copy_of_infra(tmp_path)
    write(infra, "main.bicepparam", "EXPORT_TIMEZONE: ", "EXPORT_TIME_ZONE: ")
    with pytest.raises(BicepFailure, match="names what is no setting: EXPORT_TIME_ZONE"):
        predict(bicep, infra / "main.bicepparam")
