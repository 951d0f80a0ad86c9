import type { Adoption, Figure, Period } from "../client/types.ts";
import { KINDS, days, period } from "../format/dates.ts";
import { FigureText } from "../format/FigureText.tsx";
import { number, reasonOf, type Unit } from "../format/figures.ts";
import { useLocale } from "../format/locale.ts";
import type { Reading } from "../reading/reading.ts";
import { Skeleton } from "../tab/Skeleton.tsx";
import theme from "../theme/theme.module.css";
import { compared, type Compared } from "./compared.ts";
import { delta } from "./delta.ts";
import styles from "./strip.module.css";

/** The figures of the newest closed period, each against the one before it. */
export function StripSection({ adoption }: { adoption: Reading<Adoption> }) {
  if (adoption.state === "loading")
    return <Skeleton as="block" what="the figures" className={styles.waiting} />;
  if (adoption.state !== "data" || adoption.data.periods.length === 0) return null;
  const two = compared(adoption.data);
  if (two) return <Strip {...two} />;
  const { one } = KINDS[adoption.data.granularity];
  return <p className={styles.none}>No {one} that is shown is over yet: its figures come then.</p>;
}

function Strip({ row, before, basis }: Compared) {
  const locale = useLocale();
  const { figures, of } = row;
  const tile = (name: string, unit: Unit) => ({
    unit,
    now: figures[name],
    earlier: before?.figures[name],
    row,
    before,
  });
  return (
    <section className={theme.prints} aria-labelledby="scoreboard-strip">
      <h3 id="scoreboard-strip" className={styles.title}>
        {titled(row.period, locale)}
        <span className={styles.against}>
          {before
            ? ` against ${period(before.period, locale)}`
            : ", with no comparable period before it"}
        </span>
      </h3>
      <dl className={styles.strip}>
        <Tile
          name="Active engineers"
          unit="count"
          now={row.active[basis]}
          earlier={before?.active[basis]}
          row={row}
          before={before}
          {...(of !== null && { of: number(of, "count", locale) })}
        />
        <Tile name="Sessions" {...tile("sessions", "count")} />
        <Tile name="Lines accepted" {...tile("linesAccepted", "count")} />
        <Tile name="Acceptance rate" {...tile("acceptanceRate", "rate")} />
        <Tile name="Cost per active engineer" {...tile("costPerActive", "usd")} />
      </dl>
    </section>
  );
}

interface TileProps {
  name: string;
  unit: Unit;
  now: Figure | undefined;
  earlier: Figure | undefined;
  row: Compared["row"];
  before: Compared["before"];
  of?: string;
}

function Tile({ name, unit, now, earlier, row, before, of }: TileProps) {
  const locale = useLocale();
  const change = delta(now, earlier, unit, locale);
  const reason = reasonOf(now, unit, locale);
  return (
    <div className={styles.tile}>
      <dt>{name}</dt>
      <dd className={styles.value}>
        <FigureText of={now} unit={unit} />
        {of && <span className={styles.of}> of {of}</span>}
      </dd>
      {change && before && (
        <dd className={styles.note}>
          <Spoken change={change} /> against {days(before.period, locale, row.period)}
        </dd>
      )}
      {/* The reason is said with the value: this one is for the eye alone. */}
      {reason && (
        <dd className={`${styles.note} ${styles.reason}`} aria-hidden="true">
          {reason}
        </dd>
      )}
    </div>
  );
}

/** ▲ and ▼ are words for the ear. */
function Spoken({ change }: { change: string }) {
  const sign = change.startsWith("▲") ? "up" : change.startsWith("▼") ? "down" : undefined;
  if (!sign) return change;
  return (
    <strong className={styles.change}>
      <span aria-hidden="true">{change.slice(0, 1)}</span>
      <span className={theme.spoken}>{sign}</span>
      {change.slice(1)}
    </strong>
  );
}

function titled(one: Period, locale: string | undefined): string {
  const text = period(one, locale);
  if (one.kind === "week") return `Week of ${text}`;
  if (one.kind === "export") return `Exports of ${text}`;
  return text;
}
