import { expect, it } from "vitest";
import { dhcp4Spaces } from "../dhcp4/options/dhcp4-spaces.ts";
import { compileOptionDefs, type OptionDefEntry } from "../options/option-spaces.ts";
import { expressions4 } from "./expressions4.ts";
import { compileCondition } from "./parser.ts";
import { subject4 } from "./testing/subjects.ts";

const INSIDE: readonly OptionDefEntry[] = [
  { name: "mode", code: 1, type: "uint8", space: "phones" },
  { name: "tray", code: 2, type: "string", space: "printers" },
];

function spacesWith(...own: readonly OptionDefEntry[]) {
  return compileOptionDefs([...INSIDE, ...own], dhcp4Spaces).spaces;
}

function option43(type: string, encapsulate?: string) {
  const entry = { name: "vendor-encapsulated-options", code: 43, type, ...(encapsulate && { encapsulate }) };
  return spacesWith(entry).byCode("dhcp4", 43)!;
}

const language = {
  family: expressions4,
  spaces: spacesWith({ name: "vendor-encapsulated-options", code: 43, type: "empty", encapsulate: "phones" }),
  ownOptions: new Map([
    [
      43,
      new Map([
        ["printer", option43("empty", "printers")],
        ["raw", option43("binary")],
      ]),
    ],
    [224, new Map([["printer", spacesWith({ name: "name", code: 224, type: "string" }).byCode("dhcp4", 224)!]])],
  ]),
};

const OPTIONS = [
  [43, "0x01010702026162"],
  [224, "0x616200"],
] as const;

it.each([
  ["not before the packet has said which classes it is in", ["ALL", "printer"], "not option[43].option[1].exists"],
  ["nor what is told by its class then", ["ALL", "printer"], "option[224].hex == 0x616200"],
  ["as bytes until then", ["ALL"], "option[43].hex == 0x01010702026162"],
  ["as everybody's", ["ALL", "KNOWN"], "option[43].option[mode].text == 'type=001, len=001: 7 (uint8)'"],
  ["as the class's", ["ALL", "printer", "UNKNOWN"], "option[43].option[2].text == 'ab' and option[224].hex == 'ab'"],
  ["as the class's, without what others have", ["printer", "UNKNOWN"], "not option[43].option[mode].exists"],
  ["as the first class's that has one", ["other", "raw", "printer", "KNOWN"], "not option[43].option[2].exists"],
  ["not by a class given afterwards", ["ALL", "KNOWN", "raw"], "option[43].option[1].hex == 0x07"],
])("option 43 and those for private use are decoded by class: %s", (_, classes, test) => {
  expect(compileCondition(test, language).expression.evaluate(subject4(OPTIONS, classes))).toBe(true);
});
