/** Keyed hashes for TSIG: which there are, and what a back-end must do. */
import type { TsigAlgorithm } from "@kotare/core/config/dhcp-ddns-config";

export interface HmacBackEnd {
  /** @param parts are hashed one behind the other */
  hmac(algorithm: TsigAlgorithm, secret: Uint8Array, parts: readonly Uint8Array[]): Uint8Array;
}

interface AlgorithmFacts {
  /** RFC 8945 §6. */
  readonly dnsName: string;
  /** Bytes of a whole signature. */
  readonly length: number;
}

export const ALGORITHMS: Readonly<Record<TsigAlgorithm, AlgorithmFacts>> = {
  "HMAC-MD5": { dnsName: "hmac-md5.sig-alg.reg.int.", length: 16 },
  "HMAC-SHA1": { dnsName: "hmac-sha1.", length: 20 },
  "HMAC-SHA224": { dnsName: "hmac-sha224.", length: 28 },
  "HMAC-SHA256": { dnsName: "hmac-sha256.", length: 32 },
  "HMAC-SHA384": { dnsName: "hmac-sha384.", length: 48 },
  "HMAC-SHA512": { dnsName: "hmac-sha512.", length: 64 },
};
