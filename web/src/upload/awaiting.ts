/** Waiting for a receipt: politely, and not for ever. */
import type { Receipt } from "../client/types.ts";
import type { Doors } from "../doors/doors.ts";

/** Ends early where the signal says that nobody waits any more. */
export type Wait = (seconds: number, signal: AbortSignal) => Promise<void>;

/** After how many seconds a receipt is asked for again; about five minutes in all, then it is left alone. */
export const WAITS: readonly number[] = [2, 2, 3, 5, 8, 13, 20, 30, 30, 30, 30, 30, 30, 30, 30];

/** The receipt of the upload `id`; undefined where it was not there after the last of the waits. */
export async function awaitReceipt(
  doors: Doors,
  id: string,
  signal: AbortSignal,
  wait: Wait,
  waits: readonly number[] = WAITS,
): Promise<Receipt | undefined> {
  const [seconds, ...others] = waits;
  if (seconds === undefined || signal.aborted) return undefined;
  await wait(seconds, signal);
  if (signal.aborted) return undefined;
  const found = await doors.uploaded(id);
  if (found.state === "data" && found.data.receipt) return found.data.receipt;
  // No answer is no reason to stop: the file is in the container.
  return awaitReceipt(doors, id, signal, wait, others);
}

export function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
