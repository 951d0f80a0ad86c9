import styles from "./charts.module.css";
import type { Drawn, Series } from "./series.ts";
import type { Scale } from "./scale.ts";
import { barOf, middle, type Span } from "./spans.ts";

interface MarksProps {
  marks: readonly Drawn[];
  spans: readonly Span[];
  y: Scale;
  height: number;
}

/** Sums that are known: one path, since there may be four hundred. */
export function Bars({ marks, spans, y, height }: MarksProps) {
  const d = marks.map((mark, at) => {
    const span = spans[at];
    if (mark.as !== "value" || !span) return "";
    const { x, width } = barOf(span);
    return `M${x} ${height}V${y(mark.value)}h${width}V${height}z`;
  });
  return <path d={d.join("")} className={styles.bar} data-marks="value" />;
}

interface OtherProps extends MarksProps {
  as: Series["mark"];
  fill: string;
}

/** What is no value: the band of a range, the hatch of what runs, the place of what is unknown. */
export function Marks({ marks, spans, ...how }: OtherProps) {
  return marks.map((mark, at) => {
    const span = spans[at];
    if (!span || mark.as === "value") return null;
    return (
      <g key={span.left} data-mark={mark.as}>
        {mark.as === "unknown" && <Unknown span={span} {...how} />}
        {mark.as === "open" && <AtLeast span={span} low={mark.low} {...how} />}
        {mark.as === "range" && <Range span={span} {...mark} {...how} />}
      </g>
    );
  });
}

interface MarkProps extends Omit<OtherProps, "marks" | "spans" | "as"> {
  span: Span;
  as: unknown;
}

function Unknown({ span, height }: MarkProps) {
  const wide = span.right - span.left;
  return (
    <>
      <rect x={span.left} width={wide} height={height} className={styles.unknown} />
      {wide >= 12 && (
        <text x={middle(span)} y={height - 6} textAnchor="middle">
          ?
        </text>
      )}
    </>
  );
}

function AtLeast({ span, y, height, fill, low, as }: MarkProps & { low: number }) {
  const wide = span.right - span.left;
  const { x, width } = as === "bar" ? barOf(span) : { x: span.left, width: wide };
  const sides = as === "bar" ? `V${height}h${-width}z` : "";
  return (
    <>
      <rect x={span.left} width={wide} height={height} className={styles.notClosed} fill={fill} />
      {low > 0 && (
        <path
          className={styles.soFar}
          strokeWidth={wide < 8 ? 1 : 2}
          d={`M${x} ${y(low)}h${width}${sides}`}
        />
      )}
    </>
  );
}

function Range({
  span,
  y,
  height,
  fill,
  low,
  high,
  as,
}: MarkProps & { low: number; high: number }) {
  const bar = as === "bar";
  const place = bar ? barOf(span) : { x: span.left, width: span.right - span.left };
  const [bottom, top] = [y(low), y(high)];
  return (
    <>
      {bar && <rect {...place} y={bottom} height={height - bottom} className={styles.bar} />}
      <rect
        {...place}
        y={top}
        height={Math.max(1, bottom - top)}
        fill={fill}
        className={styles.band}
      />
    </>
  );
}
