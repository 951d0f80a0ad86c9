import { useCallback, useEffect, useRef, useState } from "react";
import { after, type Outcome, type Reading } from "./reading.ts";
import { request, type Ask } from "./request.ts";

const LOADING = { state: "loading" } as const;

/**
 * What one GET says: first out of the browser's cache if it is there, then revalidated by its ETag.
 *
 * `ask` must keep its identity (useCallback) while it asks for the same thing: a new one begins again. The
 * second value asks again, and keeps what is shown until the answer is there.
 */
export function useReading<T>(ask: Ask<T>): [Reading<T>, () => void] {
  const [shown, show] = useState<{ ask: Ask<T>; reading: Reading<T> }>({ ask, reading: LOADING });
  const asking = useRef<AbortController>(undefined);

  const again = useCallback(() => {
    asking.current?.abort();
    const { signal } = (asking.current = new AbortController());
    const arrive = (outcome: Outcome<T>) =>
      show((last) => ({ ask, reading: after(last.ask === ask ? last.reading : LOADING, outcome) }));
    read(ask, signal, arrive).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }, [ask]);

  /** Figures that stand are marked at once; a refusal is not taken back by a lost connection. */
  const mark = useCallback(() => {
    const offline = { state: "unreachable", unreachable: "offline" } as const;
    show((last) =>
      last.reading.state === "data" ? { ...last, reading: after(last.reading, offline) } : last,
    );
  }, []);

  useEffect(() => {
    again();
    addEventListener("online", again);
    addEventListener("offline", mark);
    return () => {
      removeEventListener("online", again);
      removeEventListener("offline", mark);
      asking.current?.abort();
    };
  }, [again, mark]);

  return [shown.ask === ask ? shown.reading : LOADING, again];
}

async function read<T>(
  ask: Ask<T>,
  signal: AbortSignal,
  arrive: (outcome: Outcome<T>) => void,
): Promise<void> {
  const kept = await request(ask, "force-cache", signal);
  // What is not data was asked for just now: problems are never kept.
  if (kept.state !== "data") return arrive(kept);
  arrive({ ...kept, checking: true });
  arrive(await request(ask, "no-cache", signal));
}
