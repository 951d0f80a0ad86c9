import type { ReactNode } from "react";
import { UPLOAD_ID } from "./place.ts";
import styles from "./upload.module.css";

/** Leads to the upload without touching the address: the host application's router owns that. */
export function ToUpload({ children }: { children: ReactNode }) {
  return (
    <button type="button" className={styles.toUpload} onClick={go}>
      {children}
    </button>
  );
}

function go() {
  const place = document.getElementById(UPLOAD_ID);
  place?.scrollIntoView({ block: "center" });
  place?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
}
