/** Where a daemon takes its commands, by the configuration file that it serves. */
import { readFileSync } from "node:fs";
import { scanConfig } from "../../config/load/scan.ts";

export type FoundSocket =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "none"; readonly why: string };

type Map = Readonly<Record<string, unknown>>;

/**
 * Any file will do that names a socket: Kea's daemons, and those of other versions, have files that we would refuse.
 * @param resolve what a relative path means
 */
export function findSocket(file: string, resolve: (name: string) => string): FoundSocket {
  const none = (why: string): FoundSocket => ({ kind: "none", why });
  let value: unknown;
  try {
    const reader = { read: (path: string) => readFileSync(path, "latin1") };
    ({ value } = scanConfig({ file, text: reader.read(file) }, reader));
  } catch (error) {
    return none(
      `${file} cannot be read: ${(error as Error).message}; name another with -c FILE, or a socket with -s PATH`,
    );
  }
  const body = Object.values(isMap(value) ? value : {}).find(isMap) ?? {};
  const several = body["control-sockets"];
  const sockets = [body["control-socket"], ...(Array.isArray(several) ? (several as readonly unknown[]) : [])];
  const names = sockets.filter(isMap).filter((socket) => (socket["socket-type"] ?? "unix") === "unix");
  const name = names.map((socket) => socket["socket-name"]).find((each) => typeof each === "string");
  if (name === undefined) return none(`${file} names no UNIX socket under control-socket or control-sockets`);
  return { kind: "socket", path: resolve(name) };
}

function isMap(value: unknown): value is Map {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
