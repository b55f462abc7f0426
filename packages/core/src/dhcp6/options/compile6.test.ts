/** `option-def` and `option-data` of DHCPv6, where they differ from DHCPv4: codes, lengths, vendors, containers. */
import { describe, expect, it } from "vitest";
import { formatHex } from "../../base/hex.ts";
import { compileOptionData, instanceKey } from "../../options/compile.ts";
import type { OptionDataEntry } from "../../options/compile-entry.ts";
import { compileOptionDefs, type OptionDefEntry } from "../../options/option-spaces.ts";
import { dhcp6Spaces } from "./dhcp6-spaces.ts";

const raw = { "csv-format": false } as const;

/** Options by key, in hexadecimal; `null` for one that only hides. */
function compile(entries: OptionDataEntry[], definitions: OptionDefEntry[] = []) {
  const { spaces, faults } = compileOptionDefs(definitions, dhcp6Spaces);
  expect(faults).toEqual([]);
  const compiled = compileOptionData(entries, spaces);
  const hex = (data: Uint8Array | undefined): string | null => (data === undefined ? null : formatHex(data, ""));
  const options = Object.fromEntries([...compiled.set.options].map(([key, { data }]) => [key, hex(data)]));
  return { ...compiled, options };
}

describe("option-data of dhcp6", () => {
  // What Kea 2.6.3 sends.
  it.each<[OptionDataEntry, Record<number, string>]>([
    [{ name: "dns-servers", data: "2001:db8::53" }, { 23: "20010db8000000000000000000000053" }],
    [{ code: 23, space: "dhcp6", data: "2001:db8::53" }, { 23: "20010db8000000000000000000000053" }],
    [{ name: "bootfile-param", data: "root=/a, b" }, { 60: "0007726f6f743d2f61000162" }],
    [{ code: 65_535, data: "01", ...raw }, { 65535: "01" }],
    [{ name: "rapid-commit" }, { 14: "" }],
    [{ name: "user-class", data: "616263" }, { 15: "616263" }],
    [{ name: "client-fqdn", data: "1, host.example" }, { 39: "0104686f7374076578616d706c6500" }],
    [{ name: "v6-dnr", data: "1, a.b." }, { 144: "000100050161016200" }],
    [{ name: "ia-na", data: "1, 2, 3" }, { 3: "000000010000000200000003" }],
    [{ name: "pd-exclude", data: "2001:db8:0:100::/60" }, { 67: "3c20010db800000100" }],
    [{ name: "pd-exclude", data: "4078", ...raw }, { 67: "4078" }],
  ])("%j is sent", (entry, options) => {
    expect(compile([entry])).toMatchObject({ options, faults: [], warnings: [] });
  });

  // What Kea 2.6.3 refuses.
  it.each<[OptionDataEntry, (string | number)[], RegExp]>([
    [{ code: 0, data: "01", ...raw }, [0, "code"], /expected 1 to 65535/],
    [{ code: 65_536, data: "01", ...raw }, [0, "code"], /expected 1 to 65535/],
    [{ code: 65_536, space: "own", data: "01", ...raw }, [0, "code"], /expected 0 to 65535/],
    [
      { name: "routers", space: "dhcp4", data: "192.0.2.1" },
      [0, "space"],
      /belongs to the DHCPv4 server: expected "dhcp6"/,
    ],
    [{ name: "routers", data: "192.0.2.1" }, [0, "name"], /has no option "routers"/],
    [{ name: "user-class", data: "foo" }, [0, "data"], /"foo" is not binary data/],
    [{ name: "vendor-class", data: "9, 616263" }, [0, "data"], /enterprise 9 is no list of classes/],
    [{ name: "vendor-class", data: "9" }, [0, "data"], /a value is missing/],
    [{ name: "vendor-class", data: "000000090005", ...raw }, [0, "data"], /class of enterprise 9 text at offset 6/],
    [{ name: "vendor-opts", data: "0000", ...raw }, [0, "data"], /enterprise number/],
    [{ name: "status-code", data: "1" }, [0, "data"], /field 2 of 2 is missing/],
    [{ name: "client-fqdn", data: "5, host" }, [0, "data"], /set both N \(4\) and S \(1\)/],
    [{ name: "v6-dnr", data: "1, a.b., 192.0.2.1" }, [0, "data"], /is not an IPv6 address/],
    [{ name: "dns-servers", data: "192.0.2.1" }, [0, "data"], /is not an IPv6 address/],
    [{ name: "pd-exclude", data: "2001:db8::/129" }, [0, "data"], /is not an IPv6 prefix/],
    [{ name: "pd-exclude", data: "2001:db8::" }, [0, "data"], /is not binary data/],
    [{ name: "s46-rule", data: "1, 0, 24, 192.0.2.0, 2001:db8:1::/64" }, [0, "name"], /has no option "s46-rule"/],
  ])("%j is refused", (entry, path, message) => {
    const { options, faults } = compile([entry]);
    expect(faults).toEqual([{ path, message: expect.stringMatching(message) as string }]);
    expect(options).toEqual({});
  });

  it("is one option: the later entry counts, as in Kea", () => {
    const { options, warnings } = compile([
      { name: "dns-servers", data: "2001:db8::53" },
      { name: "dns-servers", data: "2001:db8::54" },
    ]);
    expect(options).toEqual({ 23: "20010db8000000000000000000000054" });
    expect(warnings).toEqual([{ path: [1], message: expect.stringContaining("replaces entry 0") as string }]);
  });

  it("may not be longer than 16 bits can say, alone or in a container", () => {
    const entry = (space: string, bytes: number): OptionDataEntry => ({
      code: 1,
      space,
      data: "ab".repeat(bytes),
      ...raw,
    });
    const carrier: OptionDefEntry = { name: "carrier", code: 200, type: "empty", encapsulate: "own" };
    const { faults, options } = compile(
      [
        { code: 201, data: "ab".repeat(65_535), ...raw },
        { code: 202, data: "ab".repeat(65_536), ...raw },
        { name: "carrier" },
        entry("own", 65_532),
        entry("vendor-9", 65_536),
        { name: "vendor-opts", data: "9", "always-send": true },
      ],
      [carrier],
    );
    const message = (bytes: number): string => `the option takes ${bytes} bytes: at most 65535 can be sent`;
    expect(faults.map((fault) => [fault.path, fault.message]).sort()).toEqual([
      [[1], message(65_536)],
      [[2], message(65_536)],
      [[4], message(65_536)],
    ]);
    expect(Object.keys(options)).toEqual(["201", String(instanceKey(17, 9))]);
  });
});

describe("vendors", () => {
  const always = { "always-send": true } as const;

  it("CableLabs has two names for its space, in option-def, too; Kea sends nothing of the second one", () => {
    const definition: OptionDefEntry = { name: "own", code: 99, space: "docsis3-v6", type: "uint8" };
    const { set, warnings } = compile(
      [
        { name: "config-file", space: "docsis3-v6", data: "cm.cfg" },
        { name: "own", space: "vendor-4491", data: "7" },
      ],
      [definition],
    );
    expect([...set.vendorOptions.get(4491)!.keys()]).toEqual([33, 99]);
    expect(warnings).toEqual([]);
  });

  it("RFC 8415 §21.16, §21.17: each have an option of their own", () => {
    const { options, warnings, set } = compile([
      { name: "vendor-class", data: "9, 0003666f6f" },
      { name: "vendor-class", data: "10, 0003626172", ...always },
      { name: "vendor-opts", data: "4491", ...always },
      { name: "tftp-servers", space: "vendor-4491", data: "2001:db8::69", ...always },
      { name: "config-file", space: "vendor-4491", data: "cm.cfg" },
      { code: 1, space: "vendor-25", data: "aabb", ...always, ...raw },
      { name: "vendor-opts", data: "25", ...always },
    ]);
    // As Kea 2.6.3 sends them.
    expect(options).toEqual({
      [instanceKey(16, 9)]: "000000090003666f6f",
      [instanceKey(16, 10)]: "0000000a0003626172",
      [instanceKey(17, 25)]: "0000001900010002aabb",
      [instanceKey(17, 4491)]: "0000118b0020001020010db8000000000000000000000069",
    });
    expect(warnings).toEqual([]);
    expect([...set.options.values()].map(({ code }) => code)).toEqual([16, 16, 17, 17]);
    const codes = [...set.vendorOptions].map(([enterprise, members]) => [enterprise, [...members.keys()]]);
    expect(codes).toEqual([
      [4491, [32, 33]],
      [25, [1]],
    ]);
  });

  it("replace an earlier entry of their own only", () => {
    const { options, warnings } = compile([
      { name: "vendor-class", data: "9, 000161" },
      { name: "vendor-class", data: "10, 000162" },
      { name: "vendor-class", data: "9, 000163" },
    ]);
    expect(options).toEqual({ [instanceKey(16, 9)]: "00000009000163", [instanceKey(16, 10)]: "0000000a000162" });
    expect(warnings).toEqual([{ path: [2], message: expect.stringContaining("replaces entry 0") as string }]);
  });

  it("may be given with their options as bytes", () => {
    const { options } = compile([{ name: "vendor-opts", data: "0000118b000100020203", ...raw }]);
    expect(options).toEqual({ [instanceKey(17, 4491)]: "0000118b000100020203" });
  });

  it("have numbers up to 2^32 - 1, and keys of their own for all of them", () => {
    const { options } = compile([{ name: "vendor-opts", data: "4294967295" }]);
    expect(options).toEqual({ [instanceKey(17, 0xffff_ffff)]: "ffffffff" });
    expect(Number.isSafeInteger(instanceKey(65_535, 0xffff_ffff))).toBe(true);
  });
});

describe("containers", () => {
  it("RFC 7598 §5: have rules and bindings with their port sets", () => {
    const { options, warnings } = compile([
      { name: "s46-cont-lw" },
      { name: "s46-v4v6bind", space: "s46-cont-lw-options", data: "192.0.2.3, 2001:db8:1:cafe::/64" },
      { name: "s46-portparams", space: "s46-v4v6bind-options", data: "2, 3/4" },
      { name: "s46-br", space: "s46-cont-lw-options", data: "2001:db8::1" },
    ]);
    // As Kea 2.6.3 sends it.
    expect(options).toEqual({
      96: "005a001020010db8000000000000000000000001005c0015c00002034020010db80001cafe005d000402043000",
    });
    expect(warnings).toEqual([]);
  });

  it("RFC 5908 §4: name time servers", () => {
    const { options } = compile([
      { name: "ntp-server" },
      { name: "ntp-server-fqdn", space: "v6-ntp-server-suboptions", data: "a.b" },
    ]);
    expect(options).toEqual({ 56: "000300050161016200" });
  });

  it("are not sent empty, and say so", () => {
    const { options, warnings } = compile([
      { name: "ntp-server" },
      { name: "s46-br", space: "s46-cont-lw-options", data: "::1" },
    ]);
    expect(options).toEqual({ 56: null });
    expect(warnings.map(({ path, message }) => [path, message])).toEqual([
      [[0], expect.stringContaining('add options of space "v6-ntp-server-suboptions"')],
      [[1], expect.stringContaining('an entry for "s46-cont-lw" (96)')],
    ]);
  });

  it("never take the options of the message into themselves", () => {
    const { options } = compile([
      { name: "ia-na", data: "1, 2, 3" },
      { name: "iaaddr", data: "2001:db8::1, 2, 3" },
    ]);
    expect(options[3]).toBe("000000010000000200000003");
  });
});

describe("option-def of dhcp6", () => {
  const foo = (changes: Partial<OptionDefEntry>): OptionDefEntry => ({
    name: "foo",
    code: 200,
    type: "uint8",
    ...changes,
  });

  // Kea 2.6.3 takes all of these.
  it.each<[string, Partial<OptionDefEntry>, string]>([
    ["the last code", { code: 65_535 }, "uint8"],
    ["code 0 of another space", { code: 0, space: "own" }, "uint8"],
    ["a code that no standard has", { code: 10 }, "uint8"],
    ["what Kea 2.6 does not know: time servers", { code: 56, type: "empty", encapsulate: "own" }, "empty"],
    ["what Kea 2.6 does not know: registration", { code: 148, type: "empty" }, "empty"],
    ["options of a vendor that has a standard", { code: 1, space: "vendor-4491" }, "uint8"],
    ["tuples with two bytes of length", { type: "tuple", array: true }, "tuple[]"],
  ])("may define %s", (_what, changes, label) => {
    const entry = foo(changes);
    const { spaces, faults } = compileOptionDefs([entry], dhcp6Spaces);
    expect(faults).toEqual([]);
    expect(spaces.byCode(entry.space ?? "dhcp6", entry.code)?.type.label).toBe(label);
  });

  it.each<[string, Partial<OptionDefEntry>, string, RegExp]>([
    ["code 0", { code: 0 }, "code", /expected 1 to 65535/],
    ["code 65536", { code: 65_536, space: "own" }, "code", /expected 0 to 65535/],
    ["a standard option", { code: 17 }, "code", /is the standard option "vendor-opts"/],
    ["a standard sub-option", { code: 93, space: "s46-rule-options" }, "code", /standard option "s46-portparams"/],
    ["an option of the other family", { space: "dhcp4" }, "space", /DHCPv4 server: use "dhcp6"/],
    ["a message's options inside its own", { space: "dhcp6", encapsulate: "dhcp6" }, "encapsulate", /break the circle/],
  ])("may not define %s", (_what, changes, key, message) => {
    const { faults } = compileOptionDefs([foo(changes)], dhcp6Spaces);
    expect(faults).toEqual([{ path: [0, key], message: expect.stringMatching(message) as string }]);
  });

  it("has two bytes of length in tuples", () => {
    const { options } = compile([{ name: "foo", data: "ab" }], [foo({ type: "tuple" })]);
    expect(options).toEqual({ 200: "00026162" });
  });
});
