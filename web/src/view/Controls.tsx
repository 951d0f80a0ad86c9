import { useState, type SyntheticEvent } from "react";
import { KINDS } from "../format/dates.ts";
import { Labelled } from "./Labelled.tsx";
import { changed, type Kind, type View } from "./view.ts";
import styles from "./view.module.css";

interface ControlsProps {
  view: View;
  onView: (view: View) => void;
  teams: readonly string[];
}

/** How far back, by what, of whom. */
export function Controls({ view, onView, teams }: ControlsProps) {
  const [seen, setSeen] = useState(view);
  const [custom, setCustom] = useState(view.range === "custom");
  if (seen !== view) {
    setSeen(view);
    setCustom(view.range === "custom");
  }
  const change = (part: Partial<View>) => onView(changed(view, part));
  const range = (value: View["range"]) => {
    setCustom(value === "custom");
    if (value !== "custom") change({ range: value });
  };
  const all = view.team && !teams.includes(view.team) ? [view.team, ...teams] : teams;
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
            onChange={(event) => change({ granularity: event.target.value as Kind })}
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
      {all.length > 0 && (
        <Labelled label="Team">
          {(id) => (
            <select
              id={id}
              value={view.team ?? ""}
              onChange={(event) => change({ team: event.target.value })}
            >
              <option value="">Everybody</option>
              {all.map((team) => (
                <option key={team} value={team}>
                  {team}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      )}
    </>
  );
}

interface DatesProps {
  view: View;
  onDates: (dates: Pick<View, "from" | "to">) => void;
}

/** A range of days counts when it is sent off, not while it is typed. */
function Dates({ view, onDates }: DatesProps) {
  const [today] = useState(() => new Date().toISOString().slice(0, 10));
  const [dates, setDates] = useState({ from: view.from ?? "", to: view.to ?? "" });
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    if (dates.from || dates.to) onDates(dates);
  };
  return (
    <form className={styles.dates} onSubmit={send}>
      <Labelled label="From">
        {(id) => (
          <input
            id={id}
            type="date"
            max={dates.to || today}
            value={dates.from}
            onChange={(event) => setDates({ ...dates, from: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled label="To">
        {(id) => (
          <input
            id={id}
            type="date"
            min={dates.from}
            max={today}
            value={dates.to}
            onChange={(event) => setDates({ ...dates, to: event.target.value })}
          />
        )}
      </Labelled>
      <button type="submit">Show</button>
    </form>
  );
}
