/** The bodies of the API by their names in the contract. `schema.ts` is generated: `npm run generate`. */
import type { components } from "./schema.ts";

type Schemas = components["schemas"];

export type Adoption = Schemas["Adoption"];
export type Answer = Schemas["Answer"];
export type Check = Schemas["Check"];
export type CohortShown = Schemas["CohortShown"];
export type Dashboard = Schemas["Dashboard"];
export type DayCover = Schemas["DayCover"];
export type Engineers = Schemas["Engineers"];
export type EngineerShown = Schemas["EngineerShown"];
export type ExportsStatus = Schemas["ExportsStatus"];
export type ExpectedSeen = Schemas["ExpectedSeen"];
export type ExportCheck = Schemas["ExportCheck"];
export type ExportUpload = Schemas["ExportUpload"];
export type Figure = Schemas["Figure"];
export type Finding = Schemas["Finding"];
export type Overdue = Schemas["Overdue"];
export type Period = Schemas["Period"];
export type PeriodRow = Schemas["PeriodRow"];
export type Receipt = Schemas["Receipt"];
export type SourceStatus = Schemas["SourceStatus"];
export type Spread = Schemas["Spread"];
export type Status = Schemas["Status"];
export type Trust = Schemas["Trust"];
export type Turned = Schemas["Turned"];

/**
 * A problem document (RFC 9457). `checks` and `action` come with those that refuse an answer, `requiredRole` with a
 * role that is missing, `parameters` with what was asked for wrongly, `correlationId` with what the log explains.
 */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  action?: string;
  checks?: Check[];
  requiredRole?: string;
  parameters?: { name: string; found: string; expected: string }[];
  correlationId?: string;
  demo?: boolean;
}
