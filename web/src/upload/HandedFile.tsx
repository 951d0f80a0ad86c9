import type { ReactNode } from "react";
import type { ExportCheck, Problem } from "../client/types.ts";
import { useLocale } from "../format/locale.ts";
import { Mark, type Standing } from "../marks/Mark.tsx";
import { ReceiptDetails } from "../trust/ReceiptDetails.tsx";
import { aboutFile, RECEIPT_STANDINGS } from "../trust/ReceiptRow.tsx";
import { DownloadDate } from "./DownloadDate.tsx";
import { isReady, stepsDone, wantsDate, type Handed } from "./handed.ts";
import styles from "./upload.module.css";
import type { Uploads } from "./useUploads.ts";

/** One file: what would become of it, and then what did. */
export function HandedFile({ one, uploads }: { one: Handed; uploads: Uploads }) {
  const { file, step } = one;
  const done = stepsDone(one);
  const leave = step.at === "received" || step.at === "later" ? "Close" : "Leave it out";
  return (
    <li className={styles.file}>
      <p className={styles.fileName}>{file.name}</p>
      <Now one={one} />
      {done !== undefined && (
        <progress className={styles.progress} max={3} value={done} aria-label={file.name} />
      )}
      {step.at === "checked" && <WouldBe check={step.check} />}
      {step.at === "received" && <ReceiptDetails receipt={step.receipt} />}
      {step.at === "failed" && <NotTaken problem={step.problem} />}
      {wantsDate(one) && <DownloadDate one={one} onState={uploads.state} />}
      <p className={styles.buttons}>
        {isReady(one) && step.at === "checked" && (
          <button
            type="button"
            className={styles.main}
            aria-label={`Upload: ${file.name}`}
            onClick={() => uploads.upload(one, step.check)}
          >
            Upload
          </button>
        )}
        {step.at === "failed" && step.problem.status !== 413 && (
          <button type="button" className={styles.choose} onClick={() => uploads.retry(one)}>
            Try again
          </button>
        )}
        {done === undefined && step.at !== "checking" && (
          <button
            type="button"
            className={styles.link}
            aria-label={`${leave}: ${file.name}`}
            onClick={() => uploads.remove(one)}
          >
            {leave}
          </button>
        )}
      </p>
    </li>
  );
}

const WOULD_BE: Record<ExportCheck["state"], string> = {
  accepted: "Would be accepted",
  duplicate: "Would be a duplicate",
  refused: "Would be refused",
  contested: "Would be contested",
  retracted: "Was retracted before",
};

/** How far it is, in a line. */
function Now({ one: { step } }: { one: Handed }) {
  const locale = useLocale();
  switch (step.at) {
    case "checking":
      return <Line standing="calm">Being checked…</Line>;
    case "checked":
      return (
        <Line standing={RECEIPT_STANDINGS[step.check.state]}>
          <b>{WOULD_BE[step.check.state]}.</b> {aboutFile(step.check, locale)}
        </Line>
      );
    case "uploading":
      return <Line standing="calm">Being uploaded…</Line>;
    case "waiting":
      return <Line standing="calm">Uploaded. Its receipt comes within seconds, mostly…</Line>;
    case "received":
      return (
        <Line standing={RECEIPT_STANDINGS[step.receipt.state]}>
          <b>Taken in: {step.receipt.state}.</b> {aboutFile(step.receipt, locale)}
        </Line>
      );
    case "later":
      return (
        <Line standing="calm">
          Uploaded. Its receipt takes longer than usual: it will stand among the imports within the
          hour.
        </Line>
      );
    case "failed":
      return (
        <Line standing="bad">
          <b>{step.problem.title}.</b>
        </Line>
      );
  }
}

function Line({ standing, children }: { standing: Standing; children: ReactNode }) {
  return (
    <p className={styles.now}>
      <Mark standing={standing} />
      <span>{children}</span>
    </p>
  );
}

function WouldBe({ check }: { check: ExportCheck }) {
  return (
    <>
      <ReceiptDetails receipt={check} />
      {check.turns.length > 0 && (
        <ul className={styles.turns}>
          {check.turns.map((one) => (
            <li key={one.receiptId}>
              <Mark standing="warn" />
              {one.name} would turn from {one.before} to {one.after}.
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function NotTaken({ problem }: { problem: Problem }) {
  return (
    <div className={styles.why}>
      <p>{problem.detail}</p>
      {problem.parameters?.map((one) => (
        <p key={one.name}>
          {one.name}: expected {one.expected}.
        </p>
      ))}
      {problem.action && (
        <p>
          <b>{problem.action}</b>
        </p>
      )}
      {problem.correlationId && <p>For whoever looks into the log: {problem.correlationId}</p>}
    </div>
  );
}
