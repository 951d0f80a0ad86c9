/** How the engineers of both periods moved: exact counts, or how far each reaches. */
import type { Answer, Spread } from "../client/types.ts";
import { number } from "../format/figures.ts";

export const MOVEMENTS = ["started", "gained", "held", "declined", "stopped"] as const;
export type Movement = (typeof MOVEMENTS)[number];
export type Movements = Record<Movement, Spread>;

/** None where nothing was compared, or where the numbers are withheld. */
export function movementsOf({ counts, ranges }: Answer): Movements | undefined {
  const spreads = MOVEMENTS.map((name): [Movement, Spread | undefined] => [
    name,
    counts ? { low: counts[name], high: counts[name] } : ranges?.[name],
  ]);
  if (spreads.some(([, one]) => one === undefined)) return undefined;
  return Object.fromEntries(spreads) as Movements;
}

/** `3`, or `1–2`. */
export function spread({ low, high }: Spread, locale: string | undefined): string {
  const least = number(low, "count", locale);
  return low === high ? least : `${least}–${number(high, "count", locale)}`;
}
