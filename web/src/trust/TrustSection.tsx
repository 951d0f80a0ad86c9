import type { Adoption, Check, Problem, Status, Trust } from "../client/types.ts";
import { Mark, type Standing } from "../marks/Mark.tsx";
import type { Reading } from "../reading/reading.ts";
import { Skeleton } from "../tab/Skeleton.tsx";
import { Checks } from "./Checks.tsx";
import { ofOpenSources } from "./checks.ts";
import { CoverageCalendars } from "./CoverageCalendars.tsx";
import { ExpectedSeenTables } from "./ExpectedSeenTables.tsx";
import { Imports } from "./Imports.tsx";
import { nextAction } from "./nextAction.ts";
import styles from "./trust.module.css";

export interface TrustSectionProps {
  adoption: Reading<Adoption>;
  status: Reading<Status>;
}

/** Can I believe this? The state in a line, the next step, and everything that they rest on. */
export function TrustSection({ adoption, status }: TrustSectionProps) {
  if (refusesAll(adoption, status)) return null;
  return (
    <section aria-labelledby="scoreboard-trust" className={styles.trust}>
      <h3 id="scoreboard-trust" className={styles.heading}>
        Can I believe this?
      </h3>
      {status.state === "loading" && (
        <Skeleton as="block" what="what the figures rest on" className={styles.waiting} />
      )}
      {status.state === "problem" && (
        <p className={styles.quiet}>
          What is known of the sources cannot be told now. {status.problem.title}.{" "}
          {status.problem.detail}
        </p>
      )}
      {status.state === "unreachable" && (
        <p className={styles.quiet}>What is known of the sources cannot be asked for now.</p>
      )}
      {status.state === "data" && <Known adoption={adoption} status={status.data} />}
    </section>
  );
}

/** Whether the same refusal stands in the place of everything already. */
function refusesAll(adoption: Reading<Adoption>, status: Reading<Status>): boolean {
  if (adoption.state === "problem" && status.state === "problem")
    return adoption.problem.type === status.problem.type;
  return adoption.state === "unreachable" && status.state === "unreachable";
}

function Known({ adoption, status }: { adoption: Reading<Adoption>; status: Status }) {
  const answered = adoption.state === "data" ? adoption.data : undefined;
  const problem = adoption.state === "problem" ? adoption.problem : undefined;
  const checks: readonly Check[] = answered?.trust.checks ?? problem?.checks ?? status.checks;
  const action = nextAction({ overdue: status.overdue, checks, answer: answered?.answer.action });
  const trust = said(answered?.trust.state, problem);
  return (
    <>
      {trust && (
        <p className={styles.state}>
          <Mark standing={trust[0]} />
          {trust[1]}
        </p>
      )}
      {/* What stands in the place of the figures has said it already. */}
      {!problem && (
        <p className={styles.next}>
          <span className={styles.nextLabel}>Next</span>
          {action ?? "Nothing to do: everything that could be checked is in order."}
        </p>
      )}
      <div className={styles.sides}>
        <ExpectedSeenTables status={status} />
        <CoverageCalendars status={status} />
      </div>
      <Checks checks={checks} folded={!!problem} />
      <Imports status={status} />
    </>
  );
}

const STATES: Record<Trust["state"], [Standing, string]> = {
  trusted: ["good", "Trusted: every figure rests on a source that passed its checks."],
  partial: ["warn", "Partly trusted: the figures stand, and something beside them wants a look."],
  untrusted: ["bad", "Not trusted: a check failed, and no figure could be defended."],
  unknown: ["unknown", "Unproven: nothing failed, and nothing proves the data either."],
};

const NOTHING_YET: [Standing, string] = [
  "calm",
  "There is nothing to believe yet: no data have arrived.",
];

/** Undefined where nobody has told: the answer is on its way, refused, or out of reach. */
function said(
  state: Trust["state"] | undefined,
  problem: Problem | undefined,
): [Standing, string] | undefined {
  if (state) return STATES[state];
  switch (problem?.type) {
    case "/problems/untrusted":
      return STATES.untrusted;
    case "/problems/no-data-yet":
      return NOTHING_YET;
    case "/problems/unproven":
      return ofOpenSources(problem.checks ?? []).length === 0 ? NOTHING_YET : STATES.unknown;
    default:
      return undefined;
  }
}
