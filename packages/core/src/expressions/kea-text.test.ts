/** The text of options in expressions is Kea's. */
import { describe, expect, it } from "vitest";
import { dhcp4Spaces } from "../dhcp4/options/dhcp4-spaces.ts";
import { dhcp6Spaces } from "../dhcp6/options/dhcp6-spaces.ts";
import { compileOptionDefs, type OptionDefEntry } from "../options/option-spaces.ts";
import { expressions4 } from "./expressions4.ts";
import { expressions6 } from "./expressions6.ts";
import { keaTexts4 } from "./kea-text4.vectors.ts";
import { keaTexts6 } from "./kea-text6.vectors.ts";
import { compileValue } from "./parser.ts";
import { subject4, subject6 } from "./testing/subjects.ts";

const NUMBERS = ["int8", "int16", "int32", "uint8", "uint16", "uint32"];
const LISTED = ["boolean", "fqdn", "ipv4-address", "ipv6-address", "ipv6-prefix", "psid", "tuple", ...NUMBERS];
const SINGLE = ["binary", "boolean", "empty", ...LISTED.slice(1, 6), "string", "tuple", ...NUMBERS];

/** Options of all types, and of lists, records and containers of them. */
function definitions(first: number): OptionDefEntry[] {
  const record = (code: number, fields: string, more: Partial<OptionDefEntry> = {}): OptionDefEntry => {
    return { name: `record-${code}`, code: first + code, type: "record", "record-types": fields, ...more };
  };
  return [
    ...SINGLE.map((type, i) => ({ name: `a-${type}`, code: first + i, type })),
    ...LISTED.map((type, i) => ({ name: `list-of-${type}`, code: first + 20 + i, type, array: true })),
    record(34, "boolean, int8, int32, ipv4-address, ipv6-prefix, psid, fqdn, tuple, string"),
    record(35, "uint8, binary"),
    record(36, "uint8, ipv4-address", { array: true }),
    { name: "container", code: first + 37, type: "empty", encapsulate: "inside" },
    { name: "value-and-container", code: first + 38, type: "uint16", encapsulate: "inside" },
    record(39, "uint8, uint8", { encapsulate: "inside" }),
    { name: "text", code: 1, type: "string", space: "inside" },
    { name: "addresses", code: 2, type: "ipv4-address", array: true, space: "inside" },
    { name: "deeper", code: 3, type: "empty", space: "inside", encapsulate: "deep" },
    { name: "number", code: 1, type: "uint8", space: "deep" },
  ];
}

describe("DHCPv4", () => {
  const language = { family: expressions4, spaces: compileOptionDefs(definitions(170), dhcp4Spaces).spaces };
  it.each(keaTexts4)("option %i, payload %s: %s", (code, hex, expression, text) => {
    const value = compileValue(expression, language).expression.evaluate(subject4([[code, `0x${hex}`]], ["KNOWN"]));
    expect(Buffer.from(value).toString("latin1")).toBe(text);
  });
});

describe("DHCPv6", () => {
  const language = { family: expressions6, spaces: compileOptionDefs(definitions(1000), dhcp6Spaces).spaces };
  it.each(keaTexts6)("option %i, payload %s: %s", (code, hex, expression, text) => {
    const value = compileValue(expression, language).expression.evaluate(subject6([[code, `0x${hex}`]]));
    expect(Buffer.from(value).toString("latin1")).toBe(text);
  });
});
