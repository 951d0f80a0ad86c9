import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, test } from "vitest";
import type { Check, Receipt, Status } from "../client/types.ts";
import { DoorsContext, type Doors } from "../doors/doors.ts";
import { storyDoors } from "../stories/doors.ts";
import { distinctStories } from "../stories/distinct.ts";
import { STORIES, type Story } from "../stories/states.ts";
import { Calendar } from "./Calendar.tsx";
import { coverages, weeksOf, type CoverageDay } from "./coverage.ts";
import { Imports } from "./Imports.tsx";
import { nextAction } from "./nextAction.ts";
import { TrustSection } from "./TrustSection.tsx";

afterEach(cleanup);

const check = (status: Check["status"], action: string, reason: string | null = null): Check => ({
  name: "access",
  source: reason === "locked" ? "locked" : "claude_code_admin",
  status,
  expected: "",
  seen: "",
  action,
  reason,
  periods: [],
});
const here = () => document.activeElement;
const rows = () => screen.getAllByRole("listitem").filter((one) => one.querySelector("summary"));

const statusOf = (name: string): Status => {
  const status = STORIES[name]?.status;
  if (status?.state !== "data") throw new Error(`the story ${name} has no status`);
  return status.data;
};
const show = ({ adoption, status }: Pick<Story, "adoption" | "status">) =>
  render(<TrustSection adoption={adoption} status={status} />);

/** By what the line of trust depends on. */
const trustOf = ({ adoption, status }: Story) =>
  `${adoption.state === "data" ? adoption.data.trust.state : adoption.state} ${status.state}`;

test.each(distinctStories(trustOf))("trust is said in words in the state %s", (_, story) => {
  show(story);
  if (story.adoption.state !== "data" || story.status.state !== "data") return;
  const words = { trusted: "Trusted:", partial: "Partly trusted:", unknown: "", untrusted: "" };
  const section = screen.getByRole("region", { name: "Can I believe this?" });
  expect(section.textContent).toContain(words[story.adoption.data.trust.state]);
});

test("while nothing is known of the answer, nothing is said of its trust", () => {
  for (const adoption of [
    { state: "loading" },
    { state: "unreachable", unreachable: "offline" },
  ] as const) {
    show({ adoption, status: { state: "data", data: statusOf("partial"), checking: false } });
    expect(screen.queryByText(/believe yet|trusted:|Unproven/i)).toBeNull();
    cleanup();
  }
});

test.each(distinctStories((one) => one.status))(
  "each receipt's state is a word in the state %s",
  (_, { status }) => {
    if (status.state !== "data") return;
    render(<Imports status={status.data} />);
    for (const state of new Set(status.data.receipts.slice(0, 6).map((one) => one.state)))
      expect(screen.getAllByText(state).length).toBeGreaterThan(0);
  },
);

describe("the next action", () => {
  const overdue = statusOf("overdue").overdue;
  const all = [check("warn", "a warning's"), check("fail", "a failure's")];

  test("is of what is overdue, then of a failure, then of the answer, then of a warning", () => {
    const answer = "the answer's";
    expect(nextAction({ overdue, checks: all, answer })).toBe(overdue[0]?.action);
    expect(nextAction({ overdue: [], checks: all, answer })).toBe("a failure's");
    const warning = [
      check("unknown", "an open one's"),
      check("fail", ""),
      check("warn", "a warning's"),
    ];
    expect(nextAction({ overdue: [], checks: warning, answer })).toBe(answer);
    expect(nextAction({ overdue: [], checks: warning, answer: null })).toBe("a warning's");
  });

  test("is never to repair what the plan does not include", () => {
    const checks = [check("unknown", "Use another key.", "locked"), check("pass", "")];
    expect(nextAction({ overdue: [], checks, answer: null })).toBeUndefined();
  });
});

describe("coverage", () => {
  test("has every day once, in its week and on its weekday", () => {
    for (const name of ["trusted", "overdue", "doubtful"])
      for (const { days } of coverages(statusOf(name))) {
        const weeks = weeksOf(days);
        const placed = weeks.flatMap(({ days: inWeek }) => inWeek.filter((one) => one));
        expect(placed).toEqual(days);
        for (const week of weeks) expect(new Date(week.monday).getUTCDay()).toBe(1);
      }
  });

  test("is of the exports' looks alone where no live source has days", () => {
    const [only, ...others] = coverages(statusOf("overdue"));
    expect(others).toEqual([]);
    expect(only?.source).toBeUndefined();
    const looks = only?.days.flatMap((one) => one.looks) ?? [];
    expect(looks).toHaveLength(8); // of the 2nd of October there are two: it closes September
  });

  test("is counted in words, state by state", () => {
    const days = coverages(statusOf("doubtful"))[0]?.days ?? [];
    render(<Calendar label="Days" days={days} />);
    const legend = screen.getByRole("list", { name: /how many days/i });
    const counts = within(legend)
      .getAllByRole("listitem")
      .map((one) => Number.parseInt(one.textContent ?? "", 10));
    const told = days.filter((one) => one.state).length;
    const looked = days.filter((one) => one.looks.length > 0).length;
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(told + looked);
  });

  test("is walked by arrows, from one place in the tab order, and each day is announced", async () => {
    const user = userEvent.setup();
    const days: CoverageDay[] = coverages(statusOf("trusted"))[0]?.days.slice() ?? [];
    render(<Calendar label="Days" days={days} />);
    await user.tab();
    expect(here()?.getAttribute("data-day")).toBe("2026-11-23");
    expect(here()?.getAttribute("aria-label")).toContain("can still change");
    await user.keyboard("{ArrowLeft}{ArrowUp}");
    expect(here()?.getAttribute("data-day")).toBe("2026-11-15");
    expect(here()?.getAttribute("aria-label")).toContain("no use, believable");
    await user.keyboard("{Home}{ArrowUp}");
    expect(here()?.getAttribute("data-day")).toBe("2026-10-26");
    await user.tab();
    expect(here()).toBe(document.body);
  });
});

test("what passes is folded away, and what does not stands open", () => {
  const one = STORIES["overdue"];
  if (one) show(one);
  expect(screen.getByText("5 checks pass").closest("details")?.open).toBe(false);
  expect(screen.getAllByText("Freshness")[0]?.closest("details")).toBeNull();
});

test("imports go on page by page until there is no cursor", async () => {
  const user = userEvent.setup();
  const status = statusOf("doubtful");
  const last = { ...status.receipts[0], receiptId: "last", name: "the last.csv" } as Receipt;
  const asked: string[] = [];
  const doors: Doors = {
    ...storyDoors(),
    receipts: async (cursor) => {
      asked.push(cursor);
      return {
        state: "data",
        data: { ...status, receipts: [last], nextCursor: null },
        checking: false,
      };
    },
  };
  render(
    <DoorsContext value={doors}>
      <Imports status={status} />
    </DoorsContext>,
  );
  expect(rows()).toHaveLength(6);
  await user.click(screen.getByRole("button", { name: "Show more" }));
  expect(rows()).toHaveLength(7);
  await user.click(screen.getByRole("button", { name: "Show more" }));
  await waitFor(() => screen.getByText("the last.csv"));
  expect(asked).toEqual([status.nextCursor]);
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
});
