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
  const to = new Date(end);
  if (kind === "export")
    return `${new Intl.DateTimeFormat(locale, { ...DAY, ...MINUTE }).formatRange(from, to)} UTC`;
  const last = new Date(to.getTime() - 1);
  return new Intl.DateTimeFormat(locale, { ...DAY, year: "numeric" }).formatRange(from, last);
}
