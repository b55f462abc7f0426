/** Extensions that keep what packets change, too: no answer leaves before it is safe with them. */
import { runs } from "@kotare/core/base/testing/runs";
import { RunningExtension } from "@kotare/core/extensions/running-extension";
import { extendPath } from "@kotare/core/server/packets/extended-path";
import type { Contributions, Exchange } from "@kotare/extension";
import { readMessage4 } from "@kotare/testkit/read-message4";
import fc from "fast-check";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

type Commit = NonNullable<Contributions["commit"]>;

const LAN = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.99" }] };

async function start(commit: Commit, rest: object = {}): Promise<TestServer4> {
  const server = await TestServer4.start({ subnet4: [LAN], ...rest });
  const extension = new RunningExtension("test", { commit }, server.log, server.clock);
  server.pipeline.path = extendPath(server.pipeline.path, [extension]);
  return server;
}

const macsOf = (events: readonly Exchange[]) => events.map(({ query }) => query.mac);

/** Client 1 wants to keep .10, client 2 .11. */
async function renewBoth(server: TestServer4) {
  return await server.serve(
    new TestClient4(server, 1).renewMessage("192.0.2.10"),
    new TestClient4(server, 2).renewMessage("192.0.2.11"),
  );
}

async function startBound(commit: Commit, rest: object = {}): Promise<TestServer4> {
  let isBound = false;
  const server = await start((...given) => (isBound ? commit(...given) : undefined), rest);
  for (const number of [1, 2]) await new TestClient4(server, number).bind();
  isBound = true;
  return server;
}

it("is asked about packets that change or rely on leases, with what they change, and about no others", async () => {
  const seen: string[] = [];
  const server = await start(
    (events) => {
      for (const { query, answer, changes } of events) {
        const texts = changes.map(
          ({ kind, lease }) => `${kind} ${lease["ip-address"]} ${lease.state} ${lease["valid-lft"]}`,
        );
        seen.push([query.type, answer.type, ...texts].join(", "));
      }
      return undefined;
    },
    { "cache-threshold": 0.5, "valid-lifetime": 100, "decline-probation-period": 50 },
  );
  const client = new TestClient4(server, 1);
  await client.bind();
  await client.renew("192.0.2.10");
  await client.inform({ ciaddr: "192.0.2.10" });
  await client.reboot("198.51.100.1");
  await client.release("192.0.2.10");
  await client.bind();
  await client.decline("192.0.2.10");
  expect(seen).toEqual([
    "DHCPREQUEST, DHCPACK, put 192.0.2.10 0 100",
    "DHCPREQUEST, DHCPACK, rely 192.0.2.10 0 100",
    "DHCPRELEASE, , put 192.0.2.10 2 1",
    "DHCPREQUEST, DHCPACK, put 192.0.2.10 0 100",
    "DHCPDECLINE, , put 192.0.2.10 1 50",
  ]);
});

it("a client that moves loses one lease and gets another", async () => {
  let seen: unknown;
  const server = await startBound((events) => {
    seen = events[0]!.changes.map(({ kind, lease }) => [
      kind,
      lease["ip-address"],
      lease["hw-address"],
      lease["subnet-id"],
    ]);
    return undefined;
  });
  server.reconfigure({
    subnet4: [{ ...LAN, reservations: [{ "hw-address": macOf(1), "ip-address": "192.0.2.50" }] }],
  });
  expect((await new TestClient4(server, 1).bind()).yiaddr).toBe("192.0.2.50");
  expect(seen).toEqual([
    ["remove", "192.0.2.10", macOf(1), 7],
    ["put", "192.0.2.50", macOf(1), 7],
  ]);
});

it("is told what the store has made durable", async () => {
  const seen: string[] = [];
  const server = await startBound(async (events, stored) => {
    seen.push(`asked ${macsOf(events)}`);
    seen.push(`stored ${macsOf(await stored)}`);
    return undefined;
  });
  expect(await renewBoth(server)).toHaveLength(2);
  server.breakDisk();
  expect(await renewBoth(server)).toHaveLength(0);
  expect(server.drops()).toEqual(["commit-failed", "commit-failed"]);
  const both = `${macOf(1)},${macOf(2)}`;
  await expect.poll(() => seen).toEqual([`asked ${both}`, `stored ${both}`, `asked ${both}`, "stored "]);
});

it("nobody waits for it where the store has failed", async () => {
  const server = await startBound(() => new Promise(() => {}));
  server.breakDisk();
  expect(await renewBoth(server)).toHaveLength(0);
});

it("what it refuses gets no answer, and stays in the store; the client asks again", async () => {
  let isPartnerBack = false;
  const server = await startBound((events) => {
    const refused = events.filter(({ query }) => query.mac === macOf(1) && !isPartnerBack);
    return new Map(refused.map((event) => [event, "the partner will not have it"]));
  });
  server.clock.advance(5);
  expect((await renewBoth(server)).map(({ chaddr }) => chaddr)).toEqual([macOf(2)]);
  expect(server.drops()).toEqual(["extension-drop"]);
  expect(server.log.lines.join()).toContain("extension test: the partner will not have it");
  expect(server.lease("192.0.2.10")!.cltt).toBe(server.lease("192.0.2.11")!.cltt);
  isPartnerBack = true;
  expect(await renewBoth(server)).toHaveLength(2);
});

describe("if it fails", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  beforeEach(() => () => void vi.useRealTimers());

  it.each<[string, () => unknown, string]>([
    [
      "throws",
      () => {
        throw new Error("planted");
      },
      "extension test failed; 1 packets not answered: Error: planted",
    ],
    [
      "rejects",
      () => Promise.reject(new Error("planted")),
      "extension test failed; 1 packets not answered: Error: planted",
    ],
    ["gives something else", () => [], "commit has to give a Map of events that are not safe and why, or nothing"],
    ["gives no reasons", () => new Map([[1, 2]]), "commit has to give a Map"],
    ["never answers", () => new Promise(() => {}), "commit has not come to its end in 10 s"],
  ])("(%s) only packets that need no lease are answered", async (_, commit, words) => {
    const server = await startBound(commit as Commit);
    const messages = [1, 2].map((number) => new TestClient4(server, number).renewMessage(`192.0.2.${9 + number}`));
    const served = server.serve(...messages, new TestClient4(server, 3).discoverMessage());
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await served).map(({ chaddr }) => chaddr)).toEqual([macOf(3)]);
    expect(server.drops()).toEqual(["extension-failed", "extension-failed"]);
    expect(server.log.lines.join("\n")).toContain(words);
  });
});

/** Says yes when it is told to, in any order. */
function lateCommit() {
  const asked: (() => void)[] = [];
  const commit: Commit = () => new Promise<undefined>((resolve) => asked.push(() => resolve(undefined)));
  return { commit, asked };
}

const renewal = (server: TestServer4, number: number) =>
  new TestClient4(server, number).renewMessage(`192.0.2.${9 + number}`);

it("when too many batches wait the oldest gives way, and who still looks at it meets an error", async () => {
  const { commit, asked } = lateCommit();
  const seen: Exchange[] = [];
  const server = await startBound((events, stored) => {
    seen.push(...events);
    return commit(events, stored);
  });
  const served = Array.from({ length: 257 }, () => server.serve(renewal(server, 1)));
  await served[0];
  expect(server.drops()).toEqual(["parked-full"]);
  expect(() => seen[0]!.query).toThrow("when its answer has left");
  expect(seen[1]!.query.mac).toBe(macOf(1));
  for (const agree of asked) agree();
  expect((await Promise.all(served)).flat()).toHaveLength(256);
});

const fate = fc.constantFrom("safe", "late", "refused", "throws", "never");
const batch = fc.record({ fate, clients: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1 }) });
/** Option 60 of a message tells its batch. */
const BATCH = 60;

it("whenever it answers, and whatever: no ACK leaves before its lease is safe everywhere, and service goes on", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const property = fc.asyncProperty(
    fc.array(batch, { minLength: 1, maxLength: 6 }),
    fc.gen(),
    async (batches, pick) => {
      /** Batches that are safe with the extension. */
      const safe = new Set<number>();
      const late: (() => void)[] = [];
      const fates = new Map<number, string>();
      const commit: Commit = (events) => {
        const number = events[0]!.query.option(BATCH)?.[0];
        if (number === undefined) return undefined;
        const agree = () => void safe.add(number);
        switch (fates.get(number)) {
          case "late":
            return new Promise((resolve) => late.push(() => resolve(agree() as undefined)));
          case "refused":
            return new Map(events.map((event) => [event, "no"]));
          case "throws":
            throw new Error("planted");
          case "never":
            return new Promise(() => {});
          default:
            return agree() as undefined;
        }
      };
      const server = await start(commit);
      const clients = [0, 1, 2, 3, 4].map((number) => new TestClient4(server, number));
      const addresses: string[] = [];
      for (const client of clients) addresses.push((await client.bind()).yiaddr);
      const batchOf = new Map<number, number>();
      const acked: string[] = [];
      server.transport.onSent = ({ payload }) => {
        const { chaddr, yiaddr, xid } = readMessage4(payload);
        acked.push(`${batchOf.get(xid)} ${chaddr}`);
        expect(safe).toContain(batchOf.get(xid));
        expect(server.durableText()).toContain(`${yiaddr},${chaddr},`);
      };

      const serving = batches.map((each, number) => {
        fates.set(number, each.fate);
        const messages = each.clients.map((client) => {
          const message = clients[client]!.renewMessage(addresses[client]!, { options: [[BATCH, [number]]] });
          batchOf.set(readMessage4(message.payload).xid, number);
          return message;
        });
        return server.serve(...messages);
      });
      while (late.length > 0) {
        await vi.advanceTimersByTimeAsync(1);
        late.splice(pick(fc.nat, { max: late.length - 1 }), 1)[0]!();
      }
      await vi.advanceTimersByTimeAsync(10_000);
      await Promise.all(serving);
      const answered = batches.flatMap(({ fate: its, clients: numbers }, number) =>
        ["safe", "late"].includes(its) ? numbers.map((client) => `${number} ${macOf(client)}`) : [],
      );
      expect(acked.toSorted()).toEqual(answered.toSorted());

      server.transport.onSent = undefined;
      for (const [i, client] of clients.entries()) expect((await client.renew(addresses[i]!))?.type).toBe("ACK");
    },
  );
  await fc.assert(property, { numRuns: runs(25) });
});
