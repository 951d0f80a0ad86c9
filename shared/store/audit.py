"""What operators asked for, newest first: in the table ``audit`` before it is done, completed after it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from shared.records import AuditEntry, AuditState
from shared.store.journals import Journal
from shared.store.tables import Table


class Audit:
    """The rows of the ``audit`` table. No rebuild makes them again, and none takes them away."""

    def __init__(self, table: Table) -> None:
        self._journal = Journal(table, "audit", AuditEntry)

    def begin(self, entry: AuditEntry) -> AuditEntry:
        """Write down what is about to be done; the entry as it stands, where it was asked for before."""
        stored = self._journal.read(entry.at, entry.audit_id)
        if stored is None:
            self._journal.write(entry.at, entry.audit_id, entry)
        return stored or entry

    def record(self, entry: AuditEntry) -> None:
        """Write down what is about to leave; there is nothing to complete after."""
        self._journal.write(entry.at, entry.audit_id, entry)

    def complete(self, entry: AuditEntry, state: AuditState, outcome: str, now: datetime) -> AuditEntry:
        """Write down what came of it; what was said first stays, however often the job comes again."""
        if entry.state != "begun":
            return entry
        done = msgspec.structs.replace(entry, state=state, outcome=outcome, finished_at=now)
        self._journal.write(entry.at, entry.audit_id, done)
        return done

    def find(self, at: datetime, audit_id: str) -> AuditEntry | None:
        """The entry of a job, by when it was asked for and its id."""
        return self._journal.read(at, audit_id)

    def drop_before(self, moment: datetime) -> int:
        """Delete the entries from before a moment; how many went."""
        return self._journal.drop_before(moment)

    def newest(self, count: int) -> list[AuditEntry]:
        """The newest entries."""
        return self._journal.newest(count)
