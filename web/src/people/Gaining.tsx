import type { Engineers } from "../client/types.ts";
import { figure } from "../format/figures.ts";
import { useLocale } from "../format/locale.ts";
import { gaining } from "./cohorts.ts";
import { NameList } from "./NameList.tsx";
import styles from "./people.module.css";

/** How many started or gained in the newest comparison; of a team that is told with names only. */
export function Gaining({ engineers }: { engineers: Engineers }) {
  const locale = useLocale();
  const total = gaining(engineers);
  const why = total
    ? total.reason
    : engineers.team
      ? "of a team this is told with names only"
      : null;
  const who = engineers.engineers.filter((one) => one.gaining);
  return (
    <div className={styles.group}>
      <h4>Gaining</h4>
      <span className={styles.count}>{figure(total, "count", locale)}</span>
      {why && <span className={styles.why}>{why}</span>}
      <p>Started, or did more than in the period before. A word of thanks costs nothing.</p>
      <NameList engineers={who} label="Gaining" />
      {engineers.nextCursor && total && (total.low ?? 0) > who.length && who.length > 0 && (
        <p className={styles.quiet}>of those whose names are loaded</p>
      )}
    </div>
  );
}
