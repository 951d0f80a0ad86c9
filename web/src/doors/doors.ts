/** What is asked for on demand: further pages, a check, an upload. The three GETs that the tab begins with are in reading/. */
import { createContext, useContext } from "react";
import type { Client } from "../client/client.ts";
import type { Engineers, ExportCheck, ExportUpload, Status } from "../client/types.ts";
import { askEngineers, askStatus, type EngineersQuery } from "../reading/asks.ts";
import type { Outcome } from "../reading/reading.ts";
import { request, type Ask } from "../reading/request.ts";

export interface Doors {
  /** The page of receipts that begins at a `nextCursor`. */
  receipts(cursor: string): Promise<Outcome<Status>>;
  /** A page of one cohort's engineers. */
  engineers(query: EngineersQuery): Promise<Outcome<Engineers>>;
  /** What would become of a file; nothing is stored. `asOf`: when it was downloaded, where somebody says so. */
  check(file: File, asOf: string | undefined): Promise<Outcome<ExportCheck>>;
  upload(file: File, asOf: string | undefined): Promise<Outcome<ExportUpload>>;
  /** How far an upload has come, by its `id`. */
  uploaded(id: string): Promise<Outcome<ExportUpload>>;
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
    check: (file, asOf) =>
      once((init) => client.POST("/exports/check", { ...init, ...sent(file, asOf) })),
    upload: (file, asOf) =>
      once((init) => client.POST("/exports", { ...init, ...sent(file, asOf) })),
    uploaded: (id) =>
      once((init) => client.GET("/receipts/{id}", { ...init, params: { path: { id } } })),
  };
}

/** The file's bytes as they are, under a type that does not depend on the machine, and its name in a header. */
function sent(file: File, asOf: string | undefined) {
  return {
    params: {
      header: { "X-File-Name": encodeURIComponent(file.name) },
      query: asOf ? { as_of: asOf } : {},
    },
    headers: { "Content-Type": "text/csv" },
    body: file as unknown as string, // the contract's word for bytes
    bodySerializer: () => file,
  };
}

function once<T>(ask: Ask<T>): Promise<Outcome<T>> {
  return request(ask, "default", new AbortController().signal);
}
