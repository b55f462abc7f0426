/** What every table of standard options must keep: each option from bytes and from text, and back. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError } from "../base/decode-error.ts";
import { formatHex, parseHex } from "../base/hex.ts";
import { runs } from "../base/testing/runs.ts";
import { Reader } from "../wire/reader.ts";
import { TextFields } from "../wire/text-fields.ts";
import { Writer } from "../wire/writer.ts";
import { decodeOption, type OptionDefinition } from "./option.ts";

/** An example of an option: its payload in hexadecimal, its text in a configuration. */
export type OptionVector = readonly [space: string, name: string, hex: string, text: string];

/** @param tables of definitions, each of one space or of several one after the other */
export function testOptionTables(
  tables: readonly (readonly OptionDefinition[])[],
  vectors: readonly OptionVector[],
): void {
  const definitions = tables.flat();

  function find(space: string, name: string): OptionDefinition {
    const definition = definitions.find((candidate) => candidate.space === space && candidate.name === name);
    if (definition === undefined) throw new Error(`no option ${name} in ${space}`);
    return definition;
  }

  describe("the tables", () => {
    it("have an example of every option", () => {
      const examples = new Set(vectors.map(([space, name]) => `${space} ${name}`));
      expect(definitions.map(({ space, name }) => `${space} ${name}`).filter((key) => !examples.has(key))).toEqual([]);
    });

    it("are in code order, without duplicates, each with its source", () => {
      for (const table of tables) {
        const codes = table.map(({ code }) => code);
        expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
      }
      for (const { name, rfc } of definitions) expect(rfc, name).toMatch(/^(RFC \d+|CL-SP)/);
    });
  });

  describe.each(vectors)("%s option %s", (space, name, hex, text) => {
    const definition = find(space, name);

    it("decodes and encodes its payload", () => {
      expect(encode(definition, decodeOption(definition, parseHex(hex)!))).toBe(hex);
    });

    it("parses and formats its text", () => {
      const fields = new TextFields(text);
      expect(definition.type.format(definition.type.parse(fields))).toBe(text);
      expect(fields.remaining).toBe(0);
    });

    it("has the same value in both", () => {
      const { type } = definition;
      expect(encode(definition, type.parse(new TextFields(text)))).toBe(hex);
      expect(type.format(decodeOption(definition, parseHex(hex)!))).toBe(text);
    });
  });

  describe.each(definitions.map((definition) => [definition.space, definition.name, definition] as const))(
    "%s option %s given any bytes",
    (_space, _name, definition) => {
      const { type } = definition;
      const decode = (bytes: Uint8Array): unknown => {
        try {
          return type.decode(new Reader(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
          return undefined;
        }
      };

      it("gives a value that survives encoding and formatting, or a DecodeError", () => {
        const near = parseHex(
          vectors.find(([space, name]) => space === definition.space && name === definition.name)![2],
        )!;
        fc.assert(
          fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated(near)), (bytes) => {
            const value = decode(bytes);
            if (value === undefined) return;
            expect(typeof type.format(value)).toBe("string");
            const writer = new Writer();
            type.encode(value, writer);
            expect(type.decode(new Reader(writer.take()))).toEqual(value);
          }),
          { numRuns: runs(12) },
        );
      });
    },
  );
}

function encode({ type }: OptionDefinition, value: unknown): string {
  const writer = new Writer();
  type.encode(value, writer);
  return formatHex(writer.take(), "");
}

/** A payload with some bytes changed, and cut or extended. */
function mutated(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
      fc.nat(bytes.length),
      fc.uint8Array({ maxLength: 3 }),
    )
    .map(([changes, cut, tail]) => {
      const copy = Uint8Array.from([...bytes.subarray(0, cut), ...tail]);
      for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
      return copy;
    });
}
