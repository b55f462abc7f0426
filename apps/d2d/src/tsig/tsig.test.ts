import { describe, expect, test } from "vitest";
import { decodeResponse, type TsigRecord } from "../dns/response.ts";
import { encodeUpdate } from "../dns/update-message.ts";
import { forgeHmac } from "./forge-hmac.ts";
import { ALGORITHMS, type HmacBackEnd } from "./hmac.ts";
import { opensslHmac } from "./openssl-hmac.ts";
import { signMessage, verifyResponse } from "./tsig.ts";
import { refused, SECRET, type TsigVector, taken } from "./tsig.vectors.ts";
import { loadTsigKey, type TsigKey } from "./tsig-key.ts";

const record = { name: "h.example.", type: "A", class: "IN", ttl: 60, data: "192.0.2.1" } as const;
const UPDATE = encodeUpdate({ id: 0x1234, zone: "example.", prerequisites: [], updates: [record] });
/** When all but two of the answers were made. */
const NOW = 1_795_782_249;

function load({ name, algorithm, digestBits }: TsigVector, backEnd: HmacBackEnd, secret = SECRET): TsigKey {
  return loadTsigKey({ name, algorithm, "digest-bits": digestBits, secret }, backEnd);
}

function verify(vector: TsigVector, key: TsigKey, answer = Buffer.from(vector.answer, "hex"), now = NOW) {
  const { mac } = signMessage(UPDATE, key, vector.time);
  return verifyResponse(answer, decodeResponse(answer), mac, key, now);
}

/** A vector's answer with its signature cut to so many bytes, or up to six longer. */
function withMac({ answer }: TsigVector, length: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(answer, "hex");
  const tsig = decodeResponse(bytes).tsig!;
  // Behind it stand the original id, the error and the length of nothing else (§4.2).
  const macAt = bytes.length - 6 - tsig.mac.length;
  const cut = Buffer.concat([bytes.subarray(0, macAt + length), bytes.subarray(macAt + tsig.mac.length)]);
  cut.writeUInt16BE(length, macAt - 2);
  let at = tsig.offset;
  while (bytes.readUInt16BE(at) !== bytes.length - at - 2) at++;
  cut.writeUInt16BE(cut.length - at - 2, at);
  return cut;
}

describe.each([
  ["OpenSSL", opensslHmac],
  ["forge", forgeHmac],
])("%s", (_, backEnd) => {
  describe.each(taken)("$what", (vector) => {
    const key = load(vector, backEnd);

    test("BIND takes the signature, and its own is genuine", () => {
      const signed = signMessage(UPDATE, key, vector.time);
      expect(Buffer.from(signed.message).toString("hex")).toBe(vector.request);
      expect(verify(vector, key)).toEqual({ kind: "genuine" });
    });

    test("an answer is good for its own request only", () => {
      const other = signMessage(UPDATE, key, vector.time + 1);
      const answer = Buffer.from(vector.answer, "hex");
      expect(verifyResponse(answer, decodeResponse(answer), other.mac, key, NOW)).toMatchObject({
        kind: "unproven",
        why: expect.stringContaining("signature is wrong"),
      });
    });

    test("each changed bit of an answer is found out", () => {
      const answer = Buffer.from(vector.answer, "hex");
      for (let at = 0; at < answer.length; at++) {
        const forged = Buffer.from(answer);
        forged[at]! ^= at < 2 ? 0 : 1;
        if (forged.equals(answer)) continue;
        let verdict: unknown;
        try {
          verdict = verify(vector, key, forged);
        } catch {
          continue;
        }
        // The case of the key's and the algorithm's name is the one thing that does not count.
        expect(verdict, `byte ${at}`).not.toEqual({ kind: "genuine" });
      }
    });

    test("RFC 8945 §5.2.3: an old answer is none, and none is one from the future", () => {
      for (const way of [1, -1]) {
        expect(verify(vector, key, undefined, vector.time + way * 300)).toEqual({ kind: "genuine" });
        expect(verify(vector, key, undefined, vector.time + way * 301)).toMatchObject({ kind: "unproven" });
      }
    });

    test("RFC 8945 §5.2.2.1: a signature that is shorter than ours is none, though its bytes are right", () => {
      for (const length of [1, key.macLength >> 1, key.macLength - 1]) {
        expect(verify(vector, key, withMac(vector, length))).toMatchObject({
          kind: "unproven",
          why: expect.stringContaining(`has ${length} bytes, expected ${key.macLength}`),
        });
      }
      expect(verify(vector, key, withMac(vector, key.macLength))).toEqual({ kind: "genuine" });
    });

    test("RFC 8945 §5.2.2.1: a signature that is longer than there can be is none", () => {
      const length = ALGORITHMS[vector.algorithm].length + 1;
      // One that is cut off has nothing behind it to be made so long of.
      if (length > key.macLength + 1) return;
      expect(verify(vector, key, withMac(vector, length))).toMatchObject({
        kind: "unproven",
        why: expect.stringContaining(`has ${length} bytes`),
      });
    });

    test("RFC 8945 §4.2: a time has 48 bits", () => {
      const time = 2 ** 32 + 7;
      const { message } = signMessage(UPDATE, key, time);
      const rest = Buffer.from(message.subarray(UPDATE.length));
      const at = rest.indexOf(key.wireAlgorithm) + key.wireAlgorithm.length;
      expect(rest.readUIntBE(at, 6)).toBe(time);
    });
  });

  test.each([
    [0, "unproven", "BADKEY: the server knows no key nobody for hmac-sha256; names and algorithms must be the same"],
    [1, "unproven", "BADKEY: the server knows no key sha256 for hmac-sha512"],
    [2, "unproven", "BADSIG: the server has another secret for key sha256"],
    [
      3,
      "refused",
      "BADTIME: the server's clock is 600 seconds ahead of ours, more than the 300 allowed; set the clocks",
    ],
    [4, "refused", "BADTIME: the server's clock is 600 seconds behind ours"],
    [5, "refused", 'BADTRUNC: the server wants longer signatures; raise "digest-bits" of key sha256'],
  ] as const)("BIND's refusal %i says what to mend", (i, kind, why) => {
    const vector = refused[i]!;
    const secret = i === 2 ? "AAAAAAAAAAAAAAAAAAAAAA==" : SECRET;
    const verdict = verify(vector, load(vector, backEnd, secret), undefined, vector.time);
    expect(verdict).toMatchObject({ kind, why: expect.stringContaining(why) });
  });

  test.each<[Partial<TsigRecord>, string]>([
    [{ error: 18, other: Buffer.from("000100000005", "hex") }, "the server's clock is 10 seconds ahead of ours"],
    [{ error: 18, other: new Uint8Array() }, "the server's clock is 0 seconds ahead of ours"],
    [{ error: 99 }, "TSIG error 99"],
    [{ mac: new Uint8Array(16), name: "x".repeat(64) }, "is signed with another key"],
  ])("an answer that proves nothing says why: %j", (unlike, why) => {
    const vector = taken[0]!;
    const { tsig, ...response } = decodeResponse(Buffer.from(vector.answer, "hex"));
    const answer = { ...response, tsig: { ...tsig!, mac: new Uint8Array(), ...unlike } };
    expect(verifyResponse(UPDATE, answer, UPDATE, load(vector, backEnd), 2 ** 32 - 5)).toEqual({
      kind: "unproven",
      why: expect.stringContaining(why),
    });
  });

  test("a missing signature, another key and another algorithm are told apart", () => {
    const [md5, sha1] = [load(taken[0]!, backEnd), load(taken[1]!, backEnd)];
    const bare = Buffer.from("1234a8000000000000000000", "hex");
    expect(verify(taken[0]!, md5, bare)).toMatchObject({ why: "the answer is not signed" });
    expect(verify(taken[0]!, sha1)).toMatchObject({ why: "the answer is signed with another key, md5" });
    const renamed = loadTsigKey({ name: "md5", algorithm: "HMAC-SHA1", "digest-bits": 0, secret: SECRET }, backEnd);
    expect(verify(taken[0]!, renamed)).toMatchObject({ why: expect.stringContaining("with another algorithm") });
  });
});
