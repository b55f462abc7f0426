/** What a peer is reached with, and guards itself with: a login, and files of TLS. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Peer } from "../parameters/relationship-schema.ts";

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Paths; the anchor may be a folder of files. */
export interface TlsFiles {
  readonly trustAnchor: string;
  readonly certificate: string;
  readonly key: string;
}

/** @returns `undefined` where nobody has to log in @throws where a file cannot be read */
export function loginOf(peer: Peer): Login | undefined {
  const user = peer["basic-auth-user"] ?? firstLineOf(peer, "basic-auth-user-file") ?? "";
  if (user === "") return undefined;
  return { user, password: peer["basic-auth-password"] ?? firstLineOf(peer, "basic-auth-password-file") ?? "" };
}

function firstLineOf(peer: Peer, key: "basic-auth-user-file" | "basic-auth-password-file"): string | undefined {
  const path = peer[key];
  return path === undefined ? undefined : read(key, () => readFileSync(path, "utf8").split(/\r?\n/)[0]);
}

/** As Kea has it: TLS is where its files are, whatever the scheme of the `url` says. */
export function tlsFilesOf(peer: Peer): TlsFiles | undefined {
  const { "trust-anchor": trustAnchor, "cert-file": certificate, "key-file": key } = peer;
  if (!trustAnchor || !certificate || !key) return undefined;
  return { trustAnchor, certificate, key };
}

/** As node takes them. @throws where a file cannot be read */
export function readTls({ trustAnchor, certificate, key }: TlsFiles) {
  return {
    ca: read("trust-anchor", () => readAnchors(trustAnchor)),
    cert: read("cert-file", () => readFileSync(certificate)),
    key: read("key-file", () => readFileSync(key)),
  };
}

function readAnchors(path: string): Buffer[] {
  if (!statSync(path).isDirectory()) return [readFileSync(path)];
  const files = readdirSync(path).map((name) => join(path, name));
  return files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file));
}

function read<T>(key: string, what: () => T): T {
  try {
    return what();
  } catch (error) {
    throw new Error(`${key}: ${(error as Error).message}`, { cause: error });
  }
}
