"""Laws of where the key comes from. The vault is a real HTTPS server on loopback, the client the real one."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shared.errors import SourceError, SourceMisconfigured, SourceUnavailable
from shared.settings import Settings, load
from shared.sources.credentials import Key, identity_of_app, key_of, usable_key
from shared.sources.keys import ADMIN_KEY, kind_hint
from tests.sources.wire import KEY

STORAGE = {"DATA_STORAGE": "UseDevelopmentStorage=true"}


def settings(**environ: str) -> Settings:
    return load({**STORAGE, **environ})


class Identity:
    """A credential that is accepted."""

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        return AccessToken("token", 4102444800)


class Nobody(Identity):
    """A credential that cannot be had."""

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        raise ClientAuthenticationError("no identity here")


class Vault(BaseHTTPRequestHandler):
    """Challenges first, as Key Vault does, then answers with what the server holds."""

    def do_GET(self) -> None:
        status, value = 200, self.server.secrets.get(self.path.split("/")[2])  # type: ignore[attr-defined]
        if "Authorization" not in self.headers:
            status = 401
        elif not isinstance(value, str):
            status = value or 404
        error = {"error": {"code": "X", "message": KEY}}
        body = json.dumps(
            {"value": value, "id": f"https://vault.test{self.path}1"} if status == 200 else error
        ).encode()
        self.send_response(status)
        challenge = 'Bearer authorization="https://login.test/t", resource="https://vault.azure.net"'
        self.send_header("WWW-Authenticate", challenge)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime.now(UTC) - timedelta(days=1)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(private, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("vault") / "vault.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    path.write_bytes(
        private.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + signed.public_bytes(pem)
    )
    return path


@pytest.fixture(scope="module")
def vault(certificate: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Vault)
    server.secrets = {"admin": f" {KEY}\n", "hidden": 403, "blank": "", "broken": 500}  # type: ignore[attr-defined]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def from_vault(
    url: str, name: str, certificate: Path, identity: Identity | None = None, *, any_domain: bool = True
) -> Key:
    return key_of(
        ADMIN_KEY,
        settings(KEY_VAULT_URL=url, ANTHROPIC_ADMIN_KEY_SECRET=name),
        {},
        credential=identity or Identity(),
        vault_options={
            "connection_verify": str(certificate),
            "verify_challenge_resource": not any_domain,
            "retry_total": 0,
        },
    )


def test_the_environment_comes_first() -> None:
    """A key in the environment is used, without blanks around it, and no vault is asked."""
    configured = settings(KEY_VAULT_URL="https://127.0.0.1:1", ANTHROPIC_ADMIN_KEY_SECRET="admin")
    assert key_of(ADMIN_KEY, configured, {"ANTHROPIC_ADMIN_KEY": f" {KEY}\n"}) == Key(KEY)


def test_the_vault_is_asked_where_a_secret_is_named(vault: str, certificate: Path) -> None:
    """The real client, its challenge and all, brings the secret."""
    assert from_vault(vault, "admin", certificate).text == KEY


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
    assert kind_hint(KEY) == ""
