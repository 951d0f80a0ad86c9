import type { Adoption } from "../client/types.ts";
import { day } from "../format/dates.ts";
import { useLocale } from "../format/locale.ts";
import styles from "./answer.module.css";

/** What the answer's period said before its days were told otherwise: who read it then should know. */
export function Before({ answer, periods }: Pick<Adoption, "answer" | "periods">) {
  const locale = useLocale();
  const compared = answer.period;
  const row = periods.find(
    ({ period }) => period.start === compared?.start && period.end === compared.end,
  );
  const last = row?.restated?.at(-1);
  if (!last) return null;
  return (
    <p className={styles.quiet}>
      Until {day(last.on, locale)} this period said: “{last.sentence}” What changed it: {last.cause}
      .
    </p>
  );
}
