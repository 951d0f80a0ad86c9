import { useState } from "react";
import type { Status } from "../client/types.ts";
import { useDoors } from "../doors/doors.ts";
import { paged, usePages } from "../doors/usePages.ts";
import { ReceiptRow } from "./ReceiptRow.tsx";
import styles from "./trust.module.css";

/** So many stand open at first: a month of weekly exports, and what came with them. */
const AT_FIRST = 6;

const listOf = (status: Status) => ({ items: status.receipts, cursor: status.nextCursor });

/** What became of each file that was dropped, the newest first. */
export function Imports({ status }: { status: Status }) {
  const doors = useDoors();
  const [shown, show] = useState(AT_FIRST);
  const pages = usePages(
    status,
    listOf(status),
    doors && (async (cursor) => paged(await doors.receipts(cursor), listOf)),
  );
  const kept = pages.items.length;
  const more = shown < kept ? () => show(kept) : pages.more && further;

  function further() {
    show(Infinity);
    pages.more?.();
  }

  return (
    <div>
      <h4 className={styles.part}>Imports</h4>
      {kept === 0 ? (
        <p className={styles.quiet}>No file has been dropped yet.</p>
      ) : (
        <ul className={styles.receipts}>
          {pages.items.slice(0, shown).map((one) => (
            <ReceiptRow key={one.receiptId} receipt={one} />
          ))}
        </ul>
      )}
      {pages.refused && (
        <output className={styles.quiet}>The next ones did not come: {pages.refused}.</output>
      )}
      {more && (
        <button type="button" className={styles.more} disabled={pages.busy} onClick={more}>
          {pages.busy ? "Loading…" : "Show more"}
        </button>
      )}
    </div>
  );
}
