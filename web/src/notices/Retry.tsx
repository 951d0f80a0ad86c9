import { useEffect, useState } from "react";
import theme from "../theme/theme.module.css";
import styles from "./notices.module.css";

export interface RetryProps {
  /** After how many seconds the server wants to be asked again; it is asked by itself then, once. */
  after?: number | undefined;
  /** What was answered: another object is another answer. */
  said: unknown;
  onAgain: () => void;
}

/** Asks again: by hand at any time, by itself once after the time that the server named. */
export function Retry({ after, said, onAgain }: RetryProps) {
  const [first] = useState(said);
  const mayWait = after !== undefined && said === first;
  const [left, setLeft] = useState(after ?? 0);
  const waiting = mayWait && left > 0;

  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => {
      setLeft(left - 1);
      if (left === 1) onAgain();
    }, 1000);
    return () => clearTimeout(timer);
  }, [waiting, left, onAgain]);

  return (
    <p className={styles.retry}>
      <button type="button" className={styles.button} onClick={onAgain}>
        Try again
      </button>
      {waiting && <span aria-hidden="true">by itself in {left} s</span>}
      <output className={theme.spoken}>{announced(mayWait, left, after)}</output>
    </p>
  );
}

/** Said twice in all, not every second: how long it takes, and that it is being tried. */
function announced(mayWait: boolean, left: number, after: number | undefined): string {
  if (!mayWait)
    return after === undefined ? "" : "Still no answer. It is not tried again by itself.";
  return left > 0 ? `Trying again by itself in ${after} seconds.` : "Trying again.";
}
