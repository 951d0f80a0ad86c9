/** Where the time axis has its marks, and what stands there. */
import type { PeriodRow } from "../client/types.ts";
import { last } from "../format/dates.ts";

export interface Tick {
  /** A moment, in milliseconds. */
  at: number;
  text: string;
}

const WIDE = 64; // pixels that a label with its gap takes
const DAY = 86_400_000;

/**
 * Up to some months each period may have a mark: weeks and export periods at their end with their last day, days
 * and months in their middle. Beyond that the beginnings of months have.
 */
export function timeTicks(rows: readonly PeriodRow[], width: number, locale?: string): Tick[] {
  const [first, newest] = [rows[0], rows.at(-1)];
  if (!first || !newest) return [];
  const from = Date.parse(first.period.start);
  const to = Date.parse(newest.period.end);
  const room = Math.max(1, Math.floor(width / WIDE));
  const kind = first.period.kind;
  if (to - from > 150 * DAY && kind !== "month") return monthTicks(from, to, room, locale);
  const label = new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    month: "short",
    ...(kind === "month" ? monthsOfYears(from, to) : { day: "numeric" }),
  });
  const every = Math.ceil(rows.length / room);
  return rows
    .filter((_, at) => (rows.length - 1 - at) % every === 0)
    .map(({ period: { start, end } }) => ({
      at:
        kind === "day" || kind === "month"
          ? (Date.parse(start) + Date.parse(end)) / 2
          : Date.parse(end),
      text: label.format(kind === "export" ? new Date(end) : last(end)),
    }));
}

function monthTicks(from: number, to: number, room: number, locale?: string): Tick[] {
  const begin = new Date(from);
  const months: Date[] = [];
  let month = begin.getUTCMonth() + (begin.getUTCDate() > 1 ? 1 : 0);
  for (;;) {
    const at = new Date(Date.UTC(begin.getUTCFullYear(), month));
    if (at.getTime() >= to) break;
    months.push(at);
    month += 1;
  }
  const every = [1, 2, 3, 6, 12].find((step) => months.length / step <= room) ?? 12;
  const short = new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "short" });
  const year = new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    month: "short",
    year: "2-digit",
  });
  return months
    .filter((one) => one.getUTCMonth() % every === 0)
    .map((one) => ({
      at: one.getTime(),
      text: (one.getUTCMonth() === 0 ? year : short).format(one),
    }));
}

function monthsOfYears(from: number, to: number): { year?: "2-digit" } {
  return new Date(from).getUTCFullYear() === last(new Date(to).toISOString()).getUTCFullYear()
    ? {}
    : { year: "2-digit" };
}
