/** What a reader has of one GET: nothing yet, data, a problem document, or no answer at all. */
import type { Problem } from "../client/types.ts";

export type Reading<T> =
  | { state: "loading" }
  /** `checking`: these came from the browser's cache and are being asked for again. */
  | { state: "data"; data: T; checking: boolean; unreachable?: Unreachable }
  | { state: "problem"; problem: Problem; retryAfter?: number }
  | { state: "unreachable"; unreachable: Unreachable };

/** Why there is no answer: the browser has no network, or nothing that could be understood came back. */
export type Unreachable = "offline" | "no-answer";

/** What one request ended in. */
export type Outcome<T> = Exclude<Reading<T>, { state: "loading" }>;

/** What to show when `next` arrives: a lost connection never takes away what is on the page. */
export function after<T>(shown: Reading<T>, next: Outcome<T>): Reading<T> {
  if (next.state === "unreachable" && shown.state === "data")
    return { ...shown, checking: false, unreachable: next.unreachable };
  return next;
}
