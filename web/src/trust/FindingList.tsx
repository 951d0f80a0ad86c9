import type { Finding } from "../client/types.ts";
import styles from "./trust.module.css";

/** What is wrong with a file: where, what was found, what was expected, what to do. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  return (
    <ol className={styles.findings}>
      {findings.map((one) => (
        <li key={[one.code, one.line, one.column, one.note].join(" ")}>
          <span className={styles.soft}>{place(one)}</span> {one.note}
          {(one.found || one.expected) && (
            <span className={styles.found}>
              {one.found && (
                <>
                  found <code>{one.found}</code>
                </>
              )}
              {one.found && one.expected && "; "}
              {one.expected && <>expected {one.expected}</>}
            </span>
          )}
          {one.action && <span className={styles.checkAction}>{one.action}</span>}
        </li>
      ))}
    </ol>
  );
}

function place({ line, column }: Finding): string {
  const said = [line && `line ${line}`, column && `column ${column}`].filter((one) => !!one);
  return said.length > 0 ? `${said.join(", ")}:` : "";
}
