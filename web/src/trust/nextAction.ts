import type { Check, Overdue } from "../client/types.ts";
import { gravestFirst, ofOpenSources } from "./checks.ts";

export interface Known {
  overdue: readonly Overdue[];
  checks: readonly Check[];
  /** What the answer asks for. */
  answer: string | null | undefined;
}

/**
 * The one step that is most useful now: a file that figures wait for, what mends a failure, what the answer asks for,
 * then what a warning or an open check asks for. Undefined where there is nothing to do.
 */
export function nextAction({ overdue, checks, answer }: Known): string | undefined {
  const open = gravestFirst(ofOpenSources(checks));
  const failing = open.filter((one) => one.status === "fail");
  const others = open.filter((one) => one.status === "warn" || one.status === "unknown");
  const steps = [
    ...overdue.map((one) => one.action),
    ...failing.map((one) => one.action),
    answer,
    ...others.map((one) => one.action),
  ];
  return steps.find((step) => !!step) ?? undefined;
}
