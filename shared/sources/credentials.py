"""Where a source's key comes from: the environment, or Key Vault read with the managed identity.

A key is read when a run starts, and again where the vendor refuses it: one that was rotated in the vault is
used at once. No message here carries a key, nor the text of a library's exception.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.errors import SourceMisconfigured, SourceUnavailable
from shared.sources.keys import ADMIN_KEY, KeyKind

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

    from shared.settings import Settings

#: Patience with the vault: seconds to connect, seconds for an answer, attempts after the first.
VAULT_OPTIONS: Mapping[str, Any] = {"connection_timeout": 5, "read_timeout": 10, "retry_total": 3}


@dataclass(frozen=True, slots=True)
class Key:
    """A key. ``version``: of the secret in the vault, which tells one key from the next and nothing of
    either; empty for a key of the environment, which lasts as long as the process."""

    text: str = field(repr=False)
    version: str = ""


def key_of(
    kind: KeyKind,
    settings: Settings,
    environ: Mapping[str, str],
    *,
    credential: TokenCredential | None = None,
    vault_options: Mapping[str, Any] = VAULT_OPTIONS,
) -> Key:
    """The key of a kind: out of the environment, else the secret that the settings name.

    Raises SourceMisconfigured where there is none or it cannot be a key, SourceUnavailable where the
    vault does not answer for now.
    """
    text = environ.get(kind.setting, "")
    name = settings.key_secrets.get(kind.setting, "")
    if text.strip() or not (name and settings.key_vault_url):
        return Key(usable_key(text, kind))
    found = _secret(kind, name, settings, environ, credential, vault_options)
    return Key(usable_key(found.text, kind), found.version)


def usable_key(text: str, kind: KeyKind = ADMIN_KEY) -> str:
    """The key without blanks around it; what cannot be one raises SourceMisconfigured with the cure."""
    key = text.strip()
    if not key:
        raise SourceMisconfigured(
            f"there is no {kind.called}", action=f"Set {kind.setting}, or {kind.secret} and KEY_VAULT_URL."
        )
    if key.lower().startswith("@microsoft.keyvault("):
        raise SourceMisconfigured(
            "the key is an unresolved Key Vault reference",
            action=f"Check that the secret which {kind.setting} refers to exists and is enabled, and that "
            "the app's identity has the role Key Vault Secrets User on the vault; then restart the app.",
        )
    if not re.fullmatch(r"[!-~]+", key):
        raise SourceMisconfigured(
            "the key has characters that no key has (blanks, line breaks, or outside ASCII)",
            action="Copy the key again, in one piece.",
        )
    return key


def _secret(
    kind: KeyKind,
    name: str,
    settings: Settings,
    environ: Mapping[str, str],
    credential: TokenCredential | None,
    options: Mapping[str, Any],
) -> Key:
    # Imported here: together they cost more than the rest of a request.
    from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
    from azure.keyvault.secrets import SecretClient

    if name.startswith("sk-ant-") or not re.fullmatch(r"[0-9A-Za-z-]{1,127}", name):
        raise SourceMisconfigured(
            f"{kind.secret} is not the name of a secret",  # it may be the key itself, so it goes into no URL
            action=f"Store the key in the vault, and set {kind.secret} to that secret's name.",
        )
    failure: SourceMisconfigured | SourceUnavailable
    try:
        identity = credential or identity_of_app(settings, environ)
        with SecretClient(settings.key_vault_url, identity, **options) as vault:
            secret = vault.get_secret(name)
            return Key(secret.value or "", secret.properties.version or "")
    except ClientAuthenticationError:
        failure = SourceMisconfigured(
            "the app's identity is not accepted by Key Vault",
            action="Check the managed identity and AZURE_CLIENT_ID; locally, sign in with `az login`.",
        )
    except HttpResponseError as error:
        failure = _refused(kind, error.status_code)
    except AzureError as error:
        failure = SourceUnavailable(
            f"Key Vault does not answer: {type(error).__name__}",
            action="Check KEY_VAULT_URL and the network; the next run tries again.",
        )
    except ValueError:  # the client's word for a challenge of another domain, among others
        failure = SourceMisconfigured(
            "what answers at KEY_VAULT_URL is not that vault", action="Check KEY_VAULT_URL."
        )
    raise failure


def _refused(kind: KeyKind, status: int | None) -> SourceMisconfigured | SourceUnavailable:
    if status == 403:
        return SourceMisconfigured(
            f"Key Vault refuses to show the secret that {kind.secret} names",
            status=status,
            action="Give the app's identity the role Key Vault Secrets User, and enable the secret.",
        )
    if status is not None and status < 500 and status not in (408, 429):
        return SourceMisconfigured(
            f"Key Vault has no usable secret of the name in {kind.secret} (status {status})",
            status=status,
            action=f"Check {kind.secret} and KEY_VAULT_URL, or create the secret.",
        )
    return SourceUnavailable(
        f"Key Vault fails for now (status {status})", status=status, action="The next run tries again."
    )


def identity_of_app(settings: Settings, environ: Mapping[str, str]) -> TokenCredential:
    """In Azure the managed identity that ``AZURE_CLIENT_ID`` names; elsewhere whoever is signed in."""
    from azure.identity import DefaultAzureCredential, ManagedIdentityCredential

    if settings.in_azure:
        return ManagedIdentityCredential(client_id=environ.get("AZURE_CLIENT_ID") or None)
    return DefaultAzureCredential()
