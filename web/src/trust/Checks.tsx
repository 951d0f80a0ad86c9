import type { Check } from "../client/types.ts";
import { Mark, type Standing } from "../marks/Mark.tsx";
import { gravestFirst, lockedSources, ofOpenSources } from "./checks.ts";
import styles from "./trust.module.css";
import { checkName, checkStanding, sourceName } from "./words.ts";

const STATUS: Record<Check["status"], string> = {
  pass: "passes",
  warn: "warns",
  fail: "fails",
  unknown: "unknown",
};

/** What wants a look stands open, the others are a line that can be opened; all of them where `folded`. */
export function Checks({ checks, folded }: { checks: readonly Check[]; folded: boolean }) {
  const able = ofOpenSources(checks);
  const grave = gravestFirst(able).filter((one) => one.status === "fail" || one.status === "warn");
  const unknown = able.filter((one) => one.status === "unknown");
  const passing = checks.filter((one) => one.status === "pass");
  // Beside a failure what is open is of no use; by itself it is the reason.
  const open = grave.length > 0 ? grave : unknown;
  return (
    <div>
      <h4 className={styles.part}>Checks</h4>
      {checks.length === 0 && <p className={styles.quiet}>Nothing could be checked yet.</p>}
      {folded ? (
        <Folded standing="bad" one="does not pass" many="do not pass" checks={grave} />
      ) : (
        <CheckList checks={open} />
      )}
      {lockedSources(checks).map((source) => (
        <p key={source} className={styles.quiet}>
          <Mark standing="calm" />
          {sourceName(source)}: not supported for this plan, so its checks cannot be made.
        </p>
      ))}
      {(folded || open !== unknown) && (
        <Folded standing="unknown" one="cannot be made" many="cannot be made" checks={unknown} />
      )}
      <Folded standing="good" one="passes" many="pass" checks={passing} />
    </div>
  );
}

interface FoldedProps {
  standing: Standing;
  one: string;
  many: string;
  checks: readonly Check[];
}

function Folded({ standing, one, many, checks }: FoldedProps) {
  if (checks.length === 0) return null;
  return (
    <details className={styles.folded}>
      <summary>
        <Mark standing={standing} />
        {checks.length === 1 ? `1 check ${one}` : `${checks.length} checks ${many}`}
      </summary>
      <CheckList checks={checks} />
    </details>
  );
}

function CheckList({ checks }: { checks: readonly Check[] }) {
  if (checks.length === 0) return null;
  return (
    <ul className={styles.checks}>
      {checks.map((one) => (
        <li key={`${one.source} ${one.name}`}>
          <div className={styles.checkName}>
            <Mark standing={checkStanding(one)} />
            <b>{checkName(one.name)}</b> {STATUS[one.status]}
            <span className={styles.soft}>{sourceName(one.source)}</span>
          </div>
          <dl className={styles.pair}>
            <div>
              <dt>Expected</dt>
              <dd>{one.expected}</dd>
            </div>
            <div>
              <dt>Seen</dt>
              <dd>{one.seen}</dd>
            </div>
          </dl>
          {one.action && <p className={styles.checkAction}>{one.action}</p>}
        </li>
      ))}
    </ul>
  );
}
