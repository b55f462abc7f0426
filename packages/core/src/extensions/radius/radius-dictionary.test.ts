/** What a dictionary knows, and what a file may add. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { RadiusDictionary } from "./radius-dictionary.ts";
import { encodeValue } from "./radius-value.ts";

function withFile(text: string): RadiusDictionary {
  const folder = mkdtempSync(join(tmpdir(), "dictionary-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "dictionary");
  writeFileSync(path, text);
  const dictionary = new RadiusDictionary();
  dictionary.readFile(path);
  return dictionary;
}

it("attributes of the RFCs are there, by name, by number, and by an old name", () => {
  const dictionary = new RadiusDictionary();
  expect(dictionary.find({ name: "Delegated-IPv6-Prefix" })).toMatchObject({ type: 123, form: "ipv6prefix" });
  expect(dictionary.find({ type: 77 })).toMatchObject({ name: "Connect-Info", form: "string" });
  expect(dictionary.find({ name: "Password" })?.type).toBe(2);
  expect(dictionary.find({ name: "connect-info" })).toBeUndefined();
});

it("a file adds attributes and names of values", () => {
  const dictionary = withFile(`# Ours.
ATTRIBUTE\tShoe-Size\t\t240\tinteger  # of the left one
VALUE Shoe-Size Huge 48
VALUE Service-Type Framed-User 2
ATTRIBUTE Inside 1001 string
`);
  expect(encodeValue("Huge", dictionary.find({ name: "Shoe-Size" })!)).toEqual(Uint8Array.of(0, 0, 0, 48));
  expect(encodeValue("Framed-User", dictionary.find({ type: 6 })!)).toEqual(Uint8Array.of(0, 0, 0, 2));
  expect(dictionary.find({ name: "Inside" })).toBeUndefined();
});

it.each([
  "ATTRIBUTE Shoe-Size 240",
  "ATTRIBUTE Shoe-Size x integer",
  "ATTRIBUTE A 240 shoe",
  "VALUE A B C",
  "$INCLUDE a",
])("says where a file is wrong: %s", (line) => {
  expect(() => withFile(`\n${line}\n`)).toThrow(`dictionary:2: is no line of a dictionary: ${line}`);
});

it.each<[string, string, number[] | undefined]>([
  ["ipaddr", "192.0.2.1", [192, 0, 2, 1]],
  ["ipaddr", "192.0.2", undefined],
  ["integer", "4294967295", [255, 255, 255, 255]],
  ["integer", "4294967296", undefined],
  ["integer", "-1", [255, 255, 255, 255]],
  ["integer", "-4294967296", undefined],
  ["ipv6addr", "::1", [...new Array(15).fill(0), 1]],
  ["ipv6prefix", "2001:db8::/32", [0, 32, 0x20, 1, 0x0d, 0xb8, ...new Array(12).fill(0)]],
  ["ipv6prefix", "2001:db8::", undefined],
  ["string", "é", [0xc3, 0xa9]],
  ["string", "", undefined],
  ["string", "a".repeat(254), undefined],
])("a value of type %s: %s", (form, text, bytes) => {
  const encoded = encodeValue(text, { form: form as "string", values: new Map() });
  expect(encoded && [...encoded]).toEqual(bytes);
});
