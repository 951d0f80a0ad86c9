import type { PeriodRow } from "../client/types.ts";
import styles from "./charts.module.css";
import { drawn, type Series } from "./series.ts";

/** What the marks mean, of those that are there: by form, and not by colour alone. */
export function Legend({
  rows,
  series,
}: {
  rows: readonly PeriodRow[];
  series: readonly Series[];
}) {
  const there = new Set(
    series.flatMap(({ figures }) => rows.map((row, at) => drawn(figures[at], row).as)),
  );
  const roster = series.some((one) => one.roster?.some((size) => size !== null));
  return (
    <ul className={styles.legend} aria-hidden="true">
      {roster && (
        <>
          <li className={styles.first}>
            {series[0]?.mark === "step" ? (
              <Sample d="M0 6h20" className={styles.line} dot />
            ) : (
              <span className={`${styles.swatch} ${styles.solid}`} />
            )}{" "}
            active
          </li>
          <li>
            <Sample d="M0 6h20" className={styles.roster} /> roster
          </li>
        </>
      )}
      {there.has("range") && (
        <li>
          <span className={`${styles.swatch} ${styles.hatched}`} /> between
        </li>
      )}
      {there.has("open") && (
        <li>
          <span className={`${styles.swatch} ${styles.hatched} ${styles.open}`} /> can still change,
          at least
        </li>
      )}
      {there.has("unknown") && (
        <li>
          <span className={`${styles.swatch} ${styles.blank}`}>?</span> unknown
        </li>
      )}
    </ul>
  );
}

function Sample({
  d,
  className,
  dot,
}: {
  d: string;
  className: string | undefined;
  dot?: boolean;
}) {
  return (
    <svg width="20" height="12" viewBox="0 0 20 12">
      <path d={d} className={className} />
      {dot && <circle cx="10" cy="6" r="3" className={styles.dot} />}
    </svg>
  );
}
