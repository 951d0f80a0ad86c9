import type { Check } from "../client/types.ts";
import { Mark } from "../marks/Mark.tsx";
import { gravestFirst, lockedSources, ofOpenSources } from "./checks.ts";
import styles from "./trust.module.css";
import { checkName, checkStanding, sourceName } from "./words.ts";

const STATUS: Record<Check["status"], string> = {
  pass: "passes",
  warn: "warns",
  fail: "fails",
  unknown: "unknown",
};

/** Every check: what does not pass stands open, what passes is a line that can be opened. */
export function Checks({ checks }: { checks: readonly Check[] }) {
  const open = gravestFirst(ofOpenSources(checks)).filter((one) => one.status !== "pass");
  const passing = checks.filter((one) => one.status === "pass");
  const locked = lockedSources(checks);
  return (
    <div>
      <h4 className={styles.part}>Checks</h4>
      {open.length > 0 && <CheckList checks={open} />}
      {locked.map((source) => (
        <p key={source} className={styles.quiet}>
          <Mark standing="calm" />
          {sourceName(source)}: not supported for this plan, so its checks cannot be made.
        </p>
      ))}
      {passing.length > 0 && (
        <details className={styles.folded}>
          <summary>
            <Mark standing="good" />
            {passing.length === 1 ? "1 check passes" : `${passing.length} checks pass`}
          </summary>
          <CheckList checks={passing} />
        </details>
      )}
    </div>
  );
}

function CheckList({ checks }: { checks: readonly Check[] }) {
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
