import type { DayCover } from "../client/types.ts";
import styles from "./calendar.module.css";
import type { CoverageDay } from "./coverage.ts";

type State = DayCover["state"];

export const DAY_STATES: Record<State, string> = {
  complete: "use, settled",
  empty_expected: "no use, believable",
  provisional: "can still change",
  empty_suspect: "empty, unproven",
  failed: "could not be fetched",
  never_fetched: "not fetched yet",
};

/** What the shapes of a calendar mean, and how many days there are of each. */
export function Legend({ days }: { days: readonly CoverageDay[] }) {
  const looked = days.filter((one) => one.looks.length > 0).length;
  return (
    <ul className={styles.legend} aria-label="How many days of each kind">
      {(Object.keys(DAY_STATES) as State[]).map((state) => {
        const count = days.filter((one) => one.state === state).length;
        if (count === 0) return null;
        return (
          <li key={state}>
            <span className={`${styles.day} ${styles[state]}`} aria-hidden="true">
              <span />
            </span>
            {count} {DAY_STATES[state]}
          </li>
        );
      })}
      {looked > 0 && (
        <li>
          <span className={styles.day} aria-hidden="true">
            <span className={styles.look} />
          </span>
          {looked} with an export
        </li>
      )}
    </ul>
  );
}
