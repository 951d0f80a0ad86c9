"""The way in to storage: each table, container and queue by the name it has in docs/architecture.md."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.store.tables import Table

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.data.tables import TableServiceClient
    from azure.storage.blob import BlobServiceClient, ContainerClient
    from azure.storage.queue import QueueClient, QueueServiceClient

    from shared.settings import Settings

#: Bytes; the SDK would fetch the first 32 MiB of a blob at once, whoever asks for a piece.
PIECE = 1 << 20

_OPTIONS = {"connection_timeout": 5, "read_timeout": 20, "retry_total": 3}

#: Seconds before another attempt: 1, then 3, then 5, give or take one. By default the SDKs of blobs and
#: queues wait for a minute in all: longer than a run's lease lasts.
_SOONER: dict[str, Any] = {"initial_backoff": 1, "increment_base": 2, "random_jitter_range": 1}

#: Seconds that the service of tables may have us wait before another attempt. The SDK would sleep for as long
#: as ``Retry-After`` says, an hour or a day: beyond the run's lease, and beyond the function's time-out.
LONGEST_WAIT = 5.0

TABLES = ("manifests", "facts", "periods", "cohorts", "people", "runs", "receipts", "audit")
CONTAINERS = ("drop", "raw", "quarantine")
QUEUES = ("jobs",)


class Storage:
    """Clients of one data account, made when first used and kept: their start-up is dear."""

    def __init__(
        self,
        connection: str = "",
        uris: dict[str, str] | None = None,
        client_id: str = "",
        credential: TokenCredential | None = None,
        longest_wait: float = LONGEST_WAIT,
        **options: Any,
    ) -> None:
        self._connection = connection
        self._uris = uris or {}
        self._client_id = client_id
        self._given = credential
        self._longest_wait = longest_wait
        self._options = _OPTIONS | {"use_env_settings": _names_a_way_out()} | options
        self._tables: dict[str, Table] = {}

    @classmethod
    def of(cls, settings: Settings) -> Storage:
        """The storage that the settings name."""
        return cls(settings.data_storage, dict(settings.data_storage_uris), settings.data_storage_client_id)

    @cached_property
    def _credential(self) -> TokenCredential:
        """An operator's own where one is given, else the app's managed identity."""
        if self._given is not None:
            return self._given
        from azure.identity import ManagedIdentityCredential

        return ManagedIdentityCredential(client_id=self._client_id or None)

    @cached_property
    def table_service(self) -> TableServiceClient:
        from azure.data.tables import TableServiceClient

        options = self._options | {"raw_response_hook": self._cut_wait_short}
        if self._connection:
            return TableServiceClient.from_connection_string(_spelt_out(self._connection), **options)
        return TableServiceClient(self._uris["table"], credential=self._credential, **options)

    def _cut_wait_short(self, response: Any) -> None:
        """Let an answer ask for no longer a wait than is waited, before the SDK heeds it."""
        headers = response.http_response.headers
        asked = headers.get("Retry-After")
        if asked is not None:
            try:
                seconds = min(max(float(asked), 0.0), self._longest_wait)
            except ValueError:  # a date, or no moment at all
                seconds = self._longest_wait
            headers["Retry-After"] = str(seconds)

    @cached_property
    def blob_service(self) -> BlobServiceClient:
        from azure.storage.blob import BlobServiceClient

        options = _SOONER | self._options | {"max_single_get_size": PIECE, "max_chunk_get_size": PIECE}
        if self._connection:
            return BlobServiceClient.from_connection_string(_spelt_out(self._connection), **options)
        return BlobServiceClient(self._uris["blob"], credential=self._credential, **options)

    @cached_property
    def queue_service(self) -> QueueServiceClient:
        from azure.storage.queue import QueueServiceClient

        options = _SOONER | self._options
        if self._connection:
            return QueueServiceClient.from_connection_string(_spelt_out(self._connection), **options)
        return QueueServiceClient(self._uris["queue"], credential=self._credential, **options)

    def table(self, name: str) -> Table:
        """One of ``TABLES``."""
        if name not in self._tables:
            self._tables[name] = Table(self.table_service.get_table_client(name))
        return self._tables[name]

    def container(self, name: str) -> ContainerClient:
        """One of ``CONTAINERS``."""
        return self.blob_service.get_container_client(name)

    def queue(self, name: str) -> QueueClient:
        """One of ``QUEUES``. Messages are base64, as the Functions host expects them."""
        from azure.storage.queue import TextBase64DecodePolicy, TextBase64EncodePolicy

        return self.queue_service.get_queue_client(
            name,
            message_encode_policy=TextBase64EncodePolicy(),
            message_decode_policy=TextBase64DecodePolicy(),
        )


def _names_a_way_out() -> bool:
    """Whether the machine names a proxy or certificates of its own. Told to heed such, the SDK looks through
    the whole environment at each request, which is a sixth of the work that a request is."""
    from urllib.request import getproxies  # the SDK imports it anyway, later

    return bool(getproxies()) or not os.environ.keys().isdisjoint(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))


#: The emulator's published account: a fixed name and key that every installation shares.
_EMULATOR = (
    "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
    "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
    "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;"
    "QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;"
    "TableEndpoint=http://127.0.0.1:10002/devstoreaccount1;"
)


def _spelt_out(connection: str) -> str:
    return _EMULATOR if connection.strip().lower() == "usedevelopmentstorage=true" else connection
