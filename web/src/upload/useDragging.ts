import { useEffect, useState, type RefObject } from "react";
import theme from "../theme/theme.module.css";

/**
 * Whether files are being dragged over the tab; those that are dropped on it are given to `onFiles`.
 *
 * It listens on the tab alone: the rest of the window is the host application's.
 */
export function useDragging(
  within: RefObject<HTMLElement | null>,
  onFiles: (files: readonly File[]) => void,
): boolean {
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const tab = within.current?.closest<HTMLElement>(`.${theme.tab}`);
    if (!tab) return;
    const ended = new AbortController();
    const listen = (type: "dragover" | "dragleave" | "drop", heard: (event: DragEvent) => void) =>
      tab.addEventListener(type, heard, { signal: ended.signal });

    listen("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // else the browser opens the file
      event.dataTransfer.dropEffect = "copy";
      setDragging(true);
    });
    listen("dragleave", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && tab.contains(relatedTarget))) setDragging(false);
    });
    listen("drop", (event) => {
      setDragging(false);
      const files = event.dataTransfer?.files;
      if (!files?.length) return;
      event.preventDefault();
      onFiles([...files]);
    });
    return () => ended.abort();
  }, [within, onFiles]);
  return dragging;
}
