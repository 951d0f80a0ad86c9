import type { ReactNode } from "react";
import type { Adoption, Check, Status } from "../client/types.ts";
import { day, moment } from "../format/dates.ts";
import { useLocale } from "../format/locale.ts";
import { Mark, type Standing } from "../marks/Mark.tsx";
import type { Reading } from "../reading/reading.ts";
import { gravestFirst, ofOpenSources } from "../trust/checks.ts";
import { checkName, kindName, sourceName } from "../trust/words.ts";
import styles from "./notices.module.css";

export interface BesideProps {
  adoption: Extract<Reading<Adoption>, { state: "data" }>;
  status: Reading<Status>;
  onAgain: () => void;
}

/** What has to be known beside figures that stand: offline, overdue, stale, partial; a line each. */
export function Beside({ adoption, status, onAgain }: BesideProps) {
  const locale = useLocale();
  const { data, unreachable } = adoption;
  const overdue = status.state === "data" ? status.data.overdue : [];
  const alreadySaid = new Set(overdue.map((one) => one.action));
  const asOf = data.dataAsOf && moment(data.dataAsOf, locale);
  const partial =
    data.trust.state === "partial"
      ? gravestFirst(ofOpenSources(data.trust.checks)).filter(
          (one) => one.status !== "pass" && !alreadySaid.has(one.action),
        )
      : [];
  if (!unreachable && overdue.length === 0 && !data.stale && partial.length === 0) return null;
  return (
    <ul className={styles.beside}>
      {unreachable && (
        <Line standing="warn" lead={unreachable === "offline" ? "You are offline." : "No answer."}>
          These are the last figures that arrived{asOf && <>, of {asOf}</>}.
          <Again onAgain={onAgain} />
        </Line>
      )}
      {overdue.map((one) => (
        <Line
          key={`${one.name} ${one.dashboard} ${one.month}`}
          standing="warn"
          lead={`${kindName(one.dashboard)} overdue since ${day(one.since, locale)}.`}
        >
          {one.action}
        </Line>
      ))}
      {data.stale && (
        <Line standing="warn" lead="Older than usual.">
          {asOf && <>What is shown was heard on {asOf}. </>}A refresh has been asked for: look again
          in a few minutes.
          <Again onAgain={onAgain} />
        </Line>
      )}
      {partial.length > 0 && <Partial open={partial} />}
    </ul>
  );
}

/** The figures stand, and some checks do not pass: which, and what they saw. */
function Partial({ open }: { open: readonly Check[] }) {
  const [one] = open;
  return (
    <Line standing="warn" lead="Partly trusted:">
      {one && open.length === 1 ? (
        <OpenCheck check={one} />
      ) : (
        <>
          the figures stand, and {open.length} checks do not pass.
          <details className={styles.aside}>
            <summary>Which?</summary>
            <ul>
              {open.map((check) => (
                <li key={`${check.source} ${check.name}`}>
                  <OpenCheck check={check} />
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
    </Line>
  );
}

function OpenCheck({ check }: { check: Check }) {
  return (
    <>
      {checkName(check.name)} ({sourceName(check.source)}): expected {check.expected}, seen{" "}
      {check.seen}. {check.action}
    </>
  );
}

function Line(props: { standing: Standing; lead: string; children: ReactNode }) {
  return (
    <li className={styles.line}>
      <Mark standing={props.standing} />
      <div>
        <b>{props.lead}</b> {props.children}
      </div>
    </li>
  );
}

function Again({ onAgain }: { onAgain: () => void }) {
  return (
    <>
      {" "}
      <button type="button" className={styles.link} onClick={onAgain}>
        Look again
      </button>
    </>
  );
}
