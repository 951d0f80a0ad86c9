"""Everything that can go wrong, sorted by who must do what.

::

    ScoreboardError
    ├── SettingsError              the operator corrects the settings it names, all at once
    ├── SourceError                a source did not give what was asked for
    │   ├── SourceMisconfigured    the operator corrects a key or a secret; trying again cannot help
    │   ├── SourceLocked           the plan does not include the source; nobody is to be paged
    │   ├── SourceUnavailable      transient: the vendor or the network; the next run tries again
    │   ├── OutOfTime              the run's deadline came first; the next run goes on
    │   └── ContractBroken         an answer that the contract excludes; keep what was stored
    │       ├── Defect             this program failed over it: a defect of ours, told with its place
    │       ├── RowsOfAnother      rows of another organisation than the one that was asked for
    │       └── NotShown           a day that the source does not show yet, or any more; nothing is wrong
    ├── ExportRefused              the admin corrects the file; the report says where
    ├── MessageRefused             a job message that no version of this program understands
    ├── Problem                    a request that ends in a problem document (``shared.api.problems``)
    └── StoreError
        ├── StoreUnavailable       transient: storage cannot be read or written now
        ├── StoreConflict          somebody else wrote first; read again and decide again
        └── StoreLimit             a value does not fit Table Storage; a defect of ours, never retried

No message carries a key, an e-mail address or the text of a cell that identifies a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from shared.records import Finding


class ScoreboardError(Exception):
    """The root: whatever this program raises on purpose."""


class SettingsError(ScoreboardError):
    """One or more settings are missing or unusable.

    ``problems`` holds one sentence a setting: its name, what was found, what is expected.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


class SourceError(ScoreboardError):
    """A source did not give what was asked for.

    ``status`` is the HTTP status where there was one; ``action`` says what would mend it.
    """

    def __init__(self, message: str, *, status: int | None = None, action: str = "") -> None:
        self.status = status
        self.action = action
        super().__init__(message)


class SourceMisconfigured(SourceError):
    """The key is missing, of the wrong kind, revoked, or its secret cannot be read."""


class SourceLocked(SourceError):
    """403 or 404 from a source that has never answered: the plan does not include it."""


class SourceUnavailable(SourceError):
    """The vendor or the network failed for as long as the budget allowed."""


class OutOfTime(SourceError):
    """The run's deadline came before the answer; nothing was learnt."""


class ContractBroken(SourceError):
    """An answer that the contract excludes; never to be read as data. ``days``: those that it names."""

    days: tuple[date, ...] = ()


class Defect(ContractBroken):
    """This program met what it did not expect, so what it was told cannot be used; ``where``: the last calls.

    Whose fault it is nobody knows before somebody has looked; the days and sources beside it are done.
    """

    def __init__(self, what: str, where: Sequence[str] = ()) -> None:
        self.where = tuple(where)
        super().__init__(
            f"this program failed over it ({what})",
            action="Report it with the place that the event refresh.defect tells. What was stored stays.",
        )


class RowsOfAnother(ContractBroken):
    """A row of another organisation than the one that the key is of."""


class NotShown(ContractBroken):
    """A day that is too recent for its source, or too old. ``newest`` and ``oldest`` are those that it shows,
    as far as it says."""

    def __init__(self, broken: ContractBroken, newest: date | None, oldest: date | None = None) -> None:
        super().__init__(str(broken), status=broken.status, action=broken.action)
        self.newest = newest
        self.oldest = oldest


class ExportRefused(ScoreboardError):
    """A dropped file cannot be used. ``findings`` (the first of ``total``) are for the admin."""

    def __init__(self, findings: Sequence[Finding], *, total: int | None = None) -> None:
        self.findings = tuple(findings)
        self.total = len(self.findings) if total is None else total
        super().__init__("; ".join(finding.note for finding in self.findings[:3]))


class MessageRefused(ScoreboardError):
    """A message of the jobs queue is not one of the types this program knows."""


class StoreError(ScoreboardError):
    """Something about storage."""


class StoreUnavailable(StoreError):
    """Storage cannot be reached or refuses for now (timeouts, 5xx, throttling)."""


class StoreConflict(StoreError):
    """A conditional write lost: the row is not what the writer had read."""


class StoreLimit(StoreError):
    """A value exceeds what Table Storage holds. Azurite would take it; Azure would not."""
