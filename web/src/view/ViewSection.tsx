import { useId, useState, type ReactNode, type SyntheticEvent } from "react";
import type { Adoption, Problem } from "../client/types.ts";
import { KINDS } from "../format/dates.ts";
import type { Reading } from "../reading/reading.ts";
import { printTab } from "./print.ts";
import { NothingShown, Refusal } from "./Refusal.tsx";
import { isOfView, type Kind, type View } from "./view.ts";
import styles from "./view.module.css";

/** What is looked at, how to look at something else, and how to take it along. */
export interface Viewing {
  view: View;
  onView: (view: View) => void;
  /** Saves the table of what is shown; says why where it cannot. */
  onDownload: () => Promise<Problem | undefined>;
  /** The teams there are, where the app tells. */
  teams?: readonly string[] | undefined;
}

interface ViewSectionProps extends Viewing {
  adoption: Reading<Adoption>;
}

/** The controls of the view, and in place what became of it: refused, or nothing in it. */
export function ViewSection({ adoption, ...viewing }: ViewSectionProps) {
  const { view, onView } = viewing;
  const refused = adoption.state === "problem" && isOfView(adoption.problem, view);
  const shown = adoption.state === "data" && adoption.data.periods.length > 0;
  const empty = adoption.state === "data" && !shown;
  if (!refused && adoption.state !== "data" && adoption.state !== "loading") return null;
  return (
    <section aria-label="What is shown" className={styles.section}>
      <div className={styles.bar}>
        <Controls key={JSON.stringify(view)} {...viewing} named={namesTeams(adoption, viewing)} />
        <Actions onDownload={viewing.onDownload} disabled={!shown} />
      </div>
      {refused && <Refusal problem={adoption.problem} view={view} onView={onView} />}
      {empty && <NothingShown view={view} onView={onView} />}
    </section>
  );
}

/** Teams come from a roster: without one there is none to ask for. */
function namesTeams(adoption: Reading<Adoption>, { view, teams }: Viewing): boolean {
  if (view.team !== undefined || teams) return view.team !== undefined || teams?.length !== 0;
  return adoption.state === "data" && adoption.data.periods.some((row) => row.of !== null);
}

function Controls({ view, onView, teams, named }: Viewing & { named: boolean }) {
  const [custom, setCustom] = useState(view.range === "custom");
  const change = (part: Partial<View>) => {
    const { from, to, granularity, team, range } = { ...view, ...part };
    onView({
      range,
      ...(range === "custom" && from && { from }),
      ...(range === "custom" && to && { to }),
      ...(granularity && { granularity }),
      ...(team && { team }),
    });
  };
  const range = (value: View["range"]) => {
    setCustom(value === "custom");
    if (value !== "custom") change({ range: value });
  };
  return (
    <>
      <Labelled label="Show">
        {(id) => (
          <select
            id={id}
            value={custom ? "custom" : view.range}
            onChange={(event) => range(event.target.value as View["range"])}
          >
            <option value="recent">Last 12 periods</option>
            <option value="26w">26 weeks</option>
            <option value="52w">52 weeks</option>
            <option value="custom">From … to …</option>
          </select>
        )}
      </Labelled>
      {custom && <Dates view={view} onDates={(dates) => change({ range: "custom", ...dates })} />}
      <Labelled label="By">
        {(id) => (
          <select
            id={id}
            value={view.granularity ?? ""}
            onChange={(event) => change({ granularity: (event.target.value as Kind) || undefined })}
          >
            <option value="">What the answer uses</option>
            {Object.entries(KINDS).map(([kind, { many }]) => (
              <option key={kind} value={kind}>
                {many.charAt(0).toUpperCase() + many.slice(1)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      {named && <Team view={view} teams={teams} onTeam={(team) => change({ team })} />}
    </>
  );
}

/** A range of days counts when it is sent off, not while it is typed. */
function Dates({ view, onDates }: { view: View; onDates: (dates: Partial<View>) => void }) {
  const [from, setFrom] = useState(view.from ?? "");
  const [to, setTo] = useState(view.to ?? "");
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    if (from || to) onDates({ from, to });
  };
  const [today] = useState(() => new Date().toISOString().slice(0, 10));
  return (
    <form className={styles.dates} onSubmit={send}>
      <Labelled label="From">
        {(id) => (
          <input
            id={id}
            type="date"
            max={to || today}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        )}
      </Labelled>
      <Labelled label="To">
        {(id) => (
          <input
            id={id}
            type="date"
            min={from}
            max={today}
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        )}
      </Labelled>
      <button type="submit">Show</button>
    </form>
  );
}

interface TeamProps {
  view: View;
  teams: readonly string[] | undefined;
  onTeam: (team: string) => void;
}

/** One of the teams that are told, else a name as it stands on the roster. */
function Team({ view, teams, onTeam }: TeamProps) {
  const [name, setName] = useState(view.team ?? "");
  if (teams) {
    const all = view.team && !teams.includes(view.team) ? [view.team, ...teams] : teams;
    return (
      <Labelled label="Team">
        {(id) => (
          <select id={id} value={view.team ?? ""} onChange={(event) => onTeam(event.target.value)}>
            <option value="">Everybody</option>
            {all.map((team) => (
              <option key={team}>{team}</option>
            ))}
          </select>
        )}
      </Labelled>
    );
  }
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.trim() !== (view.team ?? "")) onTeam(name.trim());
  };
  return (
    <form onSubmit={send}>
      <Labelled label="Team">
        {(id) => (
          <input
            id={id}
            type="text"
            size={12}
            maxLength={200}
            placeholder="Everybody"
            value={name}
            onBlur={send}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Labelled>
    </form>
  );
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <span className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </span>
  );
}

function Actions({
  onDownload,
  disabled,
}: {
  onDownload: Viewing["onDownload"];
  disabled: boolean;
}) {
  const [failed, setFailed] = useState<string>();
  const download = async () => {
    setFailed(undefined);
    const problem = await onDownload();
    if (problem) setFailed(`No file: ${problem.title}. ${problem.detail}`);
  };
  return (
    <span className={styles.actions}>
      <button type="button" disabled={disabled} onClick={download}>
        Download CSV
      </button>
      <button
        type="button"
        disabled={disabled}
        onClick={({ currentTarget }) => printTab(currentTarget)}
      >
        Print weekly report
      </button>
      <output>{failed}</output>
    </span>
  );
}
