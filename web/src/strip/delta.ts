/** How much more or less than before, in words. */
import type { Figure } from "../client/types.ts";
import { number, type Unit } from "../format/figures.ts";

/** `▲ 2`, `▼ 1.3 points`, `no change`; none where either is not one number. */
export function delta(
  now: Figure | undefined,
  before: Figure | undefined,
  unit: Unit,
  locale: string | undefined,
): string | undefined {
  if (now?.value == null || before?.value == null) return undefined;
  const more = now.value - before.value;
  const size = amount(Math.abs(more), unit, locale);
  if (size === amount(0, unit, locale)) return "no change";
  return `${more > 0 ? "▲" : "▼"} ${size}`;
}

/** The difference of two rates is in points: 90 % is 10 points more than 80 %, and not 10 % more. */
function amount(size: number, unit: Unit, locale: string | undefined): string {
  if (unit !== "rate") return number(size, unit, locale);
  const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(100 * size);
  return `${points} ${points === "1" ? "point" : "points"}`;
}
