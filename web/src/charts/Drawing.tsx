import { Group } from "@visx/group";
import { useMemo, useState, type PointerEvent } from "react";
import type { PeriodRow } from "../client/types.ts";
import { number } from "../format/figures.ts";
import { useLocale } from "../format/locale.ts";
import theme from "../theme/theme.module.css";
import styles from "./charts.module.css";
import { Panel, Seen } from "./Panel.tsx";
import { heights } from "./scale.ts";
import { most, type Series } from "./series.ts";
import { middle, spansOf, timeAxis } from "./spans.ts";
import { TimeMarks } from "./TimeMarks.tsx";
import { Tooltip } from "./Tooltip.tsx";
import { usePlace } from "./usePlace.ts";
import { named, valueOf } from "./words.ts";

// Pixels: around the panels, and between two of them with the lower one's name.
const TOP = 10;
const NAME = 16;
const BOTTOM = 26;
const RIGHT = 26; // half a label of the time axis
const APART = 34;

const ON_PAPER = 0.55; // as high as on a screen

interface DrawingProps {
  title: string;
  describedBy: string;
  rows: readonly PeriodRow[];
  panels: readonly { series: Series; height: number }[];
}

/** The period that is looked at. What the pointer is over is not said aloud: whoever moves it sees it. */
interface Cursor {
  at: number;
  by: "keys" | "pointer";
}

/** The panels on their time axis, and a cursor over the periods that pointer and arrow keys move. */
export function Drawing({ title, describedBy, rows, panels }: DrawingProps) {
  const locale = useLocale();
  const [place, { width, paper }] = usePlace<HTMLDivElement>();
  const [cursor, setCursor] = useState<Cursor>();
  const at = cursor && Math.min(cursor.at, rows.length - 1);

  const digits = panels.map(({ series, height }) => {
    const { marks } = heights(most(series, rows), height);
    return number(marks.at(-1) ?? 0, series.unit, locale).length;
  });
  const left = 14 + 7 * Math.max(...digits);
  const inner = Math.max(80, width - left - RIGHT);
  const [x, spans] = useMemo(() => {
    const axis = timeAxis(rows, inner);
    return [axis, spansOf(rows, axis)];
  }, [rows, inner]);
  const { tops, tall, bottom } = stacked(panels, paper ? ON_PAPER : 1);

  const point = ({ clientX, currentTarget }: PointerEvent) => {
    const along = clientX - currentTarget.getBoundingClientRect().left - left;
    const found = spans.findIndex((span) => along < span.right);
    setCursor({ at: found === -1 ? rows.length - 1 : found, by: "pointer" });
  };
  const step = (next: number) => setCursor({ at: next, by: "keys" });
  const seen = at === undefined ? undefined : spans[at];
  const row = at === undefined ? undefined : rows[at];
  const values =
    at === undefined
      ? []
      : panels.map(({ series }) => [series.name, valueOf(series, rows, at, locale)] as const);

  return (
    <div ref={place} className={styles.drawing}>
      <div
        className={styles.plot}
        onPointerMove={point}
        onPointerDown={point}
        // A finger leaves as soon as it has pointed.
        onPointerLeave={({ pointerType }) => pointerType !== "touch" && setCursor(undefined)}
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
          onChange={(event) => step(Number(event.target.value))}
          onFocus={() => step(at ?? rows.length - 1)}
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
            {panels.map(({ series }, index) => {
              const where = { top: tops[index] ?? 0, height: tall[index] ?? 0 };
              return (
                <g key={series.name}>
                  <Panel
                    {...{ series, rows, spans, ...where }}
                    width={inner}
                    titled={panels.length > 1}
                  />
                  {at !== undefined && <Seen {...{ series, rows, spans, at, ...where }} />}
                </g>
              );
            })}
            <TimeMarks rows={rows} x={x} top={bottom} width={inner} />
          </Group>
        </svg>
      </div>
      {seen && row && (
        <Tooltip along={left + middle(seen)} width={width} row={row} values={values} />
      )}
      {/* The slider says which period it is at, this what is there. */}
      <p className={theme.spoken} aria-live="polite">
        {cursor?.by === "keys" && values.map(([name, value]) => `${name}: ${value}. `)}
      </p>
    </div>
  );
}

/** Where each panel begins and how high it is, below each other, and where the last one ends. */
function stacked(panels: DrawingProps["panels"], scale: number) {
  const tall = panels.map((panel) => panel.height * scale);
  const first = TOP + (panels.length > 1 ? NAME : 0);
  const tops = tall.map((_, index) =>
    tall.slice(0, index).reduce((sum, height) => sum + height + APART, first),
  );
  return { tops, tall, bottom: (tops.at(-1) ?? 0) + (tall.at(-1) ?? 0) };
}
