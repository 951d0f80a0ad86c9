import { STORIES, type Story } from "./states.ts";

/** The stories without those that show a section the same as an earlier one: `by` says what it is shown. */
export function distinctStories(by: (story: Story) => unknown): [string, Story][] {
  const seen = new Set<unknown>();
  return Object.entries(STORIES).filter(([, story]) => {
    const shown = by(story);
    if (seen.has(shown)) return false;
    seen.add(shown);
    return true;
  });
}
