import theme from "../theme/theme.module.css";
import styles from "./skeleton.module.css";

/** The place of what is not there yet: as high as it will be, so that nothing jumps. Heights in rem, each another. */
export function Skeleton({ lines, what }: { lines: readonly number[]; what: string }) {
  return (
    <output className={styles.skeleton}>
      <span className={theme.spoken}>Loading {what}…</span>
      {lines.map((height) => (
        <span key={height} className={styles.line} style={{ height: `${height}rem` }} />
      ))}
    </output>
  );
}
