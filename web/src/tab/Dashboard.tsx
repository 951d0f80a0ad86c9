import type { Adoption, Engineers, Status } from "../client/types.ts";
import { AnswerSection } from "../answer/AnswerSection.tsx";
import type { Reading } from "../reading/reading.ts";
import theme from "../theme/theme.module.css";

export interface DashboardProps {
  adoption: Reading<Adoption>;
  status: Reading<Status>;
  engineers: Reading<Engineers>;
  /** Asks for all three again. */
  onAgain: () => void;
}

/** The whole tab out of what was read: pure, so that every state can be shown by itself. */
export function Dashboard({ adoption }: DashboardProps) {
  return (
    <div className={theme.tab}>
      <div className={theme.sections}>
        <AnswerSection adoption={adoption} />
      </div>
    </div>
  );
}
