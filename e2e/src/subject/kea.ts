/** Two versions of Kea, the oracles: where their programs and their hook libraries are. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../lab/program.ts";
import { top } from "../top.ts";

/** `kea` is Debian's own, which bin/setup unpacks; `kea3` that of Debian's next release, by bin/setup-kea3. */
export type Kea = "kea" | "kea3";

const KEA3 = join(top, ".cache/debian/kea3");

/** Where a program is; `undefined` when it cannot be had here. */
export function findKea(kea: Kea, program: string): string | undefined {
  if (kea === "kea") return findProgram(program);
  return existsSync(join(KEA3, "is")) ? join(KEA3, "bin", program) : undefined;
}

/** The folder that hook libraries without a path are taken from. */
export function hooksOf(kea: Kea): string {
  return kea === "kea" ? process.env["KEA_HOOKS_PATH"]! : join(KEA3, "hooks");
}
