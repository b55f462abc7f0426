import { describe, expect, it } from "vitest";
import { compileNameRules } from "./name-rules.ts";

const KEA_DEFAULT = "[^A-Za-z0-9.-]";
const sanitize = (set: string, name: string, replacement = "") =>
  compileNameRules(set, replacement, "", "myhost")!.sanitize(name);

describe("hostname-char-set", () => {
  it.each<[string, string, string]>([
    [KEA_DEFAULT, "My_host-1.example!", "Myhost-1.example"],
    ["[xyz]", "fuzzy", "fu"],
    ["[a-c]", "abcdabcd", "dd"],
    ["[]x]", "a]bx", "ab"],
    ["[a-]", "a-b", "b"],
    ["[^]a]", "a]b", "a]"],
    ["", "anything at all!", "anything at all!"],
  ])("%s takes characters out of names: %s", (set, name, clean) => {
    expect(sanitize(set, name)).toBe(clean);
  });

  it("puts the replacement in their place, one for each", () => {
    expect(sanitize(KEA_DEFAULT, "a  b", "x")).toBe("axxb");
  });

  it.each(["a", "[a", "a]", "[a][b]", "[[:alpha:]]", "(a+)+$", "[a]*"])(
    "%s is refused: only one bracket expression is run over clients' bytes",
    (set) => {
      expect(compileNameRules(set, "", "", "myhost")).toBeUndefined();
    },
  );

  it("is applied to each label of a domain name, with its escapes resolved, and drops empty labels", () => {
    const { sanitizeLabels } = compileNameRules(KEA_DEFAULT, "", "", "myhost")!;
    expect(sanitizeLabels("my\\032host.!.example.")).toBe("myhost.example");
    expect(sanitizeLabels("")).toBe("");
    expect(sanitizeLabels("!!!")).toBe("");
  });
});

describe("ddns-qualifying-suffix", () => {
  it.each<[string, string, string]>([
    ["example.org.", "host", "host.example.org"],
    ["example.org", "host", "host.example.org"],
    ["example.org.", "host.lan", "host.lan"],
    ["", "host", "host"],
  ])("%s: %s becomes %s", (suffix, name, qualified) => {
    expect(compileNameRules("", "", suffix, "myhost")!.qualify(name)).toBe(qualified);
  });
});
