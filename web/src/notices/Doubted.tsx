import type { Check, Problem } from "../client/types.ts";
import { gravestFirst, ofOpenSources } from "../trust/checks.ts";
import { checkName, sourceName } from "../trust/words.ts";
import { Banner } from "./Banner.tsx";
import styles from "./notices.module.css";

/** Trust failed: what was expected against what was seen, and what mends it, in the place of every figure. */
export function Doubted({ problem }: { problem: Problem }) {
  const failed = problem.type === "/problems/untrusted";
  const telling = tellingChecks(problem.checks ?? []);
  return (
    <Banner
      role="alert"
      standing={failed ? "bad" : "unknown"}
      title={problem.title}
      evidence={
        <>
          <p className={styles.lead}>
            {failed
              ? "No figure is shown, because none could be defended. This is not zero use."
              : "Nothing failed, but what arrived proves nothing, so no figure is shown. Empty is not zero."}
          </p>
          {telling.length > 0 && <ExpectedSeen checks={telling} />}
        </>
      }
      action={problem.action}
    />
  );
}

/**
 * What failed; where nothing did, what is open. Beside a wrong organisation it is said how many people are seen, too:
 * one member where a team was expected is understood at once, two ids are not.
 */
export function tellingChecks(checks: readonly Check[]): Check[] {
  const failing = checks.filter((one) => one.status === "fail");
  if (failing.length === 0)
    return gravestFirst(ofOpenSources(checks)).filter((one) => one.status !== "pass");
  const sources = new Set(failing.map((one) => one.source));
  const people = checks.filter(
    (one) => one.name === "roster-visible" && one.status !== "pass" && sources.has(one.source),
  );
  return [...new Set([...people, ...failing])];
}

function ExpectedSeen({ checks }: { checks: readonly Check[] }) {
  return (
    <table className={styles.against}>
      <caption>Expected, against what was seen</caption>
      <thead>
        <tr>
          <th scope="col">Expected</th>
          <th scope="col">Seen</th>
        </tr>
      </thead>
      {checks.map((one) => (
        <tbody key={`${one.source} ${one.name}`}>
          <tr>
            <th scope="rowgroup" colSpan={2}>
              {checkName(one.name)}
              <span className={styles.source}>{sourceName(one.source)}</span>
            </th>
          </tr>
          <tr>
            <td>{one.expected}</td>
            <td className={styles[one.status]}>{one.seen}</td>
          </tr>
        </tbody>
      ))}
    </table>
  );
}
