import type { EngineerShown } from "../client/types.ts";
import { useLocale } from "../format/locale.ts";
import { byName } from "./cohorts.ts";
import styles from "./people.module.css";

/** Names in their alphabet's order. */
export function NameList(props: { engineers: readonly EngineerShown[]; label: string }) {
  const locale = useLocale();
  if (props.engineers.length === 0) return null;
  return (
    <ul className={styles.names} aria-label={props.label}>
      {byName(props.engineers, locale).map((one, index) => (
        <li key={one.email ?? index}>
          {one.name ?? one.email ?? "(erased)"}
          {one.team && <span className={styles.team}>{one.team}</span>}
          {one.reason && <span className={styles.team}>{one.reason}</span>}
        </li>
      ))}
    </ul>
  );
}
