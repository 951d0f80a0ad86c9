import type { Answer } from "../client/types.ts";
import styles from "./answer.module.css";
import { Shape, VERDICTS } from "./Verdict.tsx";

/** The app's own sentence. Its first word is the verdict: that stands out, with the verdict's shape. */
export function Sentence({ answer: { verdict, sentence } }: { answer: Answer }) {
  const word = VERDICTS[verdict];
  const leads = sentence.startsWith(word);
  const end = leads ? word.length + 1 : 0; // "Yes:", "No,"
  return (
    <p className={styles.answer} data-verdict={verdict}>
      <span className={styles.verdict}>
        <Shape of={verdict} />
        {leads ? sentence.slice(0, end) : <span aria-hidden="true">{word}:</span>}
      </span>
      <span className={styles.sentence}>{sentence.slice(end)}</span>
    </p>
  );
}
