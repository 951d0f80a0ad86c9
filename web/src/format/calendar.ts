/** Days and months as a calendar shows them, and sets of them in words. All UTC, as in dates.ts. */

/** `November 2026`, of `2026-11`. */
export function month(iso: string, locale: string | undefined): string {
  return new Intl.DateTimeFormat(locale, {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${iso}-01`));
}

/** `Nov`, for the head of a column. */
export function shortMonth(iso: string, locale: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { month: "short", timeZone: "UTC" }).format(new Date(iso));
}

/** `Mon`, of any day. */
export function weekday(iso: string, locale: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" }).format(
    new Date(iso),
  );
}

/** `Mon, 26 Oct 2026`. */
export function dayOfWeek(iso: string, locale: string | undefined): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(iso));
}
