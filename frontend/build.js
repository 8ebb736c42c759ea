// @ts-check
/** Builds the page's script and style: `node build.js [FOLDER]`. */

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const built = process.argv[2] ?? `${here}../workbook/serve/template/attune/static`;

await build({
  absWorkingDir: here,
  entryPoints: { book: "src/main.js", style: "src/book.css", shell: "src/shell.js" },
  outdir: built,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome115", "firefox115", "safari16"],
  define: { global: "globalThis" },
  alias: {
    "sanitize-html": "./src/sanitize.js",
    path: "path-browserify",
  },
  loader: { ".svg": "dataurl" },
  legalComments: "linked",
  logLevel: "warning",
});
