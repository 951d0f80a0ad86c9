import type { Engineers } from "../client/types.ts";
import { COHORTS, cohortOf, type Cohort } from "./cohorts.ts";
import { Count } from "./Count.tsx";
import { Names } from "./Names.tsx";
import styles from "./people.module.css";

export interface OtherCohortsProps {
  engineers: Engineers;
  cohorts: readonly Cohort[];
}

/** The cohorts about which there is less to do, a line each. */
export function OtherCohorts({ engineers, cohorts }: OtherCohortsProps) {
  return (
    <dl className={styles.others}>
      {cohorts.map((cohort) => {
        const shown = cohortOf(engineers, cohort);
        if (!shown || (cohort === "unknown" && shown.engineers === 0)) return null;
        return (
          <div key={cohort}>
            <dt>
              {COHORTS[cohort].title}
              <span className={styles.means}>{shown.reason ?? COHORTS[cohort].means}</span>
            </dt>
            <dd>
              <Count shown={{ ...shown, reason: null }} />
            </dd>
            <dd className={styles.who}>
              <Names cohort={cohort} count={shown.engineers} engineers={engineers} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
