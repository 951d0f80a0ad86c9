import type { Status } from "../client/types.ts";
import { Calendar } from "./Calendar.tsx";
import { coverages } from "./coverage.ts";
import styles from "./trust.module.css";
import { sourceName } from "./words.ts";

/** Which days are known, and which exports were looked at when. */
export function CoverageCalendars({ status }: { status: Status }) {
  return coverages(status).map(({ source, days }) => {
    const title = source ? `Days of the ${sourceName(source)}` : "When exports were looked at";
    return (
      <div key={source ?? "exports"}>
        <h4 className={styles.part}>{title}</h4>
        <Calendar label={title} days={days} />
      </div>
    );
  });
}
