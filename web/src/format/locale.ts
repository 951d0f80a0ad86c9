import { createContext, useContext } from "react";

/** The reader's language for numbers and dates, as a BCP 47 tag; undefined: the browser's. */
export const LocaleContext = createContext<string | undefined>(undefined);

export function useLocale(): string | undefined {
  return useContext(LocaleContext);
}
