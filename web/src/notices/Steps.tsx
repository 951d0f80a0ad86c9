import { ToUpload } from "../upload/ToUpload.tsx";
import styles from "./notices.module.css";

/** The way to the first answer, as docs/weekly-export.md tells it. */
export function Steps() {
  return (
    <ol className={styles.steps}>
      <li>
        <b>Export.</b> In claude.ai, open <i>Admin settings → Analytics → Claude Code</i>, check
        that the organisation at the top is yours, and export the team table for the current month.
        Do not open the file in a spreadsheet.
      </li>
      <li>
        <b>Hand it in.</b> <ToUpload>Upload the CSV here</ToUpload>, or drop it in the container{" "}
        <code>drop</code>, in a folder that is named for the day of the download. Its receipt says
        what became of it.
      </li>
      <li>
        <b>Come back on Friday.</b> Export again every week at about the same time. After the third
        Friday there is an answer every Friday.
      </li>
    </ol>
  );
}
