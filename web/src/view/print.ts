/** Prints the tab alone: for as long as that takes, everything beside it in the host's page is out of the way. */

const MARK = "data-scoreboard-printing";

/** `aside` is not printed; what is `around` the tab lets go of heights and scrolling that would cut it off. */
const STYLE = `@media print {
  [${MARK}="aside"] { display: none !important }
  [${MARK}="around"] { display: block !important; position: static !important; transform: none !important;
    width: auto !important; height: auto !important; max-height: none !important; overflow: visible !important;
    margin: 0 !important; padding: 0 !important; border: 0 !important }
}`;

/** `within`: any element of the tab. */
export function printTab(within: Element): void {
  const undo = setApart(within.closest("[data-scoreboard]") ?? within);
  addEventListener("afterprint", undo, { once: true });
  window.print();
}

/** Marks everything that is not the tab; returns how to take the marks away again. */
export function setApart(tab: Element): () => void {
  const style = document.createElement("style");
  style.textContent = STYLE;
  document.head.append(style);
  for (
    let inner = tab;
    inner !== document.body && inner.parentElement;
    inner = inner.parentElement
  ) {
    for (const other of inner.parentElement.children)
      if (other !== inner) other.setAttribute(MARK, "aside");
    inner.parentElement.setAttribute(MARK, "around");
  }
  return () => {
    style.remove();
    for (const marked of document.querySelectorAll(`[${MARK}]`)) marked.removeAttribute(MARK);
  };
}
