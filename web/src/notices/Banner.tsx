import { useId, type ReactNode } from "react";
import { Mark, type Standing } from "../marks/Mark.tsx";
import styles from "./notices.module.css";

export interface BannerProps {
  standing: Standing;
  title: string;
  /** "alert" interrupts a screen reader: only for what must not be believed. */
  role?: "alert" | "status";
  /** What says so: it is read with the title. */
  evidence?: ReactNode;
  /** The step to take: the most prominent line. */
  action?: ReactNode;
  children?: ReactNode;
}

/** What stands in the place of the figures. It never takes the focus. */
export function Banner({ standing, title, role = "status", ...said }: BannerProps) {
  const id = useId();
  return (
    <section className={`${styles.banner} ${styles[standing]}`} aria-labelledby={id}>
      <div role={role}>
        <h3 id={id} className={styles.title}>
          <Mark standing={standing} />
          {title}
        </h3>
        {said.evidence}
        {said.action && <p className={styles.action}>{said.action}</p>}
      </div>
      {said.children}
    </section>
  );
}
