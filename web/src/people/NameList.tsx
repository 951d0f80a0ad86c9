import { useState } from "react";
import type { EngineerShown } from "../client/types.ts";
import { useLocale } from "../format/locale.ts";
import { byName } from "./cohorts.ts";
import styles from "./people.module.css";

/** So many names are read at a glance; the others stand behind a button. */
const AT_A_GLANCE = 12;

/** Names in their alphabet's order. */
export function NameList(props: { engineers: readonly EngineerShown[]; label: string }) {
  const locale = useLocale();
  const [all, showAll] = useState(false);
  const { length } = props.engineers;
  if (length === 0) return null;
  const named = byName(props.engineers, locale);
  const shown = all || length <= AT_A_GLANCE + 1 ? named : named.slice(0, AT_A_GLANCE);
  return (
    <ul className={styles.names} aria-label={props.label}>
      {shown.map((one, index) => (
        <li key={one.email ?? index}>
          {one.name ?? one.email ?? "(erased)"}
          {one.team && <span className={styles.team}>{one.team}</span>}
          {one.reason && <span className={styles.team}>{one.reason}</span>}
        </li>
      ))}
      {shown.length < length && (
        <li>
          <button type="button" className={styles.link} onClick={() => showAll(true)}>
            and {length - shown.length} more
          </button>
        </li>
      )}
    </ul>
  );
}
