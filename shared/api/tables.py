"""The table of periods as CSV: no cell is a formula, whatever it says."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from shared.records import Figure, PeriodRow

CSV = "text/csv; charset=utf-8"

#: A browser keeps it as a file instead of showing it.
AS_FILE = {"Content-Disposition": 'attachment; filename="adoption.csv"'}

#: Some figures exist only in periods of which an export tells them.
_NOT_TOLD = Figure(None, None, None)

#: What a spreadsheet takes for the beginning of a formula, full-width forms too.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def csv_of(rows: Sequence[PeriodRow], *, team: str | None = None, demo: bool = False) -> bytes:
    """One line a period; of each figure its value, low and high, empty where unknown.

    A table leaves the response that it came in, so its last columns say of which team it is, where it is of
    one, and that the data are simulated, where they are.
    """
    out = io.StringIO()
    figures = list(dict.fromkeys(name for row in rows for name in row.figures))
    writer = csv.writer(out, lineterminator="\r\n")
    marks = {**({"team": inert(team)} if team is not None else {}), **({"demo": "true"} if demo else {})}
    named = [f"{name}{edge}" for name in ("active", *figures) for edge in ("", "Low", "High")]
    writer.writerow(["period", "start", "end", "closed", "completeness", "basis", "verdict", *named, *marks])
    for row in rows:
        cells = [row.active[row.basis], *(row.figures.get(name, _NOT_TOLD) for name in figures)]
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
                *marks.values(),
            ]
        )
    return out.getvalue().encode()


def inert(text: str) -> str:
    """A text that somebody else has written, as a cell that a spreadsheet shows and never runs."""
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(_FORMULA) else text


def _cells(figure: Figure) -> list[str]:
    return ["" if edge is None else str(edge) for edge in (figure.value, figure.low, figure.high)]
