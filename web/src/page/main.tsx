import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AdoptionTab } from "../tab/AdoptionTab.tsx";
import "./page.css";

const place = document.getElementById("page");
if (!place) throw new Error("index.html has no element with the id page");
createRoot(place).render(
  <StrictMode>
    <AdoptionTab baseUrl="" />
  </StrictMode>,
);
