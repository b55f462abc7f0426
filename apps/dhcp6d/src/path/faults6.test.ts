/** Faults of ours at every step of a packet's way: whatever throws, no REPLY leaves without its leases, and service goes on. */

import { exceptInjected, FaultInjector } from "@kotare/core/base/testing/fault-injector";
import { isBrief } from "@kotare/core/base/testing/runs";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { startingWith } from "@kotare/core/extensions/testing/module-file";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { MemoryDatabase6 } from "@kotare/core/leases/testing/memory-database6";
import { expect, it } from "vitest";
import { buildMessage6, na, option, type Part6, pd, serverId, TestClient6 } from "../testing/test-client6.ts";
import { type Dhcp6Text, TestServer6 } from "../testing/test-server6.ts";

const PD_POOL = { prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 };
const lan = (pool: string): Dhcp6Text => ({
  "cache-threshold": 0.5,
  subnet6: [{ id: 7, subnet: "2001:db8::/64", pools: [{ pool }], "pd-pools": [PD_POOL] }],
});

/** Of two clients one moves to another address and is told of its prefix as it stands, and one is new. */
async function serveWithFault(
  turn: number,
  isLate: boolean,
  database?: MemoryDatabase6,
  library?: string,
): Promise<boolean> {
  const faults = new FaultInjector();
  const server = await TestServer6.start(
    { ...lan("2001:db8::10-2001:db8::1f"), "hooks-libraries": library === undefined ? [] : [{ library }] },
    { faults, ...(database && { database }) },
  );
  const [moved, fresh] = [1, 2].map((number) => new TestClient6(server, number)) as [TestClient6, TestClient6];
  await moved.request(na(1), pd(2));
  server.reconfigure(lan("2001:db8::20-2001:db8::2f"));
  await moved.solicit(na(1));
  await fresh.solicit(na(1));
  const unproven: string[] = [];
  server.transport.onSent = ({ payload }) => {
    const { type, ias } = new Message6(payload);
    for (const { leases } of type === MessageType6.REPLY ? ias : []) {
      for (const { address, valid } of leases) {
        const row = `${formatIpv6Key(address)},`;
        if (valid > 0 && !server.durableText().includes(row)) unproven.push(row);
      }
    }
  };

  server.log.lines.splice(0);
  faults.arm(turn, isLate);
  const say = ({ duid }: TestClient6, xid: number, ...parts: readonly Part6[]) =>
    buildMessage6(MessageType6.REQUEST, [option(Option6.clientId, duid), serverId, ...parts], [], xid);
  await server.serveBatch([say(moved, 1, na(1), pd(2)), say(fresh, 2, na(1))]).catch(exceptInjected);
  server.transport.takeSent();
  expect(unproven).toEqual([]);
  expect(server.log.repeated).toEqual([]);
  const { hasThrown } = faults;

  faults.arm(Number.POSITIVE_INFINITY, false);
  for (const client of [moved, fresh]) expect((await client.request(na(1), pd(2)))?.type).toBe("REPLY");
  expect(unproven).toEqual([]);
  return hasThrown;
}

/** Each step fails, or each third. */
const STRIDE = isBrief ? 3 : 1;

/** One that does all that an extension may do with a packet. */
const EXTENSION = `return {
  identify: (query, ask) => ({ classes: [ask("a") ?? "b"] }),
  shape: () => ({ options: [{ kind: "remove", code: 39 }] }),
  facts: { load: (keys) => new Map(keys.map((key) => [key, key])) },
  commit: async (events, stored) => { await stored; },
  observe() {},
};`;

it.each<[string, () => MemoryDatabase6 | undefined, () => string | undefined, number]>([
  ["the lease file", () => undefined, () => undefined, 25],
  ["a database", () => new MemoryDatabase6(), () => undefined, 25],
  ["an extension", () => undefined, () => startingWith(EXTENSION), 31],
])(
  "with %s",
  async (_, newDatabase, extension, least) => {
    const library = extension();
    for (const isLate of [false, true]) {
      let turn = isLate ? STRIDE : 1;
      while (await serveWithFault(turn, isLate, newDatabase(), library)) turn += STRIDE;
      // The steps of two packets, and what their batch takes.
      expect(turn).toBeGreaterThan(least);
    }
  },
  60_000,
);
