"""One table of Table Storage, with our limits, our errors and conditional writes that survive a lost reply.

Every conditional write carries a ``stamp``. After a 409 or 412, and where no reply came, the row is read
again: when it carries our stamp, the write had happened and only its reply was lost.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from azure.core import MatchConditions
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
    ServiceResponseError,
)
from azure.data.tables import TableTransactionError, UpdateMode

from shared.errors import StoreConflict, StoreUnavailable
from shared.store.limits import BATCH_BYTES, BATCH_ENTITIES, check_entity
from shared.store.sdk import UNREADABLE, is_failed_reading

if TYPE_CHECKING:
    from azure.data.tables import TableClient

Entity = Mapping[str, Any]

_LOST_THE_RACE = (ResourceExistsError, ResourceModifiedError, ResourceNotFoundError)


#: In Table Storage's own codes: that row is not there. Any other 404 speaks of a table that is missing, or is
#: somebody else's: it says nothing of rows.
_NO_SUCH_ROW = ("ResourceNotFound", "EntityNotFound")


class Stored(NamedTuple):
    """An entity and the ETag under which it was read."""

    entity: Entity
    etag: str


class Change(NamedTuple):
    """What is to become of one row: inserted where ``etag`` is None; else replaced, or removed if ``gone``,
    while it is as it was read."""

    entity: dict[str, Any]
    etag: str | None = None
    gone: bool = False


class Table:
    """One table. Raises StoreConflict, StoreLimit and StoreUnavailable, never an error of the SDK's."""

    def __init__(self, client: TableClient) -> None:
        self._client = client

    def get(self, partition: str, row: str, *, select: Sequence[str] | None = None) -> Stored | None:
        """The entity, or None."""
        with _our_errors():
            try:
                entity = self._client.get_entity(partition, row, select=list(select) if select else None)
            except ResourceNotFoundError as error:
                if _code_of(error) in _NO_SUCH_ROW:
                    return None
                raise
            return _stored(entity)

    def query(
        self,
        partition: str,
        *,
        first: str = "",
        last: str | None = None,
        select: Sequence[str] | None = None,
        page: int | None = None,
    ) -> Iterator[Stored]:
        """The entities of one partition with ``first`` <= row key <= ``last``, in order."""
        condition = "PartitionKey eq @partition and RowKey ge @first"
        parameters = {"partition": partition, "first": first}
        if last is not None:
            condition += " and RowKey le @last"
            parameters["last"] = last
        yield from self._query(condition, parameters, select, page)

    def query_partitions(self, first: str, last: str, *, select: Sequence[str]) -> Iterator[Stored]:
        """The entities of each partition with ``first`` <= partition key <= ``last``, in order."""
        condition = "PartitionKey ge @first and PartitionKey le @last"
        yield from self._query(condition, {"first": first, "last": last}, select)

    def _query(
        self,
        condition: str,
        parameters: dict[str, str],
        select: Sequence[str] | None,
        page: int | None = None,
    ) -> Iterator[Stored]:
        with _our_errors():
            for entity in self._client.query_entities(
                condition,
                parameters=parameters,
                select=list(select) if select else None,
                results_per_page=page,
            ):
                yield _stored(entity)

    def insert(self, entity: dict[str, Any]) -> str:
        """Write a row that must not exist; its ETag. Raises StoreConflict where it does."""
        return self._conditional(entity, None)

    def replace(self, entity: dict[str, Any], etag: str) -> str:
        """Write a row that must still be as it was read; its new ETag. Raises StoreConflict otherwise."""
        return self._conditional(entity, etag)

    def _conditional(self, entity: dict[str, Any], etag: str | None) -> str:
        stamped = entity | {"stamp": secrets.token_hex(8)}
        check_entity(stamped)
        with _our_errors():
            try:
                if etag is None:
                    written = self._client.create_entity(stamped)
                else:
                    written = self._client.update_entity(
                        stamped,
                        mode=UpdateMode.REPLACE,
                        etag=etag,
                        match_condition=MatchConditions.IfNotModified,
                    )
                return str(written["etag"])
            except (*_LOST_THE_RACE, ServiceResponseError) as error:
                now = self.get(entity["PartitionKey"], entity["RowKey"])
                if now is not None and now.entity.get("stamp") == stamped["stamp"]:
                    return now.etag
                if isinstance(error, _LOST_THE_RACE):
                    raise StoreConflict("the row is not what it was when it was read") from error
                raise

    def put(self, entity: dict[str, Any]) -> None:
        """Write a row whatever stands there: for rows that only one writer names."""
        check_entity(entity)
        with _our_errors():
            self._client.upsert_entity(entity, mode=UpdateMode.REPLACE)

    def put_all(self, entities: Iterable[dict[str, Any]]) -> None:
        """``put`` for many rows of one partition, in as few transactions as fit."""
        for batch in _batches(entities):
            if len(batch) == 1:
                self.put(batch[0])
                continue
            with _our_errors():
                self._client.submit_transaction(
                    [("upsert", entity, {"mode": UpdateMode.REPLACE}) for entity in batch]
                )

    def insert_all(self, entities: Iterable[dict[str, Any]]) -> None:
        """Insert many new rows of one partition. Raises StoreConflict where one of a batch exists."""
        for batch in _batches(entities):
            with _our_errors():
                try:
                    self._client.submit_transaction([("create", entity) for entity in batch])
                except (ResourceExistsError, TableTransactionError) as error:
                    if getattr(error, "status_code", 409) == 409:
                        raise StoreConflict("one of the rows exists") from error
                    raise

    def change_all(self, changes: Iterable[Change]) -> None:
        """Change many rows of one partition, in as few transactions as fit.

        Raises StoreConflict where a row of a transaction is not as it was read, or its reply was lost and it
        was sent again: nothing of that transaction is to be relied on before it is read again.
        """
        of_row = {one.entity["RowKey"]: one for one in changes}
        for batch in _batches(one.entity for one in of_row.values()):
            with _our_errors():
                try:
                    self._client.submit_transaction(_operation(of_row[one["RowKey"]]) for one in batch)
                except (*_LOST_THE_RACE, TableTransactionError) as error:
                    if _is_lost_race(error):
                        raise StoreConflict("one of the rows is not what it was when it was read") from error
                    raise

    def delete_all(self, partition: str, rows: Iterable[str]) -> None:
        """Remove many rows of one partition, in as few transactions as fit. Raises StoreConflict where one of
        a batch is gone already."""
        keys = [{"PartitionKey": partition, "RowKey": row} for row in rows]
        for at in range(0, len(keys), BATCH_ENTITIES):
            with _our_errors():
                try:
                    self._client.submit_transaction(
                        [("delete", key) for key in keys[at : at + BATCH_ENTITIES]]
                    )
                except (ResourceNotFoundError, TableTransactionError) as error:
                    if _code_of(error) in _NO_SUCH_ROW:
                        raise StoreConflict("one of the rows is gone") from error
                    raise

    def delete(self, partition: str, row: str) -> None:
        """Remove a row; it may be gone already."""
        with _our_errors():
            self._client.delete_entity(partition, row)

    def delete_as_read(self, partition: str, row: str, etag: str) -> None:
        """Remove a row that is as it was read; it may be gone already. Raises StoreConflict otherwise."""
        with _our_errors():
            try:
                self._client.delete_entity(
                    partition, row, etag=etag, match_condition=MatchConditions.IfNotModified
                )
            except ResourceModifiedError as error:
                raise StoreConflict("the row is not what it was when it was read") from error
            except ResourceNotFoundError:
                return


def _stored(entity: Any) -> Stored:
    """What the SDK read. Raises StoreUnavailable where it is no row: each has an ETag."""
    etag = entity.metadata["etag"]
    if not etag:
        raise StoreUnavailable("table storage gave an answer that is no row")
    return Stored(entity, str(etag))


def _code_of(error: Exception) -> str:
    """Storage's own word for what is wrong; empty where it is none of storage's."""
    return str(getattr(getattr(error, "error_code", None), "value", getattr(error, "error_code", None)) or "")


def _is_lost_race(error: HttpResponseError) -> bool:
    """Whether somebody else was first; a table that is missing is nobody's doing."""
    return error.status_code in (409, 412) or _code_of(error) in _NO_SUCH_ROW


def _operation(change: Change) -> tuple[str, dict[str, Any]] | tuple[str, dict[str, Any], dict[str, Any]]:
    if change.etag is None:
        return "create", change.entity
    as_read = {"etag": change.etag, "match_condition": MatchConditions.IfNotModified}
    if change.gone:
        return "delete", change.entity, as_read
    return "update", change.entity, as_read | {"mode": UpdateMode.REPLACE}


def _batches(entities: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for entity in entities:
        entity_size = check_entity(entity) * 4 // 3  # what base64 makes of binary properties on the wire
        if batch and (len(batch) == BATCH_ENTITIES or size + entity_size > BATCH_BYTES * 3 // 4):
            yield batch
            batch, size = [], 0
        batch.append(entity)
        size += entity_size
    if batch:
        yield batch


@contextmanager
def _our_errors() -> Iterator[None]:
    """Turn what the SDK raises into what to do about it; bodies and URLs stay out of the message."""
    try:
        yield
    except HttpResponseError as error:
        raise StoreUnavailable(f"table storage answered {error.status_code}") from error
    except AzureError as error:
        raise StoreUnavailable(f"table storage cannot be reached ({type(error).__name__})") from error
    except UNREADABLE as error:
        if not is_failed_reading(error):
            raise
        raise StoreUnavailable("table storage gave an answer that cannot be read") from error
