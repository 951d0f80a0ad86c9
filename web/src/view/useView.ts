import { useCallback, useEffect, useState } from "react";
import type { AdoptionQuery } from "../reading/asks.ts";
import { USUAL, queryOf, searchOf, viewOf, type View } from "./view.ts";

/** A view, and what it asks for since the day on which it was chosen. */
interface Chosen {
  view: View;
  query: AdoptionQuery;
}

const chosen = (view: View): Chosen => ({ view, query: queryOf(view, new Date()) });

/** The view, kept in the URL's query where `inUrl`, so that it can be sent and come back to. */
export function useView(inUrl: boolean): [Chosen, (view: View) => void] {
  const [now, show] = useState(() => chosen(inUrl ? viewOf(location.search) : USUAL));

  useEffect(() => {
    if (!inUrl) return undefined;
    const heed = () => show(chosen(viewOf(location.search)));
    addEventListener("popstate", heed);
    return () => removeEventListener("popstate", heed);
  }, [inUrl]);

  const change = useCallback(
    (next: View) => {
      show(chosen(next));
      if (!inUrl) return;
      const { pathname, search, hash } = location;
      // The host's router keeps what it knows in the state.
      history.replaceState(history.state, "", pathname + searchOf(next, search) + hash);
    },
    [inUrl],
  );
  return [now, change];
}
