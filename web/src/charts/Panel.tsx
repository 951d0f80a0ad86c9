import { GridRows } from "@visx/grid";
import { Group } from "@visx/group";
import { scaleLinear } from "@visx/scale";
import { Bar, LinePath } from "@visx/shape";
import { useId } from "react";
import type { PeriodRow } from "../client/types.ts";
import { number } from "../format/figures.ts";
import { useLocale } from "../format/locale.ts";
import styles from "./charts.module.css";
import { drawn, most, type Drawn, type Series } from "./series.ts";

/** A period's place on the time axis, in pixels. */
export interface Span {
  left: number;
  right: number;
}

interface PanelProps {
  series: Series;
  rows: readonly PeriodRow[];
  spans: readonly Span[];
  top: number;
  width: number;
  height: number;
  /** The period that is looked at. */
  cursor: number | undefined;
  /** Several panels stand on one time axis: each says which it is. */
  titled: boolean;
}

/** One series over the periods: values as steps or bars, ranges as bands, unknown as nothing. */
export function Panel(props: PanelProps) {
  const { series, rows, spans, top, width, height, cursor, titled } = props;
  const locale = useLocale();
  const hatch = useId();
  const domain = [0, most(series, rows)];
  const y = scaleLinear({ domain, range: [height, 0], nice: series.unit !== "rate" });
  const ticks = y
    .ticks(height < 110 ? 2 : 4)
    .filter((one) => series.unit !== "count" || one % 1 === 0);
  const marks = rows.map((row, at) => drawn(series.figures[at], row));
  const seen = cursor === undefined ? undefined : marks[cursor];
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
      <GridRows scale={y} width={width} tickValues={ticks} stroke="var(--line)" strokeWidth={1} />
      {ticks.map((tick) => (
        <text key={tick} x={-8} y={y(tick)} dy="0.32em" textAnchor="end" className={styles.tick}>
          {number(tick, series.unit, locale)}
        </text>
      ))}
      {titled && (
        <text x={0} y={-9} className={styles.panelName}>
          {series.name}
        </text>
      )}
      {marks.map((mark, at) => (
        <Mark
          key={rows[at]?.label}
          mark={mark}
          as={series.mark}
          span={spans[at]}
          y={y}
          height={height}
          fill={`url(#${hatch})`}
        />
      ))}
      {series.roster && <Roster sizes={series.roster} spans={spans} y={y} />}
      {series.mark === "step" && (
        <Steps marks={marks} spans={spans} y={y} dots={rows.length <= 31} />
      )}
      {cursor !== undefined && seen?.as === "value" && (
        <circle cx={middle(spans[cursor])} cy={y(seen.value)} r={5} className={styles.seen} />
      )}
    </Group>
  );
}

type Scale = (value: number) => number;

interface MarkProps {
  mark: Drawn;
  as: Series["mark"];
  span: Span | undefined;
  y: Scale;
  height: number;
  fill: string;
}

/** What one period has of its own: a bar, a band, the hatch of what runs, the mark of what is unknown. */
function Mark({ mark, as, span, y, height, fill }: MarkProps) {
  if (!span) return null;
  const wide = span.right - span.left;
  const gap = as === "bar" && wide > 6 ? Math.min(6, wide * 0.12) : 0;
  const place = { x: span.left + gap, width: Math.max(0.5, wide - 2 * gap) };
  if (mark.as === "unknown") {
    return (
      <g className={styles.unknown} data-mark="unknown">
        <rect x={span.left} width={wide} y={0} height={height} />
        {wide >= 12 && (
          <text x={middle(span)} y={height - 6} textAnchor="middle">
            ?
          </text>
        )}
      </g>
    );
  }
  if (mark.as === "running") {
    return (
      <g data-mark="running">
        <rect
          x={span.left}
          width={wide}
          y={0}
          height={height}
          className={styles.running}
          fill={fill}
        />
        {mark.low > 0 && (
          <path
            className={styles.soFar}
            d={`M${place.x} ${y(mark.low)}h${place.width}${as === "bar" ? `V${height}h${-place.width}z` : ""}`}
          />
        )}
      </g>
    );
  }
  if (mark.as === "range") {
    const [low, high] = [y(mark.low), y(mark.high)];
    return (
      <g data-mark="range">
        {as === "bar" && (
          <Bar {...place} y={low} height={height - low} className={styles.bar ?? ""} />
        )}
        <rect
          {...place}
          y={high}
          height={Math.max(1, low - high)}
          fill={fill}
          className={styles.band}
        />
      </g>
    );
  }
  if (as !== "bar") return null;
  const top = y(mark.value);
  return (
    <Bar {...place} y={top} height={height - top} className={styles.bar ?? ""} data-mark="value" />
  );
}

interface Corner {
  x: number;
  y: number;
  /** The line ends before it. */
  gap?: boolean;
}

/** Levels that hold over their periods. What is unknown, or does not begin where the last one ended, is a gap. */
function Steps({
  marks,
  spans,
  y,
  dots,
}: {
  marks: readonly Drawn[];
  spans: readonly Span[];
  y: Scale;
  dots: boolean;
}) {
  const corners: Corner[] = [];
  let end: number | undefined;
  marks.forEach((mark, at) => {
    const span = spans[at];
    if (!span || mark.as !== "value") {
      end = undefined;
      return;
    }
    if (end === undefined || span.left - end > 0.5) corners.push({ x: 0, y: 0, gap: true });
    corners.push({ x: span.left, y: y(mark.value) }, { x: span.right, y: y(mark.value) });
    end = span.right;
  });
  return (
    <>
      <Line corners={corners} className={styles.line} />
      {dots &&
        marks.map(
          (mark, at) =>
            mark.as === "value" && (
              <circle
                key={spans[at]?.left}
                data-mark="value"
                cx={middle(spans[at])}
                cy={y(mark.value)}
                r={3}
                className={styles.dot}
              />
            ),
        )}
    </>
  );
}

/** The roster is dashed: it is what could be, and not what was. */
function Roster({
  sizes,
  spans,
  y,
}: {
  sizes: readonly (number | null)[];
  spans: readonly Span[];
  y: Scale;
}) {
  const corners = sizes.flatMap((size, at): Corner[] => {
    const span = spans[at];
    if (size === null || !span) return [{ x: 0, y: 0, gap: true }];
    return [
      { x: span.left, y: y(size) },
      { x: span.right, y: y(size) },
    ];
  });
  return <Line corners={corners} className={styles.roster} />;
}

function Line({ corners, className }: { corners: Corner[]; className: string | undefined }) {
  return (
    <LinePath
      data={corners}
      x={(corner) => corner.x}
      y={(corner) => corner.y}
      defined={(corner) => !corner.gap}
      {...(className !== undefined && { className })}
    />
  );
}

function middle(span: Span | undefined): number {
  return span ? (span.left + span.right) / 2 : 0;
}
