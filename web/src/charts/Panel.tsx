import { Group } from "@visx/group";
import { memo, useId } from "react";
import type { PeriodRow } from "../client/types.ts";
import { number } from "../format/figures.ts";
import { useLocale } from "../format/locale.ts";
import styles from "./charts.module.css";
import { Bars, Marks } from "./Marks.tsx";
import { drawn, most, type Series } from "./series.ts";
import { heights } from "./scale.ts";
import { middle, type Span } from "./spans.ts";
import { Roster, Steps } from "./Steps.tsx";

interface PanelProps {
  series: Series;
  rows: readonly PeriodRow[];
  spans: readonly Span[];
  top: number;
  width: number;
  height: number;
  /** Several panels stand on one time axis: each says which it is. */
  titled: boolean;
}

/** One series over the periods: values as steps or bars, ranges as bands, unknown as nothing. */
export const Panel = memo(function Panel(props: PanelProps) {
  const { series, rows, spans, top, width, height, titled } = props;
  const locale = useLocale();
  const hatch = useId();
  const { y, marks: levels } = heights(most(series, rows), height);
  const marks = rows.map((row, at) => drawn(series.figures[at], row));
  return (
    <Group top={top} className={styles[series.tone] ?? ""}>
      <defs>
        <pattern
          id={hatch}
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="1.5" height="5" fill="currentColor" />
        </pattern>
      </defs>
      {levels
        // Half an engineer is no mark.
        .filter((level) => series.unit !== "count" || level % 1 === 0)
        .map((level) => (
          <Group key={level} top={y(level)}>
            <line x2={width} className={styles.grid} />
            <text x={-8} dy="0.32em" textAnchor="end" className={styles.tick}>
              {number(level, series.unit, locale)}
            </text>
          </Group>
        ))}
      {titled && (
        <text x={0} y={-9} className={styles.panelName}>
          {series.name}
        </text>
      )}
      <Marks as={series.mark} {...{ marks, spans, y, height }} fill={`url(#${hatch})`} />
      {series.mark === "bar" && <Bars {...{ marks, spans, y, height }} />}
      {series.roster && <Roster sizes={series.roster} spans={spans} y={y} />}
      {series.mark === "step" && (
        <Steps marks={marks} spans={spans} y={y} dots={rows.length <= 31} />
      )}
    </Group>
  );
});

interface SeenProps extends Pick<PanelProps, "series" | "rows" | "spans" | "top" | "height"> {
  at: number;
}

/** The value that is looked at, ringed. It is apart, so that moving it draws nothing else again. */
export function Seen({ series, rows, spans, top, height, at }: SeenProps) {
  const row = rows[at];
  const mark = row && drawn(series.figures[at], row);
  if (mark?.as !== "value") return null;
  return (
    <Group top={top} className={styles[series.tone] ?? ""}>
      <circle
        cx={middle(spans[at])}
        cy={heights(most(series, rows), height).y(mark.value)}
        r={5}
        className={styles.seen}
      />
    </Group>
  );
}
