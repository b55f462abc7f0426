import { runs } from "@kotare/core/base/testing/runs";
import { dhcpDdnsFamily } from "@kotare/core/config/dhcp-ddns-family";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { dhcp6Family } from "@kotare/core/config/dhcp6-family";
import { formatFault } from "@kotare/core/config/fault";
import { parseConfig } from "@kotare/core/config/load/load-config";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parseText } from "../dhcpd/parse-clauses.ts";
import { readCorpus } from "../testing/corpus.ts";
import { type Translated, translate } from "./translate.ts";

const corpus = readCorpus();

/** No name has an address here. */
function translateText(text: string, family: 4 | 6): Translated {
  return translate(parseText(text, "f"), family, () => []);
}

function faultsOf(document: object, family: 4 | 6 | "ddns"): string[] {
  const source = { file: "f", text: JSON.stringify(document, undefined, 1) };
  const reader = { read: () => "" };
  const { faults } =
    family === 4
      ? parseConfig(dhcp4Family, source, reader)
      : family === 6
        ? parseConfig(dhcp6Family, source, reader)
        : parseConfig(dhcpDdnsFamily, source, reader);
  return faults.filter(({ severity }) => severity === "error").map(formatFault);
}

/** Lines of the corpus end in `# lost` or `# note` where something is to be said of a statement on them. */
function expectedFindings(text: string): string[] {
  return text.split("\n").flatMap((line, i) => {
    const marks = /#((?: (?:lost|note))+)$/.exec(line)?.[1];
    return marks === undefined
      ? []
      : marks
          .trim()
          .split(" ")
          .map((mark) => `${i + 1}: ${mark}`);
  });
}

describe("files as operators write them", () => {
  test.each(corpus)("$name: all is carried over or told, and the result is taken", ({ text, family }) => {
    const { config, ddns, findings, forgotten } = translateText(text, family);
    expect(forgotten).toEqual([]);
    expect(faultsOf(config, family)).toEqual([]);
    if (ddns !== undefined) expect(faultsOf(ddns, "ddns")).toEqual([]);
    expect(findings.map(({ position, kind }) => `${position.line}: ${kind}`)).toEqual(expectedFindings(text));
  });
});

it("whatever is cut out of a file: there is a result, and it is taken", () => {
  const cut = fc.record({
    file: fc.constantFrom(...corpus),
    at: fc.nat(4000),
    length: fc.integer({ min: 1, max: 40 }),
  });
  fc.assert(
    fc.property(cut, ({ file: { text, family }, at, length }) => {
      const from = at % text.length;
      const { config } = translateText(text.slice(0, from) + text.slice(from + length), family);
      expect(faultsOf(config, family)).toEqual([]);
    }),
    { numRuns: runs(200) },
  );
});
