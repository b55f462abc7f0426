import { describe, expect, it } from "vitest";
import { DecodeError } from "../../base/decode-error.ts";
import { formatHex, parseHex } from "../../base/hex.ts";
import { Reader } from "../../wire/reader.ts";
import { TextError, TextFields } from "../../wire/text-fields.ts";
import { Writer } from "../../wire/writer.ts";
import { encryptedDns4 } from "./encrypted-dns4.ts";

function encodeText(text: string): string {
  const writer = new Writer();
  encryptedDns4.encode(encryptedDns4.parse(new TextFields(text)), writer);
  return formatHex(writer.take(), "");
}

describe("encryptedDns", () => {
  // Texts that Kea 2.6.3 takes, with the bytes that it sends.
  it.each([
    [
      "1, a.b, 10.0.0.1, port=853 alpn=h2 dohpath=/q{?dns}",
      "00260001050161016200040a00000100010003026832000300020355000700082f717b3f646e737d",
    ],
    [
      "2, resolver.example., 10.0.5.6 10.0.5.7, alpn=dot\\,doq port=8530 | 3, fooexp.resolver.example.",
      "0030000212087265736f6c766572076578616d706c6500080a0005060a0005070001000803646f7403646f71000300022152" +
        "001c00031906666f6f657870087265736f6c766572076578616d706c6500",
    ],
  ])("RFC 9463 §5.1: %s", (text, hex) => {
    expect(encodeText(text)).toBe(hex);
    const value = encryptedDns4.decode(new Reader(parseHex(hex)!));
    expect(encodeText(encryptedDns4.format(value))).toBe(hex);
  });

  it("has commas, pipes and backslashes in a path", () => {
    const text = "1, a.b., 10.0.0.1, dohpath=/x\\,y\\|z\\\\{?dns}";
    const value = encryptedDns4.parse(new TextFields(text));
    expect(new TextDecoder().decode(value[0]!.parameters.get(7))).toBe("/x,y|z\\{?dns}");
    expect(encryptedDns4.format(value)).toBe(text);
  });

  it.each([
    ["", /a resolver is missing/],
    ["1", /expected the resolver's authentication domain name/],
    ["x-y, a.b", /"x-y" is not a number/],
    ["1, a..b", /empty label/],
    ["1, a.b, alpn=dot", /"alpn=dot" is not an IPv4 address/],
    ["1, a.b, 10.0.0.1, dot", /expected key=value/],
    ["1, a.b, 10.0.0.1, key=1", /unknown service parameter "key": expected alpn, port, dohpath/],
    ["1, a.b, 10.0.0.1, ech=aa", /unknown service parameter "ech"/],
    ["1, a.b, 10.0.0.1, port=x-y", /"x-y" is not a number/],
    ["1, a.b, 10.0.0.1, alpn=dot alpn=doq", /"alpn" is given twice/],
    ["1, a.b, 10.0.0.1, alpn=h2", /dohpath is missing/],
    ["1, a.b, 10.0.0.1, dohpath=/a", /no dns variable/],
    ["1, a.b, 10.0.0.1, port=1, more", /"more" is too much/],
  ])("refuses the text %j", (text, message) => {
    expect(() => encodeText(text)).toThrow(TextError);
    expect(() => encodeText(text)).toThrow(message);
  });

  it.each([
    ["a length beyond the end", "0010000100", /needs 16 bytes/],
    ["a name without its root", "0005000102 0161".replace(" ", ""), /domain name at offset 7: needs 1 bytes/],
    ["no address but a length", "00070001030161 0000".replace(" ", ""), /address length at offset 9: is 0/],
    ["half an address", "0009000103016100 02ffff".replace(" ", ""), /is 2, expected 4/],
    [
      "parameters out of order",
      "0017000103016100 0401010101 000300020355 000100020161".replaceAll(" ", ""),
      /1 after 3/,
    ],
    ["a port of one byte", "0010000103016100 0401010101 00030001ff".replaceAll(" ", ""), /port at offset 17: needs 2/],
    ["an alpn beyond its end", "0011000103016100 0401010101 000100020561".replaceAll(" ", ""), /alpn identifier/],
  ])("refuses %s", (_what, hex, message) => {
    const decode = (): unknown => encryptedDns4.decode(new Reader(parseHex(hex)!));
    expect(decode).toThrow(DecodeError);
    expect(decode).toThrow(message);
  });
});
