import { cleanup, render, renderHook, screen, act } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Engineers } from "../client/types.ts";
import { STORIES } from "../stories/states.ts";
import { setApart } from "./print.ts";
import { nameOf } from "./table.ts";
import { useView } from "./useView.ts";
import { isOfView, queryOf, searchOf, USUAL, viewOf, type View } from "./view.ts";
import { ViewSection } from "./ViewSection.tsx";

afterEach(cleanup);
beforeEach(() => history.replaceState(null, "", "/"));

const TODAY = new Date("2026-11-24T12:00:00Z");

const VIEWS: View[] = [
  USUAL,
  { range: "26w" },
  { range: "52w", granularity: "export" },
  { range: "custom", from: "2026-10-01" },
  { range: "custom", from: "2026-10-01", to: "2026-11-22", granularity: "day", team: "R&D + ops" },
];

describe("the URL", () => {
  test.each(VIEWS)("says the view, and is read as the same: %o", (view) => {
    expect(viewOf(searchOf(view, ""))).toEqual(view);
  });

  test.each(VIEWS)("keeps what is the host's: %o", (view) => {
    const params = new URLSearchParams(searchOf(view, "?tab=usage&adoption-team=Old&q=a%26b"));
    expect([params.get("tab"), params.get("q")]).toEqual(["usage", "a&b"]);
    expect(params.get("adoption-team")).toBe(view.team ?? null);
  });

  test("is empty for what everybody sees first", () => {
    expect(searchOf(USUAL, "")).toBe("");
    expect(searchOf(USUAL, "?adoption-range=26w")).toBe("");
  });

  test("may say nonsense: that is left out", () => {
    expect(viewOf("?adoption-range=9w&adoption-from=yesterday&adoption-granularity=year")).toEqual(
      USUAL,
    );
  });
});

test("what is asked for is what the API takes, and nothing where it is its default", () => {
  expect(queryOf(USUAL, TODAY)).toEqual({});
  expect(queryOf({ range: "26w" }, TODAY)).toEqual({ from: "2026-05-26" });
  expect(queryOf({ range: "custom", to: "2026-11-01", team: "Arms" }, TODAY)).toEqual({
    to: "2026-11-01",
    team: "Arms",
  });
});

describe("the view of the tab", () => {
  test("comes from the URL, goes into it, and heeds the way back", () => {
    history.replaceState({ of: "the host" }, "", "/app?tab=usage&adoption-range=26w#part");
    const { result } = renderHook(() => useView(true));
    expect(result.current[0].view).toEqual({ range: "26w" });
    act(() => result.current[1]({ range: "52w" }));
    expect(location.search).toBe("?tab=usage&adoption-range=52w");
    expect(location.hash).toBe("#part");
    expect(history.state).toEqual({ of: "the host" });
    history.replaceState(null, "", "/app?adoption-team=Arms");
    act(() => void dispatchEvent(new PopStateEvent("popstate")));
    expect(result.current[0].view).toEqual({ range: "recent", team: "Arms" });
  });

  test("leaves the URL alone where the host says so", () => {
    history.replaceState(null, "", "/app?adoption-range=26w");
    const { result } = renderHook(() => useView(false));
    expect(result.current[0].view).toEqual(USUAL);
    act(() => result.current[1]({ range: "52w" }));
    expect(location.search).toBe("?adoption-range=26w");
  });
});

const onDownload = async () => undefined;

function show(name: string, view: View = USUAL, teams?: string[]) {
  const story = STORIES[name];
  if (!story) throw new Error(`no story ${name}`);
  const onView = vi.fn<(view: View) => void>();
  const engineers =
    story.engineers.state === "data" && teams
      ? { ...story.engineers, data: { ...story.engineers.data, teams } as Engineers }
      : story.engineers;
  render(<ViewSection adoption={story.adoption} {...{ engineers, view, onView, onDownload }} />);
  return onView;
}

describe("the controls", () => {
  test("ask for another range, and keep the rest", async () => {
    const onView = show("trusted", { range: "recent", granularity: "month" });
    await userEvent.selectOptions(screen.getByLabelText("Show"), "26w");
    expect(onView).toHaveBeenLastCalledWith({ range: "26w", granularity: "month" });
  });

  test("ask for days of one's own when they are sent off", async () => {
    const onView = show("trusted");
    await userEvent.selectOptions(screen.getByLabelText("Show"), "custom");
    expect(onView).not.toHaveBeenCalled();
    await userEvent.type(screen.getByLabelText("From"), "2026-10-01");
    await userEvent.click(screen.getByRole("button", { name: "Show" }));
    expect(onView).toHaveBeenLastCalledWith({ range: "custom", from: "2026-10-01" });
  });

  test("offer the teams there are, and no team where there is none", async () => {
    const onView = show("trusted", USUAL, ["Arms", "Legs"]);
    await userEvent.selectOptions(screen.getByLabelText("Team"), "Arms");
    expect(onView).toHaveBeenLastCalledWith({ range: "recent", team: "Arms" });
    cleanup();
    show("trusted", USUAL, []);
    expect(screen.queryByLabelText("Team")).toBeNull();
  });

  test("are not there where there is nothing to look at, unless a choice may be the cause", () => {
    show("nothing yet");
    expect(screen.queryByLabelText("Show")).toBeNull();
    cleanup();
    show("untrusted", { range: "52w" });
    expect(screen.getByLabelText("Show")).toBeTruthy();
  });
});

test("a team that is refused is named, with the way back to everybody", async () => {
  const onView = show("team too small", { range: "26w", team: "Legs" });
  expect(screen.getByRole("alert").textContent).toMatch(/^Team Legs: The team is too small/);
  await userEvent.click(screen.getByRole("button", { name: "Show everybody" }));
  expect(onView).toHaveBeenLastCalledWith({ range: "26w" });
});

test("a wrong parameter is named, with the way back", async () => {
  const onView = show("bad parameter", { range: "custom", from: "1999-01-01" });
  expect(screen.getByRole("alert").textContent).toMatch(/granularity is “year”; expected: one of/);
  await userEvent.click(screen.getByRole("button", { name: /last 12 periods/ }));
  expect(onView).toHaveBeenLastCalledWith(USUAL);
});

test("nothing in the range is told as nothing to show, and not as zero use", async () => {
  show("no period");
  expect(screen.getByText(/That is not zero use/)).toBeTruthy();
  cleanup();
  const onView = show("filtered empty", { range: "custom", from: "2026-11-03", to: "2026-11-05" });
  expect(screen.getByText(/No period to show/).parentElement?.textContent).toMatch(/from.*2026 to/);
  await userEvent.click(screen.getByRole("button", { name: /last 12 periods/ }));
  expect(onView).toHaveBeenLastCalledWith(USUAL);
  expect(screen.getByRole("button", { name: "Download CSV" }).hasAttribute("disabled")).toBe(true);
});

test("a downloaded file is named by its range, and by no team", () => {
  expect(nameOf({})).toBe("adoption.csv");
  expect(nameOf({ from: "2026-10-01", to: "2026-11-22", granularity: "day", team: "Arms" })).toBe(
    "adoption-2026-10-01-to-2026-11-22-day.csv",
  );
});

test("while it prints, what is beside the tab is out of the way; then all is as it was", () => {
  document.body.innerHTML = `<header></header><main><aside></aside><div id="tab"></div></main>`;
  const before = document.documentElement.outerHTML;
  const tab = document.getElementById("tab");
  if (!tab) throw new Error("no tab");
  const undo = setApart(tab);
  const aside = [...document.querySelectorAll(`[data-scoreboard-printing="aside"]`)];
  expect(aside.map((one) => one.tagName)).toEqual(["HEADER", "ASIDE"]);
  undo();
  expect(document.documentElement.outerHTML).toBe(before);
});

test("data that nothing proves are not put down to a range that holds the last weeks", () => {
  const unproven = { type: "/problems/unproven", title: "", status: 409, detail: "" };
  expect(isOfView(unproven, { range: "custom", to: "2026-11-01" })).toBe(true);
  expect(isOfView(unproven, { range: "recent", granularity: "export" })).toBe(true);
  expect(isOfView(unproven, { range: "26w" })).toBe(false);
  expect(isOfView({ ...unproven, type: "/problems/untrusted" }, { range: "custom" })).toBe(false);
});
