import { useId, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import styles from "./reasoned.module.css";

/**
 * Something that is not a plain number, with the reason: on hover, on focus, on touch, and as the description
 * that a screen reader says.
 */
export function Reasoned({ reason, children }: { reason: string; children: ReactNode }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const tip = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (open && tip.current) keepInside(tip.current);
  }, [open]);
  return (
    <span
      className={styles.reasoned}
      onPointerEnter={(event) => event.pointerType === "mouse" && setOpen(true)}
      onPointerLeave={() => setOpen(false)}
    >
      <button
        type="button"
        className={styles.shown}
        aria-describedby={id}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
        onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      >
        {children}
      </button>
      <span id={id} role="tooltip" ref={tip} className={styles.tip} data-open={open || undefined}>
        {reason}
      </span>
    </span>
  );
}

/** Moves the tooltip sideways by as much as it would leave the window. */
function keepInside(tip: HTMLElement): void {
  tip.style.translate = "";
  const { left, right } = tip.getBoundingClientRect();
  const margin = 8;
  const over = Math.max(0, right + margin - document.documentElement.clientWidth);
  const under = Math.max(0, margin - left);
  tip.style.translate = `${under - over}px`;
}
