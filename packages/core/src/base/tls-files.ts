/** Certificates, keys and trust anchors on disk. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readSmallFile } from "./regular-file.ts";

/** Bytes of a file: a bundle of all authorities that there are has a quarter of it. */
const MOST = 1024 * 1024;

export interface TlsFiles {
  /** A file, or a folder of files. */
  readonly trustAnchor: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** As Node's TLS takes it. */
export interface TlsMaterial {
  ca?: Buffer[];
  cert?: Buffer;
  key?: Buffer;
}

/** @throws Error with Kea's key of what cannot be read */
export function readTlsFiles({ trustAnchor, certificate, key }: TlsFiles): TlsMaterial {
  return {
    ...(trustAnchor !== undefined && { ca: read("trust-anchor", () => readAnchors(trustAnchor)) }),
    ...(certificate !== undefined && { cert: read("cert-file", () => readSmallFile(certificate, MOST)) }),
    ...(key !== undefined && { key: read("key-file", () => readSmallFile(key, MOST)) }),
  };
}

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
