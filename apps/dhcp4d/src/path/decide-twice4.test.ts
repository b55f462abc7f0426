import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import { takenTwice } from "@kotare/core/server/testing/taken-twice";
import type { MemoryDatagram } from "@kotare/netio/testing/memory-transport";
import fc from "fast-check";
import { expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";
import type { TestServer4Options } from "../testing/test-server4-options.ts";

const CLIENTS = 6;
/** As many addresses as clients, and some that lie over soon. */
const CONFIG: Dhcp4Text = {
  "valid-lifetime": 100,
  authoritative: true,
  "client-classes": [{ name: "late", test: "member('ALL')", "only-in-additional-list": true }],
  subnet4: [
    {
      id: 7,
      subnet: "192.0.2.0/24",
      pools: [{ pool: "192.0.2.10-192.0.2.13" }, { pool: "192.0.2.20-192.0.2.21" }],
      "evaluate-additional-classes": ["late"],
    },
  ],
};

const verbs = ["discover", "discover", "select", "renew", "release", "decline"] as const;
const someBatch = fc.record({
  words: fc.array(fc.record({ number: fc.nat(CLIENTS - 1), verb: fc.constantFrom(...verbs) }), {
    minLength: 1,
    maxLength: 5,
  }),
  seconds: fc.constantFrom(0, 0, 5, 90),
});
type Batch = typeof someBatch extends fc.Arbitrary<infer Value> ? Value : never;

/** All that can be seen of it. */
async function live(batches: readonly Batch[], settings: Dhcp4Text, options: TestServer4Options) {
  let turn = 0;
  const random = () => (turn++ * 0.618) % 1;
  const server = await TestServer4.start({ ...CONFIG, ...settings }, { ...options, random });
  const clients = Array.from({ length: CLIENTS }, (_, number) => new TestClient4(server, number));
  const addresses = new Map<string, string>();
  const say = (client: TestClient4, verb: Batch["words"][number]["verb"]): MemoryDatagram => {
    const address = addresses.get(client.mac) ?? "192.0.2.12";
    return verb === "discover" ? client.discoverMessage() : client[`${verb}Message`](address);
  };
  const heard: string[] = [];
  for (const { words, seconds } of batches) {
    for (const reply of await server.serve(...words.map(({ number, verb }) => say(clients[number]!, verb)))) {
      heard.push(`${reply.type} ${reply.yiaddr} ${reply.chaddr}`);
      addresses.set(reply.chaddr, reply.yiaddr);
    }
    server.clock.advance(seconds);
  }
  return { heard, told: server.log.lines, counted: server.counts(), kept: server.durableText() };
}

it.each<[string, Dhcp4Text, () => TestServer4Options]>([
  ["the iterative allocator", {}, () => ({})],
  ["the random allocator", { allocator: "random" }, () => ({})],
  ["a database", {}, () => ({ database: new MemoryDatabase4() })],
])(
  "who decides twice gives, tells and counts what who decides once does: with %s",
  async (_, settings, options) => {
    await fc.assert(
      fc.asyncProperty(fc.array(someBatch, { maxLength: 12 }), async (batches) => {
        const once = await live(batches, settings, options());
        expect(await live(batches, settings, { ...options(), steps: takenTwice })).toEqual(once);
      }),
      { numRuns: 20 },
    );
  },
  30_000,
);
