import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The functions of `python3 dev.py start`, for `npm run dev`. */
const FUNCTIONS = "http://127.0.0.1:7071";

export default defineConfig({
  plugins: [react()],
  base: "./",
  build: { rolldownOptions: { input: ["index.html"] } },
  server: { proxy: { "/api": FUNCTIONS }, fs: { allow: [".."] } },
  test: {
    environment: "happy-dom",
    restoreMocks: true,
    css: { modules: { classNameStrategy: "non-scoped" } },
  },
});
