import type { Finding, Receipt } from "../client/types.ts";
import { moment } from "../format/dates.ts";
import { useLocale } from "../format/locale.ts";
import { FindingList } from "./FindingList.tsx";
import styles from "./trust.module.css";
import { evidenceName } from "./words.ts";

/** A receipt, or what one would say: then it has not come in. */
type Said = Omit<Receipt, "receiptId" | "at" | "digest"> & { at?: string };

/** Everything that a receipt says beside its state. */
export function ReceiptDetails({ receipt }: { receipt: Said }) {
  const locale = useLocale();
  const known = receipt.evidence ? `, known from ${evidenceName(receipt.evidence)}` : "";
  const lines =
    receipt.rowsIn !== null && `${receipt.rowsAccepted ?? 0} of ${receipt.rowsIn} lines count`;
  return (
    <div className={styles.receiptDetails}>
      <p>
        {receipt.moment
          ? `Downloaded ${moment(receipt.moment, locale)}${known}.`
          : "When it was downloaded is not known."}{" "}
        {receipt.at && `Taken in ${moment(receipt.at, locale)}. `}
        {lines && `${lines}.`}
      </p>
      {receipt.duplicateOf && <p>The same content as receipt {receipt.duplicateOf}.</p>}
      <Sentences title="Settles" items={receipt.settles} />
      <Sentences title="Would settle more" items={receipt.missing} />
      <Sentences title="Remarks" items={receipt.remarks} />
      <Sentences title="Notes" items={receipt.notes} />
      <Findings findings={receipt.findings} total={receipt.findingsTotal} />
    </div>
  );
}

function Sentences({ title, items }: { title: string; items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <div>
      <b>{title}</b>
      <ul>
        {items.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </div>
  );
}

function Findings({ findings, total }: { findings: readonly Finding[]; total: number }) {
  if (findings.length === 0) return null;
  return (
    <div>
      <b>
        What is wrong
        {total > findings.length && ` (the first ${findings.length} of ${total})`}
      </b>
      <FindingList findings={findings} />
    </div>
  );
}
