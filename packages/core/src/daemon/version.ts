/** Which program this is, and what it runs on. */
import { nativeFault } from "@kotare/netio/native";
import type { Daemon } from "./daemon.ts";

export const VERSION = "0.1.0";

/**
 * What we say we are where we go by Kea's name. From 3.1 on Kea tells statistics unasked that its tools of today do not
 * expect.
 */
const KEA_VERSION = "3.0.4";

export interface Version {
  /** `0.1.0`, or Kea's. */
  readonly short: string;
  /** What `-v` prints, without a line end: both where we go by Kea's name. */
  readonly lines: string;
  /** `-V`. */
  readonly extended: string;
  /** `-W`: what a report about a fault must say. */
  readonly build: string;
}

export function describeVersion(
  { program, databases }: Pick<Daemon<never>, "program" | "databases">,
  goesByKeaName: boolean,
): Version {
  const short = goesByKeaName ? KEA_VERSION : VERSION;
  const { node, v8, uv, openssl } = process.versions;
  const native = nativeFault === undefined ? ["native"] : [];
  const build = [
    `${program.name} ${VERSION}`,
    `Node.js ${node} (V8 ${v8}, libuv ${uv}) on ${process.platform} ${process.arch}`,
    `addon: ${nativeFault?.message ?? "netio.node"}`,
    ...(program.ports ? [`transports: ${[...native, "portable"].join(", ")}`] : []),
    ...(databases === undefined
      ? []
      : [
          `lease back-ends: ${["memfile", ...Object.keys(databases)].join(", ")}`,
          `host back-ends: ${["file", ...Object.keys(databases)].join(", ")}`,
          `configuration back-ends: ${Object.keys(databases).join(", ")}`,
        ]),
    `cryptography: OpenSSL ${openssl}`,
    "",
  ].join("\n");
  const lines = goesByKeaName ? `${KEA_VERSION}\n${program.name} ${VERSION}` : VERSION;
  return { short, lines, extended: `${short}\n${build}`, build };
}
