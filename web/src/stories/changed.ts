/** Bodies that no example shows: a real one with a change that is named. Nothing else about them is made up. */
import type { Adoption, Answer, Figure, Period, PeriodRow } from "../client/types.ts";

const DAY = 86_400_000;

const value = (one: number): Figure => ({ value: one, low: one, high: one, reason: null });

const between = (low: number, high: number): Figure => ({
  value: null,
  low,
  high,
  reason: "the exports were looked at before and after the period’s edges, and not at them",
});

const unknown: Figure = {
  value: null,
  low: 0,
  high: null,
  reason: "Sunday 8 November is not fetched yet",
};

function iso(at: number): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}

/** The body with its rows changed by `change`, from the oldest on. */
export function withRows(
  body: Adoption,
  change: (row: PeriodRow, at: number) => PeriodRow | undefined,
): Adoption {
  return { ...body, periods: body.periods.flatMap((row, at) => change(row, at) ?? []) };
}

/** As one row, but of another period, and with figures that wander as a team's do. */
function like(row: PeriodRow, period: Period, label: string, at: number): PeriodRow {
  const wave = Math.sin(at / 5) + Math.sin(at * 1.7) / 2; // -1.5 … 1.5
  const idle = period.kind === "day" && [0, 6].includes(new Date(period.start).getUTCDay());
  const active = idle ? 0 : Math.round(5.5 + wave);
  return {
    ...row,
    label,
    period,
    active: { ...row.active, [row.basis]: value(active) },
    of: at < 20 ? 7 : 8,
    figures: {
      ...row.figures,
      linesAccepted: value(active * Math.round(700 + 90 * wave)),
      acceptanceRate: idle
        ? { value: null, low: null, high: null, reason: "there were no decisions" }
        : value(0.85 + wave / 20),
    },
  };
}

/** The body with `count` closed periods of `days` days each before its running one, in place of its own. */
export function long(body: Adoption, kind: "week" | "day", count: number): Adoption {
  const [model, running] = body.periods.slice(-2);
  if (!model || !running) return body;
  const days = kind === "week" ? 7 : 1;
  const end = Date.parse(running.period.start);
  const rows = Array.from({ length: count }, (_, at) => {
    const start = end - (count - at) * days * DAY;
    const period = { kind, start: iso(start), end: iso(start + days * DAY) };
    return like(model, period, period.start, at);
  });
  const now = { ...running, period: { ...running.period, kind, end: iso(end + days * DAY) } };
  return { ...body, granularity: kind, periods: [...rows, now] };
}

/** The second week is missing, the third unknown, the others are ranges. */
export function uncertain(body: Adoption): Adoption {
  const { answer } = body;
  const ranges = {
    active: { low: 6, high: 7 },
    activeBefore: { low: 5, high: 6 },
    started: { low: 1, high: 2 },
    gained: { low: 3, high: 4 },
    held: { low: 0, high: 2 },
    declined: { low: 1, high: 1 },
    stopped: { low: 0, high: 0 },
  };
  const changed = withRows(long(body, "week", 8), (row, at) => {
    if (!row.closed) return row;
    if (at === 2) return undefined;
    const everything = (one: Figure) =>
      Object.fromEntries(Object.keys(row.figures).map((name) => [name, one]));
    if (at === 4) return { ...row, active: { anyActivity: unknown }, figures: everything(unknown) };
    if (at < 5) return row;
    return {
      ...row,
      active: { anyActivity: between(5 + (at % 2), 7) },
      figures: {
        ...row.figures,
        linesAccepted: between(4000 + 120 * at, 5600),
        acceptanceRate: between(0.8, 0.92),
        sessions: between(90, 120),
      },
    };
  });
  return {
    ...changed,
    answer: {
      ...answer,
      counts: null,
      ranges,
      joiners: { low: 1, high: 2 },
      leavers: { low: 1, high: 1 },
    },
  };
}

/** Another verdict, with the counts that make it so: those of the newest closed period are changed with it. */
export function answered(
  body: Adoption,
  verdict: "no" | "mixed",
  sentence: string,
  counts: NonNullable<Answer["counts"]>,
): Adoption {
  const changed = withRows(body, (row) =>
    row.period.end === body.answer.period?.end
      ? { ...row, active: { [row.basis]: value(counts.active) } }
      : row,
  );
  return { ...changed, answer: { ...body.answer, verdict, sentence, counts } };
}

/** The same, of which the answer's period said `sentence` before the vendor told a day of it otherwise. */
export function restated(body: Adoption, sentence: string): Adoption {
  const cause = "claude_code_admin says otherwise of 2026-11-20";
  return withRows(body, (row) =>
    row.period.end === body.answer.period?.end
      ? { ...row, restated: [{ on: "2026-11-24", cause, verdict: "no", sentence }] }
      : row,
  );
}
