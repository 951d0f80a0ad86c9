/**
 * A linear scale. d3's own can scale colours and dates as well, and weighs 12 kB for it; what is hard about a scale,
 * its round numbers, is d3's here, too.
 */
import { nice, ticks } from "@visx/vendor/d3-array";

/** From a value to its place, in pixels. */
export type Scale = (value: number) => number;

export function linear(from: number, to: number, begin: number, end: number): Scale {
  return (value) => begin + ((value - from) / (to - from)) * (end - begin);
}

/** Heights on a panel: 0 is at the bottom, and a round number, at least `most`, at the top. */
export function heights(most: number, height: number): { y: Scale; marks: number[] } {
  const wanted = height < 110 ? 2 : 4;
  const [, top] = nice(0, most, wanted);
  return { y: linear(0, top, height, 0), marks: ticks(0, top, wanted) };
}
