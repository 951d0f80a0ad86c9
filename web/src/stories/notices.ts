/** States that no example shows: the app's own bodies, with what such a state has besides. */
import type {
  Adoption,
  CohortShown,
  Engineers,
  EngineerShown,
  Figure,
  Problem,
  Receipt,
  Status,
} from "../client/types.ts";
import type { Reading } from "../reading/reading.ts";
import partial from "../../../docs/examples/adoption-partial.json";
import vendorAway from "../../../docs/examples/adoption-vendor-away.json";
import trusted from "../../../docs/examples/adoption-trusted.json";
import counts from "../../../docs/examples/engineers.json";
import badParameter from "../../../docs/examples/problem-bad-parameter.json";
import forbidden from "../../../docs/examples/problem-forbidden.json";
import away from "../../../docs/examples/problem-store-unavailable.json";
import tooFew from "../../../docs/examples/problem-too-few.json";
import unauthenticated from "../../../docs/examples/problem-unauthenticated.json";
import unproven from "../../../docs/examples/problem-unproven.json";
import untrusted from "../../../docs/examples/problem-untrusted.json";
import overdue from "../../../docs/examples/status-overdue.json";
import trap from "../../../docs/examples/status-trap.json";
import status from "../../../docs/examples/status.json";

interface Readings {
  adoption: Reading<Adoption>;
  status: Reading<Status>;
  engineers: Reading<Engineers>;
}

const data = <T>(body: unknown): Reading<T> => ({
  state: "data",
  data: body as T,
  checking: false,
});
const refused = (body: unknown, retryAfter?: number): Readings => {
  const problem = { state: "problem" as const, problem: body as Problem };
  const one = retryAfter === undefined ? problem : { ...problem, retryAfter };
  return { adoption: one, status: one, engineers: one };
};
const usual: Readings = {
  adoption: data(trusted),
  status: data(status),
  engineers: data(counts),
};

// --- trust ---------------------------------------------------------------------------------------

/** The trap, where a roster tells how many there should be: one of eight. */
const oneOfEight: Problem = {
  ...(untrusted as Problem),
  checks: ((untrusted as Problem).checks ?? []).map((one) =>
    one.name === "roster-visible"
      ? { ...one, status: "fail", expected: "8 engineers on the roster", seen: "1 of them" }
      : one,
  ),
};

/** A plan without the live API, or an app that was deployed a minute ago: nobody dropped anything. */
const nothingDropped = {
  exports: { ...status.exports, expectedSeen: [] },
  receipts: [],
  checks: [],
  overdue: [],
};
export const untouched = { ...status, ...nothingDropped, sources: [] };
export const lockedSource = { ...overdue, ...nothingDropped };

/** Every state that a day can be in, and every state of a file. */
const doubtful = {
  ...overdue,
  sources: status.sources.map((one) => ({
    ...one,
    coverage: one.coverage.map((cover, index) => {
      if (index > 22 && index < 27) return { ...cover, state: "empty_suspect" };
      if (index === 18 || index === 19) return { ...cover, state: "failed" };
      if (index < 2) return { ...cover, state: "never_fetched" };
      return cover;
    }),
  })),
  overdue: [],
  receipts: receipts(),
  nextCursor: "OTgyMzA3NjE1OTk5OTktNGYyYQ",
};

function receipts(): Receipt[] {
  const [one] = (overdue as unknown as Status).receipts;
  if (!one) return [];
  const turned: Partial<Receipt>[] = [
    {
      state: "refused",
      name: "2026-11-20/edited.csv",
      kind: null,
      month: null,
      people: null,
      moment: null,
      rowsIn: null,
      settles: [],
      findings: [
        {
          code: "type-error",
          note: "the cell is not a whole number",
          line: 2,
          column: "Lines this Month",
          found: "1.702.5",
          expected: "a whole number: digits, or groups of three with one kind of mark",
          action: "download the export again and drop it as it comes",
        },
      ],
      findingsTotal: 3,
    },
    {
      state: "duplicate",
      duplicateOf: one.receiptId,
      notes: ["The same content was recorded for 30 October 2026 12:00 UTC."],
    },
    { state: "contested", remarks: ["5 of 8 people have fallen; two later files agree."] },
    { state: "retracted", notes: ["Taken out on 23 November 2026."] },
    { missing: ["October's file, from 2 November 2026 on: it settles 30 October to 6 November."] },
    {},
    {},
  ];
  return turned.map((change, index) => ({ ...one, receiptId: `f${index}`, ...change }));
}

// --- people --------------------------------------------------------------------------------------

const exactly = (value: number): Figure => ({ value, low: value, high: value, reason: null });
const person = (
  name: string | null,
  cohort: EngineerShown["cohort"],
  gains: boolean | null,
  reason?: string,
): EngineerShown => ({
  name,
  email: name && `${name.replace(" ", ".").toLowerCase()}@quux.example`,
  team: name ? "Platform" : null,
  cohort,
  gaining: gains,
  rank: null,
  lastSeen: cohort === "notYetStarted" ? null : "2026-11-20",
  linesAccepted: exactly(120),
  sessions: exactly(12),
  activePeriods: exactly(3),
  ...(reason && { reason }),
});
const many = (cohort: CohortShown["cohort"], engineers: number, gains: number): CohortShown => ({
  cohort,
  engineers,
  gaining: exactly(gains),
});

const named: Engineers = {
  ...(counts as Engineers),
  namesShown: true,
  namesWithheld: null,
  of: 60,
  cohorts: [
    many("power", 2, 1),
    many("regular", 20, 5),
    many("casual", 3, 0),
    many("new", 1, 1),
    many("dormant", 2, 0),
    many("notYetStarted", 31, 0),
    many("unknown", 1, 0),
  ],
  engineers: [
    person("Zoë Quist", "power", true),
    person("Ana Lopez", "power", false),
    person("Örjan Holm", "regular", true),
    person("Ben Okafor", "regular", true),
    person("Cara Lind", "casual", false),
    person(null, "dormant", false),
    person("Dan Ito", "dormant", false),
    person("Eva Marsh", "new", true),
    person("Fay Dunn", "notYetStarted", false),
    person("Gil Abadi", "notYetStarted", false),
    person("Hal Brandt", "unknown", null, "too early to say: on the roster since 16 November 2026"),
  ],
  nextCursor: "OTgyMzA3NjE1OTk5OTktNGYyYQ",
};

const suppressed: Engineers = {
  ...(counts as Engineers),
  team: "Platform",
  cohorts: (counts as Engineers).cohorts.map((one) => ({
    ...one,
    gaining: null,
    ...(one.engineers !== 0 && { engineers: null, suppressed: true }),
  })),
};

const open: Engineers = {
  ...(counts as Engineers),
  cohorts: (counts as Engineers).cohorts.map((one) =>
    one.cohort === "power"
      ? {
          ...one,
          engineers: null,
          gaining: { value: null, low: 1, high: 2, reason: "a file is missing" },
          reason: "only two of four periods are known",
        }
      : one,
  ),
};

// --- all -----------------------------------------------------------------------------------------

const internal: Problem = {
  type: "/problems/internal",
  title: "Something broke",
  status: 500,
  detail: "A defect of this app; its log has it under the correlationId.",
  correlationId: "7c1e0f5a-2a53-4b0e-9a55-6f0d3f6f2b11",
};
const missing: Problem = {
  type: "/problems/not-found",
  title: "There is no such thing",
  status: 404,
  detail: "Nothing is kept under that name.",
};
const gateway: Problem = {
  type: "about:blank",
  title: "The server gave no answer",
  status: 502,
  detail: "HTTP 502.",
  action: "Try again in a minute.",
};
const unreachable = (why: "offline" | "no-answer"): Readings => {
  const one = { state: "unreachable" as const, unreachable: why };
  return { adoption: one, status: one, engineers: one };
};

export const NOTICES: Record<string, Readings> = {
  "one of eight": {
    adoption: { state: "problem", problem: oneOfEight },
    status: data(trap),
    engineers: { state: "problem", problem: oneOfEight },
  },
  unproven: { ...usual, ...refused(unproven), status: data(status) },
  "vendor away": { ...usual, adoption: data(vendorAway) },
  doubtful: { ...usual, adoption: data(partial), status: data(doubtful) },
  names: { ...usual, engineers: data(named) },
  "too few to count": { ...usual, engineers: data(suppressed) },
  "people unknown": { ...usual, engineers: data(open) },
  "people refused": { ...usual, engineers: refused(away).engineers },
  "status away": { ...usual, status: refused(away).status },
  "store away, again by itself": refused(away, 30),
  "signed out": refused(unauthenticated),
  "wrong role": refused(forbidden),
  "too few": { ...usual, ...refused(tooFew), status: data(status) },
  "wrong parameter": { ...usual, ...refused(badParameter), status: data(status) },
  "not found": refused(missing),
  broken: refused(internal),
  gateway: refused(gateway),
  "never reached": unreachable("offline"),
  "no answer at all": unreachable("no-answer"),
};
