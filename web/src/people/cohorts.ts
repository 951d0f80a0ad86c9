/** How each engineer took to Claude Code, for whoever leads them: counts out of /api/engineers, and what to do. */
import type { CohortShown, Engineers, EngineerShown, Figure } from "../client/types.ts";

export type Cohort = CohortShown["cohort"];

export interface Words {
  title: string;
  /** What it means, as docs/metrics.md has it. */
  means: string;
}

export const COHORTS: Record<Cohort, Words> = {
  power: { title: "Power users", means: "active in all four periods, and most of all" },
  regular: { title: "Regular", means: "active in three of four periods, or in all" },
  casual: { title: "Casual", means: "active in one or two of four" },
  new: { title: "New", means: "first seen in the last two periods" },
  dormant: { title: "Dormant", means: "used it before, and not in the last two periods" },
  notYetStarted: { title: "Not yet started", means: "on the roster, and never seen using it" },
  unknown: { title: "Unknown", means: "cannot be proven" },
};

/** Those that stand in a line each; power users and not yet started have a place of their own. */
export const OTHERS: readonly Cohort[] = ["regular", "casual", "new", "dormant", "unknown"];

export function cohortOf(engineers: Engineers, cohort: Cohort): CohortShown | undefined {
  return engineers.cohorts.find((one) => one.cohort === cohort);
}

/** How many started or gained, over all cohorts. Undefined where that is withheld of any of them. */
export function gaining({ cohorts }: Engineers): Figure | undefined {
  const figures = cohorts.map((one) => one.gaining).filter((one) => one !== null);
  if (figures.length < cohorts.length || figures.length === 0) return undefined;
  return {
    value: sum(figures.map((one) => one.value)),
    low: sum(figures.map((one) => one.low)),
    high: sum(figures.map((one) => one.high)),
    reason: figures.find((one) => one.reason !== null)?.reason ?? null,
  };
}

/** Null where any of them is: what nothing bounds has no sum. */
function sum(bounds: readonly (number | null)[]): number | null {
  return bounds.reduce((all, one) => (all === null || one === null ? null : all + one), 0);
}

/** By name, never by rank: nobody is first here. Who was erased has no name, and stands last. */
export function byName(
  engineers: readonly EngineerShown[],
  locale: string | undefined,
): EngineerShown[] {
  const order = new Intl.Collator(locale);
  return engineers.toSorted((a, b) => {
    const [one, other] = [a.name ?? a.email, b.name ?? b.email];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return order.compare(one, other);
  });
}
