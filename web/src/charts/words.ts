/** A chart in words: its one sentence, and what is said of one period. */
import type { PeriodRow } from "../client/types.ts";
import { KINDS, days, period } from "../format/dates.ts";
import { UNKNOWN, figure, number, reasonOf } from "../format/figures.ts";
import { drawn, type Series } from "./series.ts";

/** `Active engineers: 7 in 16 – 22 Nov, 6 in 26 Oct – 1 Nov; between 6 and 7 over 4 weeks; 1 unknown.` */
export function summary(series: Series, rows: readonly PeriodRow[], locale?: string): string {
  const { name, unit, figures } = series;
  const all = rows.map((row, at) => ({ row, figure: figures[at], drawn: drawn(figures[at], row) }));
  const known = all.filter((one) => one.drawn.as === "value" || one.drawn.as === "range");
  const unknown = all.filter((one) => one.drawn.as === "unknown");
  const newest = known.at(-1);
  const oldest = known[0];
  const said = (one: (typeof all)[number]) =>
    `${figure(one.figure, unit, locale)} in ${days(one.row.period, locale, newest?.row.period)}`;
  if (!newest || !oldest) {
    const why = reasonOf(unknown.at(-1)?.figure ?? all.at(-1)?.figure, unit, locale);
    return `${name}: ${UNKNOWN}${why ? ` (${why})` : ""}.`;
  }
  const kind = KINDS[newest.row.period.kind];
  const parts = [`${name}: ${said(newest)}`];
  if (newest !== oldest) {
    parts[0] += `, ${said(oldest)}`;
    const low = Math.min(...known.map((one) => one.figure?.low ?? Infinity));
    const high = Math.max(...known.map((one) => one.figure?.high ?? -Infinity));
    parts.push(
      low === high
        ? `${number(low, unit, locale)} in each of ${known.length} ${kind.many}`
        : `from ${number(low, unit, locale)} to ${number(high, unit, locale)} over ${known.length} ${kind.many}`,
    );
  }
  if (unknown.length > 0)
    parts.push(`${unknown.length} ${unknown.length === 1 ? kind.one : kind.many} unknown`);
  return `${parts.join("; ")}.`;
}

/** One period's value: `7 of 8`, `5–6`, `at least 3 so far`, `— (no seat prices are known)`. */
export function valueOf(series: Series, rows: readonly PeriodRow[], at: number, locale?: string) {
  const row = rows[at];
  const one = series.figures[at];
  if (!row) return UNKNOWN;
  const of = series.roster?.[at];
  const beside = of == null ? "" : ` of ${number(of, series.unit, locale)}`;
  const state = drawn(one, row);
  if (state.as === "open")
    return state.low > 0
      ? `at least ${number(state.low, series.unit, locale)}${beside} so far`
      : `${UNKNOWN} (${one?.reason ?? "not over yet"})`;
  const text = figure(one, series.unit, locale);
  const reason = reasonOf(one, series.unit, locale);
  return text + (text === UNKNOWN ? "" : beside) + (reason ? ` (${reason})` : "");
}

/** A period by its days, and that it can still change, where it can. */
export function named({ period: one, closed }: PeriodRow, locale?: string): string {
  return `${period(one, locale)}${closed ? "" : ", can still change"}`;
}
