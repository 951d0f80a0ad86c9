/** Dates in words. Everything is UTC: so are the vendor's days, and so are the weeks that are compared. */
import type { Period } from "../client/types.ts";

const DAY = { day: "numeric", month: "short", timeZone: "UTC" } as const;
const MINUTE = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" } as const;

export function day(iso: string, locale: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { ...DAY, year: "numeric" }).format(new Date(iso));
}

export function moment(iso: string, locale: string | undefined): string {
  const options = { ...DAY, ...MINUTE, year: "numeric" } as const;
  return `${new Intl.DateTimeFormat(locale, options).format(new Date(iso))} UTC`;
}

/** A period's days, or the two moments between which the exports were looked at. */
export function period({ start, end, kind }: Period, locale: string | undefined): string {
  const from = new Date(start);
  if (kind === "export")
    return `${new Intl.DateTimeFormat(locale, { ...DAY, ...MINUTE }).formatRange(from, new Date(end))} UTC`;
  return new Intl.DateTimeFormat(locale, { ...DAY, year: "numeric" }).formatRange(from, last(end));
}

/** The same in few letters, for beside a figure of the period `beside`: with the year where it is another. */
export function days(
  { start, end, kind }: Period,
  locale: string | undefined,
  beside?: Period,
): string {
  const until = kind === "export" ? new Date(end) : last(end);
  const same = !beside || until.getUTCFullYear() === last(beside.end).getUTCFullYear();
  const options = same ? DAY : ({ ...DAY, year: "numeric" } as const);
  return new Intl.DateTimeFormat(locale, options).formatRange(new Date(start), until);
}

/** A period's last instant: what ends at midnight ends on the day before. */
export function last(end: string): Date {
  return new Date(new Date(end).getTime() - 1);
}

/** What a period of each kind is called. */
export const KINDS: Record<Period["kind"], { one: string; many: string }> = {
  week: { one: "week", many: "weeks" },
  export: { one: "export period", many: "export periods" },
  month: { one: "month", many: "months" },
  day: { one: "day", many: "days" },
};
