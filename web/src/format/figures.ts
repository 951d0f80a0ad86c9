/** Figures in words: a number, a range, or a dash; unknown is never drawn as 0. */
import type { Figure } from "../client/types.ts";

export type Unit = "count" | "rate" | "usd";

const OPTIONS: Record<Unit, Intl.NumberFormatOptions> = {
  count: { maximumFractionDigits: 0 },
  rate: { style: "percent", maximumFractionDigits: 1 },
  usd: { style: "currency", currency: "USD", maximumFractionDigits: 2 },
};

export const UNKNOWN = "—";

export function number(value: number, unit: Unit, locale: string | undefined): string {
  const compact = unit === "count" && Math.abs(value) >= 1_000_000;
  return new Intl.NumberFormat(locale, {
    ...OPTIONS[unit],
    ...(compact && { notation: "compact", maximumFractionDigits: 1 }),
  }).format(value);
}

/** `1,234`, `90–120`, or `—`. A figure that nothing bounds above is a dash: its low alone reads like a value. */
export function figure(one: Figure | undefined, unit: Unit, locale: string | undefined): string {
  if (!one) return UNKNOWN;
  if (one.value !== null) return number(one.value, unit, locale);
  if (one.low === null || one.high === null) return UNKNOWN;
  return `${number(one.low, unit, locale)}–${number(one.high, unit, locale)}`;
}

/** `at least 3`: what is certain of a figure that nothing bounds above; undefined where that is nothing. */
export function atLeast(
  one: Figure | undefined,
  unit: Unit,
  locale: string | undefined,
): string | undefined {
  if (!one || one.high !== null || one.low === null || one.low <= 0) return undefined;
  return `at least ${number(one.low, unit, locale)}`;
}

/** Why it is no number, and what is certain nevertheless. */
export function reasonOf(
  one: Figure | undefined,
  unit: Unit,
  locale: string | undefined,
): string | undefined {
  if (!one) return "it is not told of this period";
  if (one.value !== null) return undefined;
  return [one.reason, atLeast(one, unit, locale)].filter(Boolean).join("; ") || "it is not known";
}
