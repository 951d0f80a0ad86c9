import { useState } from "react";
import type { PeriodRow } from "../client/types.ts";
import { number } from "../format/figures.ts";
import { useLocale } from "../format/locale.ts";
import styles from "./charts.module.css";
import type { Series } from "./series.ts";
import { named, valueOf } from "./words.ts";

interface PeriodTableProps {
  title: string;
  rows: readonly PeriodRow[];
  series: readonly Series[];
}

/** The chart as a table: the same values, with the reason where there is none. The newest period is the first. */
export function PeriodTable({ title, rows, series }: PeriodTableProps) {
  const [open, setOpen] = useState(false);
  return (
    // Four hundred rows are made when somebody wants them.
    <details className={styles.table} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Show as table</summary>
      {open && <Scrolled title={title} rows={rows} series={series} />}
    </details>
  );
}

function Scrolled({ title, rows, series }: PeriodTableProps) {
  const locale = useLocale();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
    <section aria-label={`${title}, as a table`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Period (UTC)</th>
            {series.map(({ name, roster }) => [
              <th key={name} scope="col">
                {name}
              </th>,
              roster && (
                <th key="roster" scope="col">
                  Roster
                </th>
              ),
            ])}
          </tr>
        </thead>
        <tbody>
          {rows
            .map((row, at) => (
              <tr key={row.label}>
                <th scope="row">{named(row, locale)}</th>
                {series.map(({ roster, ...one }) => [
                  <td key={one.name}>{valueOf(one, rows, at, locale)}</td>,
                  roster && (
                    <td key="roster">
                      {roster[at] == null ? "—" : number(roster[at], "count", locale)}
                    </td>
                  ),
                ])}
              </tr>
            ))
            .toReversed()}
        </tbody>
      </table>
    </section>
  );
}
