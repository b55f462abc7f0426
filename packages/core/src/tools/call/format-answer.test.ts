import { describe, expect, it } from "vitest";
import { formatAnswer } from "./format-answer.ts";

const lines = (answer: unknown) => formatAnswer(answer).split("\n");

describe("an answer for people", () => {
  it("with leases is a table, what matters most first", () => {
    const leases = [
      { "hw-address": "02:01", "ip-address": "192.0.2.1", cltt: 1_800_000_000, "user-context": { a: 1 } },
      { "hw-address": "02:01:02", "ip-address": "192.0.2.10", cltt: 1_800_000_000 },
    ];
    expect(lines({ result: 0, text: "2 found", arguments: { leases } })).toEqual([
      "ip-address  hw-address  cltt                  user-context",
      '192.0.2.1   02:01       2027-01-15T08:00:00Z  {"a":1}',
      "192.0.2.10  02:01:02    2027-01-15T08:00:00Z",
      "",
      "2 found",
      "",
    ]);
  });

  it("with a result set is its table", () => {
    const set = { columns: ["subnet-id", "n"], rows: [[1, 20]], timestamp: "x" };
    expect(lines({ result: 0, arguments: { "result-set": set } })).toEqual(["subnet-id  n", "1          20", ""]);
  });

  it("with a map has a line a value, with the way to it", () => {
    const answer = {
      result: 0,
      arguments: { pid: 1, "dhcp-state": { on: true, by: [] }, list: [{ a: 1 }, { b: [2] }], c: [{}] },
    };
    expect(lines(answer)).toEqual([
      "pid            1",
      "dhcp-state.on  true",
      "dhcp-state.by  []",
      "list[0].a      1",
      "list[1].b      [2]",
      "c[0]           {}",
      "",
    ]);
  });

  it("is its text, where that is all; Kea's bytes are read as UTF-8", () => {
    expect(lines({ result: 3, text: "not found \u00c3\u00a9 \u2026" })).toEqual(["not found \u00c3\u00a9 \u2026", ""]);
    expect(lines({ result: 1, text: "\u00c3\u00a9" })).toEqual(["é", ""]);
    expect(lines({ result: 0, arguments: ["a", "b"] })).toEqual(["a", "b", ""]);
    expect(lines({ result: 3, text: "0 found", arguments: { leases: [] } })).toEqual(["0 found", ""]);
    expect(lines([1])).toEqual(["[1]", ""]);
  });
});
