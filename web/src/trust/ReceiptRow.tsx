import type { Receipt } from "../client/types.ts";
import { month } from "../format/calendar.ts";
import { day } from "../format/dates.ts";
import { useLocale } from "../format/locale.ts";
import { Mark, type Standing } from "../marks/Mark.tsx";
import { ReceiptDetails } from "./ReceiptDetails.tsx";
import styles from "./trust.module.css";
import { kindName } from "./words.ts";

export const RECEIPT_STANDINGS: Record<Receipt["state"], Standing> = {
  accepted: "good",
  duplicate: "calm",
  refused: "bad",
  contested: "warn",
  retracted: "calm",
};

/** One file: its state and what it is in a line, everything else behind it. */
export function ReceiptRow({ receipt }: { receipt: Receipt }) {
  const locale = useLocale();
  const about = aboutFile(receipt, locale);
  return (
    <li>
      <details className={styles.receipt}>
        <summary>
          <span className={styles.receiptState}>
            <Mark standing={RECEIPT_STANDINGS[receipt.state]} />
            {receipt.state}
          </span>
          <span className={styles.receiptName}>
            {about ?? receipt.name}
            {about && <span className={styles.fileName}>{receipt.name}</span>}
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

/** `Claude Code team export · October 2026 · downloaded 30 Oct 2026 · 7 people`; undefined where nothing of it is known. */
export function aboutFile(
  { kind, month: of, people, moment }: Pick<Receipt, "kind" | "month" | "people" | "moment">,
  locale: string | undefined,
): string | undefined {
  const said = [
    kind && kindName(kind),
    of && month(of, locale),
    moment && `downloaded ${day(moment, locale)}`,
    people !== null && (people === 1 ? "1 person" : `${people} people`),
  ].filter((one) => !!one);
  return kind ? said.join(" · ") : undefined;
}
