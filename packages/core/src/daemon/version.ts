/** Which program this is, and what it runs on. */

export const VERSION = "0.1.0";

/** For `-V` and `-W`: what a report about a fault must say. */
export function describeBuild(program: string): string {
  const { node, v8, uv } = process.versions;
  return [
    `${program} ${VERSION}`,
    `Node.js ${node} (V8 ${v8}, libuv ${uv}) on ${process.platform} ${process.arch}`,
    "lease back-ends: memfile",
    "",
  ].join("\n");
}
