import { describe, expect, it } from "vitest";
import { diffLines } from "./line-diff.ts";

const show = (before: string, after: string) => diffLines(before, after).map(({ kind, text }) => `${kind}${text}`);
const text = (count: number, change: Readonly<Record<number, string>> = {}) =>
  Array.from({ length: count }, (_, i) => change[i] ?? `line ${i}`).join("\n");

describe("the difference of two texts", () => {
  it("is nothing where they are the same", () => expect(show(text(9), text(9))).toEqual([]));

  it("has a few lines around", () => {
    expect(show(text(20), text(20, { 9: "new" }))).toEqual([
      "…",
      ...[" line 6", " line 7", " line 8", "-line 9", "+new", " line 10", " line 11", " line 12"],
      "…",
    ]);
    expect(show(text(3), text(4))).toEqual([" line 0", " line 1", " line 2", "+line 3"]);
  });

  it("leaves out what is between two changes", () => {
    expect(show(text(40), text(40, { 5: "x", 30: "y" })).filter((line) => line === "…")).toHaveLength(3);
  });

  it("of long texts is found where they differ in a few places", () => {
    const lines = show(text(200_000), text(200_000, { 7: "x", 199990: "y" }));
    expect(lines.filter((line) => /^[-+]/.test(line))).toEqual(["-line 7", "+x", "-line 199990", "+y"]);
  });

  it("of long texts that have nothing in common is all of them", () => {
    const all = (name: string) => Array.from({ length: 3000 }, (_, i) => `${name} ${i}`).join("\n");
    expect(diffLines(all("a"), all("b"))).toHaveLength(6000);
  });

  it("makes the one text of the other", () => {
    const texts = ["", ..."abc"].flatMap((x) =>
      ["", ..."abc"].flatMap((y) => ["", ..."abc"].map((z) => `${x}\n${y}\n${z}`)),
    );
    for (const before of texts) {
      for (const after of texts.filter((each) => each !== before)) {
        const lines = diffLines(before, after);
        const side = (other: string) => lines.filter(({ kind }) => kind !== other).map((line) => line.text);
        expect([side("+"), side("-")]).toEqual([before.split("\n"), after.split("\n")]);
      }
    }
  });
});
