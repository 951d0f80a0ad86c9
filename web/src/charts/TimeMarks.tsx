import { Group } from "@visx/group";
import { memo } from "react";
import type { PeriodRow } from "../client/types.ts";
import { useLocale } from "../format/locale.ts";
import styles from "./charts.module.css";
import type { Scale } from "./scale.ts";
import { timeTicks } from "./ticks.ts";

interface TimeMarksProps {
  rows: readonly PeriodRow[];
  x: Scale;
  top: number;
  width: number;
}

/** The line of the time axis with its marks. */
export const TimeMarks = memo(function TimeMarks({ rows, x, top, width }: TimeMarksProps) {
  const locale = useLocale();
  return (
    <Group top={top}>
      <line x2={width} className={styles.axis} />
      {timeTicks(rows, width, locale).map((tick) => (
        <Group key={tick.at} left={x(tick.at)}>
          <line y2={5} className={styles.axis} />
          <text y={19} textAnchor="middle" className={styles.tick}>
            {tick.text}
          </text>
        </Group>
      ))}
    </Group>
  );
});
