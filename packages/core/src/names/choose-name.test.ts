import { describe, expect, it } from "vitest";
import { chooseFqdn, chooseHostName } from "./choose-name.ts";
import { compileNameRules, type NameKeys } from "./name-rules.ts";

const KEYS: NameKeys = {
  sendsUpdates: true,
  overrideNoUpdate: false,
  overrideClientUpdate: false,
  replaceClientName: "never",
  updateOnRenew: false,
  conflictResolutionMode: "check-with-dhcid",
  charSet: "[^A-Za-z0-9.-]",
  charReplacement: "",
  qualifyingSuffix: "example.org.",
  generatedPrefix: "myhost",
  ttl: undefined,
  ttlMin: undefined,
  ttlMax: undefined,
  ttlPercent: undefined,
};

function sources(keys: Partial<NameKeys>, reserved: string, address: string | undefined) {
  const rules = compileNameRules({ ...KEYS, ...keys });
  return { reserved, rules, generate: () => address && rules.generate(address) };
}

const fqdn = (asked: string, keys: Partial<NameKeys> = {}, reserved = "", address: string | undefined = "192.0.2.1") =>
  chooseFqdn(asked, sources(keys, reserved, address));
const host = (asked: string | undefined, keys: Partial<NameKeys> = {}, reserved = "") =>
  chooseHostName(asked, sources(keys, reserved, "192.0.2.1"));

const SHORT = { qualifyingSuffix: "" };

describe("RFC 4702 §3: the name in an FQDN option", () => {
  it.each<[string, string | undefined, Partial<NameKeys>, string?]>([
    ["Host.Example.COM.", "host.example.com.", {}],
    ["single.", "single.", {}],
    ["host", "host.example.org.", {}],
    ["host", "host.", SHORT],
    ["two.labels", "two.labels.example.org.", {}],
    ["host.example.org", "host.example.org.", {}],
    ["hostexample.org", "hostexample.org.example.org.", {}],
    ["my\\032host.example.", "myhost.example.", {}],
    ["a\\.b.example.", "a.b.example.", {}],
    ["a\\.b.example.", "a\\.b.example.", { charSet: "" }],
    ["caf\\233.example.", "caf\\233.example.", { charSet: "" }],
    ["!!!", undefined, {}],
    ["!!!", "xxx.example.org.", { charReplacement: "x" }],
    ["a.!.b.", undefined, {}],
    ["", "myhost-192-0-2-1.example.org.", {}],
    [".", "dyn-192-0-2-1.example.org.", { generatedPrefix: "dyn" }],
    ["host.", "myhost-192-0-2-1.example.org.", { replaceClientName: "always" }],
    ["host.", "myhost-192-0-2-1.example.org.", { replaceClientName: "when-present" }],
    ["host.", "host.", { replaceClientName: "when-not-present" }],
    ["host.", "printer.example.org.", {}, "Printer"],
    ["host.", "printer.example.net.example.org.", {}, "printer.example.net"],
    ["host.", "printer.example.net.", {}, "printer.example.net."],
    ["host.", "printer.example.org.", { replaceClientName: "always" }, "printer"],
  ])("%j becomes %j with %j, reserved %j", (asked, name, keys, reserved) => {
    expect(fqdn(asked, keys, reserved)).toBe(name);
  });

  it("is none when it would be made of an address that the client does not get", () => {
    expect(chooseFqdn("", sources({}, "", undefined))).toBeUndefined();
  });
});

describe("RFC 2132 §3.14: the host name", () => {
  const long = "x".repeat(63);

  it.each<[string | undefined, string | undefined, Partial<NameKeys>, string?]>([
    ["Host", "host.example.org", {}],
    ["  host  ", "host.example.org", {}],
    ["host.", "host.example.org", {}],
    ["host", "host", SHORT],
    ["host.example.net", "host.example.net", {}],
    ["hostexample.org", "hostexample.org", {}],
    ["my_host", "myhost.example.org", {}],
    ["my_host", "my_host.example.org", { charSet: "" }],
    ["a.b", "a-b", { charSet: "[.]", charReplacement: "-" }],
    ["___", undefined, {}],
    ["a.__.b", undefined, {}],
    ["a..b", undefined, {}],
    [".", "myhost-192-0-2-1.example.org", {}],
    ["", undefined, {}],
    [long, `${long}.example.org`, {}],
    [`${long}x`, undefined, {}],
    [[long, long, long, long].join("."), undefined, {}],
    [long, undefined, { qualifyingSuffix: [long, long, long].join(".") }],
    [undefined, undefined, {}],
    [undefined, "myhost-192-0-2-1.example.org", { replaceClientName: "always" }],
    [undefined, "myhost-192-0-2-1.example.org", { replaceClientName: "when-not-present" }],
    [undefined, undefined, { replaceClientName: "when-present" }],
    ["host", "host.example.org", { replaceClientName: "when-not-present" }],
    ["host", "myhost-192-0-2-1.example.org", { replaceClientName: "when-present" }],
    [undefined, "printer.example.org", {}, "Printer"],
    ["host", "printer.example.net", {}, "printer.example.net."],
  ])("%j becomes %j with %j, reserved %j", (asked, name, keys, reserved) => {
    expect(host(asked, keys, reserved)).toBe(name);
  });
});

it.each([
  ["192.0.2.1", "myhost-192-0-2-1.example.org"],
  ["2001:db8::1", "myhost-2001-db8--1.example.org"],
  ["2001:db8::", "myhost-2001-db8--0.example.org"],
])("a name made of %s is %s, which hosts may have (RFC 1123 §2.1)", (address, name) => {
  expect(compileNameRules(KEYS).generate(address)).toBe(name);
});
