import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError } from "../base/decode-error.ts";
import { runs } from "../base/testing/runs.ts";
import { describeMessage4 } from "./describe-message4.ts";
import { Message4 } from "./message4.ts";

/** A DISCOVER with the given bytes behind the magic cookie; fields are set by their offset. */
function bytesOf(options: readonly number[], fields: Readonly<Record<number, readonly number[]>> = {}): Uint8Array {
  const bytes = new Uint8Array(240 + options.length);
  bytes.set([1, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef]);
  bytes.set([2, 0, 0, 0, 0, 1], 28);
  bytes.set([99, 130, 83, 99], 236);
  for (const [at, values] of Object.entries(fields)) bytes.set(values, Number(at));
  bytes.set(options, 240);
  return bytes;
}

const messageOf = (...args: Parameters<typeof bytesOf>) => new Message4(bytesOf(...args));
const fieldOf = (decode: () => unknown) => {
  try {
    decode();
  } catch (error) {
    if (error instanceof DecodeError) return [error.field, error.offset];
    throw error;
  }
  return undefined;
};

describe("a message as text", () => {
  const boot = { 20: [192, 0, 2, 5], 44: [0x61], 108: [0x62, 0x0a, 0x63, 0, 0x64] };

  it("says what the client is to boot from", () => {
    expect(describeMessage4(messageOf([53, 1, 2, 255], boot))).toContain(" siaddr=192.0.2.5 sname=a file=b\\x0ac");
    expect(describeMessage4(messageOf([53, 1, 2, 255]))).not.toMatch(/siaddr|sname|file/);
  });

  it("does not take options for the names of files (RFC 2131 §4.1)", () => {
    const text = describeMessage4(messageOf([53, 1, 2, 52, 1, 3, 255], { 44: [255], 108: [12, 1, 0x61, 255] }));
    expect(text).not.toMatch(/siaddr|sname=|file=/);
    expect(text).toContain("12 host-name a");
  });
});

describe("RFC 2131 §2: fixed fields", () => {
  it("are read from their places, as unsigned numbers", () => {
    const fields = { 3: [4], 8: [0x12, 0x34], 10: [0x80, 0], 12: [192, 0, 2, 1], 24: [255, 255, 255, 254] };
    const message = messageOf([53, 1, 1, 255], fields);
    expect(message).toMatchObject({
      op: 1,
      htype: 1,
      hlen: 6,
      hops: 4,
      xid: 0xdead_beef,
      secs: 0x1234,
      flags: 0x8000,
      ciaddr: 0xc000_0201,
      giaddr: 0xffff_fffe,
      type: 1,
      isBroadcast: true,
      isRelayed: true,
    });
    expect(message.chaddr).toEqual(Uint8Array.of(2, 0, 0, 0, 0, 1));
  });

  it("only the B bit of the flags means broadcast", () => {
    expect(messageOf([255], { 10: [0x7f, 0xff] }).isBroadcast).toBe(false);
  });

  it("a message in the middle of a buffer is read there", () => {
    const whole = Uint8Array.from([9, 9, 9, ...bytesOf([53, 1, 3, 255]), 9]);
    expect(new Message4(whole.subarray(3, whole.length - 1)).type).toBe(3);
  });

  it.each<[string, Uint8Array, (string | number)[]]>([
    ["no bytes", new Uint8Array(0), ["message", 0]],
    ["one byte short of the cookie", bytesOf([]).slice(0, 239), ["message", 239]],
    ["another cookie", bytesOf([255], { 239: [98] }), ["magic cookie", 236]],
    ["a hardware address longer than its field", bytesOf([255], { 2: [17] }), ["hlen", 2]],
  ])("%s is an error that says where", (_, bytes, where) => {
    expect(fieldOf(() => new Message4(bytes))).toEqual(where);
  });

  it("16 bytes of hardware address are allowed, and none", () => {
    expect(messageOf([255], { 2: [16] }).chaddr).toHaveLength(16);
    expect(messageOf([255], { 2: [0] }).chaddr).toHaveLength(0);
  });
});

describe("RFC 2132 §2: the options field", () => {
  it("a message without any option, or without an end, is a message", () => {
    expect(messageOf([]).type).toBe(0);
    expect(messageOf([53, 1, 3]).type).toBe(3);
  });

  it("pads are skipped, and what stands behind the end is not looked at", () => {
    expect(messageOf([0, 0, 53, 1, 3, 0, 255, 12, 200]).optionCodes()).toEqual([53]);
  });

  it.each<[string, number[]]>([
    ["a code without a length", [53, 1, 3, 12]],
    ["a length beyond the end", [53, 1, 3, 12, 5, 97, 98, 99]],
    ["a length beyond the end by one", [53, 1, 3, 12, 2, 97]],
    ["a length that would lead to another option", [53, 1, 3, 12, 9, 60, 1, 97, 255]],
  ])("%s costs the option and what follows it (CVE-2018-5732)", (_, options) => {
    expect(messageOf(options).optionCodes()).toEqual([53]);
  });

  it("a length up to the very end is none", () => {
    expect(messageOf([12, 2, 97, 98]).text(12)).toBe("ab");
  });

  it("absent options are absent", () => {
    const message = messageOf([53, 1, 1, 255]);
    expect([message.hasOption(12), message.option(12), message.u8(12), message.text(12)]).toEqual([
      false,
      undefined,
      undefined,
      undefined,
    ]);
    expect(message.offsetOf(12)).toBe(-1);
  });

  it("an option of no bytes is there", () => {
    const message = messageOf([80, 0, 255]);
    expect([message.hasOption(80), message.option(80)]).toEqual([true, new Uint8Array(0)]);
  });

  it("text loses its trailing NULs, and only these", () => {
    expect(messageOf([12, 5, 97, 0, 98, 0, 0, 255]).text(12)).toBe("a\0b");
    expect(messageOf([12, 2, 0, 0, 255]).text(12)).toBe("");
  });

  it("numbers that are too short are an error, longer ones are read from their beginning", () => {
    const message = messageOf([50, 3, 10, 0, 0, 51, 5, 0, 0, 14, 16, 9, 57, 1, 2, 52, 0, 255].slice(0, 15));
    expect(fieldOf(() => message.u32(50))).toEqual(["option 50", 242]);
    expect(message.u32(51)).toBe(3600);
    expect(fieldOf(() => message.u16(57))).toEqual(["option 57", 254]);
  });

  it("an overload or a message type without a byte costs the message", () => {
    expect(fieldOf(() => messageOf([52, 0, 255]))).toEqual(["option 52", 242]);
    expect(fieldOf(() => messageOf([53, 0, 255]))).toEqual(["option 53", 242]);
  });
});

describe("RFC 3396 §7: options in pieces", () => {
  it("are put together in order, wherever they stand", () => {
    const message = messageOf([12, 1, 97, 53, 1, 1, 12, 2, 98, 99, 255]);
    expect(message.text(12)).toBe("abc");
    expect([12, 53, 55].map((code) => message.optionKey(code))).toEqual(["abc", "\x01", undefined]);
  });

  it("of a fixed size, too, as long as there is enough of them", () => {
    expect(messageOf([50, 2, 192, 0, 53, 1, 1, 50, 2, 2, 9, 255]).u32(50)).toBe(0xc000_0209);
    expect(fieldOf(() => messageOf([50, 2, 192, 0, 50, 1, 2, 255]).u32(50))).toEqual(["option 50", 242]);
  });

  it("count once among the codes, at the place of the first", () => {
    expect(messageOf([12, 1, 97, 53, 1, 1, 12, 1, 98, 255]).optionCodes()).toEqual([12, 53]);
  });
});

describe("RFC 2132 §9.3, RFC 2131 §4.1: options in file and sname", () => {
  const file = { 108: [12, 1, 102, 255, 12, 1, 120] };
  const sname = { 44: [12, 1, 115, 255] };

  it.each<[number, string]>([
    [1, "of"],
    [2, "os"],
    [3, "ofs"],
  ])("overload %i: file comes before sname", (overload, text) => {
    const message = messageOf([12, 1, 111, 52, 1, overload, 255], { ...file, ...sname });
    expect(message.text(12)).toBe(text);
  });

  it("are not looked for without option 52", () => {
    expect(messageOf([53, 1, 1, 255], { ...file, ...sname }).optionCodes()).toEqual([53]);
  });

  it("may hold the message type", () => {
    expect(messageOf([52, 1, 1, 255], { 108: [53, 1, 3, 255] }).type).toBe(3);
  });

  it("must not lead out of their field", () => {
    expect(messageOf([52, 1, 2, 255], { 44: [12, 63] }).hasOption(12)).toBe(false);
    expect(messageOf([52, 1, 2, 255], { 44: [12, 62] }).option(12)).toHaveLength(62);
  });

  it("another option 52 in file does not open sname", () => {
    expect(messageOf([52, 1, 1, 255], { 108: [52, 1, 3, 255], ...sname }).hasOption(12)).toBe(false);
  });
});

describe("any bytes", () => {
  const message = fc
    .record({ options: fc.uint8Array({ maxLength: 400 }), overload: fc.constantFrom([], [52, 1, 3]) })
    .map(({ options, overload }) => bytesOf([...overload, ...options], { 44: [...options.slice(0, 190)] }));

  it("are a message whose every option can be read, or a DecodeError", () => {
    fc.assert(
      fc.property(fc.oneof(message, fc.uint8Array({ maxLength: 600 })), fc.boolean(), (bytes, isLenient) => {
        let decoded: Message4;
        try {
          decoded = new Message4(bytes, isLenient);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
          expect((error as DecodeError).offset).toBeLessThanOrEqual(bytes.length);
          return;
        }
        const total = decoded.optionCodes().reduce((sum, code) => sum + decoded.option(code)!.length, 0);
        expect(total).toBeLessThanOrEqual(bytes.length);
        expect(describeMessage4(decoded)).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: runs(500) },
    );
  });
});

it("RFC 951 §3: a message with zeros in place of the cookie has no options", () => {
  const message = new Message4(bytesOf([53, 1, 1, 255], { 236: [0, 0, 0, 0] }));
  expect([message.type, message.option(53)]).toEqual([0, undefined]);
});
