import { describe, expect, it } from "vitest";
import { compileSanitizer } from "./sanitizer.ts";

const KEA_DEFAULT = "[^A-Za-z0-9.-]";

describe("hostname-char-set", () => {
  it.each<[string, string, string]>([
    [KEA_DEFAULT, "My_host-1.example!", "Myhost-1.example"],
    ["[xyz]", "fuzzy", "fu"],
    ["[a-c]", "abcdabcd", "dd"],
    ["[]x]", "a]bx", "ab"],
    ["[a-]", "a-b", "b"],
    ["[^]a]", "a]b", "a]"],
    ["[[:punct:][:space:]]", "a b.c", "abc"],
    ["^www|x+", "www.xx.www", "..www"],
    ["é", "caf\u00e9", "caf"],
  ])("%s takes out of names what matches: %s", (set, name, clean) => {
    expect(compileSanitizer(set, "")!(name)).toBe(clean);
  });

  it.each(["[x]", "x|y"])("%s: the replacement stands for each match as it is", (set) => {
    expect(compileSanitizer(set, "$1")!("axxb")).toBe("a$1$1b");
  });

  it.each(["[a", "(a", "[z-a]", "(a)\\1", "(?=a)"])("%s is none that can be run over clients' bytes", (set) => {
    expect(compileSanitizer(set, "")).toBeUndefined();
  });

  it("takes time in proportion to the name, whatever it is", () => {
    const sanitize = compileSanitizer("(a+)+$", "")!;
    // Backtracking would take longer than the universe has.
    expect(sanitize(`${"a".repeat(250)}!`)).toBe(`${"a".repeat(250)}!`);
  });
});
