import { useState } from "react";
import { createRoot } from "react-dom/client";
import { LocaleContext } from "../format/locale.ts";
import { Dashboard } from "../tab/Dashboard.tsx";
import "../page/page.css";
import { DoorsContext } from "../doors/doors.ts";
import { storyDoors } from "./doors.ts";
import { USUAL } from "../view/view.ts";
import { STORIES } from "./states.ts";

const params = new URLSearchParams(location.search);
const wanted = params.get("state") ?? "trusted";
const DOORS = storyDoors();

function Stories() {
  const story = STORIES[wanted];
  const [view, onView] = useState(story?.viewing?.view ?? USUAL);
  if (!story) return <p>No such state.</p>;
  return (
    <LocaleContext value={params.get("locale") ?? undefined}>
      <DoorsContext value={DOORS}>
        <Dashboard
          {...story}
          viewing={{ view, onView, onDownload: async () => undefined }}
          onAgain={() => {}}
        />
      </DoorsContext>
    </LocaleContext>
  );
}

const place = document.getElementById("stories");
if (place) {
  createRoot(place).render(
    <>
      {params.has("alone") || (
        <nav aria-label="States">
          {Object.keys(STORIES).map((name) => (
            <a key={name} href={`?state=${encodeURIComponent(name)}`} style={{ margin: 8 }}>
              {name}
            </a>
          ))}
        </nav>
      )}
      <Stories />
    </>,
  );
}
