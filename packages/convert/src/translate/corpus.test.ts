import { runs } from "@kotare/core/base/testing/runs";
import { dhcpDdnsFamily } from "@kotare/core/config/dhcp-ddns-family";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { dhcp6Family } from "@kotare/core/config/dhcp6-family";
import { formatFault } from "@kotare/core/config/fault";
import { parseConfig } from "@kotare/core/config/load/load-config";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Clause, positionOf } from "../dhcpd/clause.ts";
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

/**
 * Lines of the corpus end in `# lost` or `# note` where something is to be said of a statement on them, and in `# same` where
 * one says what holds without it.
 */
function marksIn(text: string, ...kinds: readonly ("lost" | "note" | "same")[]): string[] {
  return text.split("\n").flatMap((line, i) => {
    const marks = /#((?: (?:lost|note|same))+)$/.exec(line)?.[1]?.trim().split(" ") ?? [];
    return marks.filter((mark) => kinds.some((kind) => kind === mark)).map((mark) => `${i + 1}: ${mark}`);
  });
}

function without(clauses: readonly Clause[], gone: Clause): Clause[] {
  return clauses
    .filter((clause) => clause !== gone)
    .map((clause) => ({ ...clause, ...(clause.block && { block: without(clause.block, gone) }) }));
}

/** Statements of which nothing is said, neither of themselves nor of what is around or in them. */
function untold(clauses: readonly Clause[], told: ReadonlySet<string>): Clause[] {
  return clauses
    .filter((clause) => !told.has(placeOf(clause)))
    .flatMap((clause) => {
      const { block = [] } = clause;
      const isQuiet = (inside: readonly Clause[]): boolean =>
        inside.every((each) => !told.has(placeOf(each)) && isQuiet(each.block ?? []));
      return [...(isQuiet(block) ? [clause] : []), ...untold(block, told)];
    });
}

function placeOf(clause: Clause): string {
  const { line, column } = positionOf(clause);
  return `${line}:${column}`;
}

describe("files as operators write them", () => {
  test.each(corpus)("$name: all is carried over or told, and the result is taken", ({ text, family }) => {
    const { config, ddns, findings, forgotten } = translateText(text, family);
    expect(forgotten).toEqual([]);
    expect(faultsOf(config, family)).toEqual([]);
    if (ddns !== undefined) expect(faultsOf(ddns, "ddns")).toEqual([]);
    expect(findings.map(({ position, kind }) => `${position.line}: ${kind}`)).toEqual(marksIn(text, "lost", "note"));
  });
});

test.each(corpus)("$name: without a statement of which nothing is said the result is another", ({ text, family }) => {
  const clauses = parseText(text, "f");
  const { config, ddns, findings } = translate(clauses, family, () => []);
  const told = new Set(findings.map(({ position: { line, column } }) => `${line}:${column}`));
  const idle = untold(clauses, told).filter((clause) => {
    const less = translate(without(clauses, clause), family, () => []);
    return JSON.stringify([less.config, less.ddns]) === JSON.stringify([config, ddns]);
  });
  expect(idle.map((clause) => `${positionOf(clause).line}: same`)).toEqual(marksIn(text, "same"));
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
