/** Kea's keys for TLS with a database, and what they are to Node. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readSmallFile } from "../base/regular-file.ts";
import type { DatabaseConfig } from "./database-settings.ts";

/** Bytes of a file: a bundle of all authorities that there are has a quarter of it. */
const MOST = 1024 * 1024;

/** Files are read for each connection: they may have changed. */
export interface TlsSettings {
  readonly trustAnchor: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly ciphers: string | undefined;
  /** Whether the server must show a certificate of the trust anchor's, and whether for its name. */
  readonly verify: "nothing" | "certificate" | "name";
}

/** As Kea has it, any of the files asks for TLS, and so do ciphers. */
export function tlsSettings(config: DatabaseConfig): TlsSettings | undefined {
  const mode = config["ssl-mode"];
  const isAsked = (["trust-anchor", "cert-file", "key-file", "cipher-list"] as const).some(
    (key) => config[key] !== undefined,
  );
  if (mode === "disable" || (mode === undefined && !isAsked) || mode === "prefer") return undefined;
  const isVerified = mode === undefined || mode === "verify-ca";
  return {
    trustAnchor: config["trust-anchor"],
    certificate: config["cert-file"],
    key: config["key-file"],
    ciphers: config["cipher-list"],
    verify: mode === "verify-full" ? "name" : isVerified ? "certificate" : "nothing",
  };
}

/** Of `tls.connect`. */
interface NodeTlsOptions {
  rejectUnauthorized: boolean;
  ca?: Buffer[];
  cert?: Buffer;
  key?: Buffer;
  ciphers?: string;
}

/** @throws Error with the key of what cannot be read */
export function nodeTlsOptions(tls: TlsSettings): NodeTlsOptions {
  const { trustAnchor, certificate, key, ciphers, verify } = tls;
  return {
    rejectUnauthorized: verify !== "nothing",
    ...(trustAnchor !== undefined && { ca: read("trust-anchor", () => readAnchors(trustAnchor)) }),
    ...(certificate !== undefined && { cert: read("cert-file", () => readSmallFile(certificate, MOST)) }),
    ...(key !== undefined && { key: read("key-file", () => readSmallFile(key, MOST)) }),
    ...(ciphers !== undefined && { ciphers }),
  };
}

/** A file, or all that are in a folder. */
function readAnchors(path: string): Buffer[] {
  if (!statSync(path).isDirectory()) return [readSmallFile(path, MOST)];
  const files = readdirSync(path).map((name) => join(path, name));
  return files.filter((file) => statSync(file).isFile()).map((file) => readSmallFile(file, MOST));
}

function read<T>(key: string, what: () => T): T {
  try {
    return what();
  } catch (error) {
    throw new Error(`${key}: ${(error as Error).message}`, { cause: error });
  }
}
