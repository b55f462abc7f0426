import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fencedBlocks } from "@kotare/testkit/fenced-blocks";
import { expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";
import type { Plan } from "./plan.ts";

function planOf(words: string): Partial<Plan> {
  const given = parseArguments(words.split(" "));
  if (given.kind !== "play") throw new Error(JSON.stringify(given));
  return given.plan;
}

test("a plan has what the words say, and what is usual", () => {
  expect(planOf("-i eth0")).toMatchObject({
    ...{ family: 4, interface: "eth0", server: undefined, relays: [], exchange: "four-way", ask: "address" },
    ...{ clients: 100_000, steps: [{ rate: 1000, seconds: 10 }], patience: 1000, release: 0 },
  });
  expect(planOf("-l 10.0.0.2,10.0.0.3 -l 10.0.0.4 -o 60=50:58 --relay-option 1=aa -x renew 10.0.0.1")).toMatchObject({
    relays: ["10.0.0.2", "10.0.0.3", "10.0.0.4"],
    server: "10.0.0.1",
    exchange: "renew",
    options: [[60, Uint8Array.of(0x50, 0x58)]],
    relayOptions: [[1, Uint8Array.of(0xaa)]],
  });
  expect(planOf("-i eth0 --slow 0.5")).toMatchObject({ slow: 0.5 });
  expect(planOf("--over6 -i eth0")).toMatchObject({ family: 4, isOver6: true });
  expect(planOf("-6 -i eth0 --ask both -l 2001:db8::1")).toMatchObject({ family: 6, ask: "both", server: undefined });
});

test("rates, steps and counts make a schedule", () => {
  expect(planOf("-i e -r 100-300 --steps 3 -s 2").steps).toEqual([100, 200, 300].map((rate) => ({ rate, seconds: 2 })));
  expect(planOf("-i e -r 0.5 -n 3")).toMatchObject({ steps: [{ rate: 0.5, seconds: 6 }], most: 3 });
});

test.each([
  ["", "give --interface, or --relay and a SERVER"],
  ["-i e 10.0.0.1", "clients behind --relay ask a SERVER; others broadcast"],
  ["-l 10.0.0.2", "relays ask one SERVER: give its address"],
  ["-l 10.0.0.2 10.0.0.1 10.0.0.3", "one SERVER, not 10.0.0.1 10.0.0.3"],
  ["-l 10.0.0 10.0.0.1", '"10.0.0" is no IPv4 address'],
  ["-6 -4 -i e", "-4 or -6"],
  ["-6", "give --interface"],
  ["-6 -i e --hostname x", "--hostname is for -4: give --fqdn"],
  ["-i e --ask both", "--ask is for -6"],
  ["-6 -i e --over6", "--over6 is for -4"],
  ["-i e --over6 -l 10.0.0.2 10.0.0.1", "clients of --over6 are on a link, behind no --relay"],
  ["-i e -r 10 -r 20", "--rate is given twice"],
  ["-i e -r 0", "--rate 0: expected 0.01 to 1000000"],
  ["-i e -r 1-2-3", "--rate 1-2-3: expected a number, or two with - between them"],
  ["-i e -c 1.5", "--clients is a whole number"],
  ["-i e -o 60", "--option 60: expected CODE=HEX with a code from 1 to 254, such as 60=504845"],
  ["-i e --first-mac 02:00", '"02:00" is no hardware address such as 02:00:00:00:00:00'],
  ["-i e --relay-option 1=00", "--relay-option is for clients behind a --relay"],
  ["-6 -i e -x renew --release 10", "what is released cannot be renewed"],
  ["-i e --fqdn a..b", '--fqdn: "a..b" has an empty label; expected a name such as host.example.com'],
])("%j is told apart: %s", (words, what) => {
  expect(parseArguments(words.split(" ").filter(Boolean))).toEqual({ kind: "wrong", what });
});

test("help says how it is called, and what the exit codes mean", () => {
  const given = parseArguments(["--help"]);
  expect(given.kind === "help" && given.text).toMatch(/Usage: dhcp-load .*Exit codes:/s);
});

const docs = join(import.meta.dirname, "../../../docs");
const lines = readdirSync(docs)
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) => fencedBlocks(readFileSync(join(docs, name), "utf8")))
  .filter(({ language }) => language === "sh")
  .flatMap(({ text }) => text.split("\n"))
  .flatMap((line) => /^(?:sudo )?dhcp-load (.*)/.exec(line)?.[1] ?? []);

test.each(lines)("the manual's dhcp-load %s is one that it takes", (words) => {
  expect(parseArguments(words.split(" "))).toMatchObject({ kind: "play" });
});
