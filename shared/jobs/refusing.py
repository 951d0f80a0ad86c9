"""A refused file: kept in quarantine beside a report, and told on its receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.app import App
    from shared.errors import ExportRefused
    from shared.records import Receipt


def refuse(app: App, receipt: Receipt, content: bytes | Iterator[bytes], refused: ExportRefused) -> Receipt:
    """The receipt of a refused file, once the file and its report are in quarantine."""
    receipt = msgspec.structs.replace(
        receipt, state="refused", findings=list(refused.findings), findings_total=refused.total
    )
    report = msgspec.json.format(msgspec.json.encode(receipt), indent=2)
    app.quarantine.put(receipt.receipt_id, content, report)
    return receipt
