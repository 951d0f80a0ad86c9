/** The dashboard tab for a host application: one component, and the client that it is made of. */
export { AdoptionTab, type AdoptionTabProps } from "./tab/AdoptionTab.tsx";
export {
  createScoreboardClient,
  type Client,
  type ClientOptions,
  type GetToken,
} from "./client/client.ts";
export type * from "./client/types.ts";
