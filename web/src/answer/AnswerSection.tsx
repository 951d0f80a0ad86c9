import type { Adoption } from "../client/types.ts";
import { moment } from "../format/dates.ts";
import { useLocale } from "../format/locale.ts";
import type { Reading } from "../reading/reading.ts";
import theme from "../theme/theme.module.css";
import { Skeleton } from "../tab/Skeleton.tsx";
import styles from "./answer.module.css";
import { Before } from "./Before.tsx";
import { Sentence } from "./Sentence.tsx";
import { Why } from "./Why.tsx";

const QUESTION =
  "Are more of my engineers getting more value out of Claude Code than they did last week?";

/** The question, its answer in one sentence, and why. */
export function AnswerSection({ adoption }: { adoption: Reading<Adoption> }) {
  return (
    <section className={theme.prints} aria-labelledby="scoreboard-question">
      <div className={styles.head}>
        <h2 id="scoreboard-question" className={styles.question}>
          {QUESTION}
        </h2>
        {isDemo(adoption) && <span className={styles.badge}>Demo data</span>}
      </div>
      {adoption.state === "loading" && (
        <Skeleton as="text" what="the answer" className={styles.waiting} />
      )}
      {adoption.state === "data" && (
        <div className={styles.body}>
          {adoption.data.team != null && <p className={styles.team}>Team {adoption.data.team}</p>}
          <Sentence answer={adoption.data.answer} />
          <Why answer={adoption.data.answer} />
          <Before answer={adoption.data.answer} periods={adoption.data.periods} />
          <AsOf at={adoption.data.dataAsOf} checking={adoption.checking} />
        </div>
      )}
    </section>
  );
}

/** What is refused in a demo is made up as well. */
function isDemo(adoption: Reading<Adoption>): boolean {
  if (adoption.state === "data") return adoption.data.demo === true;
  return adoption.state === "problem" && adoption.problem.demo === true;
}

/** How old the data are, and whether these are still being asked for again. */
function AsOf({ at, checking }: { at: string | null; checking: boolean }) {
  const locale = useLocale();
  if (at === null && !checking) return null;
  return (
    <p className={styles.quiet}>
      {at !== null && `Data as of ${moment(at, locale)}`}
      {checking && <span className={styles.checking}> checking for newer…</span>}
    </p>
  );
}
