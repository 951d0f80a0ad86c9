import type { Adoption, Problem, Status } from "../client/types.ts";
import type { Reading } from "../reading/reading.ts";
import { lockedSources } from "../trust/checks.ts";
import { Banner } from "./Banner.tsx";
import { Beside } from "./Beside.tsx";
import { Doubted } from "./Doubted.tsx";
import { Locked } from "./Locked.tsx";
import { NothingYet } from "./NothingYet.tsx";
import { Refused } from "./Refused.tsx";
import { Retry } from "./Retry.tsx";
import theme from "../theme/theme.module.css";
import styles from "./notices.module.css";

export interface NoticesProps {
  adoption: Reading<Adoption>;
  status: Reading<Status>;
  onAgain: () => void;
}

/**
 * What has to be known before any figure is looked at. Without figures it stands in their place.
 *
 * The place is there from the beginning, so that a screen reader hears what arrives in it.
 */
export function Notices({ adoption, status, onAgain }: NoticesProps) {
  return (
    <div
      className={`${styles.notices} ${theme.prints}`}
      role={adoption.state === "data" ? "status" : undefined}
    >
      {adoption.state === "data" && (
        <Beside adoption={adoption} status={status} onAgain={onAgain} />
      )}
      {adoption.state === "problem" && <Instead {...adoption} onAgain={onAgain} />}
      {adoption.state === "unreachable" && (
        <Banner
          standing="warn"
          title={
            adoption.unreachable === "offline" ? "You are offline" : "The server does not answer"
          }
          action={
            adoption.unreachable === "offline"
              ? "The tab asks again by itself as soon as there is a network."
              : "Look whether the functions run, and whether they let this page ask."
          }
        >
          <p className={styles.lead}>Nothing was kept from an earlier visit that could be shown.</p>
          <Retry said={adoption} onAgain={onAgain} />
        </Banner>
      )}
    </div>
  );
}

interface InsteadProps {
  problem: Problem;
  retryAfter?: number | undefined;
  onAgain: () => void;
}

function Instead({ problem, retryAfter, onAgain }: InsteadProps) {
  switch (problem.type) {
    case "/problems/untrusted":
      return <Doubted problem={problem} />;
    case "/problems/unproven":
      return isLocked(problem) ? <Locked problem={problem} /> : <Doubted problem={problem} />;
    case "/problems/no-data-yet":
      return <NothingYet problem={problem} />;
    default:
      return <Refused problem={problem} retryAfter={retryAfter} onAgain={onAgain} />;
  }
}

/** Whether the plan is the whole reason: no source is there but those that it does not include. */
function isLocked({ checks = [] }: Problem): boolean {
  const locked = lockedSources(checks);
  return locked.length > 0 && checks.every((one) => locked.includes(one.source));
}
