import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { MemoryDatabase6 } from "@kotare/core/leases/testing/memory-database6";
import { takenTwice } from "@kotare/core/server/testing/taken-twice";
import fc from "fast-check";
import { expect, it } from "vitest";
import { buildMessage6, na, option, pd, serverId } from "../testing/test-client6.ts";
import { type Dhcp6Text, TestServer6 } from "../testing/test-server6.ts";
import type { TestServer6Options } from "../testing/test-server6-options.ts";

const CLIENTS = 4;
/** Too little for all, and some of it lies over soon. */
const CONFIG: Dhcp6Text = {
  "valid-lifetime": 100,
  "client-classes": [{ name: "late", test: "member('ALL')", "only-in-additional-list": true }],
  subnet6: [
    {
      id: 7,
      subnet: "2001:db8::/64",
      interface: "eth0",
      pools: [{ pool: "2001:db8::10-2001:db8::13" }, { pool: "2001:db8::20-2001:db8::21" }],
      "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 54, "delegated-len": 56 }],
      "evaluate-additional-classes": ["late"],
    },
  ],
};

const { SOLICIT, REQUEST, REBIND, RELEASE } = MessageType6;
const associations = [na(1), na(2), pd(1)];
const someBatch = fc.record({
  words: fc.array(
    fc.record({
      client: fc.nat(CLIENTS - 1),
      type: fc.constantFrom(SOLICIT, REQUEST, REQUEST, REBIND, RELEASE),
      about: fc.subarray(associations, { minLength: 1 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  seconds: fc.constantFrom(0, 0, 5, 90),
});
type Batch = typeof someBatch extends fc.Arbitrary<infer Value> ? Value : never;

/** All that can be seen of it. */
async function live(batches: readonly Batch[], settings: Dhcp6Text, options: TestServer6Options) {
  const server = await TestServer6.start({ ...CONFIG, ...settings }, options);
  const heard: string[] = [];
  server.transport.onSent = ({ payload }) => {
    const { type, transactionId, ias } = new Message6(payload);
    const leases = ias.flatMap((ia) => ia.leases.map(({ address }) => formatIpv6Key(address)));
    heard.push([transactionId, type, ...leases].join(" "));
  };
  let transaction = 0;
  for (const { words, seconds } of batches) {
    server.random = (transaction * 0.618) % 1;
    const messages = words.map(({ client, type, about }) => {
      const parts = [option(Option6.clientId, `000200000009000${client}`), ...about];
      const isToUs = type === REQUEST || type === RELEASE;
      return buildMessage6(type, isToUs ? [serverId, ...parts] : parts, [], ++transaction);
    });
    await server.serveBatch(messages);
    server.clock.advance(seconds);
  }
  const counted = [...server.statistics.entries()].map(([name, { value }]) => `${name} ${value}`);
  return { heard, told: server.log.lines, counted, kept: server.durableText() };
}

it.each<[string, Dhcp6Text, () => TestServer6Options]>([
  ["iterative allocators", {}, () => ({})],
  ["random allocators", { allocator: "random", "pd-allocator": "random" }, () => ({})],
  ["a database", {}, () => ({ database: new MemoryDatabase6() })],
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
