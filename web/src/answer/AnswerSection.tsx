import type { Adoption } from "../client/types.ts";
import type { Reading } from "../reading/reading.ts";
import styles from "./answer.module.css";

const QUESTION =
  "Are more of my engineers getting more value out of Claude Code than they did last week?";

/** The question, and its answer in one sentence. */
export function AnswerSection({ adoption }: { adoption: Reading<Adoption> }) {
  const data = adoption.state === "data" ? adoption.data : undefined;
  return (
    <section aria-labelledby="scoreboard-question">
      <h2 id="scoreboard-question" className={styles.question}>
        {QUESTION}
      </h2>
      {data && <p className={styles.sentence}>{data.answer.sentence}</p>}
    </section>
  );
}
