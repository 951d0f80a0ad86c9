"""Where a source's key comes from: the environment, or Key Vault read with the managed identity.

A key is read when a run starts and lives as long as that run: a rotated one is used by the next.
No message here carries a key, nor the text of a library's exception.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared.errors import SourceMisconfigured, SourceUnavailable

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

    from shared.settings import Settings

KEY = "ANTHROPIC_ADMIN_KEY"
SECRET = "ANTHROPIC_ADMIN_KEY_SECRET"  # noqa: S105 - the name of the setting that names the secret

#: Patience with the vault: seconds to connect, seconds for an answer, attempts after the first.
VAULT_OPTIONS: Mapping[str, Any] = {"connection_timeout": 5, "read_timeout": 10, "retry_total": 3}


def admin_key(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    credential: TokenCredential | None = None,
    vault_options: Mapping[str, Any] = VAULT_OPTIONS,
) -> str:
    """The Admin API key: ``ANTHROPIC_ADMIN_KEY``, else the secret that the settings name.

    Raises SourceMisconfigured where there is none or it cannot be a key, SourceUnavailable where the
    vault does not answer for now.
    """
    text = environ.get(KEY, "")
    if text.strip():
        return usable_key(text)
    if settings.anthropic_admin_key_secret and settings.key_vault_url:
        return usable_key(_secret(settings, environ, credential, vault_options))
    return usable_key("")


def usable_key(text: str) -> str:
    """The key without blanks around it; what cannot be one raises SourceMisconfigured with the cure."""
    key = text.strip()
    if not key:
        raise SourceMisconfigured(
            "there is no Admin API key", action=f"Set {KEY}, or {SECRET} and KEY_VAULT_URL."
        )
    if key.lower().startswith("@microsoft.keyvault("):
        raise SourceMisconfigured(
            "the key is an unresolved Key Vault reference",
            action=f"Check that the secret which {KEY} refers to exists and is enabled, and that the app's "
            "identity has the role Key Vault Secrets User on the vault; then restart the app.",
        )
    if not re.fullmatch(r"[!-~]+", key):
        raise SourceMisconfigured(
            "the key has characters that no key has (blanks, line breaks, or outside ASCII)",
            action="Copy the key again, in one piece.",
        )
    return key


def kind_hint(text: str) -> str:
    """A sentence where the key looks like one for another API; only the vendor's answer decides."""
    if text.strip().startswith("sk-ant-api"):
        return "The key begins with sk-ant-api, as keys do that cannot use the Admin API (sk-ant-admin…)."
    return ""


def _secret(
    settings: Settings,
    environ: Mapping[str, str],
    credential: TokenCredential | None,
    options: Mapping[str, Any],
) -> str:
    # Imported here: together they cost more than the rest of a request.
    from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
    from azure.keyvault.secrets import SecretClient

    name = settings.anthropic_admin_key_secret
    if name.startswith("sk-ant-") or not re.fullmatch(r"[0-9A-Za-z-]{1,127}", name):
        raise SourceMisconfigured(
            f"{SECRET} is not the name of a secret",  # it may be the key itself, so it goes into no URL
            action=f"Store the key in the vault, and set {SECRET} to that secret's name.",
        )
    failure: SourceMisconfigured | SourceUnavailable
    try:
        identity = credential or identity_of_app(settings, environ)
        with SecretClient(settings.key_vault_url, identity, **options) as vault:
            return vault.get_secret(name).value or ""
    except ClientAuthenticationError:
        failure = SourceMisconfigured(
            "the app's identity is not accepted by Key Vault",
            action="Check the managed identity and AZURE_CLIENT_ID; locally, sign in with `az login`.",
        )
    except HttpResponseError as error:
        failure = _refused(error.status_code)
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


def _refused(status: int | None) -> SourceMisconfigured | SourceUnavailable:
    if status == 403:
        return SourceMisconfigured(
            f"Key Vault refuses to show the secret that {SECRET} names",
            status=status,
            action="Give the app's identity the role Key Vault Secrets User, and enable the secret.",
        )
    if status is not None and status < 500 and status not in (408, 429):
        return SourceMisconfigured(
            f"Key Vault has no usable secret of the name in {SECRET} (status {status})",
            status=status,
            action=f"Check {SECRET} and KEY_VAULT_URL, or create the secret.",
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
