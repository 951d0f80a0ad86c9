"""A Key Vault on loopback: a real HTTPS server that the real client asks, challenge and all."""

from __future__ import annotations

import json
import ssl
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

import pytest
from azure.core.credentials import AccessToken
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.sources.wire import KEY

#: What the vault answers about a secret: its value, the values of one reading after the other, or a status.
Secrets = dict[str, str | list[str] | int]


class Identity:
    """A credential that is accepted."""

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        return AccessToken("token", 4102444800)


class Vault(BaseHTTPRequestHandler):
    """Challenges first, as Key Vault does, then answers with what the server holds. A secret's version is
    told apart by its value."""

    def do_GET(self) -> None:
        secrets: Secrets = self.server.secrets  # type: ignore[attr-defined]
        name = self.path.split("/")[2]
        status, value = 200, secrets.get(name)
        if "Authorization" not in self.headers:
            status = 401
        elif isinstance(value, list):
            value = value.pop(0) if len(value) > 1 else value[0]
        elif not isinstance(value, str):
            status = value or 404
        error = {"error": {"code": "X", "message": KEY}}
        version = f"{zlib.crc32(str(value).encode()):032x}"
        good = {"value": value, "id": f"https://vault.test/secrets/{name}/{version}"}
        body = json.dumps(good if status == 200 else error).encode()
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
    """Of loopback, with its key, signed by itself."""
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


@contextmanager
def vault_of(secrets: Secrets, certificate: Path) -> Iterator[str]:
    """The URL of a vault with these secrets, which may be changed while it serves."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Vault)
    cast("Any", server).secrets = secrets
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def options(certificate: Path, *, any_domain: bool = True) -> dict[str, Any]:
    """What the client is told, so that it takes loopback for a vault."""
    return {
        "connection_verify": str(certificate),
        "verify_challenge_resource": not any_domain,
        "retry_total": 0,
    }
