import { useState } from "react";
import { printTab } from "./print.ts";
import styles from "./view.module.css";
import type { Viewing } from "./ViewSection.tsx";

interface ActionsProps extends Pick<Viewing, "onDownload"> {
  /** Nothing is shown that could be taken along. */
  disabled: boolean;
}

/** What is shown, as a file and on paper. */
export function Actions({ onDownload, disabled }: ActionsProps) {
  const [failed, setFailed] = useState<string>();
  const download = async () => {
    setFailed(undefined);
    const problem = await onDownload();
    if (problem) setFailed(`No file: ${problem.title}. ${problem.detail}`);
  };
  return (
    <span className={styles.actions}>
      <button type="button" disabled={disabled} onClick={download}>
        Download CSV
      </button>
      <button
        type="button"
        disabled={disabled}
        onClick={({ currentTarget }) => printTab(currentTarget)}
      >
        Print weekly report
      </button>
      <output>{failed}</output>
    </span>
  );
}
