"""The examples that the contract carries: small, made up, and of the types themselves, so never out of date.

Whole bodies, as simulated worlds yield them, are in ``docs/examples``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from shared import __version__
from shared.adoption.too_few import ACTION
from shared.api.adoption import Adoption
from shared.api.engineer_pages import EngineerShown
from shared.api.engineers import CohortShown, Engineers
from shared.api.exports import ACCEPTED, MAX_BYTES, ExportCheck, ExportUpload
from shared.api.health import Health
from shared.api.problems import (
    BAD_PARAMETER,
    FORBIDDEN,
    NO_DATA_YET,
    TOO_FEW,
    TOO_LARGE,
    UNPROVEN,
    UNSUPPORTED_MEDIA_TYPE,
    UNTRUSTED,
    Problem,
    ProblemType,
    WrongParameter,
)
from shared.api.status import ExpectedSeen, ExportsStatus, SourceStatus, Status
from shared.api.tables import csv_of
from shared.heads import Access, Backfill, Breaker
from shared.periods import Period
from shared.records import (
    Answer,
    Check,
    Counts,
    DayCover,
    Figure,
    PeriodRow,
    Receipt,
    Run,
    SourceCover,
    Trust,
)

_HEARD = datetime(2026, 11, 23, 12, 5, tzinfo=UTC)
_LAST_WEEK = Period(datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC), "week")
_THIS_WEEK = Period(datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC), "week")
_SOURCE = "claude_code_admin"
_OURS, _NAMESAKE = "5b1f7a52-3a0e-4c47-9d0b-7d1f0e6f8a11", "c2d90e4e-8f5b-4b7e-a1a6-3f0b9d7c2e55"

_ANSWER = Answer(
    "yes",
    "Yes: 7 of 8 engineers used Claude Code in the week of 16 to 22 November 2026, 6 of 8 in the week of 9 "
    "to 15 November 2026; 5 started or gained, 1 held, 1 declined or stopped (active: any session, line, "
    "commit, pull request, decision or token).",
    "anyActivity",
    "linesAccepted",
    _THIS_WEEK,
    _LAST_WEEK,
    Counts(6, 7, 1, 4, 1, 1, 0),
)
_PERIOD = PeriodRow(
    label=_THIS_WEEK.label,
    period=_THIS_WEEK,
    closed=True,
    completeness="complete",
    basis="anyActivity",
    active={"anyActivity": Figure(7, 7, 7)},
    of=8,
    figures={
        "linesAccepted": Figure(3120, 3120, 3120),
        "cost": Figure(None, 41, None, "no seat price is known"),
    },
    unattributed={"linesAccepted": Figure(90, 90, 90)},
    sources=[SourceCover(_SOURCE, True, ["api"], [DayCover(date(2026, 11, 16), "complete")])],
    answer=_ANSWER,
)
_WRONG_KEY = Check(
    "expected-organization",
    _SOURCE,
    "fail",
    _OURS,
    f"{_NAMESAKE} (Acme Robotics)",
    "Use an Admin API key of the expected organisation, or correct EXPECTED_ORGANIZATIONS.",
)
_RIGHT_KEY = Check("expected-organization", _SOURCE, "pass", _OURS, f"{_OURS} (Acme Robotics)")
_NO_ROWS = Check(
    "humans-present", _SOURCE, "unknown", "rows of people", "no rows at all", "Drop an export: it can tell."
)
_RUN = Run("4f2a9c0d1e3b", _HEARD, _HEARD, "ok", "timer", _SOURCE, days_asked=6, days_changed=1, requests=7)
_RECEIPT = Receipt(
    receipt_id="9a55e1c07d1f4b7e",
    name="2026-11-20/claude_code_team_2026_11_01_to_2026_11_30.csv",
    state="accepted",
    at=_HEARD,
    size=412,
    digest="1f0e6f8a115b1f7a",
    kind="team",
    month="2026-11",
    rows_in=8,
    rows_accepted=8,
    rows_rejected=0,
    people=8,
)

_UPLOAD = f"98236457412000-{_RECEIPT.receipt_id}"

#: The body of a 200, by the door's function; the contract itself needs none.
EXAMPLES: Mapping[str, object] = {
    "get_adoption": Adoption(_ANSWER, "week", [_PERIOD], Trust("trusted", [_RIGHT_KEY]), _HEARD),
    "get_engineers": Engineers(
        periods=[_LAST_WEEK, _THIS_WEEK],
        basis="anyActivity",
        ranked_on="linesAccepted",
        of=8,
        cohorts=[
            CohortShown("power", 2, Figure(1, 1, 1)),
            CohortShown("casual", None, None, suppressed=True),
        ],
        engineers=[
            EngineerShown(
                name="Ana Lopez",
                email="ana@example.com",
                team="Platform",
                cohort="power",
                gaining=True,
                rank=1,
                last_seen=date(2026, 11, 20),
                lines_accepted=Figure(2280, 2280, 2280),
                sessions=Figure(31, 31, 31),
                active_periods=Figure(4, 4, 4),
            )
        ],
        names_shown=True,
        trust=Trust("trusted", [_RIGHT_KEY]),
        data_as_of=_HEARD,
    ),
    "get_status": Status(
        sources=[
            SourceStatus(
                source=_SOURCE,
                access=Access("ok", at=_HEARD, answered_at=_HEARD),
                breaker=Breaker(),
                expected_seen=[ExpectedSeen("organization", _OURS, f"{_OURS} (Acme Robotics)")],
                lag_hours=2,
                first_row_day=date(2026, 8, 3),
                newest_settled_day=date(2026, 11, 22),
                data_as_of=_HEARD,
                days_known=113,
                days_left=0,
                backfill=Backfill(113, 113, date(2026, 8, 3), 0),
                last_run=_RUN,
                coverage=[
                    DayCover(date(2026, 11, 22), "complete"),
                    DayCover(date(2026, 11, 23), "provisional"),
                ],
            )
        ],
        exports=ExportsStatus(1, 0, _HEARD, 7, 24, [], {"2026-11": 7}, {}, []),
        checks=[_RIGHT_KEY],
        overdue=[],
        runs=[_RUN],
        receipts=[_RECEIPT],
    ),
    "check_export": ExportCheck(
        name="claude_code_team_2026_11_01_to_2026_11_30.csv",
        state="accepted",
        size=412,
        kind="claude_code_team",
        organization=None,
        month="2026-11",
        first=None,
        last=None,
        moment=datetime(2026, 11, 20, 12, tzinfo=UTC),
        evidence="metadata as_of",
        rows_in=8,
        rows_accepted=8,
        rows_rejected=0,
        people=8,
        duplicate_of=None,
        notes=[],
        remarks=[],
        settles=["Friday 13 November 12:00 to Friday 20 November 2026 12:00 UTC"],
        missing=[],
        findings=[],
        findings_total=0,
        turns=[],
    ),
    "upload_export": ExportUpload(_UPLOAD, _RECEIPT.receipt_id, "waiting", None),
    "get_receipt": ExportUpload(_UPLOAD, _RECEIPT.receipt_id, "received", _RECEIPT),
    "get_health": Health("ok", __version__),
    "get_openapi": {"openapi": "3.1.0"},
}

#: A file as it is sent.
FILE = "User,Lines this Month\nana@example.com,1280\n"

#: The table of periods.
TABLE = csv_of([_PERIOD]).decode()

#: What a problem's document has beside what all have, by the type's name.
_MEMBERS: Mapping[str, Mapping[str, object]] = {
    BAD_PARAMETER.name: {
        "parameters": [WrongParameter("granularity", "year", "one of week, export, day, month")]
    },
    FORBIDDEN.name: {"requiredRole": "Usage.Read"},
    TOO_FEW.name: {"requiredRole": "Usage.Read.Named", "action": ACTION},
    TOO_LARGE.name: {"maxBytes": MAX_BYTES, "action": "Drop it into the container `drop`."},
    UNSUPPORTED_MEDIA_TYPE.name: {"accepted": list(ACCEPTED)},
    NO_DATA_YET.name: {"checks": [], "action": "Drop an export."},
    UNTRUSTED.name: {"checks": [_WRONG_KEY], "action": _WRONG_KEY.action},
    UNPROVEN.name: {"checks": [_NO_ROWS], "action": _NO_ROWS.action},
}


def problem_like(kind: ProblemType) -> Problem:
    """A problem of that type."""
    return Problem(kind, **_MEMBERS.get(kind.name, {}))
