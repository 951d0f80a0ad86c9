import type { Answer } from "../client/types.ts";
import styles from "./answer.module.css";

type Verdict = Answer["verdict"];

/** Each verdict as the word that the app's sentences begin with. */
export const VERDICTS: Record<Verdict, string> = {
  yes: "Yes",
  no: "No",
  mixed: "Mixed",
  unknown: "Unknown",
};

const OUTLINES: Record<Exclude<Verdict, "unknown">, string> = {
  yes: "M8 1 15.5 15H.5z",
  no: "M8 15 .5 1h15z",
  mixed: "M8 0 16 8l-8 8L0 8z",
};

/** What tells the verdicts apart without their colours: ▲ yes, ▼ no, ◆ mixed, ? unknown. */
export function Shape({ of }: { of: Verdict }) {
  if (of === "unknown") return <span aria-hidden="true" className={styles.query} />;
  return (
    <svg className={styles.shape} viewBox="0 0 16 16" aria-hidden="true">
      <path d={OUTLINES[of]} />
    </svg>
  );
}
