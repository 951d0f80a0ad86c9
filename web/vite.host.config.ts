import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** A host application around the package in lib/, for the tests. */
export default defineConfig({
  root: "host",
  base: "./",
  plugins: [react()],
  resolve: {
    alias: {
      "@scoreboard/adoption-tab/style.css": file("lib/adoption-tab.css"),
      "@scoreboard/adoption-tab": file("lib/adoption-tab.js"),
    },
  },
  build: { emptyOutDir: true },
});

function file(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
