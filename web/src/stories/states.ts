/** Every state of the tab, as bodies that the app really sent: docs/examples, which its tests make. */
import type { Adoption, Engineers, Problem, Status } from "../client/types.ts";
import type { DashboardProps } from "../tab/Dashboard.tsx";
import type { Reading } from "../reading/reading.ts";
import exports_ from "../../../docs/examples/adoption-exports.json";
import partial from "../../../docs/examples/adoption-partial.json";
import stale from "../../../docs/examples/adoption-stale.json";
import trusted from "../../../docs/examples/adoption-trusted.json";
import engineers from "../../../docs/examples/engineers.json";
import locked from "../../../docs/examples/problem-locked.json";
import nothingYet from "../../../docs/examples/problem-no-data-yet.json";
import away from "../../../docs/examples/problem-store-unavailable.json";
import untrusted from "../../../docs/examples/problem-untrusted.json";
import overdue from "../../../docs/examples/status-overdue.json";
import trap from "../../../docs/examples/status-trap.json";
import status from "../../../docs/examples/status.json";

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

const usual = { status: data<Status>(status), engineers: data<Engineers>(engineers) };

export const STORIES: Record<string, Story> = {
  trusted: { ...usual, adoption: adoption(trusted) },
  exports: { ...usual, adoption: adoption(exports_) },
  partial: { ...usual, adoption: adoption(partial) },
  stale: { ...usual, adoption: adoption({ ...trusted, stale: true }) },
  "no answer of now": { ...usual, adoption: adoption(stale) },
  overdue: { ...usual, adoption: adoption(stale), status: data<Status>(overdue) },
  loading: {
    adoption: { state: "loading" },
    status: { state: "loading" },
    engineers: { state: "loading" },
  },
  untrusted: {
    adoption: problem(untrusted),
    status: data<Status>(trap),
    engineers: problem(untrusted),
  },
  "locked plan": { ...usual, adoption: problem(locked), engineers: problem(locked) },
  "nothing yet": { ...usual, adoption: problem(nothingYet), engineers: problem(nothingYet) },
  "store away": { adoption: problem(away), status: problem(away), engineers: problem(away) },
  offline: {
    adoption: { state: "data", data: trusted as Adoption, checking: false, unreachable: "offline" },
    status: { state: "unreachable", unreachable: "offline" },
    engineers: { state: "unreachable", unreachable: "offline" },
  },
};
