import type { CohortShown } from "../client/types.ts";
import { number, UNKNOWN } from "../format/figures.ts";
import { useLocale } from "../format/locale.ts";
import styles from "./people.module.css";

const FEW = "fewer than 5 are not shown, nor what would tell them";

/** How many are in a cohort, or a dash and why. */
export function Count({ shown }: { shown: CohortShown }) {
  const locale = useLocale();
  if (shown.engineers !== null)
    return <span className={styles.count}>{number(shown.engineers, "count", locale)}</span>;
  const why = shown.suppressed ? FEW : shown.reason;
  return (
    <>
      <span className={styles.count}>{UNKNOWN}</span>
      {why && <span className={styles.why}>{why}</span>}
    </>
  );
}
