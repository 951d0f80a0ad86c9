/** Which two periods the strip is of, and when two of them may be set against each other. */
import type { Adoption, PeriodRow } from "../client/types.ts";

const HOUR = 3_600_000;

/** Two export periods are of one length within 12 hours at either end, as in the answer. */
const SAME_LENGTH = 24 * HOUR;

type Basis = PeriodRow["basis"];

export interface Compared {
  row: PeriodRow;
  /** None: there is none right before it, or none of its kind and length. */
  before: PeriodRow | undefined;
  /** What "active" is counted on. */
  basis: Basis;
}

/** The answer's period where it is among those shown, else the newest closed one of them. */
export function compared({ answer, periods, granularity }: Adoption): Compared | undefined {
  const rows = periods.filter(({ period, closed }) => closed && period.kind === granularity);
  const answered = rows.find(({ period }) => isSame(period, answer.period));
  const row = answered ?? rows.at(-1);
  if (!row) return undefined;
  const before = rows.find((one) => isBefore(one, row));
  const basis = answered && answer.basis && row.active[answer.basis] ? answer.basis : row.basis;
  return { row, before, basis };
}

function isSame(one: PeriodRow["period"], other: PeriodRow["period"] | null): boolean {
  return (
    other !== null &&
    one.kind === other.kind &&
    Date.parse(one.start) === Date.parse(other.start) &&
    Date.parse(one.end) === Date.parse(other.end)
  );
}

/** Whether one is of the other's kind and length, and ends where that begins. */
function isBefore({ period: one }: PeriodRow, { period: other }: PeriodRow): boolean {
  const follows = one.kind === other.kind && Date.parse(one.end) === Date.parse(other.start);
  return follows && (one.kind !== "export" || Math.abs(length(one) - length(other)) <= SAME_LENGTH);
}

function length({ start, end }: PeriodRow["period"]): number {
  return Date.parse(end) - Date.parse(start);
}
