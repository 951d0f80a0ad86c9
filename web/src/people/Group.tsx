import type { ReactNode } from "react";
import type { CohortShown, Engineers } from "../client/types.ts";
import { COHORTS } from "./cohorts.ts";
import { Count } from "./Count.tsx";
import { Names } from "./Names.tsx";
import styles from "./people.module.css";

export interface GroupProps {
  shown: CohortShown;
  engineers: Engineers;
  children: ReactNode;
}

/** A cohort that somebody should do something about: how many, what, and who. */
export function Group({ shown, engineers, children }: GroupProps) {
  return (
    <div className={styles.group}>
      <h4>{COHORTS[shown.cohort].title}</h4>
      <Count shown={shown} />
      <p>{children}</p>
      <Names cohort={shown.cohort} count={shown.engineers} engineers={engineers} />
    </div>
  );
}
