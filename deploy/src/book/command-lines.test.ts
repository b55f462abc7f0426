/**
 * Every command line in the manual that no scene gives is one that a daemon takes: sub-commands, commands, arguments, flags.
 * Those of dialogues are given by `e2e/scenes/deploy/manual.e2e.ts`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commandsOfDaemons } from "@kotare/core/control/command-reference";
import { flagsOf } from "@kotare/core/daemon/arguments";
import { parseCall } from "@kotare/core/tools/call/call-options";
import { parseCallWords } from "@kotare/core/tools/call/call-words";
import { dbActions } from "@kotare/core/tools/db";
import { leasesActions } from "@kotare/core/tools/leases";
import { fencedBlocks } from "@kotare/testkit/fenced-blocks";
import { expect, test } from "vitest";

const docs = join(import.meta.dirname, "../../../docs");
/** What extensions bring. */
const OF_EXTENSIONS = /^(?:ha|perfmon)-/;
const ACTIONS: Readonly<Record<string, readonly string[] | undefined>> = { db: dbActions, leases: leasesActions };
const WHOLE = ["convert", "explain", "completion"];

const lines = readdirSync(docs)
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) => fencedBlocks(readFileSync(join(docs, name), "utf8")).map((block) => ({ name, ...block })))
  .filter(({ language }) => ["sh", ""].includes(language))
  .flatMap(({ name, text }) => text.split("\n").map((line) => ({ name, line: line.replace(/^sudo /, "") })))
  .filter(({ line }) => /^(?:dhcp4d|dhcp6d|d2d) /.test(line));

test.each(lines)("$name: $line", ({ line }) => {
  expect(faultOf(line)).toBeUndefined();
});

test.each([
  ["dhcp4d call nosuch", /no command nosuch/],
  ["dhcp4d call lease4-get address=1.2.3.4", /no argument 'address'/],
  ["dhcp4d call lease4-get ip-address 1.2.3.4", /write NAME=VALUE/],
  ["d2d call lease4-get", /no command lease4-get/],
  ["dhcp4d db nosuch", /nosuch/],
  ["dhcp4d --nosuch", /--nosuch/],
])("%s is told", (line, fault) => {
  expect(faultOf(line)).toMatch(fault);
});

function faultOf(line: string): string | undefined {
  const [daemon = "", first = "", ...rest] = wordsOf(line);
  const actions = ACTIONS[first];
  if (actions !== undefined) return actions.includes(rest[0] ?? "") ? undefined : `no ${first} ${rest[0]}`;
  if (WHOLE.includes(first)) return undefined;
  if (first !== "call") return flagsOf(true).includes(first) ? undefined : `no ${first}`;
  const called = parseCall(rest, { name: daemon, summary: "", exampleConfig: "", callExample: "", ports: true });
  if (called.kind === "wrong") return called.what;
  const [name = "", ...given] = called.words;
  const command = commandsOfDaemons.find(([each]) => each === daemon)?.[1].find((each) => each.name === name);
  if (command === undefined) return OF_EXTENSIONS.test(name) ? undefined : `${daemon} has no command ${name}`;
  const words = parseCallWords(given, command, () => "{}");
  return words.kind === "wrong" ? words.what : undefined;
}

/** Without what is said about the command behind it. */
function wordsOf(line: string): readonly string[] {
  const [command = ""] = line.split(/ {2,}| #| \| | > /);
  return [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ""));
}
