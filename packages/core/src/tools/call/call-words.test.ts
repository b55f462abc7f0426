import { describe, expect, it } from "vitest";
import { leaseCommands4 } from "../../control/commands/lease-commands.ts";
import { parseCallWords } from "./call-words.ts";

const parse = (command: string, ...words: string[]) =>
  parseCallWords(
    words,
    leaseCommands4.find(({ name }) => name === command),
    (path) => {
      if (path === "/conf") return '{ "Dhcp4": {} }';
      throw new Error("ENOENT");
    },
  );

describe("the words behind a command", () => {
  it.each([
    ["lease4-get", ["ip-address=192.0.2.1"], { "ip-address": "192.0.2.1" }],
    ["lease4-get", ["subnet-id=44", "identifier=010203"], { "subnet-id": 44, identifier: "010203" }],
    [
      "lease4-add",
      ["hostname=007", "fqdn-fwd=true", "comment=a=b"],
      { hostname: "007", "fqdn-fwd": true, comment: "a=b" },
    ],
    ["lease4-add", ['user-context={"a":[1]}'], { "user-context": { a: [1] } }],
    ["lease4-get-all", ["subnets=1,2"], { subnets: [1, 2] }],
    ["lease4-get-all", ["subnets=[3]"], { subnets: [3] }],
    ["lease4-get-all", ["subnets="], { subnets: [] }],
    ["kea-only", ["number=1", "word=abc", "list=[1]"], { number: 1, word: "abc", list: [1] }],
  ])("%s %j", (command, words, given) => {
    const parsed = parse(command, ...words);
    expect(parsed).toMatchObject({ kind: "arguments" });
    expect(JSON.parse((parsed as { text: string }).text)).toEqual(given);
  });

  it("may be none, or a file", () => {
    expect(parse("status-get")).toEqual({ kind: "arguments", text: undefined });
    expect(parse("config-test", "@/conf")).toEqual({ kind: "arguments", text: '{ "Dhcp4": {} }' });
  });

  it.each([
    ["lease4-wipe", "subnt-id=44", "lease4-wipe has no argument 'subnt-id': did you mean subnet-id?"],
    ["lease4-wipe", "address=192.0.2.1", "lease4-wipe has no argument 'address': it has subnet-id"],
    ["lease4-get", "toString=1", "lease4-get has no argument 'toString'"],
  ])("%s %s is refused before anybody does without it", (command, word, what) => {
    expect(parse(command, word)).toEqual({ kind: "wrong", what: expect.stringContaining(what) });
  });

  it.each([
    [["192.0.2.1"], "'192.0.2.1' is no argument: write NAME=VALUE"],
    [["=1"], "'=1' is no argument"],
    [["subnet-id=1", "subnet-id=2"], "subnet-id is given twice"],
    [["@/conf", "a=1"], "nothing may follow it"],
    [["@/nosuch"], "/nosuch cannot be read: ENOENT"],
  ])("%j are refused", (words, what) => {
    expect(parse("lease4-get", ...words)).toEqual({ kind: "wrong", what: expect.stringContaining(what) });
  });
});
