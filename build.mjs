// Builds what runs: the native addon, one bundle per daemon (and per worker of it), and the programs of e2e.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const top = dirname(fileURLToPath(import.meta.url));
const addon = join(top, "packages/netio/dist/netio.node");

/** Files of a folder that end in one of the suffixes; none when the folder is not there. */
function list(folder, ...suffixes) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => suffixes.some((suffix) => name.endsWith(suffix)))
    .map((name) => join(folder, name));
}

/** One file per entry, readable in stack traces, with everything it needs inside except the addon beside it. */
async function bundle(entryPoints, outdir) {
  if (entryPoints.length === 0) return;
  await build({
    entryPoints: Object.fromEntries(entryPoints.map((entry) => [basename(entry, ".ts"), entry])),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["@kotare/source"],
    sourcemap: true,
    // winston and its kin are CommonJS and call `require` for Node's own modules.
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
    },
    logLevel: "warning",
  });
  copyFileSync(addon, join(outdir, basename(addon)));
  console.log(`build: ${entryPoints.map((entry) => basename(entry)).join(", ")}`);
}

function run(program, ...args) {
  const { status, error } = spawnSync(program, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${error?.message ?? `status ${status}`}`);
}

/** The web page: what a browser loads, in files whose names do not change. */
async function bundlePage(folder) {
  const sources = join(folder, "src");
  const outdir = join(folder, "dist");
  await build({
    entryPoints: ["main.tsx", "page.css"].map((name) => ({ in: join(sources, name), out: "page" })),
    outdir,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
  });
  for (const file of list(sources, ".html", ".svg")) copyFileSync(file, join(outdir, basename(file)));
  console.log("build: main.tsx");
  return list(outdir, ".html", ".svg", ".js", ".css");
}

mkdirSync(dirname(addon), { recursive: true });
run(process.execPath, join(top, "packages/netio/build.mjs"));

const page = await bundlePage(join(top, "packages/web-page"));
const program = join(top, "packages/core/src/program");
for (const app of readdirSync(join(top, "apps"))) {
  const folder = join(top, "apps", app);
  const entryPoints = list(join(folder, "src"), "main.ts", "-worker.ts");
  await bundle([...entryPoints, join(program, "ignore-signals.ts")], join(folder, "dist"));
  for (const file of [join(program, "launch.sh"), ...page]) copyFileSync(file, join(folder, "dist", basename(file)));
}
for (const folder of ["e2e", "deploy"])
  await bundle(list(join(top, folder, "src"), ".main.ts"), join(top, folder, "dist"));

const pump = join(top, "e2e/dist/frame-pump");
mkdirSync(dirname(pump), { recursive: true });
run(process.env.CC ?? "cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", pump, join(top, "e2e/src/wire/frame-pump.c"));
