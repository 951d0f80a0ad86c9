import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, test } from "vitest";
import type { Adoption, PeriodRow } from "../client/types.ts";
import { LocaleContext } from "../format/locale.ts";
import { STORIES } from "../stories/states.ts";
import { ChartsSection } from "./ChartsSection.tsx";
import { activeOf, basisOf, drawn, linesOf, rowsOf } from "./series.ts";
import { timeTicks } from "./ticks.ts";
import { summary, valueOf } from "./words.ts";

afterEach(cleanup);

function bodyOf(story: string): Adoption {
  const adoption = STORIES[story]?.adoption;
  if (adoption?.state !== "data") throw new Error(`the story ${story} has no data`);
  return adoption.data;
}

function show(story: string) {
  const adoption = STORIES[story]?.adoption ?? { state: "loading" };
  render(
    <LocaleContext value="en-GB">
      <ChartsSection adoption={adoption} />
    </LocaleContext>,
  );
}

const charts = () => screen.queryAllByRole("figure");

test.each(Object.entries(STORIES))(
  "%s: there is a chart only of data, and no mark of what has no value",
  (name, { adoption }) => {
    show(name);
    const rows = adoption.state === "data" ? rowsOf(adoption.data) : [];
    expect(charts().length).toBe(rows.length > 0 ? 2 : 0);
    const [chart] = charts();
    if (!chart) return;
    const active = activeOf(rows, basisOf(rows));
    const count = (as: string) =>
      rows.filter((row, at) => drawn(active.figures[at], row).as === as).length;
    const drawnAs = (as: string) => chart.querySelectorAll(`.svg [data-mark=${as}]`).length;
    const bars = chart.querySelector(".svg [data-marks=value]")?.getAttribute("d");
    // Beyond a month of them values have no dots: those are counted by their bars, or not at all.
    const values =
      active.mark === "bar"
        ? bars?.match(/M/g)?.length
        : rows.length <= 31
          ? chart.querySelectorAll(".svg .dot").length
          : count("value");
    expect({
      value: values,
      range: drawnAs("range"),
      open: drawnAs("open"),
      unknown: drawnAs("unknown"),
    }).toEqual({
      value: count("value"),
      range: count("range"),
      open: count("open"),
      unknown: count("unknown"),
    });
  },
);

describe("a figure of a period", () => {
  const row = { closed: true } as PeriodRow;

  test("that is unknown is drawn as nothing, whatever its low", () => {
    const unknown = { value: null, low: 0, high: null, reason: "why" };
    expect(drawn(unknown, row)).toEqual({ as: "unknown" });
    expect(drawn(undefined, row)).toEqual({ as: "unknown" });
  });

  test("that is 0 is drawn as 0", () => {
    const none = { value: 0, low: 0, high: 0, reason: null };
    expect(drawn(none, row)).toEqual({ as: "value", value: 0 });
  });

  test("of a period that runs is never a value", () => {
    const soFar = { value: 3, low: 3, high: 3, reason: null };
    expect(drawn(soFar, { ...row, closed: false })).toEqual({ as: "open", low: 3 });
  });
});

test("a line ends at a missing and at an unknown period", () => {
  show("ranges and gaps");
  const line = charts()[0]?.querySelector(".svg .line")?.getAttribute("d");
  // Weeks 1 and 2 are one piece, 4 another: 3 is missing, 5 unknown, ranges are bands.
  expect(line?.match(/M/g)?.length).toBe(2);
});

test("periods of another kind are never in the line", () => {
  const weeks = bodyOf("trusted");
  const mixed = { ...weeks, periods: [...weeks.periods, ...bodyOf("exports").periods] };
  expect(rowsOf(mixed)).toEqual(weeks.periods);
});

test("what a closed period follows is over, and does not run", () => {
  const weeks = bodyOf("trusted");
  const [first, ...others] = weeks.periods as [PeriodRow, ...PeriodRow[]];
  const rows = rowsOf({ ...weeks, periods: [{ ...first, closed: false }, ...others] });
  expect(rows.map((row) => row.closed)).toEqual(weeks.periods.map((row) => row.closed));
});

test("the line is of one basis: the best that every closed period has", () => {
  const { periods } = bodyOf("trusted");
  const other = periods.map((row, at) => {
    const one = Object.values(row.active)[0];
    if (!one) throw new Error("no figure");
    return {
      ...row,
      active: at === 0 ? { linesAccepted: one } : { ...row.active, linesAccepted: one },
    };
  });
  expect(basisOf(periods)).toBe("anyActivity");
  expect(basisOf(other)).toBe("linesAccepted");
});

describe("the summary", () => {
  test("tells the newest, the oldest, the reach, and how many are unknown", () => {
    const rows = rowsOf(bodyOf("ranges and gaps"));
    const said = summary(activeOf(rows, "anyActivity"), rows, "en-GB").replace(/\s–\s/g, "–");
    expect(said).toBe(
      "Active engineers: 6–7 in 16–22 Nov, 6 in 28 Sept–4 Oct; from 5 to 7 over 6 weeks; 1 week unknown.",
    );
  });

  test("says why there is none", () => {
    show("exports");
    expect(screen.getByText(/Acceptance rate: — \(the exports do not tell\)\./)).toBeTruthy();
    expect(screen.queryByText("Acceptance rate")).toBeNull();
  });

  test("names the year of what is of another", () => {
    const rows = rowsOf(bodyOf("52 weeks"));
    expect(summary(linesOf(rows), rows, "en-GB")).toMatch(/in 1\D+7 Dec 2025;/);
  });
});

test("the value of a period that can still change is what is certain so far", () => {
  const rows = rowsOf(bodyOf("trusted"));
  const active = activeOf(rows, "anyActivity");
  expect(valueOf(active, rows, rows.length - 1, "en")).toBe("at least 3 of 8 so far");
  expect(valueOf(active, rows, 0, "en")).toBe("7 of 8");
});

test("arrow keys move over the periods: the slider says which, the live region what is there", () => {
  show("trusted");
  const chart = charts()[0] as HTMLElement;
  const slider = within(chart).getByRole("slider");
  const live = chart.querySelector("[aria-live]");
  act(() => slider.focus());
  expect(slider.getAttribute("aria-valuetext")).toMatch(/29 Nov 2026, can still change$/);
  expect(live?.textContent).toBe("Active engineers: at least 3 of 8 so far. ");
  fireEvent.change(slider, { target: { value: "3" } });
  expect(slider.getAttribute("aria-valuetext")).toMatch(/^16\D+22 Nov 2026$/);
  expect(live?.textContent).toBe("Active engineers: 7 of 8. ");
  fireEvent.keyDown(slider, { key: "Escape" });
  expect(live?.textContent).toBe("");
});

test("the table has every period, the newest first, and the same values", async () => {
  show("ranges and gaps");
  await userEvent.click(screen.getAllByText("Show as table")[0] as HTMLElement);
  fireEvent(document.querySelector("details") as HTMLElement, new Event("toggle"));
  const [head, open, newest, , , unknown] = within(screen.getByRole("table")).getAllByRole("row");
  expect(head?.textContent).toBe("Period (UTC)Active engineersRoster");
  expect(open?.textContent).toMatch(/can still change.*at least 3 so far8$/);
  expect(newest?.textContent).toMatch(/6–7 \(the exports were .*\)7$/);
  expect(unknown?.textContent).toMatch(/— \(Sunday 8 November is not fetched yet\)7$/);
});

describe("the marks of the time axis", () => {
  const rows = rowsOf(bodyOf("trusted"));

  test("stand at the ends of weeks, with their last day", () => {
    const ticks = timeTicks(rows, 600, "en-GB");
    expect(ticks.map((tick) => tick.text)).toEqual([
      "1 Nov",
      "8 Nov",
      "15 Nov",
      "22 Nov",
      "29 Nov",
    ]);
    expect(ticks[0]?.at).toBe(Date.parse("2026-11-02T00:00:00Z"));
  });

  test("are thinned from the newest on where there is no room", () => {
    const ticks = timeTicks(rows, 150, "de");
    expect(ticks.map((tick) => tick.text)).toEqual(["8. Nov.", "29. Nov."]);
  });

  test.each([280, 560, 1100])("never overlap over a year and more, on %i pixels", (width) => {
    for (const story of ["52 weeks", "400 days"]) {
      const all = rowsOf(bodyOf(story));
      const from = Date.parse(all[0]?.period.start ?? "");
      const to = Date.parse(all.at(-1)?.period.end ?? "");
      const at = timeTicks(all, width, "en").map(
        (tick) => ((tick.at - from) / (to - from)) * width,
      );
      expect(at.length).toBeGreaterThan(1);
      const gaps = at.slice(1).map((one, index) => one - (at[index] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThan(48);
    }
  });
});
