/** Which program this is, and what it runs on. */
import type { Daemon } from "./daemon.ts";

export const VERSION = "0.1.0";

/** For `-V` and `-W`: what a report about a fault must say. */
export function describeBuild({ program, databases }: Pick<Daemon<never>, "program" | "databases">): string {
  const { node, v8, uv } = process.versions;
  return [
    `${program.name} ${VERSION}`,
    `Node.js ${node} (V8 ${v8}, libuv ${uv}) on ${process.platform} ${process.arch}`,
    ...(databases === undefined ? [] : [`lease back-ends: ${["memfile", ...Object.keys(databases)].join(", ")}`]),
    "",
  ].join("\n");
}
