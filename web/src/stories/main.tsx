import { createRoot } from "react-dom/client";
import { Dashboard } from "../tab/Dashboard.tsx";
import "../page/page.css";
import { STORIES } from "./states.ts";

function Stories() {
  const wanted = new URLSearchParams(location.search).get("state") ?? "trusted";
  const story = STORIES[wanted];
  return (
    <>
      <nav aria-label="States">
        {Object.keys(STORIES).map((name) => (
          <a key={name} href={`?state=${encodeURIComponent(name)}`} style={{ margin: 8 }}>
            {name}
          </a>
        ))}
      </nav>
      {story ? <Dashboard {...story} onAgain={() => location.reload()} /> : <p>No such state.</p>}
    </>
  );
}

const place = document.getElementById("stories");
if (place) createRoot(place).render(<Stories />);
