/** Which checks there are to look at. */
import type { Check } from "../client/types.ts";

/** The sources that the plan does not include: nothing is wrong with them, and nothing can be said of them. */
export function lockedSources(checks: readonly Check[]): string[] {
  return checks.filter((one) => one.reason === "locked").map((one) => one.source);
}

/** Those that somebody can do something about: a source that is locked has none. */
export function ofOpenSources(checks: readonly Check[]): Check[] {
  const locked = lockedSources(checks);
  return checks.filter((one) => !locked.includes(one.source));
}

const GRAVITY: readonly Check["status"][] = ["fail", "warn", "unknown", "pass"];

/** The gravest first; among equals as they were sent. */
export function gravestFirst(checks: readonly Check[]): Check[] {
  return GRAVITY.flatMap((status) => checks.filter((one) => one.status === status));
}
