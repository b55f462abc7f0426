/** Who is in which class, in Kea's order. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../base/testing/runs.ts";
import { dhcp4Spaces } from "../dhcp4/options/dhcp4-spaces.ts";
import { expressions4, type Subject4, vendorClassOf4 } from "../expressions/expressions4.ts";
import { subject4, type TestOption } from "../expressions/testing/subjects.ts";
import { ClassSet } from "./class-set.ts";
import { type ClassEntry, compileClassTests } from "./class-tests.ts";

type Entry = Omit<ClassEntry, "only-in-additional-list"> & { readonly additional?: true };

function compile(entries: readonly Entry[]) {
  const full = entries.map((entry) => ({ ...entry, "only-in-additional-list": entry.additional === true }));
  return compileClassTests(full, { family: expressions4, spaces: dhcp4Spaces });
}

function setOf(...entries: readonly Entry[]): ClassSet<Subject4> {
  const { tests, faults } = compile(entries);
  expect(faults).toEqual([]);
  return new ClassSet(tests, vendorClassOf4);
}

/** What a packet is in before its subnet is known. */
function early(set: ClassSet<Subject4>, ...options: readonly TestOption[]): string[] {
  const subject = open(...options);
  set.begin(subject);
  return [...subject.classes];
}

function open(...options: readonly TestOption[]) {
  return { ...subject4(options), classes: new Set<string>() };
}

describe("before the subnet is known", () => {
  it("every packet is in ALL, and in the class of its vendor", () => {
    expect(early(setOf())).toEqual(["ALL"]);
    expect(early(setOf(), [60, "docsis3.0"])).toEqual(["ALL", "VENDOR_CLASS_docsis3.0"]);
  });

  it("classes are given in the order of the configuration, each seeing those before it", () => {
    const set = setOf(
      { name: "z", test: "option[12].exists" },
      { name: "a", test: "member('z') and member('VENDOR_CLASS_x')" },
      { name: "m", test: "not member('z')" },
      { name: "given" },
    );
    expect(early(set, [60, "x"], [12, "h"])).toEqual(["ALL", "VENDOR_CLASS_x", "z", "a"]);
    expect(early(set, [60, "x"])).toEqual(["ALL", "VENDOR_CLASS_x", "m"]);
  });

  it("a template makes a class of a value, none of no value", () => {
    const set = setOf(
      { name: "host", "template-test": "option[12].hex" },
      { name: "is foo", test: "member('SPAWN_host_foo')" },
    );
    expect(early(set, [12, "foo"])).toEqual(["ALL", "SPAWN_host_foo", "host", "is foo"]);
    expect(early(set, [12, "bar"])).toEqual(["ALL", "SPAWN_host_bar", "host"]);
    expect(early(set)).toEqual(["ALL"]);
  });

  it("a test that fails on the packet's bytes keeps the packet out, and others in", () => {
    const set = setOf(
      { name: "bad", test: "uint16totext(option[57].hex) == '1500' or option[53].exists" },
      { name: "good", test: "option[53].exists" },
    );
    expect(early(set, [57, "0x05"])).toEqual(["ALL", "good"]);
  });
});

describe("when reservations have been looked for", () => {
  const set = setOf(
    { name: "guest", test: "member('UNKNOWN')" },
    { name: "early", test: "option[53].exists" },
    { name: "indirect", test: "not member('guest') and member('early')" },
    { name: "staff", test: "member('HA_x') or known" },
    { name: "on request", test: "known", additional: true },
  );
  it.each<[string, readonly string[] | undefined, string[]]>([
    ["nothing is reserved", undefined, ["ALL", "early", "UNKNOWN", "guest"]],
    ["something is", [], ["ALL", "early", "KNOWN", "indirect", "staff"]],
    ["classes are", ["b", "a"], ["ALL", "early", "b", "a", "KNOWN", "indirect", "staff"]],
  ])("%s", (_, reserved, expected) => {
    const subject = open();
    set.begin(subject);
    set.know(subject, reserved);
    expect([...subject.classes]).toEqual(expected);
  });
});

describe("on request of a scope", () => {
  const set = setOf(
    { name: "tested", test: "option[12].exists", additional: true },
    { name: "plain", additional: true },
    { name: "normal", test: "option[60].exists" },
    { name: "template", "template-test": "option[12].hex", additional: true },
  );
  it("classes are given in the order of the request", () => {
    const subject = open([12, "x"]);
    set.begin(subject);
    expect([...subject.classes]).toEqual(["ALL"]);
    set.addTo(subject, ["plain", "nobody", "template", "normal", "tested"]);
    expect([...subject.classes]).toEqual(["ALL", "plain", "SPAWN_template_x", "template", "tested"]);
  });
});

it("what the tests of classes saw can be told", () => {
  const set = setOf(
    { name: "yes", test: "option[53].exists" },
    { name: "no", test: "option[60].hex == 'a' and known" },
    { name: "bytes", test: "option[61].hex == 0x01" },
    { name: "error", test: "uint8totext(option[61].hex) == '1'" },
  );
  const subject = open([60, "b"], [61, `0x${"ff".repeat(65)}`]);
  set.begin(subject);
  expect(set.explain(subject)).toEqual([
    { name: "yes", isIn: true, saw: "option[53].exists is true" },
    { name: "no", isIn: false, saw: "option[60].hex is 'b', known is false" },
    { name: "bytes", isIn: false, saw: `option[61].hex is 0x${"ff".repeat(64)}…` },
    { name: "error", isIn: false, saw: "uint8totext(option[61].hex) fails: 65 bytes are no integer of 8 bits" },
  ]);
});

describe("faults", () => {
  it.each<[string, readonly Entry[], readonly unknown[]]>([
    ["no name", [{ name: "" }], [[0, "name", /is no name/]]],
    ["a name twice", [{ name: "a" }, { name: "a" }], [[1, "name", /another class too/]]],
    [
      "test and template",
      [{ name: "a", test: "known", "template-test": "'a'" }],
      [[0, "template-test", /has one of the two/]],
    ],
    [
      "a test for a class of ours",
      [{ name: "KNOWN", test: "option[1].exists" }],
      [[0, "test", /only the server knows/]],
    ],
    ["an error", [{ name: "a", test: "option[1] == 'a'" }], [[0, "test", /^has an error at column 11: expected "\."/]]],
    [
      "an error further down",
      [{ name: "a", test: "known and\n  'a'" }],
      [[0, "test", /in line 2, column 3: is a val/]],
    ],
    ["an unknown class", [{ name: "a", test: "member('b')" }], [[0, "test", /"b", which is not defined/]]],
    ["itself", [{ name: "a", test: "member('a')" }], [[0, "test", /"a", which is this class itself/]]],
    [
      "a circle",
      [
        { name: "a", test: "member('b')" },
        { name: "b", test: "member('a')" },
      ],
      [[0, "test", /"b", which is defined behind this class/]],
    ],
    [
      "a class that is looked at later",
      [
        { name: "a", test: "known", additional: true },
        { name: "b", test: "member('a')" },
      ],
      [[1, "test", /"a", which is looked at later/]],
    ],
  ])("%s", (_, entries, expected) => {
    const { faults } = compile(entries);
    expect(faults.map(({ index, key, message }) => [index, key, message])).toEqual(
      (expected as [number, string, RegExp][]).map(([index, key, message]) => [
        index,
        key,
        expect.stringMatching(message) as string,
      ]),
    );
  });
});

it("a packet is in the same classes whether tests are looked up or looked at one by one", () => {
  const part = fc.constantFrom("option[12].hex", "substring(option[60].hex, 0, 1)", "uint8totext(option[57].hex)");
  const constant = fc.constantFrom("'a'", "'b'", "0x61", "''", "'1'");
  const equality = fc
    .tuple(part, constant, fc.boolean())
    .map(([a, b, isLeft]) => (isLeft ? `${a} == ${b}` : `${b} == ${a}`));
  const member = fc.nat(30).map((i) => `member('c${i}')`);
  const term = fc.oneof(
    { weight: 3, arbitrary: equality },
    { weight: 1, arbitrary: member.map((text) => `not ${text}`) },
  );
  const text = fc
    .tuple(term, fc.constantFrom(" and ", " or "), fc.option(term))
    .map(([a, op, b]) => (b === null ? a : a + op + b));
  const option = fc.tuple(fc.constantFrom(12, 60, 57), fc.constantFrom("a", "b", "", "ab", "0x01"));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 30 }), fc.array(option, { maxLength: 3 }), (texts, options) => {
      // A class may ask for those before it only.
      const entries = texts.map((test, i) => ({
        name: `c${i}`,
        test: test.replaceAll(/'c(\d+)'/g, (_, n) => `'${Number(n) < i ? `c${n}` : "ALL"}'`),
      }));
      const { tests } = compile(entries);
      const expected = new Set(["ALL"]);
      const subject = { ...subject4(options), classes: expected };
      const vendor = vendorClassOf4(subject);
      if (vendor.length > 0) expected.add(`VENDOR_CLASS_${Buffer.from(vendor).toString()}`);
      for (const { name, test } of tests) {
        try {
          if (test!.evaluate(subject)) expected.add(name);
        } catch {
          // Not in the class.
        }
      }
      expect(early(new ClassSet(tests, vendorClassOf4), ...options)).toEqual([...expected]);
    }),
    { numRuns: runs(125) },
  );
});

it("classes given so far that a compared value depends on are waited for", () => {
  const value = "ifelse(member('a'), 'yes', 'no')";
  const set = setOf(
    { name: "a", test: "option[53].exists" },
    ...["b", "c", "d"].map((name) => ({ name, test: `${value} == 'yes'` })),
  );
  expect(early(set)).toEqual(["ALL", "a", "b", "c", "d"]);
});
