import { runs } from "@kotare/core/base/testing/runs";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { countWork } from "@kotare/core/leases/testing/count-work";
import { describe, expect, it } from "vitest";
import { buildMessage6, na, option, type Part6, pd, serverId } from "../testing/test-client6.ts";
import { type Dhcp6Text, TestServer6 } from "../testing/test-server6.ts";

/** Far fewer of each kind than a long message asks for. */
const SUBNET = {
  id: 1,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::/121" }, { pool: "2001:db8::1:0/124" }],
  "pd-pools": [
    { prefix: "2001:db8:8000::", "prefix-len": 50, "delegated-len": 56 },
    { prefix: "2001:db8:9000::", "prefix-len": 58, "delegated-len": 64 },
    { prefix: "2001:db8:a000::", "prefix-len": 36, "delegated-len": 64 },
  ],
  // As good as a pool of its own.
  reservations: [{ duid: "00:02:00:00:00:09:00:01", prefixes: ["2001:db8:a000::/36"] }],
};
const CONFIG: Dhcp6Text = {
  subnet6: [SUBNET],
  "option-data": [{ name: "dns-servers", data: "2001:db8::53" }],
};

const many = (count: number, part: (i: number) => Part6): Part6[] => Array.from({ length: count }, (_, i) => part(i));
const duid = (number: number) => option(1, `00020000000900${number.toString(16).padStart(2, "0")}`);
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");

/** Messages that grow with a number. */
const shapes: Readonly<Record<string, (count: number) => readonly Part6[]>> = {
  "associations for addresses": (count) => many(count, (i) => na(i)),
  "associations for prefixes": (count) => many(count, (i) => pd(i)),
  "associations for prefixes of another length": (count) => many(count, (i) => pd(i, "::/64")),
  "associations for one address": (count) => many(count, (i) => na(i, "2001:db8::7")),
  "associations for an address each": (count) => many(count, (i) => na(i, `2001:db8::${hex(i, 1)}`)),
  "associations of one IAID": (count) => many(count, (i) => na(7, `2001:db8::${hex(i, 1)}`)),
  "addresses in one association": (count) => [
    na(1, ...Array.from({ length: count }, (_, i) => `2001:db8::${hex(i, 1)}`)),
  ],
  "prefixes in one association": (count) => [
    pd(1, ...Array.from({ length: count }, (_, i) => `2001:db8:${hex(i, 1)}::/48`)),
  ],
  wishes: (count) => [na(1), pd(1), option(6, Array.from({ length: count }, (_, i) => hex(i, 4)).join(""))],
  options: (count) => [na(1), ...many(count, (i) => option(500 + i))],
  vendors: (count) => [na(1), ...many(count, (i) => option(17, hex(i, 8)))],
};

async function workOf(config: Dhcp6Text, type: number, parts: readonly Part6[]): Promise<number> {
  const server = await TestServer6.start(config);
  const head = type === MessageType6.SOLICIT ? [duid(1)] : [duid(1), serverId];
  const packet = buildMessage6(type, [...head, ...parts]);
  const work = await countWork("/src/", async () => void (await server.serve(packet)));
  expect(server.drops).toEqual([]);
  return work;
}

/** More than there are addresses or prefixes. */
const SHORT = 300;
const TIMES = 2;
/** A little for what is done on the way for the first time. */
const BOUND = 1.25 * TIMES;

describe("a message costs in proportion to its length:", () => {
  const ways = [
    ["SOLICIT", MessageType6.SOLICIT, "random"],
    ["RENEW", MessageType6.RENEW, "iterative"],
  ] as const;
  describe.each(ways.slice(0, runs(ways.length)))("%s", (_, type, allocator) => {
    const config = { ...CONFIG, allocator, "pd-allocator": allocator };
    // The count misses something now and then, where code has just been compiled anew.
    it.each(Object.entries(shapes))("%s", { retry: 2 }, async (_, partsOf) => {
      const short = await workOf(config, type, partsOf(SHORT));
      const long = await workOf(config, type, partsOf(TIMES * SHORT));
      expect(long).toBeLessThan(BOUND * short);
    });
  });
});
