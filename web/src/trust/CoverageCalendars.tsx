import type { Status } from "../client/types.ts";
import { Calendar } from "./Calendar.tsx";
import { coverages } from "./coverage.ts";
import styles from "./trust.module.css";
import { sourceName } from "./words.ts";

/** Which days are known, and which exports were looked at when. */
export function CoverageCalendars({ status }: { status: Status }) {
  const told = coverages(status);
  if (told.length === 0) return null;
  return (
    <div className={styles.calendars}>
      {told.map(({ source, days }) => {
        const title = source
          ? `${sourceName(source)}: which days are known`
          : `${sourceName("exports")}: when they were downloaded`;
        return (
          <div key={source ?? "exports"}>
            <h4 className={styles.part}>{title}</h4>
            <Calendar label={title} days={days} />
          </div>
        );
      })}
    </div>
  );
}
