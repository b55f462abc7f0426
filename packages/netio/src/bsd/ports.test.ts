import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { KERNEL_LAYOUTS, type Kernel } from "./testing/kernel-layouts.ts";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
const ZIG = join(PACKAGE, "../../.cache/zig/zig");

/** What the compiler remembers stays beside it. */
const CACHE = join(dirname(ZIG), "cache");
const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: CACHE, ZIG_LOCAL_CACHE_DIR: CACHE };

const TARGETS: Readonly<Record<Kernel, string>> = {
  freebsd: "x86_64-freebsd",
  netbsd: "x86_64-netbsd",
  openbsd: "x86_64-openbsd",
  macos: "aarch64-macos",
};

/** Compiles only if each field is where our table has it, and if both know the same fields. */
function assertions(kernel: Kernel): string {
  const fields = Object.entries(KERNEL_LAYOUTS[kernel]);
  return [
    '#include "bsd/layout.h"',
    ...fields.map(([name, value]) => `enum { EXPECTED_${name} = ${value} };`),
    "#define EQUAL(name, value) _Static_assert((long long)(value) == EXPECTED_##name, #name);",
    "KERNEL_LAYOUT(EQUAL)",
    "#define ONE_MORE(name, value) + 1",
    `_Static_assert(0 KERNEL_LAYOUT(ONE_MORE) == ${fields.length}, "one has a field that the other has not");`,
    "",
  ].join("\n");
}

describe("compiled with the headers of other systems", () => {
  for (const [kernel, target] of Object.entries(TARGETS) as [Kernel, string][]) {
    test(`the addon, for ${kernel}`, ({ skip }) => {
      if (!existsSync(ZIG)) skip("the compiler is fetched by: npm run ports");
      execFileSync(process.execPath, [join(PACKAGE, "build.mjs"), "--zig", ZIG, "--target", target], { env });
    });

    test(`fields of ${kernel} are where our tests have them`, ({ skip }) => {
      if (!existsSync(ZIG)) skip("the compiler is fetched by: npm run ports");
      const folder = mkdtempSync(join(tmpdir(), "netio-ports-"));
      try {
        const source = join(folder, "layout.c");
        writeFileSync(source, assertions(kernel));
        const native = join(PACKAGE, "native");
        const includes = ["-I", native, "-isystem", join(native, `headers-${kernel}`)];
        const flags = ["cc", "-target", target, ...includes, "-c", "-o", join(folder, "layout.o"), source];
        const { stderr, status } = spawnSync(ZIG, flags, { encoding: "utf8", env });
        expect(stderr).toBe("");
        expect(status).toBe(0);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
