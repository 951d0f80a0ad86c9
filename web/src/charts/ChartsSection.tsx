import type { Adoption } from "../client/types.ts";
import { BASES } from "../answer/Why.tsx";
import { useLocale } from "../format/locale.ts";
import type { Reading } from "../reading/reading.ts";
import { Skeleton } from "../tab/Skeleton.tsx";
import theme from "../theme/theme.module.css";
import styles from "./charts.module.css";
import { activeOf, basisOf, isKnown, linesOf, rateOf, rowsOf } from "./series.ts";
import { TimeChart } from "./TimeChart.tsx";
import { summary } from "./words.ts";

// Pixels. Two panels with what is between them are as high as one alone.
const ALONE = 242;
const SUMS = 120;
const RATES = 72;

/** Engineers over time, and what they accepted over time. Only data are ever drawn: nothing where trust fails. */
export function ChartsSection({ adoption }: { adoption: Reading<Adoption> }) {
  if (adoption.state === "loading") {
    return (
      <div className={styles.charts}>
        <Skeleton as="block" what="the charts" className={styles.waiting} />
        <Skeleton as="block" what="more charts" className={styles.waiting} />
      </div>
    );
  }
  if (adoption.state !== "data") return null;
  return <Charts data={adoption.data} />;
}

function Charts({ data }: { data: Adoption }) {
  const locale = useLocale();
  const rows = rowsOf(data);
  if (rows.length === 0) return null;
  const basis = basisOf(rows);
  const [lines, rate] = [linesOf(rows), rateOf(rows)];
  const panels = [
    { series: lines, height: SUMS },
    { series: rate, height: RATES },
  ];
  // A panel of nothing but gaps says no more than its sentence does.
  const shown = panels.filter(({ series }) => isKnown(series, rows));
  const left = panels.filter((panel) => !shown.includes(panel));
  if (shown.length === 1 && shown[0]) shown[0] = { ...shown[0], height: ALONE };
  return (
    <div className={`${styles.charts} ${theme.prints}`}>
      <TimeChart
        title="Active engineers over time"
        rows={rows}
        panels={[{ series: activeOf(rows, basis), height: ALONE }]}
        // Where the answer counts on the same, it has said so.
        also={basis === data.answer.basis ? [] : [`Active: ${BASES[basis]}.`]}
      />
      <TimeChart
        title="Lines accepted and acceptance rate over time"
        rows={rows}
        panels={shown}
        also={left.map(({ series }) => summary(series, rows, locale))}
      />
    </div>
  );
}
