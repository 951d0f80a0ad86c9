import { cleanup, render, screen, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, test } from "vitest";
import type { Adoption, Figure, PeriodRow } from "../client/types.ts";
import { LocaleContext } from "../format/locale.ts";
import { STORIES } from "../stories/states.ts";
import { compared } from "./compared.ts";
import { delta } from "./delta.ts";
import { StripSection } from "./StripSection.tsx";

afterEach(cleanup);

function bodyOf(story: string): Adoption {
  const adoption = STORIES[story]?.adoption;
  if (adoption?.state !== "data") throw new Error(`the story ${story} has no data`);
  return adoption.data;
}

const exact = (value: number): Figure => ({ value, low: value, high: value, reason: null });
const range: Figure = { value: null, low: 90, high: 120, reason: "why" };

describe("the two periods", () => {
  test("are the answer's where it is among those shown", () => {
    const body = bodyOf("exports");
    const two = compared(body);
    expect(two?.row.period).toEqual(body.answer.period);
    expect(two?.before?.period).toEqual(body.answer.previous);
  });

  test("are the newest closed one and the one before it where the answer is of others", () => {
    const body = bodyOf("no answer of now");
    expect(compared(body)?.row).toBe(body.periods.findLast((row) => row.closed));
  });

  test("are never of another kind than what is shown, nor a running one", () => {
    for (const { adoption } of Object.values(STORIES)) {
      if (adoption.state !== "data") continue;
      const two = compared(adoption.data);
      for (const row of [two?.row, two?.before]) {
        if (!row) continue;
        expect(row.period.kind).toBe(adoption.data.granularity);
        expect(row.closed).toBe(true);
      }
    }
  });

  test("are one alone where no period ends where it begins, or one of another length", () => {
    const body = bodyOf("exports");
    const withoutLast = (rows: PeriodRow[], ...out: number[]) => ({
      ...body,
      periods: rows.filter((_, at) => !out.includes(at)),
    });
    const [longer, week] = body.periods; // 1 to 9 October, and the week after it
    expect(compared(withoutLast(body.periods, body.periods.length - 2))?.before).toBeUndefined();
    const two = compared({ ...body, periods: [longer, week].filter((row) => row !== undefined) });
    expect(two?.row).toBe(week);
    expect(two?.before).toBeUndefined();
  });
});

describe("a delta", () => {
  test("names its direction, in points for a rate", () => {
    expect(delta(exact(9), exact(7), "count", "en")).toBe("▲ 2");
    expect(delta(exact(0.8926), exact(0.927), "rate", "en")).toBe("▼ 3.4 points");
    expect(delta(exact(0.9), exact(0.89), "rate", "en")).toBe("▲ 1 point");
    expect(delta(exact(1.5), exact(1.25), "usd", "en")).toBe("▲ $0.25");
  });

  test("is no change where nobody could see one", () => {
    expect(delta(exact(7), exact(7), "count", "en")).toBe("no change");
    expect(delta(exact(0.80001), exact(0.8), "rate", "en")).toBe("no change");
  });

  test("is none where either is not one number", () => {
    expect(delta(range, exact(7), "count", "en")).toBeUndefined();
    expect(delta(exact(7), range, "count", "en")).toBeUndefined();
    expect(delta(exact(7), undefined, "count", "en")).toBeUndefined();
  });
});

function show(story: string) {
  const adoption = STORIES[story]?.adoption ?? { state: "loading" };
  render(
    <LocaleContext value="en-GB">
      <StripSection adoption={adoption} />
    </LocaleContext>,
  );
}

function tile(name: string) {
  const term = screen.getByText(name).parentElement;
  if (!term) throw new Error(`no tile ${name}`);
  return term;
}

test("what is unknown is a dash with its reason, on focus and as a description", async () => {
  show("exports");
  const dash = within(tile("Sessions")).getByRole("button", { name: "unknown" });
  const tip = within(tile("Sessions")).getByRole("tooltip", { hidden: true });
  expect(dash.getAttribute("aria-describedby")).toBe(tip.id);
  expect(tip.textContent).toBe("the exports do not tell");
  await userEvent.tab();
  expect(tip.dataset["open"]).toBe("true");
  await userEvent.keyboard("{Escape}");
  expect(tip.dataset["open"]).toBeUndefined();
  expect(tile("Sessions").textContent).not.toContain("against");
});

test("a range is told with both ends, and without a delta", () => {
  show("ranges and gaps");
  expect(within(tile("Sessions")).getByRole("button").textContent).toBe("90–120");
  expect(tile("Sessions").textContent).not.toContain("against");
});

test("each delta names the period it is against", () => {
  show("trusted");
  expect(tile("Sessions").textContent).toMatch(/▲up 38 against 9\D+15 Nov$/);
  expect(tile("Active engineers").textContent).toMatch(/^Active engineers7 of 8no change against/);
});

test("there are no figures of a period that is not over", () => {
  show("only a running period");
  expect(screen.queryByRole("term")).toBeNull();
  expect(screen.getByText(/No week that is shown is over yet/)).toBeTruthy();
});
