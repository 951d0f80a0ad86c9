/** What is drawn: the periods of one kind in order, and of each series one figure a period. */
import type { Adoption, Figure, PeriodRow } from "../client/types.ts";
import type { Unit } from "../format/figures.ts";

type Basis = PeriodRow["basis"];

/** The bases in their order: the first tells of the most use. */
const ORDER: readonly Basis[] = ["anyActivity", "tokens", "linesAccepted", "linesMerged"];

export interface Series {
  name: string;
  unit: Unit;
  /** A level holds over its period and is a step; a sum belongs to the whole of it and is a bar. */
  mark: "step" | "bar";
  tone: "first" | "second" | "third";
  figures: readonly (Figure | undefined)[];
  /** What the level could be at most, by period: the roster. */
  roster?: readonly (number | null)[];
}

/** What a figure of a period is, for drawing: nothing is ever drawn for `unknown`. */
export type Drawn =
  | { as: "value"; value: number }
  | { as: "range"; low: number; high: number }
  /** The period is not closed: `low` is certain so far. */
  | { as: "open"; low: number }
  | { as: "unknown" };

export function drawn(figure: Figure | undefined, row: PeriodRow): Drawn {
  if (!row.closed) return { as: "open", low: figure?.low ?? 0 };
  if (!figure) return { as: "unknown" };
  const { value, low, high } = figure;
  if (value !== null) return { as: "value", value };
  return low !== null && high !== null ? { as: "range", low, high } : { as: "unknown" };
}

/**
 * The periods of the one kind that is shown: weeks and export periods are never mixed in a line.
 *
 * What a closed one follows is over, however little is known of it: it can change no more.
 */
export function rowsOf({ periods, granularity }: Adoption): PeriodRow[] {
  const rows = periods
    .filter(({ period }) => period.kind === granularity)
    .toSorted((one, other) => Date.parse(one.period.end) - Date.parse(other.period.end));
  const newest = rows.findLastIndex((row) => row.closed);
  return rows.map((row, at) => (row.closed || at > newest ? row : { ...row, closed: true }));
}

/** The best basis that every closed period has, else the newest one's: a line is of one basis. */
export function basisOf(rows: readonly PeriodRow[]): Basis {
  const closed = rows.filter((row) => row.closed);
  const common = ORDER.find((basis) => closed.every((row) => row.active[basis]));
  return common ?? closed.at(-1)?.basis ?? "anyActivity";
}

export function activeOf(rows: readonly PeriodRow[], basis: Basis): Series {
  return {
    name: "Active engineers",
    unit: "count",
    // Beyond some months of days the weekends would make a fence of a line.
    mark: rows.length > 62 && rows[0]?.period.kind === "day" ? "bar" : "step",
    tone: "first",
    figures: rows.map((row) => row.active[basis]),
    roster: rows.map((row) => row.of),
  };
}

export function linesOf(rows: readonly PeriodRow[]): Series {
  return {
    name: "Lines accepted",
    unit: "count",
    mark: "bar",
    tone: "second",
    figures: rows.map((row) => row.figures["linesAccepted"]),
  };
}

export function rateOf(rows: readonly PeriodRow[]): Series {
  return {
    name: "Acceptance rate",
    unit: "rate",
    mark: "step",
    tone: "third",
    figures: rows.map((row) => row.figures["acceptanceRate"]),
  };
}

/** Whether anything of it can be drawn. */
export function isKnown({ figures }: Series, rows: readonly PeriodRow[]): boolean {
  return rows.some((row, at) => {
    const one = drawn(figures[at], row);
    return one.as === "value" || one.as === "range";
  });
}

/** The most that its axis must reach. */
export function most({ figures, roster, unit }: Series, rows: readonly PeriodRow[]): number {
  if (unit === "rate") return 1;
  const highs = rows.map((row, at) => {
    const one = drawn(figures[at], row);
    if (one.as === "value") return one.value;
    if (one.as === "range") return one.high;
    return one.as === "open" ? one.low : 0;
  });
  return Math.max(1, ...highs, ...(roster ?? []).map((size) => size ?? 0));
}
