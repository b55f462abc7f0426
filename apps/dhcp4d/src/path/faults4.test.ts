/** Faults of ours at every step of a packet's way: whatever throws, no ACK leaves without its lease, and service goes on. */

import { exceptInjected, FaultInjector } from "@kotare/core/base/testing/fault-injector";
import { isBrief } from "@kotare/core/base/testing/runs";
import { startingWith } from "@kotare/core/extensions/testing/module-file";
import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { expect, it } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const LAN = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };
const CACHING: Dhcp4Text = { "cache-threshold": 0.5, subnet4: [LAN] };
/** The first client's. */
const RESERVED = { "hw-address": macOf(1), "ip-address": "192.0.2.50" };
const MOVED: Dhcp4Text = { ...CACHING, subnet4: [{ ...LAN, reservations: [RESERVED] }] };

/** Of three clients one moves to another address, one is new, and one is told of its lease as it stands. */
async function serveWithFault(
  turn: number,
  isLate: boolean,
  database?: MemoryDatabase4,
  library?: string,
): Promise<boolean> {
  const faults = new FaultInjector();
  const server = await TestServer4.start(
    { ...CACHING, "hooks-libraries": library === undefined ? [] : [{ library }] },
    { faults, ...(database && { database }) },
  );
  const [moved, fresh, cached] = [1, 2, 3].map((number) => new TestClient4(server, number)) as [
    TestClient4,
    TestClient4,
    TestClient4,
  ];
  await moved.bind();
  const { yiaddr: kept } = await cached.bind();
  server.reconfigure(MOVED);
  await moved.discover();
  const { yiaddr: free } = (await fresh.discover())!;
  const unproven: string[] = [];
  server.transport.onSent = ({ payload }) => {
    const { type, yiaddr, chaddr } = readMessage4(payload);
    if (type === "ACK" && !server.durableText().includes(`${yiaddr},${chaddr},`))
      unproven.push(`${yiaddr} of ${chaddr}`);
  };

  faults.arm(turn, isLate);
  const messages = [moved.selectMessage("192.0.2.50"), fresh.selectMessage(free), cached.renewMessage(kept)];
  await server.serve(...messages).catch(exceptInjected);
  server.transport.takeSent();
  expect(unproven).toEqual([]);
  expect(server.log.repeated).toEqual([]);
  const { hasThrown } = faults;

  faults.arm(Number.POSITIVE_INFINITY, false);
  expect((await moved.bind()).yiaddr).toBe("192.0.2.50");
  await fresh.bind();
  expect((await cached.renew(kept))?.type).toBe("ACK");
  expect(unproven).toEqual([]);
  return hasThrown;
}

/** Each step fails, or each third. */
const STRIDE = isBrief ? 3 : 1;

/** One that does all that an extension may do with a packet. */
const EXTENSION = `return {
  identify: (query, ask) => ({ classes: [ask("a") ?? "b"] }),
  shape: () => ({ options: [{ kind: "remove", code: 58 }] }),
  facts: { load: (keys) => new Map(keys.map((key) => [key, key])) },
  commit: async (events, stored) => { await stored; },
  observe() {},
};`;

it.each<[string, () => MemoryDatabase4 | undefined, () => string | undefined, number]>([
  ["the lease file", () => undefined, () => undefined, 40],
  ["a database", () => new MemoryDatabase4(), () => undefined, 40],
  ["an extension", () => undefined, () => startingWith(EXTENSION), 52],
])(
  "with %s",
  async (_, newDatabase, extension, least) => {
    const library = extension();
    for (const isLate of [false, true]) {
      let turn = isLate ? STRIDE : 1;
      while (await serveWithFault(turn, isLate, newDatabase(), library)) turn += STRIDE;
      // The steps of three packets, and what their batch takes.
      expect(turn).toBeGreaterThan(least);
    }
  },
  60_000,
);
