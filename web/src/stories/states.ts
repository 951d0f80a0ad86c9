/** Every state of the tab, as bodies that the app really sent: docs/examples, which its tests make. */
import type { Adoption, Engineers, Problem, Status } from "../client/types.ts";
import type { DashboardProps } from "../tab/Dashboard.tsx";
import type { Reading } from "../reading/reading.ts";
import type { View } from "../view/view.ts";
import exports_ from "../../../docs/examples/adoption-exports.json";
import partial from "../../../docs/examples/adoption-partial.json";
import stale from "../../../docs/examples/adoption-stale.json";
import trusted from "../../../docs/examples/adoption-trusted.json";
import engineers from "../../../docs/examples/engineers.json";
import badParameter from "../../../docs/examples/problem-bad-parameter.json";
import locked from "../../../docs/examples/problem-locked.json";
import nothingYet from "../../../docs/examples/problem-no-data-yet.json";
import away from "../../../docs/examples/problem-store-unavailable.json";
import tooFew from "../../../docs/examples/problem-too-few.json";
import unproven from "../../../docs/examples/problem-unproven.json";
import untrusted from "../../../docs/examples/problem-untrusted.json";
import overdue from "../../../docs/examples/status-overdue.json";
import trap from "../../../docs/examples/status-trap.json";
import status from "../../../docs/examples/status.json";
import { answered, long, restated, uncertain, withRows } from "./changed.ts";
import { lockedSource, NOTICES, untouched } from "./notices.ts";

export type Story = Omit<DashboardProps, "onAgain">;

const data = <T>(body: unknown): Reading<T> => ({
  state: "data",
  data: body as T,
  checking: false,
});
const problem = (body: unknown): Reading<never> => ({
  state: "problem",
  problem: body as Problem,
});
const adoption = data<Adoption>;
const weeks = trusted as unknown as Adoption;

const viewing = (view: View) => ({
  viewing: { view, onView: () => {}, onDownload: async () => undefined },
});
const usual = {
  status: data<Status>(status),
  engineers: data<Engineers>(engineers),
};

export const STORIES: Record<string, Story> = {
  trusted: { ...usual, adoption: adoption(trusted) },
  exports: { ...usual, adoption: adoption(exports_) },
  partial: { ...usual, adoption: adoption(partial) },
  stale: { ...usual, adoption: adoption({ ...trusted, stale: true }) },
  "no answer of now": { ...usual, adoption: adoption(stale) },
  overdue: { ...usual, adoption: adoption(stale), status: data<Status>(overdue) },
  mixed: {
    ...usual,
    adoption: adoption(
      answered(
        weeks,
        "mixed",
        "Mixed, fewer but more gained than lost: 6 of 8 engineers used Claude Code in the week of 16 to 22 November 2026, 7 in the week of 9 to 15 November 2026; 3 started or gained, 2 held, 2 declined or stopped (active: any session, line, commit, pull request, decision or token).",
        { activeBefore: 7, active: 6, started: 0, gained: 3, held: 2, declined: 1, stopped: 1 },
      ),
    ),
  },
  "no, flat": {
    ...usual,
    adoption: adoption(
      answered(
        weeks,
        "no",
        "No, flat: 7 of 8 engineers used Claude Code in the week of 16 to 22 November 2026, 7 in the week of 9 to 15 November 2026; 1 started or gained, 5 held, 1 declined or stopped (active: any session, line, commit, pull request, decision or token).",
        { activeBefore: 7, active: 7, started: 0, gained: 1, held: 5, declined: 1, stopped: 0 },
      ),
    ),
  },
  restated: {
    ...usual,
    adoption: adoption(
      restated(
        weeks,
        "No, flat: 7 of 8 engineers used Claude Code in the week of 16 to 22 November 2026, 7 in the week of 9 to 15 November 2026; 1 started or gained, 5 held, 1 declined or stopped (active: any session, line, commit, pull request, decision or token).",
      ),
    ),
  },
  "ranges and gaps": { ...usual, adoption: adoption(uncertain(weeks)) },
  "withheld numbers": {
    ...usual,
    ...viewing({ range: "recent", team: "Arms" }),
    adoption: adoption({ ...weeks, team: "Arms", answer: { ...weeks.answer, counts: null } }),
  },
  checking: {
    ...usual,
    adoption: { state: "data", data: weeks, checking: true },
  },
  "one period": {
    ...usual,
    adoption: adoption(withRows(weeks, (row) => (row.label === "2026-W47" ? row : undefined))),
  },
  "two periods": {
    ...usual,
    adoption: adoption(withRows(weeks, (row, at) => (at === 2 || at === 3 ? row : undefined))),
  },
  "only a running period": {
    ...usual,
    adoption: adoption(withRows(weeks, (row) => (row.closed ? undefined : row))),
  },
  "52 weeks": {
    ...usual,
    ...viewing({ range: "52w" }),
    adoption: adoption(long(weeks, "week", 51)),
  },
  "400 days": {
    ...usual,
    ...viewing({ range: "custom", from: "2025-10-21", to: "2026-11-23", granularity: "day" }),
    adoption: adoption(long(weeks, "day", 399)),
  },
  "filtered empty": {
    ...usual,
    ...viewing({ range: "custom", from: "2026-11-03", to: "2026-11-05" }),
    adoption: problem(unproven),
  },
  "no period": { ...usual, adoption: adoption({ ...weeks, periods: [] }) },
  "team too small": {
    ...usual,
    ...viewing({ range: "recent", team: "Legs" }),
    adoption: problem(tooFew),
  },
  "bad parameter": { ...usual, adoption: problem(badParameter) },
  loading: {
    adoption: { state: "loading" },
    status: { state: "loading" },
    engineers: { state: "loading" },
  },
  untrusted: {
    ...usual,
    adoption: problem(untrusted),
    status: data<Status>(trap),
    engineers: problem(untrusted),
  },
  "locked plan": {
    adoption: problem(locked),
    status: data<Status>(lockedSource),
    engineers: problem(locked),
  },
  "nothing yet": {
    adoption: problem(nothingYet),
    status: data<Status>(untouched),
    engineers: problem(nothingYet),
  },
  "store away": { adoption: problem(away), status: problem(away), engineers: problem(away) },
  offline: {
    adoption: { state: "data", data: weeks, checking: false, unreachable: "offline" },
    status: { state: "unreachable", unreachable: "offline" },
    engineers: { state: "unreachable", unreachable: "offline" },
  },
  ...NOTICES,
};
