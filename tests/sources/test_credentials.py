"""Laws of where the key comes from. The vault is a real HTTPS server on loopback, the client the real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential

from shared.errors import SourceError, SourceMisconfigured, SourceUnavailable
from shared.settings import Settings, load
from shared.sources import LIVE
from shared.sources.credentials import Key, identity_of_app, key_of, usable_key
from shared.sources.keys import ADMIN_KEY, ANALYTICS_KEY, kind_hint
from shared.sources.live import configured
from tests.sources.vaults import Identity, Secrets, certificate, options, vault_of
from tests.sources.wire import KEY

__all__ = ["certificate"]

STORAGE = {"DATA_STORAGE": "UseDevelopmentStorage=true"}


def settings(**environ: str) -> Settings:
    return load({**STORAGE, **environ})


class Nobody(Identity):
    """A credential that cannot be had."""

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        raise ClientAuthenticationError("no identity here")


@pytest.fixture(scope="module")
def vault(certificate: Path) -> Iterator[str]:
    secrets: Secrets = {"admin": f" {KEY}\n", "hidden": 403, "blank": "", "broken": 500}
    with vault_of(secrets, certificate) as url:
        yield url


def from_vault(
    url: str, name: str, certificate: Path, identity: Identity | None = None, *, any_domain: bool = True
) -> Key:
    return key_of(
        ADMIN_KEY,
        settings(KEY_VAULT_URL=url, ANTHROPIC_ADMIN_KEY_SECRET=name),
        {},
        credential=identity or Identity(),
        vault_options=options(certificate, any_domain=any_domain),
    )


def test_the_environment_comes_first() -> None:
    """A key in the environment is used, without blanks around it, and no vault is asked."""
    configured = settings(KEY_VAULT_URL="https://127.0.0.1:1", ANTHROPIC_ADMIN_KEY_SECRET="admin")
    assert key_of(ADMIN_KEY, configured, {"ANTHROPIC_ADMIN_KEY": f" {KEY}\n"}) == Key(KEY)


def test_the_vault_is_asked_where_a_secret_is_named(vault: str, certificate: Path) -> None:
    """The real client, its challenge and all, brings the secret."""
    key = from_vault(vault, "admin", certificate)
    assert (key.text, len(key.version)) == (KEY, 32)
    assert KEY not in repr(key)


@pytest.mark.parametrize(
    ("name", "raised", "words"),
    [
        ("hidden", SourceMisconfigured, "Key Vault Secrets User"),
        ("absent", SourceMisconfigured, "create the secret"),
        ("blank", SourceMisconfigured, "ANTHROPIC_ADMIN_KEY"),
        ("not/a name", SourceMisconfigured, "name"),
        (KEY, SourceMisconfigured, "Store the key in the vault"),
        ("broken", SourceUnavailable, "next run"),
    ],
)
def test_a_secret_that_cannot_be_read_says_what_to_do(
    name: str, raised: type[SourceError], words: str, vault: str, certificate: Path
) -> None:
    """A refusal and a missing secret are the operator's; a vault that fails is tried again."""
    with pytest.raises(raised) as caught:
        from_vault(vault, name, certificate)
    assert words in caught.value.action
    assert KEY not in str(caught.value) + caught.value.action


def test_an_identity_that_cannot_be_had_is_the_operators(vault: str, certificate: Path) -> None:
    """Without a token nothing is asked."""
    with pytest.raises(SourceMisconfigured, match="identity"):
        from_vault(vault, "admin", certificate, Nobody())


def test_a_stranger_in_the_vaults_place_gets_no_token(vault: str, certificate: Path) -> None:
    """A challenge that names another domain than KEY_VAULT_URL's is refused by the real client."""
    with pytest.raises(SourceMisconfigured, match="not that vault"):
        from_vault(vault, "admin", certificate, any_domain=False)


def test_a_vault_that_does_not_answer_is_tried_by_the_next_run(certificate: Path) -> None:
    """No connection is an outage, not a setting."""
    with pytest.raises(SourceUnavailable):
        from_vault("https://127.0.0.1:1", "admin", certificate)


def test_in_azure_the_app_is_its_managed_identity() -> None:
    """No developer's sign-in is tried in Azure, and no managed identity on a developer's machine alone."""
    deployed = settings(WEBSITE_SITE_NAME="scoreboard")
    with identity_of_app(deployed, {"AZURE_CLIENT_ID": "5b1f7a52"}) as identity:  # type: ignore[attr-defined]
        assert type(identity) is ManagedIdentityCredential
    with identity_of_app(settings(), {}) as identity:  # type: ignore[attr-defined]
        assert type(identity) is DefaultAzureCredential


@pytest.mark.parametrize("environ", [{}, {"ANTHROPIC_ADMIN_KEY": "  "}])
def test_no_key_at_all_names_the_settings(environ: dict[str, str]) -> None:
    """Blanks are no key."""
    with pytest.raises(SourceMisconfigured) as caught:
        key_of(ADMIN_KEY, settings(), environ)
    assert "ANTHROPIC_ADMIN_KEY" in caught.value.action


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/k)",
            "unresolved Key Vault reference",
        ),
        ("@microsoft.keyvault(VaultName=v;SecretName=k)", "unresolved Key Vault reference"),
        (f"{KEY} {KEY}", "characters that no key has"),
        (f"{KEY}\nx-other: 1", "characters that no key has"),
        ("sk-ant-admin01-…", "characters that no key has"),
    ],
)
def test_text_that_cannot_be_a_key_is_not_sent(text: str, words: str) -> None:
    """An unresolved reference and text that no header can carry are named, and not quoted."""
    with pytest.raises(SourceMisconfigured, match=words) as caught:
        usable_key(text)
    assert caught.value.action
    assert text not in str(caught.value)


def test_a_prefix_is_only_a_hint() -> None:
    """A key that looks like one for another API is used all the same: the vendor decides."""
    assert usable_key("sk-ant-api03-abc") == "sk-ant-api03-abc"
    assert "sk-ant-admin" in kind_hint("sk-ant-api03-abc")
    assert "sk-ant-api" in kind_hint(KEY, ANALYTICS_KEY)
    assert (kind_hint(KEY), kind_hint("sk-ant-api03-abc", ANALYTICS_KEY), kind_hint("something")) == ("",) * 3


def test_each_key_has_settings_and_words_of_its_own() -> None:
    """A missing Analytics key asks for the Analytics settings, and both may be there at once."""
    both = settings(ANTHROPIC_ADMIN_KEY=KEY, ANTHROPIC_ANALYTICS_KEY="sk-ant-api01-x")
    assert list(configured(both)) == list(LIVE)
    assert list(configured(settings(ANTHROPIC_ANALYTICS_KEY="x"))) == ["claude_enterprise_analytics"]
    environ = {"ANTHROPIC_ADMIN_KEY": KEY, "ANTHROPIC_ANALYTICS_KEY": "sk-ant-api01-x"}
    assert key_of(ANALYTICS_KEY, both, environ) == Key("sk-ant-api01-x")
    with pytest.raises(SourceMisconfigured, match="no Enterprise Analytics API key") as caught:
        key_of(ANALYTICS_KEY, settings(), {})
    assert "ANTHROPIC_ANALYTICS_KEY_SECRET" in caught.value.action
