/** A key for TSIG with its secret, ready to sign. */
import { readSmallFile } from "@kotare/core/base/regular-file";
import { isSecret } from "@kotare/core/config/ddns/check-tsig-keys";
import type { TsigAlgorithm, TsigKeyConfig } from "@kotare/core/config/dhcp-ddns-config";
import { encodeName } from "../dns/update-message.ts";
import { ALGORITHMS, type HmacBackEnd } from "./hmac.ts";

/** Bytes of the file: many times what any secret has. */
const MOST_SECRET = 64 * 1024;

export interface TsigKey {
  /** As the configuration has it. */
  readonly name: string;
  readonly algorithm: TsigAlgorithm;
  /** In lower case (RFC 8945 §4.3.3). */
  readonly wireName: Uint8Array;
  readonly wireAlgorithm: Uint8Array;
  /** Bytes of a signature that are sent. */
  readonly macLength: number;
  /** Signs. The secret itself is in nobody's reach. */
  sign(parts: readonly Uint8Array[]): Uint8Array;
}

/** @throws when the file with the secret cannot be read or holds none; the error does not show what is in it */
export function loadTsigKey(config: TsigKeyConfig, backEnd: HmacBackEnd): TsigKey {
  const { algorithm, name } = config;
  const secret = Buffer.from(readSecret(config), "base64");
  const { dnsName, length } = ALGORITHMS[algorithm];
  return {
    name,
    algorithm,
    wireName: encodeName(name.toLowerCase()),
    wireAlgorithm: encodeName(dnsName),
    macLength: config["digest-bits"] === 0 ? length : config["digest-bits"] / 8,
    sign: (parts) => backEnd.hmac(algorithm, secret, parts),
  };
}

function readSecret({ name, secret, "secret-file": file }: TsigKeyConfig): string {
  if (secret !== undefined) return secret;
  let text: string;
  try {
    text = readSmallFile(file ?? "", MOST_SECRET).toString("latin1");
  } catch (error) {
    throw new Error(`the secret of TSIG key ${name} cannot be read: ${(error as Error).message}`);
  }
  if (!isSecret(text)) throw new Error(`${file} does not hold the secret of TSIG key ${name}: it is not base 64`);
  return text;
}
