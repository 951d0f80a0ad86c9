import { useCallback, useEffect, useRef, useState } from "react";
import type { ExportCheck, Problem } from "../client/types.ts";
import type { Doors } from "../doors/doors.ts";
import type { Outcome } from "../reading/reading.ts";
import { awaitReceipt, sleep, type Wait } from "./awaiting.ts";
import { MAX_BYTES, TOO_LARGE, type Handed, type Step } from "./handed.ts";

export interface Uploads {
  handed: readonly Handed[];
  /** The reader may not upload: which role is missing. */
  missingRole: string | undefined;
  /** Takes files up, and checks each. */
  hand: (files: readonly File[]) => void;
  /** Says when a file was downloaded, and checks it again. */
  state: (one: Handed, asOf: string) => void;
  upload: (one: Handed, check: ExportCheck) => void;
  /** Checks again what the door did not take. */
  retry: (one: Handed) => void;
  remove: (one: Handed) => void;
}

/** Seconds: by then the periods that a file tells of are computed, which comes after its receipt. */
const ROWS_FOLLOW = 15;

/**
 * The way of files: checked, then uploaded when somebody says so, then their receipts are waited for.
 *
 * `onReceived` is called when a receipt has come, and once more when the periods have followed.
 */
export function useUploads(doors: Doors, onReceived: () => void, wait: Wait = sleep): Uploads {
  const [handed, set] = useState<readonly Handed[]>([]);
  const [missingRole, setMissingRole] = useState<string>();
  const next = useRef(0);
  const checks = useRef(Promise.resolve());
  const left = useRef<AbortController>(undefined);

  useEffect(() => {
    const controller = new AbortController();
    left.current = controller;
    return () => controller.abort();
  }, []);

  const change = useCallback((key: number, to: Partial<Handed>) => {
    set((all) => all.map((one) => (one.key === key ? { ...one, ...to } : one)));
  }, []);

  const fail = useCallback(
    (key: number, problem: Problem) => {
      if (problem.status === 403 && problem.requiredRole) setMissingRole(problem.requiredRole);
      change(key, { step: { at: "failed", problem } });
    },
    [change],
  );

  /** One after another: a check holds the whole file in the app's memory. */
  const check = useCallback(
    ({ key, file, asOf }: Handed) => {
      change(key, { asOf, step: { at: "checking" } });
      checks.current = checks.current.then(async () => {
        if (left.current?.signal.aborted) return;
        const outcome = await doors.check(file, asOf || undefined);
        if (outcome.state === "data") change(key, { step: { at: "checked", check: outcome.data } });
        else fail(key, problemOf(outcome));
      });
    },
    [change, doors, fail],
  );

  const hand = useCallback(
    (files: readonly File[]) => {
      const taken = files.map((file): Handed => {
        const large = file.size > MAX_BYTES;
        const step: Step = large ? { at: "failed", problem: TOO_LARGE } : { at: "checking" };
        return { key: next.current++, file, asOf: "", step };
      });
      set((all) => [...all, ...taken]);
      for (const one of taken) if (one.step.at === "checking") check(one);
    },
    [check],
  );

  const upload = useCallback(
    async ({ key, file, asOf }: Handed, checked: ExportCheck) => {
      change(key, { step: { at: "uploading", check: checked } });
      const sent = await doors.upload(file, asOf || undefined);
      if (sent.state !== "data") return fail(key, problemOf(sent));
      change(key, { step: { at: "waiting", check: checked } });
      const signal = left.current?.signal;
      if (!signal) return;
      const receipt = await awaitReceipt(doors, sent.data.id, signal, wait);
      if (signal.aborted) return;
      change(key, { step: receipt ? { at: "received", receipt } : { at: "later" } });
      if (!receipt) return;
      onReceived();
      await wait(ROWS_FOLLOW, signal);
      if (!signal.aborted) onReceived();
    },
    [change, doors, fail, onReceived, wait],
  );

  return {
    handed,
    missingRole,
    hand,
    state: (one, asOf) => check({ ...one, asOf }),
    upload: (one, checked) => void upload(one, checked),
    retry: check,
    remove: ({ key }) => set((all) => all.filter((one) => one.key !== key)),
  };
}

function problemOf(outcome: Exclude<Outcome<unknown>, { state: "data" }>): Problem {
  if (outcome.state === "problem") return outcome.problem;
  return {
    type: "about:blank",
    title: "There was no answer",
    status: 0,
    detail: "The file could not be sent, or nothing came back.",
  };
}
