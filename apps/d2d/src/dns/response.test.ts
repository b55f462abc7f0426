import { DecodeError } from "@kotare/core/base/decode-error";
import { runs } from "@kotare/core/base/testing/runs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { taken } from "../tsig/tsig.vectors.ts";
import { decodeResponse, Rcode, rcodeName } from "./response.ts";

const bytes = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const ZONE = "0165000006 0001";

describe("answers", () => {
  test("the header says what became of the update", () => {
    expect(decodeResponse(bytes(`abcd a806 0001 0000 0000 0000 ${ZONE}`))).toEqual({
      id: 0xabcd,
      rcode: Rcode.YXDOMAIN,
      isTruncated: false,
      tsig: undefined,
    });
  });

  test("servers may leave out or repeat the sections; records without data are usual there", () => {
    expect(decodeResponse(bytes("0001 a800 0000 0000 0000 0000")).rcode).toBe(0);
    const ptr = "0168 c00c 000c 00ff 00000000 0000";
    expect(decodeResponse(bytes(`0001 a800 0001 0001 0001 0000 ${ZONE} ${ptr} ${ptr}`)).rcode).toBe(0);
  });

  test("one that is cut off says so, whatever is left of it", () => {
    expect(decodeResponse(bytes(`0001 aa00 0001 0000 0000 0001 ${ZONE}`)).isTruncated).toBe(true);
  });

  test("BIND's TSIG record", () => {
    expect(decodeResponse(Buffer.from(taken[0]!.answer, "hex")).tsig).toMatchObject({
      offset: 25,
      name: "md5",
      algorithm: "hmac-md5.sig-alg.reg.int",
      time: 1_795_782_249,
      fudge: 300,
      originalId: 0x1234,
      error: 0,
    });
  });

  test("rcodes without a name have their number", () => {
    expect([5, 10, 11].map(rcodeName)).toEqual(["REFUSED", "NOTZONE", "RCODE11"]);
  });
});

describe("what is no answer", () => {
  test.each([
    ["header at offset 0: needs 12 bytes, 3 are there", "000100"],
    ["QR at offset 2: is a question", "0001 2800 0000 0000 0000 0000"],
    ["opcode at offset 2: is 0, expected 5", "0001 8000 0000 0000 0000 0000"],
    ["Cannot decode name (bad pointer)", "0001 a800 0001 0000 0000 0000 c00c 0006 0001"],
    ["Cannot decode name (bad pointer)", "0001 a800 0001 0001 0000 0000 0165c00c 0006 0001"],
    ["Cannot decode name (buffer overflow)", "0001 a800 0001 0000 0000 0000 3f61"],
    ["record at offset 15: is cut off", "0001 a800 0001 0000 0000 0000 0165 00"],
    ["record at offset 30: is cut off: 4 bytes", `0001 a800 0001 0001 0000 0000 ${ZONE} 00 0001 0001 00000000 0004`],
    ["message at offset 19: has 1 bytes too many", `0001 a800 0001 0000 0000 0000 ${ZONE} 00`],
    [
      "TSIG at offset 19: is not the last record",
      `0001 a800 0001 0000 0000 0002 ${ZONE} 00 00fa 00ff 00000000 0000 00 0001 0001 00000000 0000`,
    ],
    ["TSIG time", `0001 a800 0001 0000 0000 0001 ${ZONE} 00 00fa 00ff 00000000 0003 00 0000`],
  ])("%s", (message, text) => {
    expect(() => decodeResponse(bytes(text))).toThrow(DecodeError);
    expect(() => decodeResponse(bytes(text))).toThrow(message);
  });

  test("any bytes give an answer or an error of the peer's", () => {
    const answers = taken.map(({ answer }) => Buffer.from(answer, "hex"));
    const mutated = fc
      .tuple(fc.constantFrom(...answers), fc.array(fc.tuple(fc.nat(199), fc.nat(255)), { maxLength: 5 }), fc.nat(120))
      .map(([answer, changes, cut]) => {
        const copy = Buffer.from(answer);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return copy.subarray(0, copy.length - (cut > 100 ? cut - 100 : 0));
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), (message) => {
        try {
          decodeResponse(message);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: runs(1250) },
    );
  });
});
