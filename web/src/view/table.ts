/** The table of what is shown, as a file: asked for in the same way, with the token, and the server's own. */
import type { Client } from "../client/client.ts";
import type { Problem } from "../client/types.ts";
import type { AdoptionQuery } from "../reading/asks.ts";
import { request } from "../reading/request.ts";

/** Saves it; says why where there is none. */
export async function downloadTable(
  client: Client,
  query: AdoptionQuery,
): Promise<Problem | undefined> {
  const { signal } = new AbortController();
  const asked = { query: { ...query, format: "csv" as const } };
  const outcome = await request<string>(
    async (init) => {
      const answered = await client.GET("/adoption", { ...init, params: asked, parseAs: "text" });
      return answered as { data?: string; error?: unknown; response: Response };
    },
    "default",
    signal,
  );
  if (outcome.state === "problem") return outcome.problem;
  if (outcome.state === "unreachable")
    return { type: "about:blank", title: "No answer", status: 0, detail: "Try again in a minute." };
  save(new Blob([outcome.data], { type: "text/csv;charset=utf-8" }), nameOf(query));
  return undefined;
}

/** `adoption-2026-11-02-to-2026-11-22-week.csv`; a team's name is nobody's business in a list of downloads. */
export function nameOf({ from, to, granularity }: AdoptionQuery): string {
  return `${["adoption", from, to && `to-${to}`, granularity].filter(Boolean).join("-")}.csv`;
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has begun to save by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href));
}
