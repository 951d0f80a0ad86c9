import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { LocaleContext } from "../format/locale.ts";
import { STORIES } from "../stories/states.ts";
import { AnswerSection } from "./AnswerSection.tsx";
import { MOVEMENTS } from "./movements.ts";

afterEach(cleanup);

function show(story: string) {
  const adoption = STORIES[story]?.adoption ?? { state: "loading" };
  render(
    <LocaleContext value="en-GB">
      <AnswerSection adoption={adoption} />
    </LocaleContext>,
  );
}

const words = () => screen.getAllByRole("listitem").map((one) => one.textContent);

test("the five movements are told in words, whatever the bar shows", () => {
  show("mixed");
  expect(words()).toEqual(["0 started", "3 gained", "2 held", "1 declined", "1 stopped"]);
});

test("ranges are told with both ends, and who joined or left is beside them", () => {
  show("ranges and gaps");
  expect(words()).toEqual(["1–2 started", "3–4 gained", "0–2 held", "1 declined", "0 stopped"]);
  expect(screen.getByText("Beside them: 1–2 active who joined, 1 who left.")).toBeTruthy();
});

test("numbers that are withheld are not drawn, and it says why", () => {
  show("withheld numbers");
  expect(screen.queryByRole("list")).toBeNull();
  expect(screen.getByText(/The numbers are withheld/)).toBeTruthy();
  expect(screen.getByText("Team Arms")).toBeTruthy();
});

test("an unknown answer says what would settle it, and has no movements", () => {
  show("no answer of now");
  expect(screen.queryByRole("list")).toBeNull();
  expect(screen.getByText(/^Export again on Friday 27 November 2026/)).toBeTruthy();
});

test("a restated period says what it said before, until when, and what changed it", () => {
  show("restated");
  expect(
    screen.getByText(
      /^Until 24 Nov 2026 this period said: “No, flat: .*says otherwise of 2026-11-20\.$/,
    ),
  ).toBeTruthy();
});

test("what comes from the cache says that it is being asked for again", () => {
  show("checking");
  expect(screen.getByText(/checking for newer/)).toBeTruthy();
  expect(screen.getByText(/^Data as of/)).toBeTruthy();
});

test.each(Object.entries(STORIES))(
  "%s: simulated data wear a badge, others none",
  (name, story) => {
    show(name);
    const { adoption } = story;
    const demo =
      (adoption.state === "data" && adoption.data.demo) ||
      (adoption.state === "problem" && adoption.problem.demo);
    expect(screen.queryAllByText("Demo data").length).toBe(demo ? 1 : 0);
  },
);

test.each(Object.entries(STORIES))(
  "%s: no movement is told where there is no count",
  (name, story) => {
    show(name);
    const answer = story.adoption.state === "data" ? story.adoption.data.answer : undefined;
    const told = answer?.counts || answer?.ranges;
    expect(screen.queryAllByRole("listitem").length).toBe(told ? MOVEMENTS.length : 0);
  },
);
