import { useCallback, useMemo } from "react";
import { createScoreboardClient, type Client, type GetToken } from "../client/client.ts";
import { createDoors, DoorsContext } from "../doors/doors.ts";
import { LocaleContext } from "../format/locale.ts";
import { askAdoption, askEngineers, askStatus } from "../reading/asks.ts";
import { useReading } from "../reading/useReading.ts";
import { downloadTable } from "../view/table.ts";
import { useView } from "../view/useView.ts";
import { Dashboard } from "./Dashboard.tsx";

export interface AdoptionTabProps {
  /** Where the functions are, without `/api`. Empty: the page's own origin. */
  baseUrl: string;
  /** Gives a token of Entra ID for the functions' registration; without it no token is sent. */
  getToken?: GetToken | undefined;
  /** The language of numbers and dates, as a BCP 47 tag; else the browser's. */
  locale?: string | undefined;
  /** Whether the URL's query holds what is looked at, as `adoption-…` parameters. It does by default. */
  viewInUrl?: boolean | undefined;
}

/** Are more of my engineers getting more value out of Claude Code than they did last week? */
export function AdoptionTab({ baseUrl, getToken, locale, viewInUrl = true }: AdoptionTabProps) {
  const client = useMemo(() => createScoreboardClient({ baseUrl, getToken }), [baseUrl, getToken]);
  return (
    <LocaleContext value={locale}>
      <DoorsContext value={useMemo(() => createDoors(client), [client])}>
        <Connected client={client} viewInUrl={viewInUrl} />
      </DoorsContext>
    </LocaleContext>
  );
}

function Connected({ client, viewInUrl }: { client: Client; viewInUrl: boolean }) {
  const [{ view, query }, onView] = useView(viewInUrl);
  const { team } = view;
  const [adoption, adoptionAgain] = useReading(
    useMemo(() => askAdoption(client, query), [client, query]),
  );
  const [engineers, engineersAgain] = useReading(
    useMemo(() => askEngineers(client, team === undefined ? {} : { team }), [client, team]),
  );
  const [status, statusAgain] = useReading(useMemo(() => askStatus(client), [client]));
  const again = useCallback(() => {
    adoptionAgain();
    statusAgain();
    engineersAgain();
  }, [adoptionAgain, statusAgain, engineersAgain]);
  const onDownload = useCallback(() => downloadTable(client, query), [client, query]);
  return (
    <Dashboard
      adoption={adoption}
      status={status}
      engineers={engineers}
      viewing={{ view, onView, onDownload }}
      onAgain={again}
    />
  );
}
