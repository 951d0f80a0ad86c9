import { useLayoutEffect, useRef, useState, type RefObject } from "react";

/** How wide an element is, in pixels, now and after each change; `guess` until it is measured. */
export function useWidth<E extends HTMLElement>(guess: number): [RefObject<E | null>, number] {
  const element = useRef<E>(null);
  const [width, setWidth] = useState(guess);
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) return undefined;
    const measure = () => measured.clientWidth > 0 && setWidth(measured.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
