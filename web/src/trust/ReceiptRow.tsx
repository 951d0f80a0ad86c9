import type { Finding, Receipt } from "../client/types.ts";
import { month } from "../format/calendar.ts";
import { day, moment } from "../format/dates.ts";
import { useLocale } from "../format/locale.ts";
import { Mark, type Standing } from "../marks/Mark.tsx";
import { FindingList } from "./FindingList.tsx";
import styles from "./trust.module.css";
import { kindName } from "./words.ts";

const STANDINGS: Record<Receipt["state"], Standing> = {
  accepted: "good",
  duplicate: "calm",
  refused: "bad",
  contested: "warn",
  retracted: "calm",
};

/** One file: its state and what it is in a line, everything else behind it. */
export function ReceiptRow({ receipt }: { receipt: Receipt }) {
  const locale = useLocale();
  const about = [
    receipt.kind && kindName(receipt.kind),
    receipt.month && month(receipt.month, locale),
    receipt.people !== null && (receipt.people === 1 ? "1 person" : `${receipt.people} people`),
  ].filter((one) => !!one);
  return (
    <li>
      <details className={styles.receipt}>
        <summary>
          <span className={styles.receiptState}>
            <Mark standing={STANDINGS[receipt.state]} />
            {receipt.state}
          </span>
          <span className={styles.receiptName}>
            {about.length > 0 ? about.join(" · ") : "Not a kind of file that is known"}
            <span className={styles.fileName}>{receipt.name}</span>
          </span>
          <time className={styles.soft} dateTime={receipt.at}>
            {day(receipt.at, locale)}
          </time>
        </summary>
        <ReceiptDetails receipt={receipt} />
      </details>
    </li>
  );
}

/** Everything that a receipt says beside its state. */
export function ReceiptDetails({ receipt }: { receipt: Receipt }) {
  const locale = useLocale();
  const known = receipt.evidence ? `, known from: ${receipt.evidence}` : "";
  const lines =
    receipt.rowsIn !== null && `${receipt.rowsAccepted ?? 0} of ${receipt.rowsIn} lines count`;
  return (
    <div className={styles.receiptDetails}>
      <p>
        {receipt.moment
          ? `Downloaded ${moment(receipt.moment, locale)}${known}.`
          : "When it was downloaded is not known."}{" "}
        Taken in {moment(receipt.at, locale)}. {lines && `${lines}.`}
      </p>
      {receipt.duplicateOf && <p>The same content as receipt {receipt.duplicateOf}.</p>}
      <Said title="Settles" items={receipt.settles} />
      <Said title="Would settle more" items={receipt.missing} />
      <Said title="Remarks" items={receipt.remarks} />
      <Said title="Notes" items={receipt.notes} />
      <Findings findings={receipt.findings} total={receipt.findingsTotal} />
    </div>
  );
}

function Said({ title, items }: { title: string; items: readonly string[] }) {
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
