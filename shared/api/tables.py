"""The table of periods as CSV: our own words and numbers only, so no cell can be a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from shared.records import Figure, PeriodRow

CSV = "text/csv; charset=utf-8"


def csv_of(rows: Sequence[PeriodRow], *, demo: bool = False) -> bytes:
    """One line a period; of each figure its value, low and high, empty where unknown.

    Simulated data say so in a last column: a table leaves the response that it came in.
    """
    out = io.StringIO()
    figures = list(rows[0].figures) if rows else []
    writer = csv.writer(out, lineterminator="\r\n")
    mark = ["demo"] if demo else []
    named = [f"{name}{edge}" for name in ("active", *figures) for edge in ("", "Low", "High")]
    writer.writerow(["period", "start", "end", "closed", "completeness", "basis", "verdict", *named, *mark])
    for row in rows:
        cells = [row.active[row.basis], *(row.figures[name] for name in figures)]
        writer.writerow(
            [
                row.label,
                row.period.start.isoformat(),
                row.period.end.isoformat(),
                str(row.closed).lower(),
                row.completeness,
                row.basis,
                row.answer.verdict,
                *(cell for figure in cells for cell in _cells(figure)),
                *(["true"] if demo else []),
            ]
        )
    return out.getvalue().encode()


def _cells(figure: Figure) -> list[str]:
    return ["" if edge is None else str(edge) for edge in (figure.value, figure.low, figure.high)]
