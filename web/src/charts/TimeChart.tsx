import { Group } from "@visx/group";
import { scaleLinear } from "@visx/scale";
import { useId, useState, type PointerEvent } from "react";
import type { PeriodRow } from "../client/types.ts";
import { number } from "../format/figures.ts";
import { useLocale } from "../format/locale.ts";
import theme from "../theme/theme.module.css";
import styles from "./charts.module.css";
import { Legend } from "./Legend.tsx";
import { Panel } from "./Panel.tsx";
import { PeriodTable } from "./PeriodTable.tsx";
import { most, type Series } from "./series.ts";
import { timeTicks } from "./ticks.ts";
import { useWidth } from "./useWidth.ts";
import { named, summary, valueOf } from "./words.ts";

const TOP = 10;
const BOTTOM = 26;
const RIGHT = 26; // half a label of the time axis
const APART = 34; // between two panels, with the lower one's name

interface TimeChartProps {
  title: string;
  rows: readonly PeriodRow[];
  /** What is drawn, one panel each, on one time axis. */
  panels: readonly { series: Series; height: number }[];
  /** What is said besides the summaries: of a series that has nothing to draw, too. */
  also?: readonly string[];
}

/** Series over time: drawn, in a sentence each, one period at a time by pointer or arrow keys, and as a table. */
export function TimeChart({ title, rows, panels, also }: TimeChartProps) {
  const locale = useLocale();
  const id = useId();
  const series = panels.map((panel) => panel.series);
  const sentences = [...series.map((one) => summary(one, rows, locale)), ...(also ?? [])];
  return (
    <figure className={styles.chart} aria-labelledby={`${id}title`}>
      <h3 id={`${id}title`} className={styles.title}>
        {title}
      </h3>
      <p id={`${id}summary`} className={styles.summary}>
        {sentences.join(" ")}
      </p>
      {panels.length > 0 && (
        <>
          <Legend rows={rows} series={series} />
          <Drawing title={title} describedBy={`${id}summary`} rows={rows} panels={panels} />
          <PeriodTable title={title} rows={rows} series={series} />
        </>
      )}
    </figure>
  );
}

interface DrawingProps extends Pick<TimeChartProps, "title" | "rows" | "panels"> {
  describedBy: string;
}

function Drawing({ title, describedBy, rows, panels }: DrawingProps) {
  const locale = useLocale();
  const [place, width] = useWidth<HTMLDivElement>(560);
  const [cursor, setCursor] = useState<number>();
  const at = cursor === undefined ? undefined : Math.min(cursor, rows.length - 1);

  const left = 14 + 7 * Math.max(...panels.map(({ series }) => axisDigits(series, rows, locale)));
  const inner = Math.max(80, width - left - RIGHT);
  const tops = panels.map((_, index) =>
    panels
      .slice(0, index)
      .reduce((sum, { height }) => sum + height + APART, TOP + (panels.length > 1 ? 16 : 0)),
  );
  const bottom = (tops.at(-1) ?? 0) + (panels.at(-1)?.height ?? 0);
  // The marks of the axis are our own, so that time is a number like others: scaleUtc weighs 4 kB.
  const x = scaleLinear({
    domain: [Date.parse(rows[0]?.period.start ?? ""), Date.parse(rows.at(-1)?.period.end ?? "")],
    range: [0, inner],
  });
  const spans = rows.map(({ period: { start, end } }) => ({
    left: x(Date.parse(start)),
    right: x(Date.parse(end)),
  }));
  const seen = at === undefined ? undefined : spans[at];
  const row = at === undefined ? undefined : rows[at];

  const point = ({ clientX, currentTarget }: PointerEvent<HTMLElement>) => {
    const along = clientX - currentTarget.getBoundingClientRect().left - left;
    const found = spans.findIndex((span) => along < span.right);
    setCursor(found === -1 ? rows.length - 1 : found);
  };
  const values = (index: number) =>
    panels.map(({ series }) => [series.name, valueOf(series, rows, index, locale)] as const);

  return (
    <div ref={place} className={styles.drawing}>
      <div
        className={styles.plot}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => setCursor(undefined)}
      >
        <input
          type="range"
          className={`${theme.spoken} ${styles.keys}`}
          aria-label={`${title}: the period that is looked at`}
          aria-describedby={describedBy}
          min={0}
          max={rows.length - 1}
          value={at ?? rows.length - 1}
          aria-valuetext={row ? named(row, locale) : "no period"}
          onChange={(event) => setCursor(Number(event.target.value))}
          onFocus={() => setCursor(at ?? rows.length - 1)}
          onBlur={() => setCursor(undefined)}
          onKeyDown={(event) => event.key === "Escape" && setCursor(undefined)}
        />
        <svg
          aria-hidden="true"
          viewBox={`0 0 ${width} ${bottom + BOTTOM}`}
          width={width}
          height={bottom + BOTTOM}
          className={styles.svg}
        >
          <Group left={left}>
            {seen && (
              <rect
                x={seen.left}
                width={Math.max(2, seen.right - seen.left)}
                y={tops[0]}
                height={bottom - (tops[0] ?? 0)}
                className={styles.cursor}
              />
            )}
            {panels.map(({ series, height }, index) => (
              <Panel
                key={series.name}
                series={series}
                rows={rows}
                spans={spans}
                top={tops[index] ?? 0}
                width={inner}
                height={height}
                cursor={at}
                titled={panels.length > 1}
              />
            ))}
            <Group top={bottom}>
              <line x2={inner} className={styles.axis} />
              {timeTicks(rows, inner, locale).map((tick) => (
                <Group key={tick.at} left={x(tick.at)}>
                  <line y2={5} className={styles.axis} />
                  <text y={19} textAnchor="middle" className={styles.tick}>
                    {tick.text}
                  </text>
                </Group>
              ))}
            </Group>
          </Group>
        </svg>
      </div>
      {seen && row && at !== undefined && (
        <div
          className={styles.tooltip}
          style={tooltipPlace(left + (seen.left + seen.right) / 2, width)}
          aria-hidden="true"
        >
          <strong>{named(row, locale)}</strong>
          {values(at).map(([name, value]) => (
            <span key={name}>
              {name}: <b>{value}</b>
            </span>
          ))}
        </div>
      )}
      {/* The slider says which period it is at, this what is there. */}
      <p className={theme.spoken} aria-live="polite">
        {at !== undefined && values(at).map(([name, value]) => `${name}: ${value}. `)}
      </p>
    </div>
  );
}

/** Beside the period: on the side that has more room. */
function tooltipPlace(along: number, width: number) {
  return along < width / 2 ? { left: along + 14 } : { right: width - along + 14 };
}

function axisDigits(
  series: Series,
  rows: readonly PeriodRow[],
  locale: string | undefined,
): number {
  return number(most(series, rows), series.unit, locale).length;
}
