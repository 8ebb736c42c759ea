// @ts-check
/**
 * Builds what browsers run: `node build.js [PAGE_FOLDER WIDGETS_FOLDER]`; `--watch` builds again
 * after every change.
 *
 * The page of the book:
 *   shell.js   chapters, theme, what is shown when the kernel is silent; opens its connection
 *   book.js    the widgets
 *   hands.js   those that draw hands, loaded with the first of them
 *   output.js  the Output widget of ipywidgets, loaded with the first of them
 *   page.css   what the first paint needs; it goes into the page itself
 *   forms.css  the rest
 *   pair.*     the page on which a browser is let in
 *
 * The widgets, one script each: JupyterLab, Notebook and plain Voilà run exactly one module for
 * a widget, so that what it imports is bundled into it.
 */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const watched = process.argv.includes("--watch");
const [page, widgets] = process.argv.slice(2).filter((each) => each !== "--watch");
const sources = `${here}../workbook/ui/widgets`;
const pageFolder = page ?? `${here}../workbook/serve/template/attune/static`;
const widgetsFolder = widgets ?? `${sources}/built`;

const common = /** @type {const} */ ({
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome108", "firefox115", "safari15.4"],
  legalComments: "none",
  logLevel: "warning",
});
/** @type {import("esbuild").BuildOptions[]} */
const builds = [
  {
    ...common,
    entryPoints: ["shell.js", "book.js", "hands.js", "output.js", "page.css", "forms.css", "pair.js", "pair.css"].map(
      (file) => `src/${file}`,
    ),
    outdir: pageFolder,
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
    metafile: true,
  },
  { ...common, entryPoints: await listWidgets(), outdir: widgetsFolder, entryNames: "[name]" },
];

if (watched) {
  for (const each of builds) await (await context(each)).watch();
} else {
  await mkdir(widgetsFolder, { recursive: true });
  const [{ metafile }] = await Promise.all(builds.map((each) => build(each)));
  await writeFile(`${pageFolder}/licences.txt`, await licences(Object.keys(metafile?.inputs ?? {})));
}

/** Returns the script of every widget: NAME/NAME.js. */
async function listWidgets() {
  const folders = await readdir(sources, { withFileTypes: true });
  const names = folders.filter((each) => each.isDirectory()).map((each) => each.name).sort();
  const found = names.map(async (name) => {
    const files = await readdir(`${sources}/${name}`);
    return files.includes(`${name}.js`) ? [`${sources}/${name}/${name}.js`] : [];
  });
  return (await Promise.all(found)).flat();
}

/**
 * Returns what the libraries inside ask for: their names, versions and licences.
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
