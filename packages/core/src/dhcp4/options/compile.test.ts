import { describe, expect, it } from "vitest";
import { formatHex } from "../../base/hex.ts";
import { compileOptionData } from "../../options/compile.ts";
import type { OptionDataEntry } from "../../options/compile-entry.ts";
import { compileOptionDefs, type OptionDefEntry } from "../../options/option-spaces.ts";
import { dhcp4Spaces } from "./dhcp4-spaces.ts";

const raw = { "csv-format": false } as const;

/** Options by code, in hexadecimal; `null` for one that only hides. */
function compile(entries: OptionDataEntry[], definitions: OptionDefEntry[] = []) {
  const { spaces, faults } = compileOptionDefs(definitions, dhcp4Spaces);
  expect(faults).toEqual([]);
  const compiled = compileOptionData(entries, spaces);
  const hex = (data: Uint8Array | undefined): string | null => (data === undefined ? null : formatHex(data, ""));
  const options = Object.fromEntries([...compiled.set.options.values()].map(({ code, data }) => [code, hex(data)]));
  return { ...compiled, options };
}

describe("which option an entry means", () => {
  it.each<[string, OptionDataEntry]>([
    ["by name", { name: "routers", data: "192.0.2.1" }],
    ["by code", { code: 3, data: "192.0.2.1" }],
    ["by both", { name: "routers", code: 3, space: "dhcp4", data: "192.0.2.1", "csv-format": true }],
    ["as bytes", { code: 3, data: "0xc0000201", ...raw }],
  ])("is found %s", (_how, entry) => {
    expect(compile([entry])).toMatchObject({ options: { 3: "c0000201" }, faults: [], warnings: [] });
  });

  it("needs no definition when it is given as bytes", () => {
    expect(compile([{ code: 230, data: "c0:a8", ...raw }]).options).toEqual({ 230: "c0a8" });
    expect(compile([{ code: 230, name: "own", data: "c0a8", ...raw }]).options).toEqual({ 230: "c0a8" });
  });

  // Kea 2.6.3 refuses all of these.
  it.each<[string, OptionDataEntry, (string | number)[], RegExp]>([
    ["neither name nor code", { data: "01" }, [0], /give its name or its code/],
    ["an unknown name", { name: "foo", data: "1" }, [0, "name"], /has no option "foo": check the spelling/],
    ["an unknown name as bytes", { name: "foo", data: "01", ...raw }, [0, "name"], /has no option "foo"/],
    ["an unknown code", { code: 230, data: "1" }, [0, "code"], /has no option 230: add it to option-def, or give/],
    ["a code of an unknown space", { code: 1, space: "own", data: "1" }, [0, "code"], /space "own" has no option 1/],
    [
      "name and code that differ",
      { name: "routers", code: 6, data: "1.1.1.1" },
      [0, "name"],
      /is "domain-name-servers"/,
    ],
    ["a name with a foreign code", { name: "routers", code: 230, data: "1.1.1.1" }, [0, "code"], /no option 230/],
    ["code 0", { code: 0, data: "01", ...raw }, [0, "code"], /expected 1 to 254/],
    ["code 255", { code: 255, data: "01", ...raw }, [0, "code"], /expected 1 to 254/],
    ["code 256 of a space", { code: 256, space: "own", data: "01", ...raw }, [0, "code"], /expected 0 to 255/],
    ["a bad space", { code: 1, space: "a b", data: "01", ...raw }, [0, "space"], /no name for an option space/],
    ["an empty space", { code: 3, space: "", data: "1.1.1.1" }, [0, "space"], /no name for an option space/],
    ["DHCPv6", { name: "dns-servers", space: "dhcp6", data: "::1" }, [0, "space"], /DHCPv6 server/],
  ])("is refused with %s", (_what, entry, path, message) => {
    const { options, faults } = compile([entry]);
    expect(faults).toEqual([{ path, message: expect.stringMatching(message) as string }]);
    expect(options).toEqual({});
  });

  it("carries the index of its entry in faults", () => {
    const { faults, options } = compile([
      { code: 3, data: "x" },
      { code: 6, data: "1.1.1.1" },
      { code: 4, data: "y" },
    ]);
    expect(faults.map(({ path }) => path)).toEqual([
      [0, "data"],
      [2, "data"],
    ]);
    expect(options).toEqual({ 6: "01010101" });
  });
});

describe("data as bytes", () => {
  // What Kea 2.6.3 accepts and sends.
  it.each([
    ["0xabcd", "abcd"],
    ["abcd", "abcd"],
    ["ab:cd", "abcd"],
    ["ab cd", "abcd"],
    ["AB:CD", "abcd"],
    ["abc", "0abc"],
    ["a:bc", "0abc"],
    ["'quoted text'", "71756f7465642074657874"],
    [" 'q' ", "71"],
    ["'a'b'", "612762"],
  ])("may be written %s", (data, hex) => {
    expect(compile([{ name: "tftp-server-name", data, ...raw }]).options).toEqual({ 66: hex });
  });

  it.each(["ab: cd", "ab  cd", "'a", "''", "'text' ab", "ab:cd:", "ab-cd", "xyz", "abc:de"])(
    "may not be written %s",
    (data) => {
      const { faults } = compile([{ name: "tftp-server-name", data, ...raw }]);
      expect(faults).toEqual([{ path: [0, "data"], message: expect.stringContaining("is not binary data") as string }]);
    },
  );

  it.each([
    ["routers", "c00002"],
    ["swap-server", "c00002"],
    ["swap-server", "c0000201c0000202"],
    ["ip-forwarding", "02"],
    ["vivso-suboptions", "000000090501036162"],
  ])("must fit the type of %s: not %s", (name, data) => {
    const { faults } = compile([{ name, data, ...raw }]);
    expect(faults).toEqual([{ path: [0, "data"], message: expect.stringMatching(/^the bytes are no /) as string }]);
  });

  it("goes out as it is, trailing NUL included", () => {
    expect(compile([{ name: "boot-file-name", data: "612e6200", ...raw }]).options).toEqual({ 67: "612e6200" });
  });

  it("may be longer than one option can hold", () => {
    expect(compile([{ code: 230, data: "ab".repeat(600), ...raw }]).options).toEqual({ 230: "ab".repeat(600) });
  });

  it("pain 31: option 43 and other empty types set as bytes go out with their bytes", () => {
    const definitions = [
      { name: "bare", code: 230, type: "empty" },
      { name: "carrier", code: 231, type: "empty", encapsulate: "own" },
    ];
    const codes = [43, 82, 122, 230, 231];
    const { options, faults, warnings } = compile(
      codes.map((code) => ({ code, data: "0104c0000201", ...raw })),
      definitions,
    );
    expect(options).toEqual(Object.fromEntries(codes.map((code) => [code, "0104c0000201"])));
    expect({ faults, warnings }).toEqual({ faults: [], warnings: [] });
  });
});

describe("data as text", () => {
  it("pain 32: option 121 is written as routes", () => {
    const data = "10.0.0.1/8-192.0.2.1, 0.0.0.0/0 - 192.0.2.2,";
    expect(compile([{ name: "classless-static-route", data }]).options).toEqual({ 121: "080ac000020100c0000202" });
  });

  it.each([
    ["routers", "192.0.2", /option "routers" \(ipv4-address\[\]\): "192.0.2" is not an IPv4 address/],
    ["vendor-encapsulated-options", "01", /has no text: add options of space "vendor-encapsulated-options-space"/],
    ["vivco-suboptions", "9, 616263", /must begin with its length: put 03 in front/],
    ["classless-static-route", "10.0.0.0/33 - 192.0.2.1", /"10.0.0.0\/33" is not a prefix/],
    ["classless-static-route", "10.0.0.0/8 192.0.2.1", /is not a route: expected e.g./],
    ["classless-static-route", "10.0.0.0/8 - router", /"router" is not a router's IPv4 address/],
  ])("of %s may not be %s", (name, data, message) => {
    expect(compile([{ name, data }]).faults).toEqual([
      { path: [0, "data"], message: expect.stringMatching(message) as string },
    ]);
  });

  it("warns where Kea silently sends only what stands before a comma", () => {
    const { options, warnings } = compile([{ name: "domain-name", data: "a.example, b.example" }]);
    expect(options).toEqual({ 15: formatHex(new TextEncoder().encode("a.example"), "") });
    expect(warnings).toEqual([
      { path: [0, "data"], message: expect.stringContaining('ends before "b.example"') as string },
    ]);
  });
});

describe("an entry without data", () => {
  it("is an option without payload when its type is empty and carries nothing", () => {
    const definitions = [{ name: "flag", code: 230, type: "empty" }];
    expect(compile([{ name: "flag" }], definitions)).toMatchObject({ options: { 230: "" }, faults: [], warnings: [] });
  });

  it("is an option without payload when the operator says so in bytes", () => {
    expect(compile([{ code: 80, data: "", ...raw }]).options).toEqual({ 80: "" });
  });

  it.each(["vendor-encapsulated-options", "dhcp-agent-options"])("sends nothing for %s without sub-options", (name) => {
    const { options, warnings } = compile([{ name }]);
    expect(Object.values(options)).toEqual([null]);
    expect(warnings).toEqual([
      { path: [0], message: expect.stringContaining("neither data nor sub-options") as string },
    ]);
  });

  it.each<[string, OptionDataEntry]>([
    ["text", { name: "routers", data: "" }],
    ["bytes", { name: "routers", data: "", ...raw }],
    ["none", { name: "routers" }],
  ])("hides a list of a wider scope and sends nothing (%s)", (_form, entry) => {
    const { options, faults, warnings } = compile([entry]);
    expect(options).toEqual({ 3: null });
    expect(faults).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  it.each(["domain-name", "swap-server", "vivso-suboptions", "classless-static-route", "user-class"])(
    "is refused for %s",
    (name) => {
      expect(compile([{ name }]).faults).toEqual([
        { path: [0, "data"], message: expect.stringContaining(`option "${name}" needs data`) as string },
      ]);
    },
  );

  it("may say that an option is never sent", () => {
    const { set, faults, warnings } = compile([{ name: "domain-name", "never-send": true }]);
    expect(set.options.get(15)).toEqual({ code: 15, data: undefined, always: false, never: true });
    expect({ faults, warnings }).toEqual({ faults: [], warnings: [] });
  });
});

describe("flags and order", () => {
  it("keeps always-send and never-send", () => {
    const { set } = compile([{ name: "routers", data: "192.0.2.1", "always-send": true, "never-send": true }]);
    expect(set.options.get(3)).toMatchObject({ always: true, never: true });
  });

  it("has options in code order, and of two entries the later", () => {
    const { set, options, warnings } = compile([
      { code: 6, data: "192.0.2.6" },
      { code: 3, data: "192.0.2.1" },
      { code: 3, data: "192.0.2.2" },
    ]);
    expect([...set.options.keys()]).toEqual([3, 6]);
    expect(options[3]).toBe("c0000202");
    expect(warnings).toEqual([{ path: [2], message: expect.stringContaining("replaces entry 1") as string }]);
  });
});

describe("sub-options", () => {
  const own: OptionDefEntry[] = [
    { name: "carrier", code: 230, type: "empty", encapsulate: "own" },
    { name: "valued", code: 231, type: "uint8", encapsulate: "own" },
    { name: "one", code: 1, space: "own", type: "uint8", encapsulate: "inner" },
    { name: "two", code: 2, space: "own", type: "ipv4-address" },
    { name: "deep", code: 7, space: "inner", type: "uint8" },
  ];

  it("follow the value of the option that encapsulates their space, in code order", () => {
    const { options, warnings } = compile(
      [
        { name: "two", space: "own", data: "192.0.2.1" },
        { name: "one", space: "own", data: "5" },
        { name: "carrier" },
        { name: "valued", data: "9" },
      ],
      own,
    );
    expect(options).toEqual({ 230: "0101050204c0000201", 231: "090101050204c0000201" });
    expect(warnings).toEqual([]);
  });

  it("carry sub-options themselves", () => {
    const entries = [
      { name: "carrier" },
      { name: "one", space: "own", data: "1" },
      { name: "deep", space: "inner", data: "2" },
    ];
    expect(compile(entries, own).options).toEqual({ 230: "010401070102" });
  });

  it("fill option 43 with what the vendor defined, any code allowed", () => {
    const space = "vendor-encapsulated-options-space";
    const { options } = compile([
      { name: "vendor-encapsulated-options" },
      ...[255, 9, 0].map((code) => ({ code, space, data: "aa", ...raw })),
    ]);
    expect(options).toEqual({ 43: "0001aa0901aaff01aa" });
  });

  it("follow raw bytes of option 43, which Kea throws away", () => {
    const { options } = compile([
      { code: 43, data: "010163", ...raw },
      { code: 2, space: "vendor-encapsulated-options-space", data: "07", ...raw },
    ]);
    expect(options).toEqual({ 43: "010163020107" });
  });

  it("RFC 3396: longer than 255 bytes are written in pieces", () => {
    const { options } = compile([{ name: "carrier" }, { code: 9, space: "own", data: "ab".repeat(300), ...raw }], own);
    expect(options).toEqual({ 230: `09ff${"ab".repeat(255)}092d${"ab".repeat(45)}` });
  });

  it("are left out when they are never sent, hidden, or have no carrier", () => {
    const one = { name: "one", space: "own", data: "1" };
    expect(compile([{ name: "carrier" }, { ...one, "never-send": true }], own).options).toEqual({ 230: null });
    const { options, warnings } = compile([one, { code: 1, space: "nowhere", data: "01", ...raw }], own);
    expect(options).toEqual({});
    expect(warnings).toEqual([
      { path: [0], message: expect.stringContaining('an entry for "carrier" (230) or "valued" (231)') as string },
      { path: [1], message: expect.stringContaining("no option encapsulates it") as string },
    ]);
  });
});

describe("vendor options", () => {
  const definitions: OptionDefEntry[] = [
    { name: "url", code: 1, space: "vendor-9", type: "string" },
    { name: "flag", code: 2, space: "vendor-9", type: "uint8" },
    { name: "tag", code: 22, space: "vendor-10", type: "uint8" },
  ];
  const always = { "always-send": true } as const;

  it("RFC 3925 §4: one option 125 has all vendors, each with the sub-options that are always sent", () => {
    const { options, warnings } = compile(
      [
        { name: "vivso-suboptions", data: "9" },
        { name: "vivso-suboptions", data: "10", ...always },
        { name: "url", space: "vendor-9", data: "hi", ...always },
        { name: "flag", space: "vendor-9", data: "1" },
        { name: "tag", space: "vendor-10", data: "7", ...always },
      ],
      definitions,
    );
    expect(options).toEqual({ 125: "0000000904010268690000000a03160107" });
    expect(warnings).toEqual([]);
  });

  it("are kept by vendor for clients that ask for them", () => {
    const { set, options } = compile([{ name: "flag", space: "vendor-9", data: "1" }], definitions);
    expect(options).toEqual({});
    expect(set.vendorOptions.get(9)?.get(2)).toEqual({ code: 2, data: Uint8Array.of(1), always: false, never: false });
  });

  it("set as bytes go out with their bytes, which Kea cuts off", () => {
    const data = "00000009050103616263";
    expect(compile([{ code: 125, data, ...raw }]).options).toEqual({ 125: data });
  });

  it("RFC 3925 §3: option 124 has all vendors, and of two entries for one vendor the later", () => {
    const { options, warnings } = compile([
      { name: "vivco-suboptions", data: "9, 03616263" },
      { name: "vivco-suboptions", data: "10, 0161" },
    ]);
    expect(options).toEqual({ 124: "00000009036162630000000a0161" });
    expect(warnings).toEqual([]);
    const twice = compile([
      { name: "vivco-suboptions", data: "9, 0161" },
      { name: "vivco-suboptions", data: "9, 0162" },
    ]);
    expect(twice.options).toEqual({ 124: "000000090162" });
    expect(twice.warnings).toHaveLength(1);
  });
});
