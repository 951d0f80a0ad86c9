"""A refused file: kept in quarantine beside a report, and told on its receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from shared.adoption.people import holds_address

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
    told = receipt
    if holds_address(receipt.name):  # it stands on the receipt only
        told = msgspec.structs.replace(
            receipt, name=f"(a name with an address; receipt {receipt.receipt_id})"
        )
    report = msgspec.json.format(msgspec.json.encode(told), indent=2)
    app.quarantine.put(receipt.receipt_id, content, report)
    return receipt
