import { useId } from "react";
import type { PeriodRow } from "../client/types.ts";
import { useLocale } from "../format/locale.ts";
import styles from "./charts.module.css";
import { Drawing } from "./Drawing.tsx";
import { Legend } from "./Legend.tsx";
import { PeriodTable } from "./PeriodTable.tsx";
import type { Series } from "./series.ts";
import { summary } from "./words.ts";

interface TimeChartProps {
  title: string;
  rows: readonly PeriodRow[];
  /** What is drawn, one panel each, on one time axis. */
  panels: readonly { series: Series; height: number }[];
  /** What is said besides the summaries: of a series that has nothing to draw, too. */
  also?: readonly string[];
}

/** Series over time: drawn, in a sentence each, one period at a time by pointer or arrow keys, and as a table. */
export function TimeChart({ title, rows, panels, also }: TimeChartProps) {
  const locale = useLocale();
  const id = useId();
  const series = panels.map((panel) => panel.series);
  const sentences = [...series.map((one) => summary(one, rows, locale)), ...(also ?? [])];
  return (
    <figure className={styles.chart} aria-labelledby={`${id}title`}>
      <h3 id={`${id}title`} className={styles.title}>
        {title}
      </h3>
      <p id={`${id}summary`} className={styles.summary}>
        {sentences.join(" ")}
      </p>
      {panels.length > 0 && (
        <>
          <Legend rows={rows} series={series} />
          <Drawing title={title} describedBy={`${id}summary`} rows={rows} panels={panels} />
          <PeriodTable title={title} rows={rows} series={series} />
        </>
      )}
    </figure>
  );
}
