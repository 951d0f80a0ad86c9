import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, test } from "vitest";
import type { Engineers } from "../client/types.ts";
import { DoorsContext, type Doors } from "../doors/doors.ts";
import { storyDoors } from "../stories/doors.ts";
import { distinctStories } from "../stories/distinct.ts";
import { STORIES } from "../stories/states.ts";
import { byName, COHORTS, gaining } from "./cohorts.ts";
import { PeopleSection } from "./PeopleSection.tsx";

afterEach(cleanup);

const engineersOf = (name: string): Engineers => {
  const engineers = STORIES[name]?.engineers;
  if (engineers?.state !== "data") throw new Error(`the story ${name} has no engineers`);
  return engineers.data;
};
const show = (data: Engineers) =>
  render(<PeopleSection engineers={{ state: "data", data, checking: false }} />);
/** What stands about a cohort, by its title. */
const group = (title: string) =>
  screen.getByText(title, { selector: "h4, dt" }).parentElement as HTMLElement;

describe.each(distinctStories((one) => one.engineers))("people in the state %s", (_, story) => {
  const { engineers } = story;

  test("has no number where a count is withheld or unknown", () => {
    render(<PeopleSection engineers={engineers} />);
    if (engineers.state !== "data") return;
    const untold = engineers.data.cohorts.filter((one) => one.engineers === null);
    const drawn = untold.map(({ cohort }) => group(COHORTS[cohort].title).querySelector(".count"));
    expect(drawn.map((one) => one?.textContent)).toEqual(untold.map(() => "—"));
  });

  test("names nobody where names are not shown, and says why", () => {
    const { container } = render(<PeopleSection engineers={engineers} />);
    if (engineers.state !== "data" || engineers.data.namesShown) return;
    expect(container.querySelector("ul")).toBeNull();
    screen.getByText(engineers.data.namesWithheld ?? "");
  });
});

test("names stand in their alphabet's order, and who was erased stands last", () => {
  const names = byName(engineersOf("names").engineers, "en").map((one) => one.name);
  expect(names.join()).toBe(
    "Ana Lopez,Ben Okafor,Cara Lind,Dan Ito,Eva Marsh,Fay Dunn,Gil Abadi,Hal Brandt,Örjan Holm,Zoë Quist,",
  );
});

test("gaining is the sum of all cohorts, and unknown where it is withheld of one", () => {
  expect(gaining(engineersOf("names"))?.value).toBe(7);
  expect(gaining(engineersOf("people unknown"))).toMatchObject({ value: null, low: 6, high: 7 });
  expect(gaining(engineersOf("too few to count"))).toBeUndefined();
});

test("a count that would tell of few says so", () => {
  show(engineersOf("too few to count"));
  expect(group("Power users").textContent).toContain("fewer than 5 are not shown");
});

test("the rest of a cohort's names is asked for cohort by cohort, on demand", async () => {
  const user = userEvent.setup();
  const engineers = engineersOf("names");
  const idle = engineers.engineers.find((one) => one.cohort === "notYetStarted");
  const asked: unknown[] = [];
  const doors: Doors = {
    ...storyDoors(),
    engineers: async (query) => {
      asked.push(query);
      const listed = Array.from({ length: 31 }, (_, index) => ({
        ...idle,
        email: `${index}@quux.example`,
        name: `Engineer ${index}`,
      }));
      const body = { ...engineers, engineers: listed, nextCursor: null } as Engineers;
      return { state: "data", data: body, checking: false };
    },
  };
  render(
    <DoorsContext value={doors}>
      <PeopleSection engineers={{ state: "data", data: engineers, checking: false }} />
    </DoorsContext>,
  );
  expect(asked).toEqual([]);
  const place = group("Not yet started");
  await user.click(within(place).getByRole("button", { name: "More names" }));
  await user.click(await within(place).findByRole("button", { name: "and 19 more" }));
  expect(within(place).getAllByRole("listitem")).toHaveLength(31);
  expect(asked).toEqual([{ cohort: "notYetStarted", limit: 50 }]);
  expect(within(place).queryByRole("button")).toBeNull();
});
