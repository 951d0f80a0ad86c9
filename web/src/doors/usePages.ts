import { useState } from "react";
import type { Outcome } from "../reading/reading.ts";

export interface Page<T> {
  items: readonly T[];
  cursor: string | null | undefined;
}

export interface Pages<T> {
  items: readonly T[];
  /** Asks for the next page; absent where there is none. */
  more: (() => void) | undefined;
  busy: boolean;
  /** Why the next page did not come. */
  refused: string | undefined;
}

interface Kept<T> {
  first: unknown;
  further: readonly T[];
  cursor: string | null | undefined;
  busy: boolean;
  refused: string | undefined;
}

/**
 * A list that is read on, page by page.
 *
 * `of`: the body with the first page; with another one the pages begin again, since a cursor is of one list.
 */
export function usePages<T>(
  of: unknown,
  first: Page<T>,
  next: ((cursor: string) => Promise<Outcome<Page<T>>>) | undefined,
): Pages<T> {
  const begin: Kept<T> = {
    first: of,
    further: [],
    cursor: first.cursor,
    busy: false,
    refused: undefined,
  };
  const [stored, keep] = useState(begin);
  const kept = stored.first === of ? stored : begin;

  const { cursor } = kept;
  const more =
    next && cursor
      ? () => {
          keep({ ...kept, busy: true, refused: undefined });
          void next(cursor).then((outcome) =>
            keep((now) => (now.first === of ? arrived(now, outcome) : now)),
          );
        }
      : undefined;
  return { items: [...first.items, ...kept.further], more, busy: kept.busy, refused: kept.refused };
}

function arrived<T>(kept: Kept<T>, outcome: Outcome<Page<T>>): Kept<T> {
  if (outcome.state === "data") {
    const { items, cursor } = outcome.data;
    return { ...kept, further: [...kept.further, ...items], cursor, busy: false };
  }
  const why = outcome.state === "problem" ? outcome.problem.title : "There is no connection";
  return { ...kept, busy: false, refused: why };
}

/** The outcome of a page, as its list: `list` says what of the body. */
export function paged<B, T>(outcome: Outcome<B>, list: (body: B) => Page<T>): Outcome<Page<T>> {
  return outcome.state === "data" ? { ...outcome, data: list(outcome.data) } : outcome;
}
