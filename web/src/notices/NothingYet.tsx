import type { Problem } from "../client/types.ts";
import { Banner } from "./Banner.tsx";
import { Steps } from "./Steps.tsx";
import styles from "./notices.module.css";

/** Nothing was ever asked or dropped. */
export function NothingYet({ problem }: { problem: Problem }) {
  return (
    <Banner standing="calm" title={problem.title} action={problem.action || problem.detail}>
      <p className={styles.lead}>Three steps to the first answer:</p>
      <Steps />
    </Banner>
  );
}
