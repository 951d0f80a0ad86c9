import type { Figure } from "../client/types.ts";
import theme from "../theme/theme.module.css";
import { figure, reasonOf, UNKNOWN, type Unit } from "./figures.ts";
import { useLocale } from "./locale.ts";
import { Reasoned } from "./Reasoned.tsx";

/** A figure as text: the number, or the range or dash that says why when it is looked at. */
export function FigureText({ of, unit }: { of: Figure | undefined; unit: Unit }) {
  const locale = useLocale();
  const text = figure(of, unit, locale);
  const reason = reasonOf(of, unit, locale);
  if (!reason) return text;
  return <Reasoned reason={reason}>{text === UNKNOWN ? <Unknown /> : text}</Reasoned>;
}

/** A dash for the eye, a word for the ear. */
export function Unknown() {
  return (
    <>
      <span aria-hidden="true">{UNKNOWN}</span>
      <span className={theme.spoken}>unknown</span>
    </>
  );
}
