import type { Engineers } from "../client/types.ts";
import { useDoors } from "../doors/doors.ts";
import { paged, usePages } from "../doors/usePages.ts";
import { COHORTS, type Cohort } from "./cohorts.ts";
import { NameList } from "./NameList.tsx";
import styles from "./people.module.css";

export interface NamesProps {
  cohort: Cohort;
  count: number | null;
  engineers: Engineers;
}

const AT_ONCE = 50;
/** Where the list of one cohort begins: the API's own cursors are never empty words like this. */
const BEGINNING = "beginning";

/**
 * Who is in a cohort, as far as the role allows.
 *
 * The first page of all cohorts may end anywhere, so the rest of one is asked for from its own beginning.
 */
export function Names({ cohort, count, engineers }: NamesProps) {
  const doors = useDoors();
  const loaded = engineers.engineers.filter((one) => one.cohort === cohort);
  const missing = engineers.namesShown && count !== null && loaded.length < count;
  const team = engineers.team ? { team: engineers.team } : {};
  const pages = usePages(
    engineers,
    { items: [], cursor: missing ? BEGINNING : null },
    doors &&
      (async (cursor) => {
        const from = cursor === BEGINNING ? {} : { cursor };
        const query = { cohort, ...team, limit: AT_ONCE, ...from };
        return paged(await doors.engineers(query), (body: Engineers) => ({
          items: body.engineers,
          cursor: body.nextCursor,
        }));
      }),
  );
  const shown = pages.items.length > 0 ? pages.items : loaded;
  return (
    <>
      <NameList engineers={shown} label={COHORTS[cohort].title} />
      {pages.refused && (
        <output className={styles.quiet}>More names did not come: {pages.refused}.</output>
      )}
      {pages.more && (
        <button type="button" className={styles.more} disabled={pages.busy} onClick={pages.more}>
          {pages.busy ? "Loading…" : shown.length > 0 ? "More names" : "Show names"}
        </button>
      )}
    </>
  );
}
