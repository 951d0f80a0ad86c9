import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Adoption } from "../client/types.ts";
import { DoorsContext, type Doors } from "../doors/doors.ts";
import { LocaleContext } from "../format/locale.ts";
import type { Reading } from "../reading/reading.ts";
import { storyDoors } from "../stories/doors.ts";
import { STORIES } from "../stories/states.ts";
import { awaitReceipt, WAITS } from "./awaiting.ts";
import { MAX_BYTES } from "./handed.ts";
import { UploadSection } from "./UploadSection.tsx";

afterEach(cleanup);

const file = (name: string, text = "User,Lines this Month\n") =>
  new File([text], name, { type: "text/csv", lastModified: Date.UTC(2026, 10, 20, 12) });

/** The section over doors that note what they are asked. */
function open(adoption: Reading<Adoption> | undefined = STORIES["trusted"]?.adoption) {
  const asked: string[] = [];
  const real = storyDoors();
  const doors: Doors = {
    ...real,
    check: (one, asOf) => {
      asked.push(`check ${one.name}${asOf ? ` ${asOf}` : ""}`);
      return real.check(one, asOf);
    },
    upload: (one, asOf) => {
      asked.push(`upload ${one.name}`);
      return real.upload(one, asOf);
    },
  };
  if (!adoption) throw new Error("no such story");
  const onAgain = vi.fn<() => void>();
  render(
    <LocaleContext value="en-GB">
      <DoorsContext value={doors}>
        <div className="tab">
          <UploadSection adoption={adoption} onAgain={onAgain} />
        </div>
      </DoorsContext>
    </LocaleContext>,
  );
  return { asked, onAgain, hand: (...files: File[]) => hand(files) };
}

const hand = (files: File[]) =>
  userEvent.upload(screen.getByLabelText("CSV files to check"), files, { applyAccept: false });
const row = async (name: string) => {
  const said = await screen.findByText(name, { selector: "p" });
  return said.closest("li") as HTMLElement;
};

test("a file is checked before anything is stored, and what would happen is shown", async () => {
  const { asked, hand: give } = open();
  await give(file("november.csv"));
  const place = await row("november.csv");
  await within(place).findByText("Would be accepted.");
  expect(place.textContent).toContain(
    "Claude Code team export · November 2026 · downloaded 23 Nov 2026 · 7 people",
  );
  expect(place.textContent).toContain("Friday 20 November 12:00 to Monday 23 November 2026");
  expect(asked).toEqual(["check november.csv"]);
});

test("what would be refused or is there already cannot be uploaded", async () => {
  const { hand: give } = open();
  await give(file("edited.csv"), file("again.csv"));
  const refused = await row("edited.csv");
  await within(refused).findByText("Would be refused.");
  expect(refused.textContent).toContain("line 2, column Lines this Month:");
  await within(await row("again.csv")).findByText("Would be a duplicate.");
  expect(screen.queryByRole("button", { name: /^Upload/ })).toBeNull();
});

test("a stated date is checked again, with that date", async () => {
  const { asked, hand: give } = open();
  await give(file("again.csv"));
  const place = await row("again.csv");
  fireEvent.change(await within(place).findByLabelText("When was this downloaded?"), {
    target: { value: "2026-11-22" },
  });
  await within(place).findByText("Would be accepted.");
  expect(asked).toEqual(["check again.csv", "check again.csv 2026-11-22"]);
});

test("no date is asked for what is no export", async () => {
  const { hand: give } = open();
  await give(file("page.csv"));
  const place = await row("page.csv");
  await within(place).findByText("Would be refused.");
  expect(within(place).queryByLabelText("When was this downloaded?")).toBeNull();
});

test("an upload ends with its receipt, and the figures are asked for again", async () => {
  const { asked, onAgain, hand: give } = open();
  await give(file("a.csv"), file("b.csv"));
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 500 });
  try {
    fireEvent.click(
      await screen.findByRole("button", { name: "Upload all 2 that would be accepted" }),
    );
    await waitFor(() => expect(asked).toContain("upload b.csv"));
    expect(onAgain).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(5_000);
    const place = await row("a.csv");
    await within(place).findByText("Taken in: accepted.");
    expect(onAgain).toHaveBeenCalled();
  } finally {
    vi.useRealTimers();
  }
});

test("a file that is too large is not sent, and the container is named", async () => {
  const { asked, hand: give } = open();
  const large = file("large.csv");
  Object.defineProperty(large, "size", { value: MAX_BYTES + 1 });
  await give(large);
  const place = await row("large.csv");
  expect(place.textContent).toContain("drop it into the container drop");
  expect(asked).toEqual([]);
  expect(within(place).queryByRole("button", { name: "Try again" })).toBeNull();
});

test("without the role the section says which in a line, and offers nothing", async () => {
  const { hand: give } = open();
  await give(file("stranger.csv"));
  await screen.findByText(/Uploading needs the role Usage.Upload/);
  expect(screen.queryByRole("button")).toBeNull();
});

test("what did not get through can be tried again or left out", async () => {
  const { asked, hand: give } = open();
  await give(file("away.csv"));
  const place = await row("away.csv");
  fireEvent.click(await within(place).findByRole("button", { name: "Try again" }));
  await waitFor(() => expect(asked).toHaveLength(2));
  fireEvent.click(await within(place).findByRole("button", { name: "Leave it out: away.csv" }));
  expect(screen.queryByText("away.csv", { selector: "p" })).toBeNull();
});

test("files that are dropped anywhere on the tab are checked", async () => {
  const { asked } = open();
  const section = screen.getByRole("region", { name: "Hand in an export" });
  const dataTransfer = { types: ["Files"], files: [file("dropped.csv")], dropEffect: "none" };
  fireEvent.dragOver(section, { dataTransfer });
  screen.getByText("Drop to check. Nothing is stored yet.");
  fireEvent.drop(section, { dataTransfer });
  await row("dropped.csv");
  expect(screen.queryByText("Drop to check. Nothing is stored yet.")).toBeNull();
  await waitFor(() => expect(asked).toEqual(["check dropped.csv"]));
});

describe.each(["signed out", "wrong role", "store away", "broken", "offline", "loading"])(
  "in the state %s",
  (name) => {
    test("nothing is offered that could not be done", () => {
      open(STORIES[name]?.adoption);
      expect(screen.queryByRole("heading")).toBeNull();
    });
  },
);

describe("waiting for a receipt", () => {
  const waited: number[] = [];
  const noted = async (seconds: number) => void waited.push(seconds);

  test("pauses ever longer, gives up after some minutes, and takes no silence for an end", async () => {
    waited.length = 0;
    const doors: Doors = {
      ...storyDoors(),
      uploaded: async () => ({ state: "unreachable", unreachable: "no-answer" }),
    };
    const receipt = await awaitReceipt(doors, "id", new AbortController().signal, noted);
    expect(receipt).toBeUndefined();
    expect(waited).toEqual(WAITS);
    expect(waited.toSorted((a, b) => a - b)).toEqual(waited);
    expect(waited.reduce((sum, one) => sum + one, 0)).toBeLessThan(6 * 60);
  });

  test("ends with the section", async () => {
    waited.length = 0;
    const left = new AbortController();
    left.abort();
    expect(await awaitReceipt(storyDoors(), "id", left.signal, noted)).toBeUndefined();
    expect(waited).toEqual([]);
  });
});
