/** The typed client: what the contract says, and a token where the host application has one. */
import createClient, { type Client as OpenApiClient, type Middleware } from "openapi-fetch";
import type { paths } from "./schema.ts";

export type Client = OpenApiClient<paths>;

/** Gives a token of Entra ID for this app, each time one is needed. */
export type GetToken = () => Promise<string>;

export interface ClientOptions {
  /** Where the functions are, without `/api`: `https://scoreboard.example.com`. Empty: the page's own origin. */
  baseUrl: string;
  getToken?: GetToken | undefined;
}

export function createScoreboardClient({ baseUrl, getToken }: ClientOptions): Client {
  const client = createClient<paths>({ baseUrl: `${baseUrl.replace(/\/$/, "")}/api` });
  if (getToken) client.use(withToken(getToken));
  return client;
}

function withToken(getToken: GetToken): Middleware {
  return {
    async onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${await getToken()}`);
      return request;
    },
  };
}
