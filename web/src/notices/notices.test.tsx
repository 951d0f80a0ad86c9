import { act, cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Problem } from "../client/types.ts";
import { STORIES, type Story } from "../stories/states.ts";
import { Notices } from "./Notices.tsx";
import { Retry } from "./Retry.tsx";

afterEach(cleanup);

const show = ({ adoption, status }: Story, onAgain = () => {}) =>
  render(<Notices adoption={adoption} status={status} onAgain={onAgain} />);
const story = (name: string): Story => {
  const found = STORIES[name];
  if (!found) throw new Error(`no story is called ${name}`);
  return found;
};
const shown = (name: string) => show(story(name)).container.textContent ?? "";
const pass = (seconds: number) => {
  for (let second = 0; second < seconds; second++) act(() => vi.advanceTimersByTime(1000));
};
const problemOf = ({ adoption }: Story): Problem | undefined =>
  adoption.state === "problem" ? adoption.problem : undefined;

describe.each(Object.entries(STORIES))("what must be known of the state %s", (_, one) => {
  const problem = problemOf(one);

  test("a problem has its title and its action, and takes no focus", () => {
    const { container } = show(one);
    expect(document.activeElement).toBe(document.body);
    if (!problem || problem.type === "/problems/unproven") return;
    for (const said of [problem.title, problem.action ?? ""])
      expect(container.textContent).toContain(said);
  });

  test("an alarm is sounded where trust failed or the app did, and nowhere else", () => {
    show(one);
    const locked = problem?.checks?.some((check) => check.reason === "locked");
    const alarming =
      problem &&
      (problem.status >= 500 ||
        problem.type === "/problems/untrusted" ||
        (problem.type === "/problems/unproven" && !locked));
    expect(screen.queryAllByRole("alert")).toHaveLength(alarming ? 1 : 0);
  });
});

test("each failing check stands with what was expected and what was seen", () => {
  show(story("one of eight"));
  const table = screen.getByRole("table", { name: /expected, against what was seen/i });
  const failing = problemOf(story("one of eight"))?.checks?.filter((one) => one.status === "fail");
  expect(failing).toHaveLength(3);
  for (const check of failing ?? []) {
    const cell = within(table).getByText(check.seen);
    expect(cell.closest("tr")?.textContent).toBe(check.expected + check.seen);
  }
  expect(within(table).getAllByRole("cell")[1]?.textContent).toBe("1 of them"); // the plainest comes first
});

test("a plan without the live API is told what to do instead, and alarms nobody", () => {
  const text = shown("locked plan");
  expect(text).toContain("not supported for this plan");
  expect(text).toContain("weekly CSV export instead");
  expect(screen.getAllByRole("listitem")).toHaveLength(3);
});

test("beside figures stand the overdue file with its step, and no check twice that says the same", () => {
  const text = shown("overdue");
  expect(text).toContain("Claude Code team export overdue since");
  expect(text.match(/Export again on Friday 27 November 2026/g)).toHaveLength(1);
});

test("what makes a state partial is named, and a source that the plan excludes is not", () => {
  expect(shown("partial")).toContain("Engineers it can see");
  cleanup();
  expect(shown("exports")).toBe("");
});

test("offline what arrived last stays, and says of when it is", () => {
  expect(shown("offline")).toContain(
    "You are offline. These are the last figures that arrived, of ",
  );
});

test("who lacks a role is told which; who met a defect is told by what to find it", () => {
  expect(shown("wrong role")).toContain("Usage.Read");
  cleanup();
  expect(shown("broken")).toContain("7c1e0f5a-2a53-4b0e-9a55-6f0d3f6f2b11");
});

describe("asking again", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("happens by itself once, after the time that the server named", () => {
    const again = vi.fn<() => void>();
    const first = {};
    const { rerender } = render(<Retry after={3} said={first} onAgain={again} />);
    pass(2);
    expect(again).not.toHaveBeenCalled();
    pass(1);
    expect(again).toHaveBeenCalledOnce();
    rerender(<Retry after={3} said={{}} onAgain={again} />);
    pass(60);
    expect(again).toHaveBeenCalledOnce();
  });

  test("is announced when it begins and when it ends, and not each second", () => {
    render(<Retry after={30} said={{}} onAgain={() => {}} />);
    const heard = new Set<string | null>();
    for (let second = 0; second < 30; second++) {
      heard.add(screen.getByRole("status").textContent);
      pass(1);
    }
    heard.add(screen.getByRole("status").textContent);
    expect([...heard]).toEqual(["Trying again by itself in 30 seconds.", "Trying again."]);
  });

  test("is left to the reader where the server named no time", () => {
    const again = vi.fn<() => void>();
    render(<Retry said={{}} onAgain={again} />);
    pass(60);
    expect(again).not.toHaveBeenCalled();
    screen.getByRole("button", { name: "Try again" }).click();
    expect(again).toHaveBeenCalledOnce();
  });
});
