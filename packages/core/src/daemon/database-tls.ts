/** Kea's keys for TLS with a database, and what they are to Node. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseConfig } from "./database-settings.ts";

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
    ...(certificate !== undefined && { cert: read("cert-file", () => readFileSync(certificate)) }),
    ...(key !== undefined && { key: read("key-file", () => readFileSync(key)) }),
    ...(ciphers !== undefined && { ciphers }),
  };
}

/** A file, or all that are in a folder. */
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
