/** RADIUS on the wire: RFC 2865 §7.1 as it stands, and what is no answer. */
import { describe, expect, it } from "vitest";
import { parseHex } from "../../base/hex.ts";
import { decodeResponse, encodeAccessRequest, encodeAccountingRequest, readAttributes } from "./radius-packet.ts";

const secret = Buffer.from("xyzzy5461");
const hex = (text: string) => parseHex(text.replace(/\s/g, ""))!;
const REQUEST =
  hex(`01 00 00 38 0f 40 3f 94 73 97 80 57 bd 83 d5 cb 98 f4 22 7a 01 06 6e 65 6d 6f 02 12 0d be 70 8d 93 d4
  13 ce 31 96 e4 3f 78 2a 0a ee 04 06 c0 a8 01 10 05 06 00 00 00 03`);
const RESPONSE =
  hex(`02 00 00 26 86 fe 22 0e 76 24 ba 2a 10 05 f6 bf 9b 55 e0 b2 06 06 00 00 00 01 0f 06 00 00 00 00 0e 06
  c0 a8 01 03`);
const attributes = [
  { type: 1, value: Buffer.from("nemo") },
  { type: 2, value: Buffer.from("arctangent") },
  { type: 4, value: hex("c0a80110") },
  { type: 5, value: hex("00000003") },
];

describe("an Access-Request (RFC 2865 §7.1)", () => {
  it("hides its password", () => {
    expect(Buffer.from(encodeAccessRequest(0, REQUEST.subarray(4, 20), attributes, secret, false))).toEqual(
      Buffer.from(REQUEST),
    );
  });

  it("hides a password of several blocks, each by the one before (§5.2)", () => {
    const request = encodeAccessRequest(
      0,
      REQUEST.subarray(4, 20),
      [{ type: 2, value: Buffer.alloc(17, "a") }],
      secret,
      false,
    );
    const [hidden] = readAttributes(request)!;
    expect(hidden?.value.length).toBe(32);
    const [again] = readAttributes(
      encodeAccessRequest(0, hidden!.value.subarray(0, 16), [{ type: 2, value: Buffer.from("a") }], secret, false),
    )!;
    expect(hidden?.value.subarray(16)).toEqual(again?.value);
  });

  it("begins with its proof (RFC 3579 §3.2)", () => {
    const request = encodeAccessRequest(7, new Uint8Array(16), attributes, secret, true);
    expect([...request.subarray(0, 4), ...request.subarray(20, 22)]).toEqual([1, 7, 0, 74, 80, 18]);
  });

  it.each([
    ["a packet", Array.from({ length: 40 }, () => ({ type: 1, value: new Uint8Array(253) })), "is too long"],
    ["an attribute", [{ type: 1, value: new Uint8Array(254) }], "attribute 1 is too long"],
  ])("%s has room for so much only", (_, many, words) => {
    expect(() => encodeAccountingRequest(0, many, secret)).toThrow(words);
  });
});

describe("a response", () => {
  const sent = { bytes: REQUEST, secret };
  const decode = (bytes: Uint8Array, isProved = false, codes = [2, 3]) => decodeResponse(bytes, sent, codes, isProved);

  it("is understood (RFC 2865 §7.1), with padding behind it", () => {
    const decoded = decode(Uint8Array.of(...RESPONSE, 0, 0));
    expect(decoded).toMatchObject({ code: 2, attributes: [{ type: 6 }, { type: 15 }, { type: 14 }] });
  });

  const changed = (at: number, value: number) => RESPONSE.with(at, value);
  it.each([
    ["of nothing", new Uint8Array(0), "its length is wrong"],
    ["cut off", RESPONSE.subarray(0, 37), "its length is wrong"],
    ["with a length below its header", changed(3, 19), "its length is wrong"],
    ["to another request", changed(1, 1), "it answers another request"],
    ["with a changed code", changed(0, 3), "its authenticator is wrong"],
    ["with a changed attribute", changed(37, 4), "its authenticator is wrong"],
  ])("%s is none", (_, bytes, why) => {
    expect(decode(bytes)).toBe(why);
  });

  it("without a proof is none where one is wanted, and one of another kind never", () => {
    expect(decode(RESPONSE, true)).toBe("it has no Message-Authenticator");
    expect(decode(RESPONSE, false, [5])).toBe("it has code 2");
  });
});
