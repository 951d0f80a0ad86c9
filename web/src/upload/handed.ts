/** Files on their way: what each is, how far it has come, and what happens to it next. Pure. */
import type { ExportCheck, Problem, Receipt } from "../client/types.ts";

export type Step =
  | { at: "checking" }
  /** Nothing is stored yet; what would happen is known. */
  | { at: "checked"; check: ExportCheck }
  | { at: "uploading"; check: ExportCheck }
  /** It is in the container, and its receipt has not come. */
  | { at: "waiting"; check: ExportCheck }
  | { at: "received"; receipt: Receipt }
  /** The receipt took too long to wait for; it will stand among the imports. */
  | { at: "later" }
  /** The door did not take it. */
  | { at: "failed"; problem: Problem };

export interface Handed {
  key: number;
  file: File;
  /** When it was downloaded, as a date, where somebody said so. */
  asOf: string;
  step: Step;
}

/** Whether this file may go on: only what would count does. */
export function isReady({ step }: Handed): boolean {
  return step.at === "checked" && step.check.state === "accepted";
}

/** Whether it helps to say when the file was downloaded: nothing else says it, it is an export, and no line of
 * it is wrong. What contradicts a date or other files is a constraint-error; whatever else is found stays. */
export function wantsDate({ step }: Handed): boolean {
  if (step.at !== "checked") return false;
  const { evidence, findings } = step.check;
  const ofDates = findings.every(({ code, line }) => code === "constraint-error" && !line);
  return evidence !== "file name" && ofDates;
}

/** How many of the three steps are done: checked, uploaded, taken in. Undefined where nothing is under way. */
export function stepsDone({ step }: Handed): number | undefined {
  const done: Partial<Record<Step["at"], number>> = { uploading: 1, waiting: 2 };
  return done[step.at];
}

/** The day on which the browser says that a file was saved: mostly that of the download. */
export function savedOn(file: File): string {
  // The reader's own day; Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE").format(new Date(file.lastModified));
}

/** What the tab takes over HTTP (docs/problems.md, too-large): more is not sent, since it would be refused. */
export const MAX_BYTES = 8 * 1024 * 1024;

export const TOO_LARGE: Problem = {
  type: "/problems/too-large",
  title: "The file is too large to be uploaded here",
  status: 413,
  detail: "An export of a team is far smaller: is it the right file?",
  action: "If it is, drop it into the container drop, in the folder of the day of its download.",
};
