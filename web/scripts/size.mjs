// What the tab adds to a host application that has React: the package with everything it needs, minified, gzip.
import { gzipSync } from "node:zlib";
import { build } from "vite";
import react from "@vitejs/plugin-react";

const LIMIT = 60_000; // bytes

const built = await build({
    configFile: false,
    logLevel: "error",
    plugins: [react()],
    build: {
        write: false,
        minify: true,
        lib: { entry: "src/index.ts", formats: ["es"], fileName: "tab" },
        rolldownOptions: { external: [/^react($|\/)/, /^react-dom($|\/)/] },
    },
});
const parts = [built].flat().flatMap((one) => one.output);
const sizes = parts.map((part) => [
    part.fileName,
    gzipSync(part.type === "chunk" ? part.code : part.source, { level: 9 }).length,
]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
for (const [name, size] of sizes)
    console.log(`${name.padEnd(24)} ${String(size).padStart(7)} bytes gzip`);
console.log(`${"beyond React".padEnd(24)} ${String(total).padStart(7)} of ${LIMIT}`);
if (total > LIMIT) {
    console.error(`The tab is ${total - LIMIT} bytes too large: see what was imported.`);
    process.exit(1);
}
