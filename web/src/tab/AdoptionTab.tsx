import { useCallback, useMemo } from "react";
import { createScoreboardClient, type Client, type GetToken } from "../client/client.ts";
import { LocaleContext } from "../format/locale.ts";
import { askAdoption, askEngineers, askStatus } from "../reading/asks.ts";
import { useReading } from "../reading/useReading.ts";
import { Dashboard } from "./Dashboard.tsx";

export interface AdoptionTabProps {
  /** Where the functions are, without `/api`. Empty: the page's own origin. */
  baseUrl: string;
  /** Gives a token of Entra ID for the functions' registration; without it no token is sent. */
  getToken?: GetToken | undefined;
  /** The language of numbers and dates, as a BCP 47 tag; else the browser's. */
  locale?: string | undefined;
}

/** Are more of my engineers getting more value out of Claude Code than they did last week? */
export function AdoptionTab({ baseUrl, getToken, locale }: AdoptionTabProps) {
  const client = useMemo(() => createScoreboardClient({ baseUrl, getToken }), [baseUrl, getToken]);
  return (
    <LocaleContext value={locale}>
      <Connected client={client} />
    </LocaleContext>
  );
}

function Connected({ client }: { client: Client }) {
  const [adoption, adoptionAgain] = useReading(useMemo(() => askAdoption(client, {}), [client]));
  const [engineers, engineersAgain] = useReading(useMemo(() => askEngineers(client, {}), [client]));
  const [status, statusAgain] = useReading(useMemo(() => askStatus(client), [client]));
  const again = useCallback(() => {
    adoptionAgain();
    statusAgain();
    engineersAgain();
  }, [adoptionAgain, statusAgain, engineersAgain]);
  return <Dashboard adoption={adoption} status={status} engineers={engineers} onAgain={again} />;
}
