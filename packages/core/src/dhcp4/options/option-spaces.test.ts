import { describe, expect, it } from "vitest";
import { compileEntry } from "../../options/compile-entry.ts";
import { compileOptionDefs, type OptionDefEntry } from "../../options/option-spaces.ts";
import { dhcp4Spaces } from "./dhcp4-spaces.ts";

const foo = (changes: Partial<OptionDefEntry>): OptionDefEntry => ({
  name: "foo",
  code: 230,
  type: "uint8",
  ...changes,
});

describe("dhcp4Spaces", () => {
  it("finds options by code and by name, each in its space", () => {
    expect(dhcp4Spaces.byCode("dhcp4", 3)?.name).toBe("routers");
    expect(dhcp4Spaces.byName("dhcp4", "routers")?.code).toBe(3);
    expect(dhcp4Spaces.byCode("dhcp-agent-options-space", 3)).toBeUndefined();
    expect(dhcp4Spaces.byName("vendor-4491", "tftp-servers")?.code).toBe(2);
    expect(dhcp4Spaces.carriersOf("cablelabs-client-conf").map(({ code }) => code)).toEqual([122]);
  });
});

it("docsis3-v4 is another name of vendor-4491, as in Kea's tables", () => {
  const entry = { name: "own", code: 99, space: "docsis3-v4", type: "uint8" };
  const { spaces, faults } = compileOptionDefs([entry], dhcp4Spaces);
  expect(faults).toEqual([]);
  expect(spaces.byName("vendor-4491", "own")?.code).toBe(99);
  expect(compileEntry({ name: "oro", space: "docsis3-v4", data: "2" }, 0, spaces)).toMatchObject({
    entry: { space: "vendor-4491", code: 1 },
  });
});

describe("compileOptionDefs", () => {
  // Kea 2.6.3 takes all of these.
  it.each<[string, Partial<OptionDefEntry>, string]>([
    ["an option of a message", { type: "ipv4-address" }, "ipv4-address"],
    ["a code below 224 without a standard", { code: 150, type: "ipv4-address", array: true }, "ipv4-address[]"],
    ["a standard type, as its definer sees it", { code: 43, type: "string" }, "string"],
    ["the standard definition of 43 again", { code: 43, name: "vendor-encapsulated-options", type: "empty" }, "empty"],
    [
      "a record",
      { type: "record", "record-types": "uint8, ipv4-address,,string" },
      "record (uint8, ipv4-address, string)",
    ],
    [
      "a record whose last field repeats",
      { type: "record", "record-types": "uint8, fqdn", array: true },
      "record (uint8, fqdn[])",
    ],
    ["code 0 of another space", { code: 0, space: "own" }, "uint8"],
    ["code 255 of another space", { code: 255, space: "own" }, "uint8"],
    ["a vendor's space", { code: 1, space: "vendor-9", type: "string" }, "string"],
    ["a new sub-option of a standard space", { code: 99, space: "dhcp-agent-options-space" }, "uint8"],
    ["sub-options behind a value", { type: "string", encapsulate: "own" }, "string"],
    ["a name of digits", { name: "12" }, "uint8"],
  ])("accepts %s", (_what, changes, label) => {
    const entry = foo(changes);
    const { spaces, faults } = compileOptionDefs([entry], dhcp4Spaces);
    expect(faults).toEqual([]);
    const definition = spaces.byName(entry.space ?? "dhcp4", entry.name);
    expect(definition?.code).toBe(entry.code);
    expect(definition?.type.label).toBe(label);
    expect(definition?.encapsulates).toBe(entry.encapsulate);
  });

  // Kea 2.6.3 refuses all of these, except the circle, on which it dies.
  it.each<[string, Partial<OptionDefEntry>, string, RegExp]>([
    ["an unknown type", { type: "uint64" }, "type", /unknown type "uint64": expected record, binary/],
    ["a type in capitals", { type: "UINT8" }, "type", /unknown type/],
    ["a standard code", { code: 3 }, "code", /standard option "routers"/],
    ["a code that the server manages", { code: 53 }, "code", /standard option "dhcp-message-type"/],
    ["option 82", { code: 82 }, "code", /standard option/],
    ["a standard sub-option", { code: 1, space: "dhcp-agent-options-space" }, "code", /standard option "circuit-id"/],
    ["a standard name with another code", { name: "routers" }, "name", /name of the standard option 3/],
    ["code 0", { code: 0 }, "code", /out of range: expected 1 to 254/],
    ["code 255", { code: 255 }, "code", /out of range/],
    ["code 256 of another space", { code: 256, space: "own" }, "code", /expected 0 to 255/],
    ["a name with a space", { name: "a b" }, "name", /no name for an option/],
    ["an empty name", { name: "" }, "name", /no name for an option/],
    ["a name with a dot", { name: "a.b" }, "name", /no name for an option/],
    ["a space with a dot", { space: "a.b" }, "space", /no name for an option space/],
    ["a space that ends in a dash", { space: "ab-" }, "space", /no name for an option space/],
    ["DHCPv6", { space: "dhcp6" }, "space", /DHCPv6 server/],
    ["a bad encapsulated space", { encapsulate: "a b" }, "encapsulate", /no name for an option space/],
    ["its own space inside", { space: "own", encapsulate: "own" }, "encapsulate", /break the circle/],
    ["sub-options behind an array", { array: true, encapsulate: "own" }, "encapsulate", /drop array or encapsulate/],
    ["a record without fields", { type: "record" }, "record-types", /at least two/],
    ["a record of one field", { type: "record", "record-types": "uint8" }, "record-types", /at least two/],
    ["fields without a comma", { type: "record", "record-types": "uint8 uint8" }, "record-types", /at least two/],
    ["an unknown field", { type: "record", "record-types": "uint8, any" }, "record-types", /unknown field type "any"/],
    ["an empty field", { type: "record", "record-types": "uint8, empty" }, "record-types", /cannot have a field/],
    [
      "a record in a record",
      { type: "record", "record-types": "uint8, record" },
      "record-types",
      /cannot have a field/,
    ],
    ["an early string", { type: "record", "record-types": "string, uint8" }, "record-types", /string takes the rest/],
    ["an early binary", { type: "record", "record-types": "binary, uint8" }, "record-types", /binary takes the rest/],
    ["a repeated string", { type: "record", "record-types": "uint8, string", array: true }, "array", /cannot repeat/],
    ["fields of a scalar", { "record-types": "uint8" }, "record-types", /needs "type": "record"/],
    ["an array of string", { type: "string", array: true }, "array", /no arrays of string/],
    ["an array of binary", { type: "binary", array: true }, "array", /no arrays of binary/],
    ["an array of empty", { type: "empty", array: true }, "array", /no arrays of empty/],
    ["an array of internal", { type: "internal", array: true }, "array", /no arrays of internal/],
  ])("refuses %s", (_what, changes, key, message) => {
    const { spaces, faults } = compileOptionDefs([foo(changes)], dhcp4Spaces);
    expect(faults).toEqual([{ path: [0, key], message: expect.stringMatching(message) as string }]);
    expect(spaces.byName("dhcp4", "foo")).toBeUndefined();
  });

  it("refuses a code or a name that is there already, and keeps the first", () => {
    const { spaces, faults } = compileOptionDefs(
      [foo({}), foo({ name: "bar" }), foo({ code: 231, type: "string" })],
      dhcp4Spaces,
    );
    expect(faults.map(({ path }) => path)).toEqual([
      [1, "code"],
      [2, "name"],
    ]);
    expect(spaces.byCode("dhcp4", 230)?.type.label).toBe("uint8");
  });

  it("refuses spaces that carry each other", () => {
    const { faults } = compileOptionDefs(
      [
        foo({ name: "a", encapsulate: "one", type: "empty" }),
        foo({ name: "b", space: "one", encapsulate: "two" }),
        foo({ name: "c", space: "two", encapsulate: "one" }),
        foo({ name: "d", space: "two", code: 1, encapsulate: "dhcp4" }),
      ],
      dhcp4Spaces,
    );
    expect(faults.map(({ path }) => path)).toEqual([
      [2, "encapsulate"],
      [3, "encapsulate"],
    ]);
  });

  it("finds option 43 under its standard name, too, when it was defined anew", () => {
    const { spaces } = compileOptionDefs([foo({ code: 43, type: "string" })], dhcp4Spaces);
    expect(spaces.byName("dhcp4", "vendor-encapsulated-options")).toBe(spaces.byName("dhcp4", "foo"));
  });
});
