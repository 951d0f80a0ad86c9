import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import type { Adoption } from "../client/types.ts";
import { day, moment } from "../format/dates.ts";
import { useLocale } from "../format/locale.ts";
import theme from "../theme/theme.module.css";
import styles from "./view.module.css";

/** What a printed report says of itself: whether it can be trusted, its sources, and of when it is. */
export function ReportFoot({ data }: { data: Adoption }) {
  const locale = useLocale();
  const printed = usePrinted();
  const { trust, periods, dataAsOf, stale, demo } = data;
  const count = (status: string) => trust.checks.filter((one) => one.status === status).length;
  const checks = [
    `${count("pass")} of ${trust.checks.length} checks pass`,
    count("warn") && `${count("warn")} warn`,
    count("fail") && `${count("fail")} fail`,
    count("unknown") && `${count("unknown")} cannot be made`,
  ].filter(Boolean);
  const sources = new Set(periods.flatMap((row) => row.sources.map((one) => one.source)));
  return (
    <footer className={`${styles.foot} ${theme.prints}`}>
      <p>
        <strong>Trust: {trust.state}.</strong> {checks.join(", ")}. Sources:{" "}
        {[...sources].join(", ") || "none"}.
      </p>
      <p>
        {dataAsOf !== null && `Data as of ${moment(dataAsOf, locale)}`}
        {stale && " (older than they should be)"}. Printed on {day(printed.toISOString(), locale)}.
        {demo && " Simulated data: nobody’s real use."} “—” is unknown, and not 0.
      </p>
    </footer>
  );
}

/** When it is printed: a tab may have been open for days. */
function usePrinted(): Date {
  const [now, set] = useState(() => new Date());
  useEffect(() => {
    const heed = () => flushSync(() => set(new Date()));
    addEventListener("beforeprint", heed);
    return () => removeEventListener("beforeprint", heed);
  }, []);
  return now;
}
