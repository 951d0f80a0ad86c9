/** The names of sources, checks and kinds of files in plain words; one that is not known yet stands as it was sent. */
import type { Check } from "../client/types.ts";
import type { Standing } from "../marks/Mark.tsx";

const SOURCES: Record<string, string> = {
  claude_code_admin: "Live API",
  claude_enterprise_analytics: "Enterprise API",
  exports: "Exports",
};

const CHECKS: Record<string, string> = {
  "expected-organization": "Organisation",
  "roster-visible": "Engineers it can see",
  "humans-present": "People, not only keys",
  access: "Access",
  coverage: "Every day covered",
  freshness: "Freshness",
  silence: "No unexplained silence",
  reconciliation: "Sources agree",
  plausibility: "Plausible rows",
  contract: "Form of what arrives",
};

const KINDS: Record<string, string> = {
  claude_code_team: "Claude Code team export",
  claude_code_contribution: "Claude Code contribution export",
  console_team: "Console team export",
  console_cost: "Console cost",
  members: "Members",
  members_analytics: "Members analytics",
  spend_report: "Spend report",
  roster: "Roster",
  aliases: "Aliases",
  keys: "Keys",
  holidays: "Holidays",
  seat_prices: "Seat prices",
  canaries: "Canaries",
  reports: "Reports",
};

const EVIDENCE: Record<string, string> = {
  "metadata as_of": "what was said with it",
  folder: "its folder",
  "file name": "its name",
  "last modified": "nothing but its arrival",
};

export const evidenceName = (evidence: string): string => EVIDENCE[evidence] ?? evidence;

const STANDINGS: Record<Check["status"], Standing> = {
  pass: "good",
  warn: "warn",
  fail: "bad",
  unknown: "unknown",
};

export const sourceName = (source: string): string => SOURCES[source] ?? source;
export const checkName = (name: string): string => CHECKS[name] ?? name;
export const checkStanding = (check: Check): Standing => STANDINGS[check.status];

/** A kind's name; where two dashboards are of one kind the organisation follows it, and stays. */
export function kindName(kind: string): string {
  const [name = "", ...organization] = kind.split(" ");
  return [KINDS[name] ?? name, ...organization].join(" ");
}
