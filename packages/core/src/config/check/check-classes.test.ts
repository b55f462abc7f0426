import { describe, expect, test } from "vitest";
import { configOf, configOf6, faultsOf, faultsOf6, HW, reservations, SUBNET } from "../testing/parse-body.ts";

const classes = (...texts: string[]) => `"client-classes": [\n${texts.join(",\n")}]`;
const UNKNOWN =
  'is no class that is defined or that a reservation gives: nobody is in it; correct the name, or define it in "client-classes"';

describe("accepted without a word", () => {
  test.each<[title: string, body: string]>([
    ["a class without a test", classes('{"name": "a"}')],
    ["a template", classes('{"name": "a", "template-test": "option[12].hex"}')],
    ["what a class gives", classes('{"name": "a", "valid-lifetime": 60, "next-server": "", "boot-file-name": "f"}')],
    [
      "names that somebody can be in",
      `${classes('{"name": "a"}', '{"name": "t", "template-test": "option[12].hex"}')},
       "subnet4": [{${SUBNET}, "client-classes": ["a", "KNOWN", "VENDOR_CLASS_x", "SPAWN_t_x", "EXTERNAL_x"],
        "evaluate-additional-classes": ["a"]}]`,
    ],
    [
      "a name that a reservation further down gives",
      `"shared-networks": [{"name": "n", "client-class": "vip", "subnet4": []}],
       ${reservations(`{${HW}, "client-classes": ["vip"]}`)}`,
    ],
    [
      "definitions of one option by several classes and by the global scope",
      `"option-def": [{"name": "x", "code": 224, "type": "uint8"}, {"name": "mode", "code": 1, "type": "uint8", "space": "APC"}],
       ${classes(
         '{"name": "a", "option-def": [{"name": "y", "code": 224, "type": "string"}], "option-data": [{"name": "y", "data": "z"}]}',
         `{"name": "b", "option-def": [
           {"name": "vendor-encapsulated-options", "code": 43, "type": "empty", "encapsulate": "APC"}],
           "option-data": [{"name": "vendor-encapsulated-options"}, {"name": "mode", "space": "APC", "data": "1"}]}`,
         '{"name": "c", "option-data": [{"name": "x", "data": "1"}]}',
       )}`,
    ],
  ])("%s", (_, body) => {
    expect(faultsOf(body)).toEqual([]);
  });

  test("both spellings of every renamed key", () => {
    const old = classes('{"name": "a", "only-if-required": true}');
    const guards = '"client-class": "a", "require-client-classes": ["a"]';
    const { "client-classes": list, subnet4 } = configOf(
      `${old}, "subnet4": [{${SUBNET}, ${guards}, "pools": [{"pool": "192.0.2.0/28", ${guards}}]}]`,
    );
    const meant = { "client-classes": ["a"], "evaluate-additional-classes": ["a"] };
    expect(list[0]).toMatchObject({ name: "a", "only-in-additional-list": true });
    expect(subnet4[0]).toMatchObject(meant);
    expect(subnet4[0]?.pools[0]).toMatchObject(meant);
  });
});

describe("faults", () => {
  test.each<[title: string, body: string, ...faults: string[]]>([
    [
      "an error inside an expression",
      classes('{"name": "a",\n"test": "option[60] == \'x\'"}'),
      '4:9: Dhcp4.client-classes[0].test: has an error at column 12: expected "." instead of "=="',
    ],
    [
      "classes that ask for each other",
      classes('{"name": "a", "test": "member(\'b\')"}', '{"name": "b", "test": "member(\'a\')"}'),
      '3:23: Dhcp4.client-classes[0].test: asks for class "b", which is defined behind this class: move it in front; classes that ask for each other cannot be told apart',
    ],
    [
      "an option that is nowhere defined",
      classes('{"name": "a", "test": "option[colour].exists"}'),
      '3:23: Dhcp4.client-classes[0].test: has an error at column 8: space "dhcp4" has no option "colour"',
    ],
    [
      "lifetimes out of order",
      classes('{"name": "a", "valid-lifetime": 9, "max-valid-lifetime": 8}'),
      '3:33: Dhcp4.client-classes[0].valid-lifetime: 9 must be at most "max-valid-lifetime", which is 8 here',
    ],
    [
      "bounds of a lifetime out of order",
      classes('{"name": "a", "min-valid-lifetime": 10, "max-valid-lifetime": 9}'),
      '3:15: Dhcp4.client-classes[0].min-valid-lifetime: has no "valid-lifetime" between its bounds; write "valid-lifetime"',
      '3:37: Dhcp4.client-classes[0].min-valid-lifetime: 10 must be at most "max-valid-lifetime", which is 9 here',
    ],
    [
      "bounds of a lifetime that is not given",
      classes('{"name": "a", "min-valid-lifetime": 9, "max-valid-lifetime": 10}'),
      '3:15: Dhcp4.client-classes[0].min-valid-lifetime: has no "valid-lifetime" between its bounds; write "valid-lifetime"',
    ],
    [
      "an option that no class may define",
      classes('{"name": "a", "option-def": [{"name": "x", "code": 209, "type": "string"}]}'),
      '3:52: Dhcp4.client-classes[0].option-def[0].code: 209 is no option that a class can define: only 43 and 224 to 254 of space dhcp4 are; move the definition to the global "option-def"',
    ],
    [
      "a definition that is wrong, behind global ones",
      `"option-def": [{"name": "x", "code": 224, "type": "uint8"}],
${classes('{"name": "a", "option-def": [{"name": "y", "code": 225, "type": "uint9"}]}')}`,
      '4:65: Dhcp4.client-classes[0].option-def[0].type: unknown type "uint9"',
    ],
    [
      "data that does not fit the class's definition",
      classes(
        '{"name": "a", "option-def": [{"name": "y", "code": 225, "type": "uint8"}], "option-data": [{"code": 225, "data": "x"}]}',
      ),
      '3:114: Dhcp4.client-classes[0].option-data[0].data: option "y" (uint8): "x" is not a number',
    ],
    [
      "a guard that nobody passes",
      `"subnet4": [{${SUBNET}, "client-class": "a"}]`,
      `2:65: warning: Dhcp4.subnet4[0].client-class: "a" ${UNKNOWN}`,
    ],
    [
      "an unknown class among known ones",
      `"subnet4": [{${SUBNET}, "require-client-classes": ["KNOWN", "a"]}]`,
      `2:85: warning: Dhcp4.subnet4[0].require-client-classes[1]: "a" ${UNKNOWN}`,
    ],
    [
      "a class that is limited to what is known later",
      classes('{"name": "a", "only-if-required": true}', '{"name": "b", "test": "member(\'a\')"}'),
      '4:23: warning: Dhcp4.client-classes[1].test: asks for class "a", which is looked at later, and only where a scope asks for it',
    ],
  ])("%s", (_, body, ...faults) => {
    expect(faultsOf(body).map((fault, i) => fault.slice(0, faults[i]?.length))).toEqual(faults);
  });

  test.each<[title: string, expression: string, fault: string]>([
    ["100,000 characters", `${"option[60].exists or ".repeat(5000)}x`, "has an error at column 105001: "],
    [
      "10,000 deep",
      `${"(".repeat(10_000)}known${")".repeat(10_000)}`,
      "has an error at column 401: is nested more than 400",
    ],
    ["a quote that is never closed", "option[60].hex == 'a", "has an error at column 19: the quote is never closed"],
    ["two lines", "option[60].exists or\n option[60]", "has an error in line 2, column 12: expected"],
    ["nothing", " ", "has an error at column 1: there is nothing in it"],
    ["a regular expression that is none", "match('(', option[60].hex)", "has an error at column 7: '(' is no regular"],
  ])("an expression of %s", (_, expression, fault) => {
    const [found, ...others] = faultsOf(classes(`{"name": "a", "test": ${JSON.stringify(expression)}}`));
    expect(found).toContain(`3:23: Dhcp4.client-classes[0].test: ${fault}`);
    expect(others).toEqual([]);
  });

  test("a circle of a thousand classes", () => {
    const ring = Array.from({ length: 1000 }, (_, i) => `{"name": "c${i}", "test": "member('c${(i + 1) % 1000}')"}`);
    const faults = faultsOf(classes(...ring));
    expect(faults[0]).toContain(
      'Dhcp4.client-classes[0].test: asks for class "c1", which is defined behind this class',
    );
    expect(faults.length).toBeLessThan(30);
  });

  test("of DHCPv6 are told in the same words", () => {
    expect(faultsOf6(classes('{"name": "a", "test": "relay4[1].exists"}'))).toEqual([
      "3:23: Dhcp6.client-classes[0].test: has an error at column 1: there is no relay4 in DHCPv6",
    ]);
    expect(configOf6(classes('{"name": "a", "only-if-required": true, "preferred-lifetime": 5}'))).toMatchObject({
      "client-classes": [{ "only-in-additional-list": true, "preferred-lifetime": 5 }],
    });
  });
});
