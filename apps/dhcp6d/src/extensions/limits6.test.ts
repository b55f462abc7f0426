/** `libdhcp_limits.so`, in DHCPv6: so many packets in a time, and so many addresses and prefixes. */
import { runs } from "@kotare/core/base/testing/runs";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { LeaseLimits } from "@kotare/core/leases/limits/lease-limits";
import { LeaseState } from "@kotare/core/leases/model/lease";
import { LeaseType6 } from "@kotare/core/leases/model/lease6";
import { MemoryDatabase6 } from "@kotare/core/leases/testing/memory-database6";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { na, option, type Part6, pd, TestClient6 } from "../testing/test-client6.ts";
import { type Dhcp6Text, TestServer6 } from "../testing/test-server6.ts";
import type { TestServer6Options } from "../testing/test-server6-options.ts";

const limits = (keys: object) => ({ "user-context": { limits: keys } });
const limited = (name: string, keys: object) => ({
  name,
  test: `substring(option[15].hex, 2, all) == '${name}'`,
  ...limits(keys),
});
/** A client of a class says so. */
const of = (kind: string): Part6 => option(15, Buffer.from([0, kind.length, ...Buffer.from(kind)]).toString("hex"));

const SUBNET = {
  id: 7,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::10-2001:db8::ff" }],
  "pd-pools": [{ prefix: "2001:db8:1::", "prefix-len": 48, "delegated-len": 56 }],
};

const start = (config: Dhcp6Text, options: TestServer6Options = {}) =>
  TestServer6.start({ subnet6: [SUBNET], "hooks-libraries": [{ library: "libdhcp_limits.so" }], ...config }, options);

/** What each association got: its address or prefix, or the status. */
const got = (reply: { readonly ias: readonly string[] } | undefined) =>
  reply?.ias.map((ia) => /2001:[^ ]*|NoAddrsAvail|NoPrefixAvail/.exec(ia)?.[0]);

it("so many packets in a time are served", async () => {
  const server = await start({ "client-classes": [limited("two", { "rate-limit": "2 packets per hour" })] });
  const solicit = (number: number, kind: string) => new TestClient6(server, number).solicit(na(1), of(kind));
  expect(await solicit(1, "two")).toBeDefined();
  expect(await solicit(2, "two")).toBeDefined();
  expect(await solicit(3, "two")).toBeUndefined();
  expect(await solicit(3, "other")).toBeDefined();
  expect(server.log.lines.join()).toContain("extension limits: more than 2 packets per hour of class two");
});

describe.each([
  ["the lease file", () => ({})],
  ["a database", () => ({ database: new MemoryDatabase6() })],
])("with leases in %s", (_, options: () => TestServer6Options) => {
  it("addresses and prefixes are counted apart, until they are given back", async () => {
    const server = await start(
      { "client-classes": [limited("one", { "address-limit": 1, "prefix-limit": 2 })] },
      options(),
    );
    const [first, second] = [1, 2].map((number) => new TestClient6(server, number)) as [TestClient6, TestClient6];
    const mine = got(await first.request(na(1), pd(2), of("one")));
    expect(mine).toEqual([expect.stringMatching(/^2001:db8::/), expect.stringMatching(/^2001:db8:1:/)]);
    expect(got(await second.request(na(1), pd(2), of("one")))).toEqual([
      "NoAddrsAvail",
      expect.stringMatching(/^2001:db8:1:/),
    ]);
    expect(got(await new TestClient6(server, 3).request(pd(2), of("one")))).toEqual(["NoPrefixAvail"]);
    await first.release(na(1, mine![0]!), of("one"));
    expect(got(await second.request(na(1), of("one")))).toEqual([expect.stringMatching(/^2001:db8::/)]);
  });

  it("the associations of one message count together, and who has a lease keeps it", async () => {
    const server = await start({ subnet6: [{ ...SUBNET, ...limits({ "address-limit": 2 }) }] }, options());
    const client = new TestClient6(server, 1);
    const addresses = got(await client.request(na(1), na(2), na(3)));
    expect(addresses).toEqual([expect.stringMatching(/^2001:/), expect.stringMatching(/^2001:/), "NoAddrsAvail"]);
    expect(got(await client.renew(na(1, addresses![0]!), na(2, addresses![1]!)))).toEqual(addresses!.slice(0, 2));
    expect(got(await new TestClient6(server, 2).request(na(1)))).toEqual(["NoAddrsAvail"]);
  });
});

it("what a message is given is counted by its kinds: an association costs the same however many came before", async () => {
  const reached = vi.spyOn(LeaseLimits.prototype, "reached");
  onTestFinished(() => reached.mockRestore());
  const keys = { "address-limit": 100, "prefix-limit": 100 };
  const server = await start({ subnet6: [{ ...SUBNET, ...limits(keys) }] });
  const ias = Array.from({ length: 20 }, (_, i) => [na(i), pd(i)]).flat();
  expect(got(await new TestClient6(server, 1).request(...ias))).not.toContain("NoAddrsAvail");
  const [, , others] = reached.mock.lastCall!;
  expect(others.map(({ count }) => count).sort()).toEqual([20, 20]);
});

/** Somebody does something with two addresses and a prefix. */
const step = fc.record({
  who: fc.integer({ min: 1, max: 6 }),
  what: fc.constantFrom("request", "renew", "release", "expire", "fail"),
});
const isOf = ({ duid }: TestClient6, bytes: Uint8Array) => Buffer.from(bytes).toString("hex") === duid;
const MOST = { addresses: 4, prefixes: 2 };

it("whatever happens, no limit is exceeded", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const keys = { "address-limit": MOST.addresses, "prefix-limit": MOST.prefixes };
      const server = await start({ subnet6: [{ ...SUBNET, ...limits(keys) }], "valid-lifetime": 100 });
      for (const { who, what } of steps) {
        const client = new TestClient6(server, who);
        if (what === "expire") {
          server.clock.advance(30);
          await server.upkeep().reclaim(false);
        } else if (what === "fail") {
          server.breakDisk();
          await client.request(na(1), pd(3));
          server.mendDisk();
        } else if (what === "release") {
          const its = server.store.page(LeaseType6.address, undefined, 100).filter(({ duid }) => isOf(client, duid));
          await client.release(...its.map(({ iaid, address }) => na(iaid, formatIpv6Key(address))));
        } else await client[what](na(1), na(2), pd(3));
        const count = (type: LeaseType6) =>
          server.store.page(type, undefined, 100).filter(({ state }) => state === LeaseState.assigned).length;
        expect(count(LeaseType6.address)).toBeLessThanOrEqual(MOST.addresses);
        expect(count(LeaseType6.prefix)).toBeLessThanOrEqual(MOST.prefixes);
      }
    }),
    { numRuns: runs(40) },
  );
});
