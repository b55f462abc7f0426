// Compiles the addon with plain cc into dist/netio.node. `--asan`: with AddressSanitizer, into dist/asan/netio.node.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { asan: { type: "boolean" } } });
const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "dist", values.asan ? "asan" : "", "netio.node");

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

const native = join(here, "native");
const sources = readdirSync(native).filter((name) => name.endsWith(".c"));
const flags = [
  "-std=gnu17",
  "-O2",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-fPIC",
  "-shared",
  "-fvisibility=hidden",
  "-D_GNU_SOURCE",
];
// A distribution builds with flags of its own: debugging, hardening.
for (const name of ["CFLAGS", "CPPFLAGS", "LDFLAGS"]) {
  flags.push(...(process.env[name] ?? "").split(" ").filter((flag) => flag !== ""));
}
if (values.asan) flags.push("-g", "-fsanitize=address,undefined", "-fno-omit-frame-pointer");
mkdirSync(dirname(output), { recursive: true });
// Put in place whole: a process may have the old one mapped.
const unfinished = `${output}.${process.pid}`;
try {
  execFileSync(
    "cc",
    [
      ...flags,
      ...folders.map((folder) => `-I${folder}`),
      "-o",
      unfinished,
      ...sources.map((name) => join(native, name)),
    ],
    {
      stdio: "inherit",
    },
  );
  renameSync(unfinished, output);
} catch (error) {
  fail(error.code === "ENOENT" ? "no C compiler: install gcc and libc6-dev (build-essential)" : "cc failed, see above");
}

function fail(reason) {
  console.error(`netio: ${reason}`);
  process.exit(1);
}
