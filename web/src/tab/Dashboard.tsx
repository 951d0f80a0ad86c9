import type { Adoption, Engineers, Status } from "../client/types.ts";
import { AnswerSection } from "../answer/AnswerSection.tsx";
import { ChartsSection } from "../charts/ChartsSection.tsx";
import { Notices } from "../notices/Notices.tsx";
import { PeopleSection } from "../people/PeopleSection.tsx";
import type { Reading } from "../reading/reading.ts";
import { StripSection } from "../strip/StripSection.tsx";
import { TrustSection } from "../trust/TrustSection.tsx";
import { UploadSection } from "../upload/UploadSection.tsx";
import theme from "../theme/theme.module.css";
import { ReportFoot } from "../view/ReportFoot.tsx";
import { isOfView } from "../view/view.ts";
import { ViewSection, type Viewing } from "../view/ViewSection.tsx";

export interface DashboardProps {
  adoption: Reading<Adoption>;
  status: Reading<Status>;
  engineers: Reading<Engineers>;
  /** What is asked for, and the ways to change and to keep it; without it there is no choice. */
  viewing?: Viewing;
  /** Asks for all three again. */
  onAgain: () => void;
}

/** The whole tab out of what was read: pure, so that every state can be shown by itself. */
export function Dashboard({ adoption, status, engineers, onAgain, viewing }: DashboardProps) {
  // What was asked for is refused where it is chosen.
  const refused =
    viewing && adoption.state === "problem" && isOfView(adoption.problem, viewing.view);
  return (
    <div className={theme.tab} data-scoreboard>
      <div className={theme.sections}>
        <AnswerSection adoption={adoption} />
        {!refused && <Notices adoption={adoption} status={status} onAgain={onAgain} />}
        {viewing && <ViewSection adoption={adoption} engineers={engineers} {...viewing} />}
        <StripSection adoption={adoption} />
        <ChartsSection adoption={adoption} />
        {(adoption.state === "data" || adoption.state === "loading") && (
          <PeopleSection engineers={engineers} />
        )}
        {!refused && <TrustSection adoption={adoption} status={status} />}
        <UploadSection adoption={adoption} onAgain={onAgain} />
        {adoption.state === "data" && <ReportFoot data={adoption.data} />}
      </div>
    </div>
  );
}
