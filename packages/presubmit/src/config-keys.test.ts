import type { Pointer } from "@kotare/core/config/fault";
import { listKnownKeys } from "@kotare/core/config/known-keys";
import { DhcpDdnsFile } from "@kotare/core/config/schema/dhcp-ddns";
import { Dhcp4File } from "@kotare/core/config/schema/dhcp4/dhcp4";
import { Dhcp6File } from "@kotare/core/config/schema/dhcp6/dhcp6";
import { listOldSpellings } from "@kotare/core/config/schema/renamed";
import { createVirtualFileSystem } from "typescript/unstable/fs";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "./source-files.ts";
import { findUnreadKeys } from "./unread-keys.ts";

/** Keys that need no reader, each with its reason. */
const WITHOUT_READER: Readonly<Record<string, string>> = {
  "user-context": "the operator's own: given back",
  comment: "the operator's own: given back",
  metadata: "of configuration databases: given back",
  "ip-reservations-unique": "is about what the check of reservations refuses",
};

const PRODUCTION =
  /^(?:apps|packages)\/(?!presubmit|testkit)[^/]+\/src\/(?!.*\.(?:test|contract|vectors)\.ts$)(?!.*\/testing\/)/;
/** A check that looks at a key is no use of it; nor is giving it back. */
const NO_READER =
  /^packages\/core\/src\/(?:config\/(?!load\/)(?:\w+\/|.*\bcheck\b)|control\/commands\/config\/written-)/;
const TELLER = /^packages\/core\/src\/config\/\w+\/unsupported\d?\.ts$/;

/** A project of two files: its configuration's type, and who reads it. */
function unreadOf(config: string, reader: string, teller = ""): readonly string[] {
  const files = {
    "/p/tsconfig.json": JSON.stringify({ compilerOptions: { strict: true, types: [] } }),
    "/p/config.ts": `export interface Config ${config}`,
    "/p/reader.ts": `import type { Config } from "./config.ts";\ndeclare const config: Config;\n${reader}`,
    "/p/teller.ts": teller,
  };
  return findUnreadKeys({
    root: "/p",
    configs: [["config.ts", "Config"]],
    isReader: (path) => path === "reader.ts",
    isTeller: (path) => path === "teller.ts",
    fs: createVirtualFileSystem(files),
  }).unread;
}

describe("a key that nobody reads is found", () => {
  it.each([
    ["at the top", "{ a: number; b: number }", "config.a;", ["Config.b"]],
    ["inside a list", "{ list: { a: number; b: number }[] }", 'config.list[0]["a"];', ["Config.list[].b"]],
    [
      "though a map of another kind has one of its name",
      "{ x: { name: string; y: 1 } }",
      "declare const o: { name: string; z: 1 };\no.name; config.x.y;",
      ["Config.x.name"],
    ],
    [
      "though all keys are gone through",
      "{ a: number }",
      "function f<K extends keyof Config>(key: K) { return config[key]; }",
      ["Config.a"],
    ],
    ["though a word of the language says so", "{ 'a-b': string }", 'const text: string = "a-b";', ["Config.a-b"]],
  ])("%s", (_, config, reader, unread) => {
    expect(unreadOf(config, reader)).toEqual(unread);
  });
});

describe("a key counts as read", () => {
  it.each([
    ["as a property", "config.a;"],
    ["in brackets", 'config["a"];'],
    ["taken out of its map", "const { a: b } = config;"],
    ["through a type that says less", "function f(map: { readonly a: string }) { return map.a; }"],
    ["through a type with a bound", "function f<M extends { readonly a: string }>(map: M) { return map.a; }"],
    ["by its name", 'declare function inherit(key: string): void;\ninherit("a");'],
    ["in a list of names", 'const keys = ["a"];'],
  ])("%s", (_, reader) => {
    expect(unreadOf("{ a: string }", reader)).toEqual([]);
  });
});

it("a key counts as read as one of a few", () => {
  expect(unreadOf("{ a: string; b: string }", 'declare const key: "a" | "b";\nconfig[key];')).toEqual([]);
});

it("a table that tells of a key tells of all that is inside", () => {
  const config = "{ x: { y: { z: string } }; other: string }";
  expect(unreadOf(config, "", 'const rows = [{ key: "x", other: "other" }];')).toEqual(["Config.other"]);
});

it("a choice of one needs no reader", () => {
  expect(unreadOf('{ format: "JSON"; kind: "a" | "b" }', "")).toEqual(["Config.kind"]);
});

/** Every key that the schema itself knows, by its name. */
function* namesIn(schema: Parameters<typeof listKnownKeys>[0], pointer: Pointer = []): Generator<string> {
  for (const key of listKnownKeys(schema, pointer)) {
    yield key;
    yield* namesIn(schema, [...pointer, key]);
    yield* namesIn(schema, [...pointer, key, 0]);
  }
}

it("every key of the configuration has a reader, a note or an error", () => {
  const { keys, unread } = findUnreadKeys({
    root: repositoryRoot.replace(/\/$/, ""),
    configs: [
      ["packages/core/src/config/dhcp4-config.ts", "Dhcp4Config"],
      ["packages/core/src/config/dhcp6-config.ts", "Dhcp6Config"],
      ["packages/core/src/config/dhcp-ddns-config.ts", "DhcpDdnsConfig"],
    ],
    isReader: (path) => PRODUCTION.test(path) && !NO_READER.test(path),
    isTeller: (path) => TELLER.test(path),
  });
  expect(unread.filter((path) => !(path.split(".").at(-1)! in WITHOUT_READER))).toEqual([]);
  // The types show all that the schema knows.
  const names = new Set(keys.flatMap((path) => path.split(".").at(-1)!));
  const known = [Dhcp4File, Dhcp6File, DhcpDdnsFile].flatMap((schema) => [...namesIn(schema)]);
  const oldSpellings = new Set(known.flatMap(listOldSpellings));
  const roots = ["$schema", "Dhcp4", "Dhcp6", "DhcpDdns"];
  expect(known.filter((key) => !names.has(key) && !oldSpellings.has(key) && !roots.includes(key))).toEqual([]);
  expect(known.length).toBeGreaterThan(1000);
});
