import { useLocale } from "../format/locale.ts";
import styles from "./answer.module.css";
import { MOVEMENTS, spread, type Movements as Moved } from "./movements.ts";

/**
 * The five movements as one bar in proportion, and in words. What ranges leave open is hatched: each part is as
 * long as it may be, so that the bar of ranges may stand for more people than there are.
 */
export function Movements({ movements }: { movements: Moved }) {
  const locale = useLocale();
  return (
    <div>
      <div className={styles.bar} aria-hidden="true">
        {MOVEMENTS.map((name) => {
          const { low, high } = movements[name];
          if (high === 0) return null;
          return (
            <span key={name} className={styles[name]} style={{ flexGrow: high }}>
              <span style={{ width: `${(100 * low) / high}%` }} />
            </span>
          );
        })}
      </div>
      <ul className={styles.movements} aria-label="How the engineers of both periods moved">
        {MOVEMENTS.map((name) => (
          <li key={name} data-none={movements[name].high === 0 || undefined}>
            <span className={`${styles.swatch} ${styles[name]}`} aria-hidden="true">
              <span />
            </span>
            <strong>{spread(movements[name], locale)}</strong> {name}
          </li>
        ))}
      </ul>
    </div>
  );
}
