// Compiles the addon with plain cc into dist/netio.node. `--asan`: with AddressSanitizer, into dist/asan/netio.node.
// `--zig PATH --target x86_64-freebsd`: only compiles it for another system, with that zig, into dist/x86_64-freebsd.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { asan: { type: "boolean" }, target: { type: "string" }, zig: { type: "string" } },
});
const { asan, target, zig } = values;
const system = target === undefined ? process.platform : target.split("-")[1];
const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "dist", target ?? (asan ? "asan" : ""), "netio.node");

// Beside the running node first, so that headers and binary are of one version; then where Debian's libnode-dev puts them.
const candidates = [join(dirname(process.execPath), "..", "include", "node"), "/usr/include/node"];
const headers = candidates.find((folder) => existsSync(join(folder, "node_api.h")));
if (headers === undefined) {
  fail(`no node_api.h in ${candidates.join(" or ")}: install libnode-dev, or a Node with its include folder`);
}
// Node's own distribution has libuv's header beside it; Debian's libuv1-dev has it one folder up.
const folders = [headers, dirname(headers)];
if (!folders.some((folder) => existsSync(join(folder, "uv.h")))) {
  fail(`no uv.h in ${folders.join(" or ")}: install libuv1-dev`);
}

// What all kernels share, and what this kernel does in its own way.
const native = join(here, "native");
const kernel = join(native, system === "linux" ? "linux" : "bsd");
const sources = [native, kernel].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".c"))
    .map((name) => join(folder, name)),
);
const flags = ["-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-fvisibility=hidden"];
// What the headers of glibc and of macOS leave out otherwise.
flags.push("-D_GNU_SOURCE", "-D__APPLE_USE_RFC_3542");
// Behind the compiler's own, which may be those of another system.
flags.push(...folders.flatMap((folder) => ["-idirafter", folder]));
// A distribution builds with flags of its own: debugging, hardening.
for (const name of ["CFLAGS", "CPPFLAGS", "LDFLAGS"]) {
  flags.push(...(process.env[name] ?? "").split(" ").filter((flag) => flag !== ""));
}
if (asan) flags.push("-g", "-fsanitize=address,undefined", "-fno-omit-frame-pointer");
mkdirSync(dirname(output), { recursive: true });
if (target === undefined) link();
else compileFor(target);

function link() {
  // node itself has what the addon calls.
  const shared = system === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"];
  // Put in place whole: a process may have the old one mapped.
  const unfinished = `${output}.${process.pid}`;
  run("cc", [...flags, ...shared, "-o", unfinished, ...sources]);
  renameSync(unfinished, output);
}

/** One object for each file; there is nothing to link them with. */
function compileFor(triple) {
  const missing = join(native, `headers-${system}`);
  if (existsSync(missing)) flags.push("-isystem", missing);
  for (const source of sources) {
    const object = join(dirname(output), `${relative(native, source).replaceAll("/", "-")}.o`);
    run(zig ?? "zig", ["cc", "-target", triple, ...flags, "-c", "-o", object, source]);
  }
}

function run(compiler, args) {
  try {
    execFileSync(compiler, args, { stdio: "inherit" });
  } catch (error) {
    const install = compiler === "cc" ? "install gcc and libc6-dev (build-essential)" : `there is no ${compiler}`;
    fail(error.code === "ENOENT" ? `no C compiler: ${install}` : `${compiler} failed, see above`);
  }
}

function fail(reason) {
  console.error(`netio: ${reason}`);
  process.exit(1);
}
