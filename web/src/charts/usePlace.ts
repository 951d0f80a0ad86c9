import { useLayoutEffect, useRef, useState, type RefObject } from "react";
import { flushSync } from "react-dom";

/** Where a chart is drawn. */
export interface Place {
  /** In pixels. */
  width: number;
  /** On a printed page charts are lower, so that all of a report is on it. */
  paper: boolean;
}

const GUESS: Place = { width: 560, paper: false };

/** A4 and Letter are about as wide, less their margins. Nothing measures the page that is printed. */
const PAPER: Place = { width: 700, paper: true };

/** The width of an element, now and after each change. */
export function usePlace<E extends HTMLElement>(): [RefObject<E | null>, Place] {
  const element = useRef<E>(null);
  const [place, setPlace] = useState(GUESS);
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) return undefined;
    const measure = () => {
      const width = measured.clientWidth;
      if (width > 0) setPlace({ width, paper: false });
    };
    const print = () => flushSync(() => setPlace(PAPER));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    addEventListener("beforeprint", print);
    addEventListener("afterprint", measure);
    return () => {
      observer.disconnect();
      removeEventListener("beforeprint", print);
      removeEventListener("afterprint", measure);
    };
  }, []);
  return [element, place];
}
