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
