import type { TsigAlgorithm } from "@kotare/core/config/dhcp-ddns-config";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forgeHmac } from "./forge-hmac.ts";
import { ALGORITHMS } from "./hmac.ts";
import { opensslHmac } from "./openssl-hmac.ts";

const what = Buffer.from("what do ya want for nothing?");
/** RFC 2202 §2 and §3, RFC 4231 §4.3: key "Jefe". */
const vectors: readonly [TsigAlgorithm, string][] = [
  ["HMAC-MD5", "750c783e6ab0b503eaa86e310a5db738"],
  ["HMAC-SHA1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"],
  ["HMAC-SHA224", "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44"],
  ["HMAC-SHA256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
  ["HMAC-SHA384", "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"],
  [
    "HMAC-SHA512",
    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554" +
      "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
  ],
];

describe.each([
  ["OpenSSL", opensslHmac],
  ["forge", forgeHmac],
])("%s", (_, backEnd) => {
  test.each(vectors)("%s of the RFC", (algorithm, expected) => {
    const parts = [what.subarray(0, 7), what.subarray(7, 7), what.subarray(7)];
    const mac = backEnd.hmac(algorithm, Buffer.from("Jefe"), parts);
    expect(Buffer.from(mac).toString("hex")).toBe(expected);
    expect(mac.length).toBe(ALGORITHMS[algorithm].length);
  });
});

test("the back-ends agree about any secret and any bytes", () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(
      fc.constantFrom(...vectors.map(([name]) => name)),
      bytes,
      fc.array(bytes),
      (algorithm, secret, parts) => {
        const [ours, theirs] = [opensslHmac, forgeHmac].map((each) => Buffer.from(each.hmac(algorithm, secret, parts)));
        expect(ours).toEqual(theirs);
      },
    ),
  );
});
