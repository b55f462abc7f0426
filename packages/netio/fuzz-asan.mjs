// Runs the addon under AddressSanitizer with random frames and arguments, in a network namespace of its own:
// node packages/netio/fuzz-asan.mjs [SECONDS [SEED]]. Ends with 0 when nothing was found.

import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const program = join(here, "dist/asan/fuzz-native.mjs");
const inherit = { stdio: "inherit" };

execFileSync(process.execPath, [join(here, "build.mjs"), "--asan"], inherit);
const bundling = [
  "--bundle",
  "--platform=node",
  "--target=node20",
  "--format=esm",
  "--log-level=warning",
  `--outfile=${program}`,
];
execFileSync(
  join(here, "../../node_modules/.bin/esbuild"),
  [join(here, "src/testing/fuzz-native.ts"), ...bundling],
  inherit,
);

// Node itself is not instrumented, so the sanitizer must be there before it; and what Node leaks is not our business.
const sanitizer = execFileSync("cc", ["-print-file-name=libasan.so"], { encoding: "utf8" }).trim();
const flags = process.getuid() === 0 ? "-nm" : "-Urnm";
const command = [flags, process.execPath, "--expose-gc", program, ...process.argv.slice(2)];
const { status } = spawnSync("unshare", command, {
  ...inherit,
  env: {
    ...process.env,
    LD_PRELOAD: sanitizer,
    ASAN_OPTIONS: "detect_leaks=0",
    UBSAN_OPTIONS: "halt_on_error=1:print_stacktrace=1",
  },
});
process.exit(status ?? 1);
