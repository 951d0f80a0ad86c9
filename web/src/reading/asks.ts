/** The three GETs of the tab. */
import type { Client } from "../client/client.ts";
import type { paths } from "../client/schema.ts";
import type { Adoption, Engineers, Status } from "../client/types.ts";
import type { Answered, Ask } from "./request.ts";

type Query<P extends keyof paths> = NonNullable<
  paths[P] extends { get: { parameters: { query?: infer Q } } } ? Q : never
>;

export type AdoptionQuery = Omit<Query<"/adoption">, "format">;
export type EngineersQuery = Query<"/engineers">;
export type StatusQuery = Query<"/status">;

export function askAdoption(client: Client, query: AdoptionQuery): Ask<Adoption> {
  // Without `format` it is JSON; the contract's other form of this answer, a table, is a text.
  return (init) =>
    client.GET("/adoption", { ...init, params: { query } }) as Promise<Answered<Adoption>>;
}

export function askEngineers(client: Client, query: EngineersQuery): Ask<Engineers> {
  return (init) => client.GET("/engineers", { ...init, params: { query } });
}

export function askStatus(client: Client, query: StatusQuery = {}): Ask<Status> {
  return (init) => client.GET("/status", { ...init, params: { query } });
}
