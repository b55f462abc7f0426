/** node-forge: JavaScript only, for systems whose OpenSSL may not be used or lacks MD5. It has no SHA224: @noble has. */

import type { TsigAlgorithm } from "@kotare/core/config/dhcp-ddns-config";
import { hmac } from "@noble/hashes/hmac.js";
import { sha224 } from "@noble/hashes/sha2.js";
import forge from "node-forge";
import type { HmacBackEnd } from "./hmac.ts";

const digests: Readonly<Record<Exclude<TsigAlgorithm, "HMAC-SHA224">, () => forge.md.MessageDigest>> = {
  "HMAC-MD5": forge.md.md5.create,
  "HMAC-SHA1": forge.md.sha1.create,
  "HMAC-SHA256": forge.md.sha256.create,
  "HMAC-SHA384": forge.md.sha384.create,
  "HMAC-SHA512": forge.md.sha512.create,
};

export const forgeHmac: HmacBackEnd = {
  hmac(algorithm, secret, parts) {
    if (algorithm === "HMAC-SHA224") {
      const hash = hmac.create(sha224, secret);
      for (const part of parts) hash.update(part);
      return hash.digest();
    }
    const hash = forge.hmac.create();
    hash.start(digests[algorithm](), binary(secret));
    for (const part of parts) hash.update(binary(part));
    return Buffer.from(hash.digest().getBytes(), "latin1");
  },
};

/** Forge has bytes as characters. */
function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
