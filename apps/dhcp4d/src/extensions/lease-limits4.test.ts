/** How many leases `libdhcp_limits.so` lets be in use, in DHCPv4. */
import { runs } from "@kotare/core/base/testing/runs";
import { LeaseState } from "@kotare/core/leases/model/lease";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { LeaseType6 } from "@kotare/core/leases/model/lease6";
import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import { text } from "@kotare/testkit/payloads";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";
import type { TestServer4Options } from "../testing/test-server4-options.ts";

const limits = (most: number) => ({ "user-context": { limits: { "address-limit": most } } });
const limited = (name: string, most: number) => ({ name, test: `option[60].text == '${name}'`, ...limits(most) });
const SUBNET = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };

const start = (config: Dhcp4Text, options: TestServer4Options = {}) =>
  TestServer4.start({ subnet4: [SUBNET], "hooks-libraries": [{ library: "libdhcp_limits.so" }], ...config }, options);

/** A client of a class. */
const client = (server: TestServer4, number: number, kind = "one") =>
  new TestClient4(server, number, { always: { options: [[60, text(kind)]] } });

const ONE = { "client-classes": [limited("one", 1)] };

describe.each([
  ["the lease file", () => ({})],
  ["a database", () => ({ database: new MemoryDatabase4() })],
])("with leases in %s", (_, options: () => TestServer4Options) => {
  it("one too many gets no offer, and a NAK when it asks all the same, until a lease is given back", async () => {
    const server = await start(ONE, options());
    const { yiaddr } = await client(server, 1).bind();
    expect(await client(server, 2).discover()).toBeUndefined();
    expect(server.drops()).toEqual(["no-address"]);
    expect(await client(server, 2).select("192.0.2.15")).toMatchObject({ type: "NAK" });
    expect((await client(server, 3, "two").bind()).yiaddr).toBeDefined();
    await client(server, 1).release(yiaddr);
    expect((await client(server, 2).bind()).yiaddr).toBeDefined();
    expect(await client(server, 1).discover()).toBeUndefined();
  });

  it("who has a lease keeps it, also when its class is full, and counts in the class that it is in now", async () => {
    const server = await start({ "client-classes": [limited("one", 1), limited("two", 1)] }, options());
    const [first, second] = [await client(server, 1).bind(), await client(server, 2, "two").bind()];
    expect(await client(server, 1).renew(first.yiaddr)).toMatchObject({ type: "ACK" });
    expect(await client(server, 2, "one").renew(second.yiaddr)).toMatchObject({ type: "ACK" });
    expect(await client(server, 3).discover()).toBeUndefined();
    expect(await client(server, 3, "two").bind()).toMatchObject({ type: "ACK" });
  });

  it("who moves to another address leaves room for itself", async () => {
    const server = await start(ONE, options());
    await client(server, 1).bind();
    expect(await client(server, 1).select("192.0.2.15")).toMatchObject({ type: "ACK", yiaddr: "192.0.2.15" });
    expect(await client(server, 2).discover()).toBeUndefined();
  });

  it("exactly so many of a batch are served", async () => {
    const server = await start({ subnet4: [{ ...SUBNET, ...limits(3) }] }, options());
    const requests = [1, 2, 3, 4, 5].map((number) => client(server, number).selectMessage(`192.0.2.1${number}`));
    const replies = await server.serve(...requests);
    expect(replies.map(({ type }) => type).sort()).toEqual(["ACK", "ACK", "ACK", "NAK", "NAK"]);
  });

  it("a lease that is over counts until it is reclaimed", async () => {
    const server = await start({ ...ONE, "valid-lifetime": 10 }, options());
    await client(server, 1).bind();
    server.clock.advance(11);
    expect(await client(server, 2).discover()).toBeUndefined();
    await server.upkeep().reclaim(false);
    expect(await client(server, 2).bind()).toMatchObject({ type: "ACK" });
  });

  it("of a class that may have none nobody is served", async () => {
    const server = await start({ "client-classes": [limited("none", 0)] }, options());
    expect(await client(server, 1, "none").discover()).toBeUndefined();
    expect(await client(server, 1).discover()).toBeDefined();
  });
});

it("a lease that cannot be written does not count", async () => {
  const server = await start(ONE);
  server.breakDisk();
  expect(await client(server, 1).select("192.0.2.10")).toBeUndefined();
  server.mendDisk();
  expect(await client(server, 2).bind()).toMatchObject({ type: "ACK" });
});

it("leases say which classes their clients are in, as with Kea, where classes are counted and nowhere else", async () => {
  const server = await start({ ...ONE, "store-extended-info": true });
  await client(server, 1).bind();
  const classes = '"client-classes": [ "ALL", "VENDOR_CLASS_one", "one", "UNKNOWN" ]';
  expect(server.lease("192.0.2.10")!.userContext).toBe(`{ "ISC": { ${classes} } }`);
  await client(server, 2, "two").bind({ giaddr: "192.0.2.2", options: [[82, [1, 1, 65]]] });
  expect(server.lease("192.0.2.11")!.userContext).toContain(
    '"UNKNOWN" ], "relay-agent-info": { "sub-options": "0x010141" }',
  );
  const without = await start({ subnet4: [{ ...SUBNET, ...limits(3) }] });
  await client(without, 1).bind();
  expect(without.lease("192.0.2.10")!.userContext).toBe("");
});

/** What happens: somebody, of some class, does something. */
const step = fc.record({
  who: fc.integer({ min: 1, max: 8 }),
  what: fc.constantFrom("bind", "ask", "renew", "release", "decline", "expire", "delete", "fail"),
});

const kindOf = (who: number) => (who % 2 === 0 ? "one" : "two");
const MOST = { one: 2, two: 3, subnet: 4 };
const CONFIG: Dhcp4Text = {
  "client-classes": [limited("one", MOST.one), limited("two", MOST.two)],
  subnet4: [{ ...SUBNET, ...limits(MOST.subnet) }],
  "valid-lifetime": 100,
  "decline-probation-period": 50,
};

/** How many are in use: of class one, of class two, and altogether. */
function count(leases: Iterable<Lease4>): number[] {
  const used = [...leases].filter(({ state }) => state === LeaseState.assigned);
  const of = (kind: string) => used.filter(({ userContext }) => userContext.includes(`"${kind}"`)).length;
  return [of("one"), of("two"), used.length];
}

it("whatever happens, no limit is exceeded, and what is counted is what is there", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const server = await start(CONFIG);
      const addresses = new Map<number, string>();
      for (const { who, what } of steps) {
        const address = addresses.get(who) ?? "192.0.2.10";
        const its = client(server, who, kindOf(who));
        if (what === "bind") {
          const offer = await its.discover();
          const ack = offer && (await its.select(offer.yiaddr));
          if (ack?.type === "ACK") addresses.set(who, ack.yiaddr);
        } else if (what === "ask") await its.select(`192.0.2.${10 + who}`);
        else if (what === "fail") {
          server.breakDisk();
          await its.select(`192.0.2.${10 + who}`);
          server.mendDisk();
        } else if (what === "expire") {
          server.clock.advance(30);
          await server.upkeep().reclaim(false);
        } else if (what === "delete") await server.ask("lease4-del", { "ip-address": address });
        else await its[what](address);
        const counts = count(server.store.page(-1, 100));
        for (const [i, most] of [MOST.one, MOST.two, MOST.subnet].entries()) {
          expect(counts[i]).toBeLessThanOrEqual(most);
          const lease = {
            subnetId: i === 2 ? 7 : 0,
            type: LeaseType6.address,
            classes: new Set(["one", "two"].slice(i, i + 1)),
          };
          expect(server.store.begin().limitReached(lease, []) !== undefined).toBe(counts[i] === most);
        }
      }
    }),
    { numRuns: runs(60) },
  );
});

it("two servers with one database do not exceed a limit together, whoever is quicker", async () => {
  const requests = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.boolean()), { maxLength: 24 });
  await fc.assert(
    fc.asyncProperty(requests, async (those) => {
      const database = new MemoryDatabase4();
      const servers = [await start(CONFIG, { database }), await start(CONFIG, { database })];
      await Promise.all(
        those.map(async ([who, isSecond]) => {
          const server = servers[Number(isSecond)]!;
          await server.serve(client(server, who, kindOf(who)).selectMessage(`192.0.2.${10 + (who % 10)}`));
        }),
      );
      const counts = count(database.leases.values());
      for (const [i, most] of [MOST.one, MOST.two, MOST.subnet].entries()) expect(counts[i]).toBeLessThanOrEqual(most);
    }),
    { numRuns: runs(60) },
  );
});

it("limits that come with another configuration count what is there", async () => {
  const server = await start({ "client-classes": [limited("one", 9)] });
  for (const number of [1, 2, 3]) await client(server, number).bind();
  const view = () => server.store.begin();
  const lease = { subnetId: 7, type: LeaseType6.address, classes: new Set(["one"]) };
  const reached = async (most: number) => {
    await server.store.limit([{ of: "one", type: LeaseType6.address, most }]);
    return view().limitReached(lease, []) !== undefined;
  };
  expect([await reached(3), await reached(4)]).toEqual([true, false]);
  await server.store.limit([]);
  expect(view().limitReached(lease, [])).toBeUndefined();
});
