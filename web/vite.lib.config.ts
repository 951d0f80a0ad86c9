import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The package: React is the host application's. */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "lib",
    lib: {
      entry: "src/index.ts",
      formats: ["es"],
      fileName: "adoption-tab",
      cssFileName: "adoption-tab",
    },
    rolldownOptions: { external: [/^react($|\/)/, /^react-dom($|\/)/] },
  },
});
