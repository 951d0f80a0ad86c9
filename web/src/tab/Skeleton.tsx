import theme from "../theme/theme.module.css";
import styles from "./skeleton.module.css";

interface SkeletonProps {
  what: string;
  /** Gives it the height that its section will have, so that nothing jumps. */
  className: string | undefined;
  /** As lines of a text, or as one block. */
  as: "text" | "block";
}

/** The place of what is not there yet. */
export function Skeleton({ what, className, as }: SkeletonProps) {
  return (
    <output className={`${styles.skeleton} ${styles[as]} ${className}`}>
      <span className={theme.spoken}>Loading {what}…</span>
    </output>
  );
}
