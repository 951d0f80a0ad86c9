import type { Problem } from "../client/types.ts";
import { lockedSources } from "../trust/checks.ts";
import { sourceName } from "../trust/words.ts";
import { Banner } from "./Banner.tsx";
import { Steps } from "./Steps.tsx";
import styles from "./notices.module.css";

/** The plan does not include the live API, and no export has come yet. That is no fault of anybody. */
export function Locked({ problem }: { problem: Problem }) {
  const checks = problem.checks ?? [];
  const access = checks.find((one) => one.reason === "locked");
  const names = lockedSources(checks).map(sourceName).join(", ");
  return (
    <Banner
      standing="calm"
      title={`${names}: not supported for this plan`}
      action="Use the weekly CSV export instead: it answers the same question."
    >
      <p className={styles.lead}>Nothing is broken, and nothing has to be repaired.</p>
      <Steps />
      {access?.action && (
        <details className={styles.aside}>
          <summary>Does your plan include it after all?</summary>
          <p>{access.action}</p>
        </details>
      )}
    </Banner>
  );
}
