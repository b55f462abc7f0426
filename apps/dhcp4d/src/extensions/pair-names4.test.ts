/** Names of a pair's clients: one of the two tells the DNS, and nothing is told twice or lost when it is gone. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Utterance } from "@kotare/core/server/testing/pair/pair-story";
import { createRandom } from "@kotare/core/storage/testing/crash-disk";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PairClients4 } from "../testing/pair-clients4.ts";
import { TestPair4 } from "../testing/test-pair4.ts";

const CONFIG = {
  "valid-lifetime": 100,
  "dhcp-ddns": { "enable-updates": true },
  subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.13" }] }],
};
const RELATIONSHIP = { "max-response-delay": 8000 };
const FIRST = "192.0.2.10";

let folder: string;
let pair: TestPair4;
let clients: PairClients4;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kotare-pair-"));
  const random = createRandom(1);
  pair = new TestPair4({ mode: "hot-standby", config: CONFIG, relationship: RELATIONSHIP, random }, folder);
  clients = new PairClients4(pair);
  for (const which of [0, 1] as const) await pair.start(which);
  await pair.time.pass(5000);
  expect([pair.stateOf(0), pair.stateOf(1)]).toEqual(["hot-standby", "hot-standby"]);
});

afterEach(() => {
  pair[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

async function say(client: number, verb: Utterance["verb"]): Promise<void> {
  clients.say({ client, verb, wanted: 0, secs: 5 });
  await pair.time.pass(1000);
}

/** What the two have told since this was last asked. */
function told(): readonly (readonly string[])[] {
  return pair.machines.map(({ updater }) => updater.told.splice(0));
}

const seconds = (count: number) => pair.time.pass(count * 1000);

it("who serves the client tells its name, and its end, and the partner neither", async () => {
  await say(1, "discover");
  expect(told()).toEqual([["+c1. 192.0.2.10"], []]);
  await say(1, "release");
  await seconds(10);
  expect(told()).toEqual([["-c1. 192.0.2.10"], []]);
});

it("a lease whose time is over is ended by both, and told by who has served its client", async () => {
  await say(1, "discover");
  told();
  await seconds(101);
  expect(told()).toEqual([["-c1. 192.0.2.10"], []]);
  await seconds(70);
  expect(pair.machines.map(({ process }) => process?.server.leases())).toEqual([
    ["192.0.2.10 02:00:00:00:00:01 reclaimed"],
    ["192.0.2.10 02:00:00:00:00:01 reclaimed"],
  ]);
  expect(told()).toEqual([[], []]);
});

it("who takes over tells once more what the other one may not have come to, and what becomes of it then", async () => {
  await say(1, "discover");
  await seconds(70);
  await say(1, "renew");
  await say(2, "discover");
  pair.machines[0].updater.isUp = false;
  await say(3, "discover");
  pair.kill(0, true);
  told();
  await seconds(15);
  expect(pair.stateOf(1)).toBe("partner-down");
  expect(told()[1]!.toSorted()).toEqual(["+c1. 192.0.2.10", "+c2. 192.0.2.11", "+c3. 192.0.2.12"]);
  await say(1, "rebind");
  expect(told()).toEqual([[], []]);
  await say(1, "release");
  await seconds(5);
  expect(told()).toEqual([[], ["-c1. 192.0.2.10"]]);
});

it("what is over while nobody knows whether the primary lives is told by who takes over", async () => {
  await say(1, "discover");
  told();
  await seconds(95);
  pair.kill(0, true);
  await seconds(6);
  expect([pair.stateOf(1), told()]).toEqual(["hot-standby", [[], []]]);
  await seconds(10);
  expect([pair.stateOf(1), told()[1]]).toEqual(["partner-down", ["-c1. 192.0.2.10"]]);
});

it("who comes back tells nothing of what it had before it knows what has become of that", async () => {
  await say(1, "discover");
  await say(2, "discover");
  pair.kill(0, true);
  await seconds(60);
  await say(2, "rebind");
  await seconds(45);
  expect(pair.zone).toEqual(new Map([["c2.", "192.0.2.11"]]));
  told();
  for (const way of pair.ways) way.isCut = true;
  await pair.start(0);
  await seconds(6);
  expect([pair.stateOf(0), told()]).toEqual(["waiting", [[], []]]);
  for (const way of pair.ways) way.isCut = false;
  await seconds(20);
  expect([pair.stateOf(0), pair.stateOf(1)]).toEqual(["hot-standby", "hot-standby"]);
  expect(pair.zone).toEqual(new Map([["c2.", "192.0.2.11"]]));
  expect(told()[1]).toEqual([]);
  await seconds(100);
  expect(pair.zone.size).toBe(0);
});

it("an address that is given back while the partner is away stays given back when it is there again", async () => {
  await say(1, "discover");
  pair.kill(0, true);
  await seconds(15);
  await say(1, "rebind");
  await say(1, "release");
  await pair.start(0);
  await seconds(20);
  expect([pair.stateOf(0), pair.stateOf(1)]).toEqual(["hot-standby", "hot-standby"]);
  for (const { process } of pair.machines) {
    expect(process?.server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 reclaimed"]);
  }
  expect(pair.zone.size).toBe(0);
});

it("a server that owes the DNS something when its partner takes over pays it, and the name that is new stays", async () => {
  await say(1, "discover");
  await say(1, "renew");
  pair.kill(0, true);
  await seconds(10);
  await say(1, "rebind");
  pair.machines[1].updater.isUp = false;
  await say(1, "release");
  await pair.start(0);
  await seconds(10);
  await say(1, "discover");
  expect(pair.stateOf(0)).toBe("hot-standby");
  expect(pair.zone.get("c1.")).toBe(FIRST);
  pair.machines[1].updater.isUp = true;
  await seconds(20);
  expect(pair.zone.get("c1.")).toBe(FIRST);
});

it("where both have served everything the names are those of the leases that stay", async () => {
  await say(1, "discover");
  for (const way of pair.ways) way.isCut = true;
  await seconds(10);
  expect([pair.stateOf(0), pair.stateOf(1)]).toEqual(["partner-down", "partner-down"]);
  clients.say({ client: 2, verb: "discover", wanted: 1, unheardBy: 1, secs: 5 });
  await seconds(2);
  clients.say({ client: 3, verb: "discover", wanted: 1, unheardBy: 0, secs: 5 });
  await seconds(2);
  for (const way of pair.ways) way.isCut = false;
  await seconds(20);
  expect([pair.stateOf(0), pair.stateOf(1)]).toEqual(["hot-standby", "hot-standby"]);
  for (const { process } of pair.machines) {
    expect(process?.server.leases()).toEqual([
      "192.0.2.10 02:00:00:00:00:01 assigned",
      "192.0.2.11 02:00:00:00:00:03 assigned",
    ]);
  }
  expect(Object.fromEntries(pair.zone)).toEqual({ "c1.": FIRST, "c3.": "192.0.2.11" });
});
