import type { Engineers } from "../client/types.ts";
import { day } from "../format/dates.ts";
import { useLocale } from "../format/locale.ts";
import type { Reading } from "../reading/reading.ts";
import { Skeleton } from "../tab/Skeleton.tsx";
import { cohortOf, OTHERS } from "./cohorts.ts";
import { Gaining } from "./Gaining.tsx";
import { Group } from "./Group.tsx";
import { Invitation } from "./Invitation.tsx";
import { OtherCohorts } from "./OtherCohorts.tsx";
import styles from "./people.module.css";

/** Whom to thank, and whom to invite: counts for all, names for those who may see them, and never a rank. */
export function PeopleSection({ engineers }: { engineers: Reading<Engineers> }) {
  return (
    <section aria-labelledby="scoreboard-people" className={styles.people}>
      <h3 id="scoreboard-people" className={styles.heading}>
        Whom to thank, and whom to invite
      </h3>
      {engineers.state === "loading" && (
        <Skeleton as="block" what="who is on the way" className={styles.waiting} />
      )}
      {engineers.state === "problem" && (
        <p className={styles.quiet}>
          {engineers.problem.title}. {engineers.problem.detail}
        </p>
      )}
      {engineers.state === "unreachable" && (
        <p className={styles.quiet}>This cannot be asked for now.</p>
      )}
      {engineers.state === "data" && <Known engineers={engineers.data} />}
    </section>
  );
}

function Known({ engineers }: { engineers: Engineers }) {
  const locale = useLocale();
  const last = engineers.periods.at(-1);
  const power = cohortOf(engineers, "power");
  const idle = cohortOf(engineers, "notYetStarted");
  const lastDay = last && new Date(Date.parse(last.end) - 1).toISOString();
  return (
    <>
      {lastDay && (
        <p className={styles.quiet}>
          {engineers.of !== null && `${engineers.of} on the roster; `}
          {engineers.periods.length} periods up to {day(lastDay, locale)}.
        </p>
      )}
      <div className={styles.featured}>
        {power && (
          <Group shown={power} engineers={engineers}>
            {power.engineers === 0
              ? "Nobody yet was active in all of the last four periods and did most."
              : "Celebrate them, and ask them to show others how they work: it is the cheapest training there is."}
          </Group>
        )}
        <Gaining engineers={engineers} />
        {idle && (
          <Group shown={idle} engineers={engineers}>
            <Invitation count={idle.engineers} />
          </Group>
        )}
      </div>
      <OtherCohorts engineers={engineers} cohorts={OTHERS} />
      {engineers.namesWithheld && <p className={styles.quiet}>{engineers.namesWithheld}</p>}
    </>
  );
}
