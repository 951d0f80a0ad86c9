import { useId } from "react";
import { day } from "../format/dates.ts";
import { useLocale } from "../format/locale.ts";
import { savedOn, type Handed } from "./handed.ts";
import styles from "./upload.module.css";

export interface DownloadDateProps {
  one: Handed;
  onState: (one: Handed, asOf: string) => void;
}

/** Asks when a file was downloaded, which nothing proves: a file of the same name is handed in every week. */
export function DownloadDate({ one, onState }: DownloadDateProps) {
  const id = useId();
  const locale = useLocale();
  const saved = savedOn(one.file);
  return (
    <p className={styles.date}>
      <label htmlFor={id}>When was this downloaded?</label>
      <input
        id={id}
        type="date"
        defaultValue={one.asOf}
        onChange={({ target }) => onState(one, target.value)}
      />
      {one.asOf !== saved && (
        <button type="button" className={styles.link} onClick={() => onState(one, saved)}>
          {day(saved, locale)}, when it was saved on this device
        </button>
      )}
    </p>
  );
}
