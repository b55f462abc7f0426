// Builds what runs: the native addon, one bundle per daemon (and per worker of it), and the programs of e2e.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const top = dirname(fileURLToPath(import.meta.url));
const addon = join(top, "packages/netio/dist/netio.node");
const program = join(top, "packages/core/src/program");

/** Files of a folder that end in one of the suffixes; none when the folder is not there. */
function list(folder, ...suffixes) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => suffixes.some((suffix) => name.endsWith(suffix)))
    .map((name) => join(folder, name));
}

/** Puts a file in place whole: a daemon that runs may be reading the old one, or have it mapped. */
function put(path, contents) {
  const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}`);
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}

function copy(from, folder) {
  put(join(folder, basename(from)), readFileSync(from));
}

/** Readable in stack traces, with everything inside that it needs except the addon. */
async function bundle(entryPoints, outdir, options) {
  const { outputFiles } = await build({
    entryPoints,
    outdir,
    write: false,
    bundle: true,
    platform: "node",
    target: "node20",
    conditions: ["@kotare/source"],
    sourcemap: true,
    logLevel: "warning",
    ...options,
  });
  mkdirSync(outdir, { recursive: true });
  for (const { path, contents } of outputFiles) put(path, contents);
  copy(addon, outdir);
  console.log(
    `build: ${Object.values(entryPoints)
      .map((entry) => basename(entry))
      .join(", ")}`,
  );
}

/** One module per entry. */
async function bundleModules(entries, outdir) {
  if (entries.length === 0) return;
  await bundle(Object.fromEntries(entries.map((entry) => [basename(entry, ".ts"), entry])), outdir, {
    format: "esm",
    outExtension: { ".js": ".mjs" },
    // winston and its kin are CommonJS and call `require` for Node's own modules.
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
    },
  });
}

/** What libraries make at each start, and no daemon needs: a pattern of every emoji, for the width of our help; zod's words in all languages. */
const SPARED = [
  [/node_modules\/string-width\/index\.js$/, "export default (text) => text.length;"],
  [/node_modules\/zod\/v4\/locales\/index\.js$/, 'export { default as en } from "./en.js";'],
];
const spare = {
  name: "spare",
  setup({ onLoad }) {
    for (const [filter, contents] of SPARED) onLoad({ filter }, () => ({ contents }));
  },
};

/** Scripts, since V8 keeps compiled code of modules for nobody before Node 22. */
async function bundleScripts(entryPoints, outdir, banner) {
  await bundle(entryPoints, outdir, {
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    define: {
      "import.meta.url": "importMetaUrl",
      "import.meta.dirname": "__dirname",
      // The driver of PostgreSQL makes one to see which system it runs on, and Node loads all of fetch for it: 40 ms.
      Response: "undefined",
    },
    plugins: [spare],
    ...banner,
  });
}

/** One program: what is run first of it, and `daemon.cjs`, a function as bundle.ts runs it. */
async function bundleDaemon(folder) {
  const dist = join(folder, "dist");
  await bundleScripts({ start: join(program, "start.ts"), "keep-code": join(program, "keep-code.ts") }, dist);
  await bundleScripts({ daemon: join(folder, "src/main.ts") }, dist, {
    banner: {
      js: '(function (require, filename) { const importMetaUrl = require("node:url").pathToFileURL(filename).href; const module = {};',
    },
    footer: { js: "})" },
  });
}

function run(program, ...args) {
  const { status, error } = spawnSync(program, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${error?.message ?? `status ${status}`}`);
}

/** The web page: what a browser loads, in files whose names do not change. @param schemas a folder with those of the configurations */
async function bundlePage(folder, schemas) {
  const sources = join(folder, "src");
  const outdir = join(folder, "dist");
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [
      ...["main.tsx", "page.css"].map((name) => ({ in: join(sources, name), out: "page" })),
      // Loaded when it is wanted.
      { in: join(sources, "configuration/editor/config-editor.ts"), out: "page-editor" },
    ],
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
  });
  // The daemons serve files by their names: what both used would be a third.
  if (list(outdir, ".js").length !== 2) throw new Error("the editor has code in common with the page");
  for (const file of list(sources, ".html", ".svg")) copy(file, outdir);
  for (const file of list(schemas, ".schema.json")) {
    const schema = JSON.stringify(JSON.parse(readFileSync(file, "utf8")));
    writeFileSync(join(outdir, `page-${basename(file, ".schema.json")}.json`), schema);
  }
  console.log("build: main.tsx");
  return list(outdir, ".html", ".svg", ".js", ".css", ".json");
}

mkdirSync(dirname(addon), { recursive: true });
run(process.execPath, join(top, "packages/netio/build.mjs"));

for (const folder of ["e2e", "deploy"])
  await bundleModules(list(join(top, folder, "src"), ".main.ts"), join(top, folder, "dist"));

await bundleModules([join(top, "packages/load/src/main.ts")], join(top, "packages/load/dist"));

const manual = join(top, "deploy/dist/manual");
run(process.execPath, join(top, "deploy/dist/manual.main.mjs"), manual);
const page = await bundlePage(join(top, "packages/web-page"), manual);
for (const app of readdirSync(join(top, "apps"))) {
  const folder = join(top, "apps", app);
  await bundleDaemon(folder);
  await bundleModules(list(join(folder, "src"), "-worker.ts"), join(folder, "dist"));
  for (const file of [join(program, "launch.sh"), ...page]) copy(file, join(folder, "dist"));
}
run(process.execPath, join(top, "deploy/dist/keep-code.main.mjs"), top);
// The C programs of e2e.
for (const name of ["wire/frame-pump", "load/instant-server", "load/witness", "load/turns.so"]) {
  const program = join(top, "e2e/dist", basename(name));
  const source = join(top, "e2e/src", `${name.replace(".so", "")}.c`);
  const kind = name.endsWith(".so") ? ["-shared", "-fPIC"] : ["-pthread"];
  mkdirSync(dirname(program), { recursive: true });
  const unfinished = `${program}.${process.pid}`;
  run(process.env.CC ?? "cc", "-O2", "-Wall", "-Wextra", "-Werror", ...kind, "-o", unfinished, source);
  renameSync(unfinished, program);
}
