"""What a deployment would make, for asking."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

Resource = dict[str, Any]


@dataclass(frozen=True)
class Prediction:
    """The predicted resources and outputs of one parameter file."""

    resources: list[Resource]
    outputs: dict[str, Any]

    @classmethod
    def of(cls, snapshot: dict[str, Any]) -> Prediction:
        return cls(snapshot["predictedResources"], snapshot["outputs"])

    def all(self, kind: str) -> list[Resource]:
        """Those of one type, without its provider: ``storageAccounts/blobServices``."""
        return [one for one in self.resources if one["type"].partition("/")[2] == kind]

    def one(self, kind: str, name: str = "") -> Resource:
        """The only one of a type whose name contains ``name``."""
        (found,) = [one for one in self.all(kind) if name in one["name"]]
        return found

    def children(self, kind: str, parent: str) -> set[str]:
        """The last parts of the names of those whose parent's name contains ``parent``."""
        names = [one["name"] for one in self.all(kind)]
        return {name.rpartition("/")[2] for name in names if parent in name}

    @property
    def app_settings(self) -> dict[str, str]:
        listed = self.one("sites")["properties"]["siteConfig"]["appSettings"]
        return {one["name"]: one["value"] for one in listed}

    @property
    def text(self) -> str:
        return json.dumps([self.resources, self.outputs])


#: Roles by their ids: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
ROLES = {
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
    "974c5e8b-45b9-4653-ba55-5f855dd0fb88": "Storage Queue Data Contributor",
    "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a": "Storage Queue Data Message Sender",
    "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Storage Table Data Contributor",
    "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
    "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
    "428e0ff0-5e57-4d9c-a221-2c70d0e0a443": "EventGrid EventSubscription Contributor",
}

_SCOPES = {
    r"/storageAccounts/sthost\w+$": "host account",
    r"/storageAccounts/stdata\w+$": "data account",
    r"/storageAccounts/stdata\w+/blobServices/default/containers/(\w+)$": r"container {}",
    r"/storageAccounts/stdata\w+/queueServices/default/queues/(\w+)$": r"queue {}",
    r"/vaults/kv-\w+$": "vault",
    r"/components/appi-[\w-]+$": "Application Insights",
    r"/systemTopics/evgt-[\w-]+$": "Event Grid topic",
}


def may_do(prediction: Prediction, people: dict[str, str]) -> set[tuple[str, str, str]]:
    """Every role assignment as (principal, role, scope); ``people`` names object ids.

    What has no name here is returned as it is, so that it equals nothing that was expected.
    """
    custom = {one["id"]: one for one in prediction.all("roleDefinitions")}
    return {
        (
            _principal(one["properties"]["principalId"], people),
            _role(one["properties"]["roleDefinitionId"], custom),
            _scope(one["id"].partition("/providers/Microsoft.Authorization/")[0]),
        )
        for one in prediction.all("roleAssignments")
    }


def _principal(said: str, people: dict[str, str]) -> str:
    if "userAssignedIdentities/id-scoreboard-" in said:
        return "app"
    if "systemTopics/evgt-scoreboard-" in said:
        return "Event Grid topic"
    return people.get(said, said)


def _role(said: str, custom: dict[str, Resource]) -> str:
    if said in custom:
        return str(custom[said]["properties"]["roleName"]).partition(" (")[0]
    identifier = said.rpartition("/")[2]
    return ROLES.get(identifier, identifier)


def _scope(said: str) -> str:
    for pattern, name in _SCOPES.items():
        if found := re.search(pattern, said):
            return name.format(*found.groups())
    return said
