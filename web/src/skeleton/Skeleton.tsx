import theme from "../theme/theme.module.css";
import styles from "./skeleton.module.css";

/** The place of a section that is being loaded: as high as what will stand there, so that nothing jumps. */
export function Skeleton({ of, height }: { of: string; height: string }) {
  return (
    <div className={styles.skeleton} style={{ blockSize: height }} aria-busy="true">
      <span className={theme.spoken}>{`${of}: loading`}</span>
    </div>
  );
}
