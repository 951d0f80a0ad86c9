import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { dayOfWeek, month, shortMonth, weekday } from "../format/calendar.ts";
import { day } from "../format/dates.ts";
import { useLocale } from "../format/locale.ts";
import theme from "../theme/theme.module.css";
import styles from "./calendar.module.css";
import { later, weeksOf, type CoverageDay, type Week } from "./coverage.ts";
import { DAY_STATES, Legend } from "./Legend.tsx";
import { kindName } from "./words.ts";

/**
 * A column a week, a row a weekday. One day is in the tab order; arrows go on from it.
 *
 * The legend counts the days of each state, so that it says in words what the calendar shows.
 */
export function Calendar({ label, days }: { label: string; days: readonly CoverageDay[] }) {
  const locale = useLocale();
  const grid = useRef<HTMLTableElement>(null);
  const weeks = useMemo(() => weeksOf(days), [days]);
  const [first, last] = [days[0]?.day ?? "", days.at(-1)?.day ?? ""];
  const [at, setAt] = useState(last);
  const here = days.find((one) => one.day === at) ?? days.at(-1);

  const onKeyDown = (event: KeyboardEvent) => {
    const to = target(event, here?.day ?? last, first, last);
    if (!to) return;
    event.preventDefault();
    setAt(to);
    grid.current?.querySelector<HTMLElement>(`[data-day="${to}"]`)?.focus();
  };

  return (
    <div>
      <div ref={toTheNewest} className={styles.scroll}>
        <table
          ref={grid}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- arrows move in it
          role="grid"
          aria-label={label}
          className={styles.calendar}
          onKeyDown={onKeyDown}
        >
          <thead>
            <tr>
              <th scope="col">
                <span className={theme.spoken}>Weekday</span>
              </th>
              {weeks.map((week, index) => (
                <th key={week.monday} scope="col" className={styles.month}>
                  <span aria-hidden="true">{monthHead(weeks, index, locale)}</span>
                  <span className={theme.spoken}>Week of {day(week.monday, locale)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: 7 }, (_, place) => {
              const name = weekday(later("2026-01-05", place), locale);
              return (
                <tr key={name}>
                  <th scope="row" className={styles.weekday}>
                    {name}
                  </th>
                  {weeks.map((week) => {
                    const one = week.days[place];
                    if (!one) return <td key={week.monday} aria-label="not told of" />;
                    return (
                      <td
                        key={week.monday}
                        data-day={one.day}
                        tabIndex={one === here ? 0 : -1}
                        aria-label={inWords(one, locale)}
                        className={`${styles.day} ${one.state ? styles[one.state] : ""}`}
                        onFocus={() => setAt(one.day)}
                        onPointerEnter={() => setAt(one.day)}
                      >
                        <span className={one.looks.length > 0 ? styles.look : undefined} />
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {here && (
        <p className={styles.here} aria-hidden="true">
          {inWords(here, locale)}
        </p>
      )}
      <Legend days={days} />
    </div>
  );
}

/** Shows the newest weeks where not all fit; from right to left the end lies at the negative edge. */
function toTheNewest(box: HTMLElement | null): void {
  if (!box) return;
  const backwards = getComputedStyle(box).direction === "rtl";
  box.scrollLeft = backwards ? -box.scrollWidth : box.scrollWidth;
}

function inWords(one: CoverageDay, locale: string | undefined): string {
  const exports = one.looks.map((look) => `${kindName(look.kind)} of ${month(look.month, locale)}`);
  const said = [one.state && DAY_STATES[one.state], ...exports].filter((text) => !!text);
  return `${dayOfWeek(one.day, locale)}: ${said.length > 0 ? said.join("; ") : "no export"}`;
}

/** A month's name stands over the week that it begins in, and has the next one's place, too. */
function monthHead(weeks: readonly Week[], index: number, locale: string | undefined): string {
  const [former, own, next] = [index - 1, index, index + 1].map((at) => lastMonth(weeks[at]));
  const begins = own !== undefined && own !== former && (next === undefined || next === own);
  return begins ? shortMonth(`${own}-01`, locale) : "";
}

function lastMonth(week: Week | undefined): string | undefined {
  return week?.days.findLast((one) => one)?.day.slice(0, 7);
}

function target(event: KeyboardEvent, at: string, first: string, last: string): string | undefined {
  const sideways = getComputedStyle(event.currentTarget).direction === "rtl" ? -7 : 7;
  const steps: Record<string, string> = {
    ArrowDown: later(at, 1),
    ArrowUp: later(at, -1),
    ArrowRight: later(at, sideways),
    ArrowLeft: later(at, -sideways),
    Home: first,
    End: last,
  };
  const to = steps[event.key];
  return to && (to < first ? first : to > last ? last : to);
}
