import { LinePath } from "@visx/shape";
import styles from "./charts.module.css";
import type { Drawn } from "./series.ts";
import type { Scale } from "./scale.ts";
import { middle, type Span } from "./spans.ts";

interface Corner {
  x: number;
  y: number;
  /** The line ends before it. */
  gap?: boolean;
}

const GAP: Corner = { x: 0, y: 0, gap: true };

interface StepsProps {
  marks: readonly Drawn[];
  spans: readonly Span[];
  y: Scale;
  dots: boolean;
}

/** Levels that hold over their periods. What is unknown, or does not begin where the last one ended, is a gap. */
export function Steps({ marks, spans, y, dots }: StepsProps) {
  const levels = marks.map((mark) => (mark.as === "value" ? mark.value : null));
  return (
    <>
      <Line corners={corners(levels, spans, y)} className={styles.line} />
      {dots &&
        levels.map((level, at) => {
          if (level === null) return null;
          const x = middle(spans[at]);
          return <circle key={x} cx={x} cy={y(level)} r={3} className={styles.dot} />;
        })}
    </>
  );
}

interface RosterProps extends Pick<StepsProps, "spans" | "y"> {
  sizes: readonly (number | null)[];
}

/** The roster is dashed: it is what could be, and not what was. */
export function Roster({ sizes, spans, y }: RosterProps) {
  return <Line corners={corners(sizes, spans, y)} className={styles.roster} />;
}

function corners(
  levels: readonly (number | null)[],
  spans: readonly Span[],
  y: Scale,
): readonly Corner[] {
  return levels.flatMap((level, at) => {
    const span = spans[at];
    if (level === null || !span) return [GAP];
    const end = spans[at - 1]?.right;
    const follows = end !== undefined && span.left - end < 0.5;
    const step = [span.left, span.right].map((x) => ({ x, y: y(level) }));
    return follows ? step : [GAP, ...step];
  });
}

interface LineProps {
  corners: readonly Corner[];
  className: string | undefined;
}

function Line({ corners: data, className }: LineProps) {
  return (
    <LinePath
      data={[...data]}
      x={(corner) => corner.x}
      y={(corner) => corner.y}
      defined={(corner) => !corner.gap}
      className={className ?? ""}
    />
  );
}
