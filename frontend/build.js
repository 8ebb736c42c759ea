// @ts-check
/**
 * Builds the page's script and style: `node build.js [FOLDER]`.
 *
 *   shell.js   chapters, theme, what is said when nobody answers; opens the line to the kernel
 *   book.js    the widgets
 *   page.css   what the first paint needs; it goes into the page itself
 *   forms.css  the rest
 *   pair.*     the page on which a browser is let in
 */

import { readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const built = process.argv[2] ?? `${here}../workbook/serve/template/attune/static`;

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["shell.js", "book.js", "page.css", "forms.css", "pair.js", "pair.css"].map(
    (file) => `src/${file}`,
  ),
  outdir: built,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome115", "firefox115", "safari16"],
  define: { global: "globalThis" },
  alias: {
    "@lumino/widgets": "./src/lumino.js",
    jquery: "./src/jquery.js",
    "lodash/isEqual": "./src/equal.js",
    "sanitize-html": "./src/sanitize.js",
    path: "path-browserify",
  },
  loader: { ".svg": "dataurl" },
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } }, // as lumino is built
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});
await writeFile(`${built}/licences.txt`, await licences(Object.keys(metafile.inputs)));

/**
 * What the libraries inside ask for: their names, versions and licences.
 * @param {string[]} inputs paths of all source files
 */
async function licences(inputs) {
  const folders = inputs.map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const said = [...new Set(folders.filter((path) => path !== undefined))].sort().map(async (path) => {
    const folder = `${here}${path}/`;
    const { name, version, license, author } = JSON.parse(await readFile(`${folder}package.json`, "utf8"));
    const file = (await readdir(folder)).find((each) => /^licen[cs]e(\.|-|$)/i.test(each));
    const text = file ? await readFile(folder + file, "utf8") : `Copyright (c) ${author}`;
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return (await Promise.all(said)).join(`\n${"-".repeat(72)}\n\n`);
}
