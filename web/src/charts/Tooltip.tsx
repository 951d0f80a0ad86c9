import type { PeriodRow } from "../client/types.ts";
import { useLocale } from "../format/locale.ts";
import styles from "./charts.module.css";
import { named } from "./words.ts";

interface TooltipProps {
  /** Where the period is, of the drawing's width. */
  along: number;
  width: number;
  row: PeriodRow;
  values: readonly (readonly [name: string, value: string])[];
}

/** The values of the period that is looked at, beside it, on the side that has more room. */
export function Tooltip({ along, width, row, values }: TooltipProps) {
  const locale = useLocale();
  const place = along < width / 2 ? { left: along + 14 } : { right: width - along + 14 };
  return (
    <div className={styles.tooltip} style={place} aria-hidden="true">
      <strong>{named(row, locale)}</strong>
      {values.map(([name, value]) => (
        <span key={name}>
          {name}: <b>{value}</b>
        </span>
      ))}
    </div>
  );
}
