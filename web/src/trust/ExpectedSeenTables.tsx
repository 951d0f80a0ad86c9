import type { ExpectedSeen, Status } from "../client/types.ts";
import styles from "./trust.module.css";
import { sourceName } from "./words.ts";

/** Of each source: what it should show, against what it shows. A source that the plan excludes has nothing to show. */
export function ExpectedSeenTables({ status }: { status: Status }) {
  const live = status.sources.filter((one) => one.access.state !== "locked");
  const tables: [string, ExpectedSeen[]][] = [
    ...live.map((one): [string, ExpectedSeen[]] => [sourceName(one.source), one.expectedSeen]),
    [sourceName("exports"), status.exports.expectedSeen],
  ];
  const told = tables.filter(([, rows]) => rows.length > 0);
  if (told.length === 0) return null;
  return (
    <div className={styles.tables}>
      {told.map(([name, rows]) => (
        <table key={name} className={styles.table}>
          <caption>{name}: expected against seen</caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Expected</th>
              <th scope="col">Seen</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.what}>
                <th scope="row">{row.what}</th>
                <td>{row.expected}</td>
                <td>{row.seen}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}
