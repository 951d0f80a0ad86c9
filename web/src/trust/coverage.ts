/** Days as weeks of a calendar: what each is worth, and which exports were looked at on it. */
import type { Dashboard, DayCover, Status } from "../client/types.ts";

export interface Look {
  kind: string;
  month: string;
}

export interface CoverageDay {
  /** `2026-11-23`. */
  day: string;
  /** Absent where no live source tells of days. */
  state: DayCover["state"] | undefined;
  looks: readonly Look[];
}

export interface Week {
  monday: string;
  /** Monday to Sunday; a day before the first or after the last is absent. */
  days: readonly (CoverageDay | undefined)[];
}

export interface Coverage {
  /** Undefined: of the exports alone. */
  source: string | undefined;
  days: readonly CoverageDay[];
}

const DAY = 24 * 60 * 60 * 1000; // milliseconds

/** One calendar a live source that has days, the looks on the first; without any, one of the looks alone. */
export function coverages({ sources, exports: { dashboards } }: Status): Coverage[] {
  const looks = looksByDay(dashboards);
  const live = sources.filter((one) => one.coverage.length > 0);
  if (live.length === 0)
    return looks.size > 0 ? [{ source: undefined, days: filled(new Map(), looks) }] : [];
  return live.map((one, index) => ({
    source: one.source,
    days: filled(
      new Map(one.coverage.map(({ day, state }) => [day, state])),
      index === 0 ? looks : new Map(),
    ),
  }));
}

export function weeksOf(days: readonly CoverageDay[]): Week[] {
  const [first, last] = [days[0]?.day, days.at(-1)?.day];
  const byDay = new Map(days.map((one) => [one.day, one]));
  const weeks: Week[] = [];
  if (first && last)
    for (let monday = later(first, -weekdayOf(first)); monday <= last; monday = later(monday, 7)) {
      const start = monday;
      const placed = Array.from({ length: 7 }, (_, place) => byDay.get(later(start, place)));
      weeks.push({ monday, days: placed });
    }
  return weeks;
}

/** 0: Monday. */
export function weekdayOf(day: string): number {
  return (new Date(day).getUTCDay() + 6) % 7;
}

/** The day so many days later. */
export function later(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

function looksByDay(dashboards: readonly Dashboard[]): Map<string, Look[]> {
  const found = new Map<string, Look[]>();
  for (const { kind, looks } of dashboards)
    for (const { moment, month } of looks) {
      const day = moment.slice(0, 10);
      found.set(day, [...(found.get(day) ?? []), { kind, month }]);
    }
  return found;
}

/** Every day from the first that is told of to the last. */
function filled(
  states: ReadonlyMap<string, DayCover["state"]>,
  looks: ReadonlyMap<string, Look[]>,
): CoverageDay[] {
  const told = [...states.keys(), ...looks.keys()].toSorted();
  const [first, last] = [told[0], told.at(-1)];
  const days: CoverageDay[] = [];
  if (first && last)
    for (let day = first; day <= last; day = later(day, 1))
      days.push({ day, state: states.get(day), looks: looks.get(day) ?? [] });
  return days;
}
