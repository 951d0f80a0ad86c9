/** What is asked for on demand: further pages. The three GETs that the tab begins with are in reading/. */
import { createContext, useContext } from "react";
import type { Client } from "../client/client.ts";
import type { Engineers, Status } from "../client/types.ts";
import { askEngineers, askStatus, type EngineersQuery } from "../reading/asks.ts";
import type { Outcome } from "../reading/reading.ts";
import { request, type Ask } from "../reading/request.ts";

export interface Doors {
  /** The page of receipts that begins at a `nextCursor`. */
  receipts(cursor: string): Promise<Outcome<Status>>;
  /** A page of one cohort's engineers. */
  engineers(query: EngineersQuery): Promise<Outcome<Engineers>>;
}

/** Without doors nothing more can be asked for, and nothing offers to. */
export const DoorsContext = createContext<Doors | undefined>(undefined);

export function useDoors(): Doors | undefined {
  return useContext(DoorsContext);
}

export function createDoors(client: Client): Doors {
  return {
    receipts: (cursor) => once(askStatus(client, { cursor })),
    engineers: (query) => once(askEngineers(client, query)),
  };
}

function once<T>(ask: Ask<T>): Promise<Outcome<T>> {
  return request(ask, "default", new AbortController().signal);
}
