import type { Problem } from "../client/types.ts";
import { KINDS, day } from "../format/dates.ts";
import { useLocale } from "../format/locale.ts";
import { USUAL, type View } from "./view.ts";
import styles from "./view.module.css";

interface RefusalProps {
  problem: Problem & { parameters?: readonly { name: string; found: string; expected: string }[] };
  view: View;
  onView: (view: View) => void;
}

/** What was asked for cannot be shown: why, and the way back. */
export function Refusal({ problem, view, onView }: RefusalProps) {
  const { team: _, ...everybody } = view;
  const ofTeam = view.team !== undefined && problem.type !== "/problems/bad-parameter";
  return (
    <div role="alert" className={styles.refusal}>
      <p>
        <strong>
          {ofTeam ? `Team ${view.team}: ` : ""}
          {problem.title}.
        </strong>{" "}
        {problem.detail} {problem.action}
      </p>
      {problem.parameters && (
        <ul>
          {problem.parameters.map(({ name, found, expected }) => (
            <li key={name}>
              {name} is “{found}”; expected: {expected}.
            </li>
          ))}
        </ul>
      )}
      <button type="button" onClick={() => onView(ofTeam ? everybody : USUAL)}>
        {ofTeam ? "Show everybody" : "Show the last 12 periods"}
      </button>
    </div>
  );
}

/** No period that is known ends in the days asked for, or is of that kind: nothing is shown, which is not zero use. */
export function NothingShown({ view, onView }: Omit<RefusalProps, "problem">) {
  const locale = useLocale();
  const { from, to, granularity, team } = view;
  const asked = [
    from && `from ${day(from, locale)}`,
    to && `to ${day(to, locale)}`,
    granularity && `by ${KINDS[granularity].many}`,
    team && `of team ${team}`,
  ].filter(Boolean);
  return (
    <output className={styles.refusal}>
      <p>
        <strong>No period to show.</strong> None is known of what was asked for
        {asked.length > 0 ? ` (${asked.join(" ")})` : ""}. That is not zero use.
      </p>
      <button type="button" onClick={() => onView(USUAL)}>
        Show the last 12 periods of everybody
      </button>
    </output>
  );
}
