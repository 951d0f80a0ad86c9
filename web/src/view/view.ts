/** What is looked at: how far back, by what, of whom; as it stands in a URL, and as it is asked for. */
import type { Period, Problem } from "../client/types.ts";
import type { AdoptionQuery } from "../reading/asks.ts";

export type Kind = Period["kind"];

export interface View {
  /** `recent`: the last 12 periods; `custom`: from `from` to `to`, either of which may be missing. */
  range: "recent" | "26w" | "52w" | "custom";
  from?: string;
  to?: string;
  /** Missing: the kind that the answer uses. */
  granularity?: Kind;
  /** Missing: everybody. */
  team?: string;
}

export const USUAL: View = { range: "recent" };

const PREFIX = "adoption-";
const NAMES = ["range", "from", "to", "granularity", "team"] as const;
const WEEKS = { "26w": 26, "52w": 52 } as const;
const KINDS: readonly string[] = ["week", "export", "month", "day"] satisfies Kind[];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The view that a URL's query says; what cannot be understood is left out. */
export function viewOf(search: string): View {
  const params = new URLSearchParams(search);
  const said = (name: (typeof NAMES)[number]) => params.get(PREFIX + name)?.trim() || undefined;
  const day = (name: "from" | "to") => (DAY.test(said(name) ?? "") ? said(name) : undefined);
  const [range, from, to, granularity, team] = [
    said("range"),
    day("from"),
    day("to"),
    said("granularity"),
    said("team"),
  ];
  return {
    ...(from || to
      ? { range: "custom", ...(from && { from }), ...(to && { to }) }
      : { range: range === "26w" || range === "52w" ? range : "recent" }),
    ...(isKind(granularity) && { granularity }),
    ...(team && { team }),
  };
}

/** The URL's query with the view in it; parameters of others stay as they are. */
export function searchOf(view: View, search: string): string {
  const params = new URLSearchParams(search);
  for (const name of NAMES) params.delete(PREFIX + name);
  for (const name of NAMES) {
    const value = view[name];
    if (value !== undefined && value !== "recent" && value !== "custom")
      params.set(PREFIX + name, value);
  }
  const text = params.toString();
  return text && `?${text}`;
}

/** What the view asks the API for. `today` is a moment of the day, in UTC, up to which it asks. */
export function queryOf({ range, from, to, granularity, team }: View, today: Date): AdoptionQuery {
  const span =
    range === "custom"
      ? { ...(from && { from }), ...(to && { to }) }
      : range === "recent"
        ? {}
        : { from: daysBefore(today, 7 * WEEKS[range]) };
  return { ...span, ...(granularity && { granularity }), ...(team && { team }) };
}

function daysBefore(today: Date, days: number): string {
  return new Date(today.getTime() - days * 86_400_000).toISOString().slice(0, 10);
}

function isKind(text: string | undefined): text is Kind {
  return text !== undefined && KINDS.includes(text);
}

/** The view with a part of it changed; an empty part is none, and days belong to a range of one's own. */
export function changed(view: View, part: Partial<View>): View {
  const { range, from, to, granularity, team } = { ...view, ...part };
  const custom = range === "custom";
  return {
    range,
    ...(custom && from && { from }),
    ...(custom && to && { to }),
    ...(granularity && { granularity }),
    ...(team && { team }),
  };
}

export function isUsual(view: View): boolean {
  return searchOf(view, "") === "";
}

/** Whether a refusal is of what was asked for, so that asking for something else helps. */
export function isOfView({ type }: Problem, view: View): boolean {
  switch (type) {
    case "/problems/bad-parameter":
      return true;
    case "/problems/too-few":
    case "/problems/not-found":
      return view.team !== undefined;
    case UNPROVEN:
      return mayBeEmpty(view);
    default:
      return false;
  }
}

/** What the API answers where no period ends in the days asked for, or none of the kind: nothing proves them. */
export const UNPROVEN = "/problems/unproven";

/** Whether there may be nothing in it while there is something to see: the last weeks are in every other view. */
function mayBeEmpty({ range, granularity }: View): boolean {
  return range === "custom" || granularity !== undefined;
}
