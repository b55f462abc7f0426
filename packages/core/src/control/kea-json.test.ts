import { describe, expect, it } from "vitest";
import { formatJson, formatParts, type Json, JsonEntries, type JsonEntry, JsonList, JsonReal } from "./kea-json.ts";

describe("JSON in Kea's style", () => {
  it.each<[Json, string]>([
    [{ b: [1, 2], a: "x" }, '{ "a": "x", "b": [ 1, 2 ] }'],
    [{ list: [], map: {} }, '{ "list": [  ], "map": {  } }'],
    [{ a: true, b: null, c: undefined, d: 0.5 }, '{ "a": true, "b": null, "d": 0.5 }'],
    [
      { total: 2 ** 64, exact: 18446744073709551617n },
      '{ "exact": 18446744073709551617, "total": 18446744073709551616 }',
    ],
    // As bytes, those of our own characters, too.
    ["\u00c3\u00a9", '"\\u00c3\\u00a9"'],
    ["… \u00e9", '"\\u00e2\\u0080\\u00a6 \\u00e9"'],
    ['"\\\n\u0001\u007f', '"\\"\\\\\\n\\u0001\\u007f"'],
  ])("%o", (value, text) => {
    expect(formatJson(value)).toBe(text);
    expect([...formatParts(value)].join("")).toBe(text);
    expect([...formatParts({ inner: [value] })].join("")).toBe(`{ "inner": [ ${text} ] }`);
  });

  it("has a decimal point where one is wanted", () => {
    expect(formatJson([new JsonReal(1), new JsonReal(0.25), new JsonReal(0)])).toBe("[ 1.0, 0.25, 0.0 ]");
  });

  it.each<[Json]>([[{ a: [1, { b: [] }], c: {} }], [{ a: JsonList.of([1, { b: [] }], (each) => each), c: {} }]])(
    "is indented for people",
    (value) => {
      const text = '{\n  "a": [\n    1,\n    {\n      "b": [  ]\n    }\n  ],\n  "c": {  }\n}';
      expect([...formatParts(value, "")].join("")).toBe(text);
      expect(formatJson(value, "")).toBe(text);
    },
  );

  it("is whole where what it is made of is made on the way, or cannot be", () => {
    const inner = { b: 1 };
    const map = {
      get a() {
        return formatJson(inner);
      },
      b: 2,
    };
    expect(formatJson(map)).toBe('{ "a": "{ \\"b\\": 1 }", "b": 2 }');
    const broken = {
      a: 1,
      get b(): number {
        throw new Error("no b");
      },
    };
    expect(() => formatJson(broken)).toThrow("no b");
    expect(formatJson(inner)).toBe('{ "b": 1 }');
  });

  it("makes the items of a long list one by one", () => {
    let made = 0;
    const list = JsonList.of([1, 2, 3], (each) => ({ at: ++made, each }));
    const parts = formatParts({ list, last: [] });
    parts[Symbol.iterator]().next();
    expect(made).toBe(0);
    expect([...parts].join("")).toContain('{ "at": 3, "each": 3 }');
    expect([...formatParts(new JsonList([]))].join("")).toBe("[  ]");
    expect(formatJson(new JsonList([1]))).toBe("[ 1 ]");
  });

  it("makes a long map some entries at a time", () => {
    let made = 0;
    function* entries(): Generator<JsonEntry[]> {
      for (const keys of [["a", "b"], ["c"]]) yield keys.map((key): JsonEntry => [key, { at: ++made }]);
    }
    const parts = formatParts({ map: new JsonEntries(entries()), none: new JsonEntries([]) });
    parts[Symbol.iterator]().next();
    expect(made).toBe(0);
    expect([...parts].join("")).toContain('{ "a": { "at": 1 }, "b": { "at": 2 }, "c": { "at": 3 } }, "none": {  }');
    expect(formatJson(new JsonEntries(entries()))).toBe('{ "a": { "at": 4 }, "b": { "at": 5 }, "c": { "at": 6 } }');
  });

  it("has a line for each item where people read it", () => {
    const value = { b: JsonList.of([1], (each) => ({ each })), a: [], c: {} };
    expect([...formatParts(value, "")].join("")).toBe(
      '{\n  "a": [  ],\n  "b": [\n    {\n      "each": 1\n    }\n  ],\n  "c": {  }\n}',
    );
  });

  it("what must be known last is asked for last", () => {
    let count = 0;
    const list = JsonList.of([1, 2], () => ++count);
    const answer = {
      arguments: { list },
      get text() {
        return `${count} found`;
      },
    };
    expect([...formatParts(answer)].join("")).toBe('{ "arguments": { "list": [ 1, 2 ] }, "text": "2 found" }');
  });
});
