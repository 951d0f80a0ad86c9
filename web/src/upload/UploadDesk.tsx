import { useRef, type ChangeEvent } from "react";
import type { Doors } from "../doors/doors.ts";
import theme from "../theme/theme.module.css";
import { HandedFile } from "./HandedFile.tsx";
import { isReady, type Handed } from "./handed.ts";
import { UPLOAD_ID } from "./place.ts";
import styles from "./upload.module.css";
import { useDragging } from "./useDragging.ts";
import { useUploads } from "./useUploads.ts";

/** Takes files by button or by drop, shows what would become of each, and uploads what somebody lets go. */
export function UploadDesk({ doors, onAgain }: { doors: Doors; onAgain: () => void }) {
  const uploads = useUploads(doors, onAgain);
  const section = useRef<HTMLElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const dragging = useDragging(section, uploads.hand);
  const ready = uploads.handed.filter(isReady);

  const onChosen = ({ target }: ChangeEvent<HTMLInputElement>) => {
    uploads.hand([...(target.files ?? [])]);
    target.value = ""; // so that the same file can be chosen again
  };
  const uploadAll = () => {
    for (const one of ready) if (one.step.at === "checked") uploads.upload(one, one.step.check);
  };

  return (
    <section
      ref={section}
      id={UPLOAD_ID}
      aria-labelledby="scoreboard-upload-heading"
      className={styles.desk}
    >
      <h3 id="scoreboard-upload-heading" className={styles.heading}>
        Hand in an export
      </h3>
      {uploads.missingRole ? (
        <p className={styles.quiet}>
          Uploading needs the role {uploads.missingRole}, which an administrator assigns. Whoever
          may write into the container <code>drop</code> can drop files there.
        </p>
      ) : (
        <>
          <div className={styles.zone}>
            <p>
              Drop CSV files anywhere on this tab, or choose them. Each is checked first; nothing is
              stored until you upload it.
            </p>
            <button type="button" className={styles.choose} onClick={() => input.current?.click()}>
              Choose files…
            </button>
            <input
              ref={input}
              type="file"
              multiple
              accept=".csv,text/csv"
              aria-label="CSV files to check"
              className={theme.spoken}
              tabIndex={-1}
              onChange={onChosen}
            />
          </div>
          {uploads.handed.length > 0 && (
            <ul className={styles.handed}>
              {uploads.handed.map((one) => (
                <HandedFile key={one.key} one={one} uploads={uploads} />
              ))}
            </ul>
          )}
          {ready.length > 1 && (
            <button type="button" className={styles.main} onClick={uploadAll}>
              Upload all {ready.length} that would be accepted
            </button>
          )}
          <output className={theme.spoken}>{inShort(uploads.handed)}</output>
        </>
      )}
      {dragging && !uploads.missingRole && (
        <div className={styles.cover} aria-hidden="true">
          <span>Drop to check. Nothing is stored yet.</span>
        </div>
      )}
    </section>
  );
}

/** What a screen reader is told when something has changed. */
function inShort(handed: readonly Handed[]): string {
  return handed.map(({ file, step }) => `${file.name}: ${stepInWords(step)}.`).join(" ");
}

function stepInWords(step: Handed["step"]): string {
  switch (step.at) {
    case "checking":
      return "being checked";
    case "checked":
      return `would be ${step.check.state}`;
    case "uploading":
      return "being uploaded";
    case "waiting":
      return "uploaded, waiting for its receipt";
    case "received":
      return step.receipt.state;
    case "later":
      return "uploaded, its receipt comes later";
    case "failed":
      return step.problem.title;
  }
}
