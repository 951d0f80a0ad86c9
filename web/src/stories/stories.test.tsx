import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import { Dashboard } from "../tab/Dashboard.tsx";
import { STORIES } from "./states.ts";

afterEach(cleanup);

describe.each(Object.entries(STORIES))("the state %s", (_, story) => {
  test("asks the question", () => {
    render(<Dashboard {...story} onAgain={() => {}} />);
    expect(screen.getByRole("heading", { name: /more of my engineers/ })).toBeTruthy();
  });

  test("says a verdict where there is data alone, in the app's own sentence", () => {
    render(<Dashboard {...story} onAgain={() => {}} />);
    const said = story.adoption.state === "data" ? [story.adoption.data.answer.sentence] : [];
    const verdicts = document.querySelectorAll("[data-verdict]");
    expect([...verdicts].map((one) => one.textContent)).toEqual(said);
  });
});
