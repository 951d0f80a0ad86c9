import { useState } from "react";
import type { Adoption, Engineers, Problem } from "../client/types.ts";
import type { Reading } from "../reading/reading.ts";
import { Actions } from "./Actions.tsx";
import { Controls } from "./Controls.tsx";
import { NothingShown, Refusal } from "./Refusal.tsx";
import { UNPROVEN, isOfView, isUsual, type View } from "./view.ts";
import styles from "./view.module.css";

/** What is looked at, how to look at something else, and how to take it along. */
export interface Viewing {
  view: View;
  onView: (view: View) => void;
  /** Saves the table of what is shown; says why where it cannot. */
  onDownload: () => Promise<Problem | undefined>;
}

interface ViewSectionProps extends Viewing {
  adoption: Reading<Adoption>;
  engineers: Reading<Engineers>;
}

/** The controls of the view, and in place what became of it: refused, or nothing in it. */
export function ViewSection({ adoption, engineers, view, onView, onDownload }: ViewSectionProps) {
  const teams = useTeams(engineers);
  const refused = adoption.state === "problem" && isOfView(adoption.problem, view);
  const shown = adoption.state === "data" && adoption.data.periods.length > 0;
  const empty =
    (adoption.state === "data" && !shown) || (refused && adoption.problem.type === UNPROVEN);
  // Where there is nothing at all to look at, there is nothing to choose; but a choice can always be undone.
  const chooses = adoption.state === "data" || adoption.state === "loading" || refused;
  if (!chooses && isUsual(view)) return null;
  return (
    <section aria-label="What is shown" className={styles.section}>
      <div className={styles.bar}>
        <Controls view={view} onView={onView} teams={teams} />
        <Actions onDownload={onDownload} disabled={!shown} />
      </div>
      {refused && !empty && <Refusal problem={adoption.problem} view={view} onView={onView} />}
      {empty && <NothingShown view={view} onView={onView} />}
    </section>
  );
}

/** The teams there are, as they were told last: a team that is refused tells of none. */
function useTeams(engineers: Reading<Engineers>): readonly string[] {
  const [last, setLast] = useState<readonly string[]>([]);
  const told = engineers.state === "data" ? (engineers.data.teams ?? []) : last;
  if (told.join("\n") !== last.join("\n")) setLast(told);
  return told;
}
