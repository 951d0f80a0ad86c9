import type { PeriodRow } from "../client/types.ts";
import { linear, type Scale } from "./scale.ts";

/** A period's place on the time axis, in pixels. */
export interface Span {
  left: number;
  right: number;
}

export function middle(span: Span | undefined): number {
  return span ? (span.left + span.right) / 2 : 0;
}

/** Where a bar stands in its period: with air on both sides, where there is room for it. */
export function barOf({ left, right }: Span): { x: number; width: number } {
  const wide = right - left;
  const gap = wide > 6 ? Math.min(6, wide * 0.12) : 0;
  return { x: left + gap, width: Math.max(0.5, wide - 2 * gap) };
}

/** The time axis, `width` pixels long, from the first period's start to the last one's end. */
export function timeAxis(rows: readonly PeriodRow[], width: number): Scale {
  const from = Date.parse(rows[0]?.period.start ?? "");
  const to = Date.parse(rows.at(-1)?.period.end ?? "");
  return linear(from, to, 0, width);
}

export function spansOf(rows: readonly PeriodRow[], x: Scale): Span[] {
  return rows.map(({ period: { start, end } }) => ({
    left: x(Date.parse(start)),
    right: x(Date.parse(end)),
  }));
}
