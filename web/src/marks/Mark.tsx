import styles from "./marks.module.css";

/** How something stands. Each has a shape of its own, so that no colour has to be seen. */
export type Standing = "good" | "warn" | "bad" | "unknown" | "calm";

const SHAPES: Record<Standing, string> = {
  good: "M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1M4.7 8.3l2.400 2.400 4.300-5",
  warn: "M8 1.500l7 12.800H1zM8 6v4.200M8 12v.4",
  bad: "M5.200 1h5.600L15 5.200v5.600L10.800 15H5.200L1 10.800V5.200zM5.500 5.500l5 5m0-5l-5 5",
  unknown:
    "M8 .8L15.200 8 8 15.200.8 8zM6.200 6.400a1.800 1.800 0 1 1 2.500 1.700c-.5.2-.7.5-.7 1M8 11v.4",
  calm: "M1.500 1.500h13v13h-13zM8 7v4.600M8 4.400v.4",
};

/** A shape beside a word that says the same. */
export function Mark({ standing }: { standing: Standing }) {
  return (
    <svg className={`${styles.mark} ${styles[standing]}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[standing]} />
    </svg>
  );
}
