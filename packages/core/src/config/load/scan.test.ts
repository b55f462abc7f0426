import { describe, expect, test } from "vitest";
import { formatFault } from "../fault.ts";
import { locateFaults } from "./locate-faults.ts";
import { type ConfigReader, MAX_DEPTH, scanConfig } from "./scan.ts";

function filesOf(files: Record<string, string>): ConfigReader {
  return {
    read(path) {
      const text = files[path];
      if (text === undefined) throw new Error("no such file");
      return text;
    },
  };
}

function scan(text: string, files: Record<string, string> = {}) {
  return scanConfig({ file: "f", text }, filesOf(files));
}

describe("values", () => {
  const cases: readonly [title: string, text: string, value: unknown][] = [
    ["a map", '{"a": 1, "b": [true, false, null]}', { a: 1, b: [true, false, null] }],
    [
      "numbers without a leading digit, as Kea's examples have them",
      '{"t": .5, "u": -3, "e": 1e3}',
      { t: 0.5, u: -3, e: 1000 },
    ],
    ["comments of three kinds", '# one\n{ // two\n"a": /* three\n lines */ 1 } # end', { a: 1 }],
    ["comment signs inside strings", '{"a": "# // /* <?"}', { a: "# // /* <?" }],
    ["escapes", String.raw`["\"\\\/\b\f\n\r\t\u00e9"]`, ['"\\/\b\f\n\r\té']],
    ["a key that would set the prototype", '{"__proto__": {"x": 1}}', JSON.parse('{"__proto__": {"x": 1}}')],
    ["a UTF-8 byte order mark", "\u00ef\u00bb\u00bf{}", {}],
    ["an empty list and map", '{"a": [], "b": {}}', { a: [], b: {} }],
  ];
  test.each(cases)("%s", (_, text, value) => {
    expect(scan(text)).toEqual({ value, faults: [] });
  });

  test("includes are text: they may hold part of a list and comments", () => {
    const files = { "a.json": '{"id": 1}, # first\n <?include "b.json"?>', "b.json": '{"id": 2}' };
    expect(scan('{"s": [<?include "a.json"?>, {"id": 3}]}', files)).toEqual({
      value: { s: [{ id: 1 }, { id: 2 }, { id: 3 }] },
      faults: [],
    });
  });
});

describe("quotes that an editor has made typographic", () => {
  const bytes = (text: string) => Buffer.from(text).toString("latin1");
  const firstFault = (text: string) =>
    scanConfig({ file: "f", text: bytes(text) }, { read: () => "" }).faults.map(formatFault)[0];

  test.each([
    [
      "around a key",
      "{“a”: 1}",
      'f:1:2: "“" stands where a key in double quotes or "}" is expected (the bracket at 1:1 is open); write " in place of “',
    ],
    ["around a value", '{"a": “b c”}', 'f:1:7: "“b" is not a value; write " in place of “'],
    ["at the end of a key", '{"ä”: 1}', 'f:1:2: this string is not closed on its line; write " in place of ”'],
    ["of other languages", '{"a": „b“}', 'f:1:7: "„b“" is not a value; write " in place of “'],
  ])("%s", (_, text, fault) => {
    expect(firstFault(text)).toBe(fault);
  });
});

describe("faults of syntax", () => {
  const cases: readonly [title: string, text: string, faults: string[]][] = [
    ["an empty text", " # nothing\n", ["f:2:1: the file is empty; is this the right file?"]],
    ["text after the end", '{}\n {"a": 1}', ["f:2:2: there is text after the end of the configuration; remove it"]],
    [
      "a trailing comma is a warning",
      '{"a": [1,],\n}',
      ["f:1:9: warning: this comma is not needed; remove it", "f:1:11: warning: this comma is not needed; remove it"],
    ],
    ["commas twice are a warning", "[1,,2]", ["f:1:3: warning: this comma is not needed; remove it"]],
    ["a comma in front", "[,1]", ['f:1:2: "," stands where a value or "]" is expected (the bracket at 1:1 is open)']],
    [
      "a bracket never closed",
      '{"a": [1\n',
      ['f:2:1: the text ends where "," or "]" is expected (the bracket at 1:7 is open)'],
    ],
    [
      "a key without quotes",
      "{\n  a: 1}",
      ['f:2:3: "a" stands where a key in double quotes or "}" is expected (the bracket at 1:1 is open)'],
    ],
    ["a missing colon", '{"a" 1}', ['f:1:6: "1" stands where ":" after "a" is expected (the bracket at 1:1 is open)']],
    ["a missing value", '{"a": }', ['f:1:7: "}" stands where a value is expected']],
    ["a missing comma", '{"a": 1 "b": 2}', ['f:1:9: "," is missing before "b"']],
    ["a missing comma in a list", '["a" "b c"]', ['f:1:6: "," is missing before "b c"']],
    [
      "a text in place of a colon",
      '{"a" "b"}',
      ['f:1:6: "b" stands where ":" after "a" is expected (the bracket at 1:1 is open)'],
    ],
    ["a string over two lines", '{"a": "x\ny"}', ['f:1:7: this string is not closed on its line; write " at its end']],
    ["an open comment", "{ /* x }", ["f:1:3: this comment is never closed; write */ at its end"]],
    ["a lone slash", "{ / }", ['f:1:3: "/" does not begin a comment; write // or /* */']],
    ["True", '{"a": True}', ['f:1:7: "True" is not a value; write true']],
    ["a bare word", '{"a": yes}', ['f:1:7: "yes" is not a value; put text in double quotes']],
    ["a plus sign", '{"a": +1}', ['f:1:7: "+1" is not a value; put text in double quotes']],
    [
      "an address without quotes",
      '{"a": 192.0.2.1}',
      ['f:1:7: "192.0.2.1" is not a number; put text in double quotes'],
    ],
    ["a lone minus", '{"a": -}', ["f:1:7: this is not a number"]],
    ["a leading zero is a warning", '{"a": 010}', ["f:1:7: warning: 010 begins with a zero; remove it"]],
    [
      "an integer that a double would round",
      '{"a": 18446744073709551615}',
      ["f:1:7: 18446744073709551615 is too large; the limit is 9007199254740991"],
    ],
    ["a number beyond all", '{"a": 1e999}', ["f:1:7: 1e999 is too large; the limit is 9007199254740991"]],
    [
      "a key given twice",
      '{"a": 1,\n "b": 2, "a": 3}',
      ['f:2:10: "a" was already given in this map; remove one of the two'],
    ],
    [
      "an escape that is none",
      String.raw`{"a": "\q"}`,
      [String.raw`f:1:8: "\q" is not an escape sequence; write \\ for a backslash`],
    ],
    [
      "an escape beyond Latin-1",
      String.raw`{"a": "\u0101"}`,
      [String.raw`f:1:8: "\u0101" cannot be held in one byte; use at most \u00ff`],
    ],
    ["a character beyond Latin-1", '{"a": "ā"}', ['f:1:8: "ā" cannot be held in one byte; use Latin-1 characters']],
    ["a tab in a string", '{"a": "\t"}', [String.raw`f:1:8: a control character stands in this string; write \u0009`]],
    [
      "an include that cannot be read",
      '{ <?include "x"?> }',
      ['f:1:3: "x" cannot be included: no such file; paths count from where the daemon was started'],
    ],
    [
      "an include without quotes",
      "{ <?include x?> }",
      ['f:1:3: this is not an include directive; write <?include "file"?>'],
    ],
  ];
  test.each(cases)("%s", (_, text, faults) => {
    expect(scan(text).faults.map(formatFault)).toEqual(faults);
  });

  test("an include that includes itself ends at ten", () => {
    const { faults } = scan('<?include "a"?>', { a: '<?include "a"?>' });
    expect(faults.map(formatFault)).toEqual(['a:1:1: includes are nested more than 10 deep; does "a" include itself?']);
  });

  /** The files that are read when `levels` files include each other in a row. */
  function chain(levels: number): Record<string, string> {
    const files = Array.from({ length: levels }, (_, i) => [
      `${i}`,
      i === levels - 1 ? "{}" : `<?include "${i + 1}"?>`,
    ]);
    return Object.fromEntries(files);
  }

  test("ten includes inside each other are read, eleven are not", () => {
    expect(scan('<?include "0"?>', chain(10))).toEqual({ value: {}, faults: [] });
    expect(scan('<?include "0"?>', chain(11)).faults.map(formatFault)).toEqual([
      '9:1:1: includes are nested more than 10 deep; does "10" include itself?',
    ]);
  });

  test("a fault in an included file names that file", () => {
    const { faults } = scan('{"a": <?include "inc"?>}', { inc: "\n yes" });
    expect(faults.map(formatFault)).toEqual(['inc:2:2: "yes" is not a value; put text in double quotes']);
  });

  test.each([["["], ['{"a":'], ['[{"a":']])("CVE-2026-3608: 200,000 times %s is a fault, not a crash", (piece) => {
    const [fault] = scan(piece.repeat(200_000)).faults;
    expect(fault?.message).toBe(`maps and lists are nested more than ${MAX_DEPTH} deep`);
  });

  test("all faults that let the scan go on are reported at once", () => {
    const text = String.raw`{"a": "\q", "a": 1, "b": 99999999999999999999, "c": [1,]}`;
    expect(scan(text).faults.map((fault) => fault.position?.column)).toEqual([8, 13, 26, 55]);
  });
});

describe("locateFaults", () => {
  const text = '{\n  "é": 1, "list": [\n    {"id": 7},\n    <?include "inc"?>\n  ]\n}';
  const source = { file: "f", text: Buffer.from(text, "utf8").toString("latin1") };
  const reader = filesOf({ inc: ' {"id": 8, "x": {}}' });
  const cases: readonly [title: string, pointer: (string | number)[], at: "key" | "value", position: string][] = [
    ["the document", [], "value", "f:1:1"],
    ["a value behind a two-byte character", ["list"], "value", "f:2:19"],
    ["a key", ["list"], "key", "f:2:11"],
    ["an entry of a list", ["list", 0], "value", "f:3:5"],
    ["a value in an included file", ["list", 1, "id"], "value", "inc:1:9"],
    ["a key in an included file", ["list", 1, "x"], "key", "inc:1:12"],
    ["a missing key: the map it should be in", ["list", 1, "x", "y"], "value", "inc:1:17"],
    ["a missing entry", ["list", 9, "id"], "value", "f:2:19"],
  ];
  test.each(cases)("%s", (_, pointer, at, position) => {
    const [fault] = locateFaults(source, reader, [{ pointer, at, message: "m", severity: "error" }]);
    expect(`${fault?.position?.file}:${fault?.position?.line}:${fault?.position?.column}`).toBe(position);
  });

  test("a position known already is kept", () => {
    const position = { file: "g", line: 9, column: 9 };
    expect(
      locateFaults(source, reader, [{ pointer: [], message: "m", severity: "error", position }])[0]?.position,
    ).toBe(position);
  });
});
