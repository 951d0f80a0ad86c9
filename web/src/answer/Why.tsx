import type { Answer } from "../client/types.ts";
import { useLocale } from "../format/locale.ts";
import styles from "./answer.module.css";
import { Movements } from "./Movements.tsx";
import { movementsOf, spread } from "./movements.ts";

/** What "active" means on each basis, as the app's sentences say it. */
export const BASES: Record<NonNullable<Answer["basis"]>, string> = {
  anyActivity: "any session, line, commit, pull request, decision or token",
  tokens: "any token",
  linesAccepted: "any accepted line",
  linesMerged: "any line in a merged pull request",
};

const COMPARED: Record<string, string> = {
  linesAccepted: "accepted lines",
  linesMerged: "merged lines",
  sessions: "sessions",
  tokens: "tokens",
};

/** Thirty seconds: how the engineers moved, who came and went, on what it is counted; or what would settle it. */
export function Why({ answer }: { answer: Answer }) {
  const movements = movementsOf(answer);
  const withheld = answer.verdict !== "unknown" && !movements;
  return (
    <div className={styles.why}>
      {movements && <Movements movements={movements} />}
      {withheld && (
        <p>The numbers are withheld: few joined the team or left it, and they would be theirs.</p>
      )}
      {answer.verdict === "unknown" && <Settle answer={answer} />}
      <Beside answer={answer} />
      <p className={styles.quiet}>{countedOn(answer).join(" ")}</p>
    </div>
  );
}

/** Why it is unknown, where the sentence has not said it, and the one step that would settle it. */
function Settle({ answer: { reason, action, sentence } }: { answer: Answer }) {
  return (
    <>
      {reason !== null && !sentence.includes(reason) && <p>Why: {reason}.</p>}
      {action && (
        <p>
          <strong>What would settle it:</strong> {action}
        </p>
      )}
    </>
  );
}

/** Active engineers of one period's roster alone: they are told beside the verdict, and are not in it. */
function Beside({ answer: { joiners, leavers } }: { answer: Answer }) {
  const locale = useLocale();
  const told = [
    joiners && joiners.high > 0 && `${spread(joiners, locale)} active who joined`,
    leavers && leavers.high > 0 && `${spread(leavers, locale)} who left`,
  ].filter(Boolean);
  return told.length > 0 && <p className={styles.quiet}>Beside them: {told.join(", ")}.</p>;
}

/** On what it is counted and compared; the sentence mostly says the first itself. */
function countedOn({ basis, comparedOn, sentence }: Answer): string[] {
  const on = comparedOn && (COMPARED[comparedOn] ?? comparedOn);
  return [
    basis && !sentence.includes(BASES[basis]) && `Active: ${BASES[basis]}.`,
    on && `Each engineer is compared with their own period before, on ${on}.`,
  ].filter((one) => typeof one === "string");
}
