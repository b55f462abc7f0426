import { describe, expect, it } from "vitest";
import { na, option, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const POOLS = {
  pools: [{ pool: "2001:db8::10-2001:db8::13" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
};
const LAN = { id: 1, subnet: "2001:db8::/64", ...POOLS };
const TIMES = { "valid-lifetime": 4000, "preferred-lifetime": 3000 };
const RAPID = option(14);
const EXCLUDE = option(6, "0043");

async function start(subnet: object, global: object = TIMES) {
  const server = await TestServer6.start({ ...global, subnet6: [{ ...LAN, ...subnet }] });
  return { server, client: new TestClient6(server, 1), other: new TestClient6(server, 2) };
}

describe("RFC 8415 §18.3.1: SOLICIT", () => {
  it("is answered with what a REQUEST would get, and nothing is written", async () => {
    const { server, client } = await start({});
    const reply = await client.solicit(na(1), pd(2));
    expect(reply?.type).toBe("ADVERTISE");
    expect(reply?.ias).toEqual([
      "na 1 1500 2400 2001:db8::10 3000/4000",
      "pd 2 1500 2400 2001:db8:8000::/56 3000/4000",
    ]);
    expect(reply?.status).toBeUndefined();
    expect(reply?.message.hasOption(14)).toBe(false);
    expect(server.leases()).toEqual([]);
    expect(server.fileText().split("\n")).toHaveLength(2);
  });

  it("offers the same again to the same client, and something else to others", async () => {
    const { server, client, other } = await start({});
    for (const again of [1, 2]) {
      expect((await client.solicit(na(1)))?.ias, `time ${again}`).toEqual(["na 1 1500 2400 2001:db8::10 3000/4000"]);
    }
    expect((await other.solicit(na(1)))?.ias).toEqual(["na 1 1500 2400 2001:db8::11 3000/4000"]);
    expect(server.lease("address", "2001:db8::10")).toMatchObject({ validLifetime: 60 });
  });

  it("gives the lease at once where the client and the subnet want that", async () => {
    const { server, client } = await start({ "rapid-commit": true });
    const reply = await client.solicit(RAPID, na(1));
    expect(reply?.type).toBe("REPLY");
    expect(reply?.message.option(14)).toHaveLength(0);
    expect(server.leases()).toEqual(["2001:db8::10/128 iaid 1 assigned"]);
    expect(server.fileText()).toContain("2001:db8::10,");
  });

  it.each([
    ["the client does not ask for it", true, []],
    ["the subnet does not allow it", false, [RAPID]],
  ])("is only an offer where %s", async (_, isAllowed, parts) => {
    const { server, client } = await start({ "rapid-commit": isAllowed });
    expect((await client.solicit(...parts, na(1)))?.type).toBe("ADVERTISE");
    expect(server.leases()).toEqual([]);
  });

  it("gets the address that it names when that is free", async () => {
    const { client, other } = await start({});
    expect((await client.solicit(na(1, "2001:db8::12")))?.ias).toEqual(["na 1 1500 2400 2001:db8::12 3000/4000"]);
    expect((await other.solicit(na(1, "2001:db8::12")))?.ias).toEqual(["na 1 1500 2400 2001:db8::10 3000/4000"]);
    const outside = await other.solicit(na(2, "2001:db8::99"));
    expect(outside?.ias).toEqual(["na 2 1500 2400 2001:db8::11 3000/4000"]);
  });

  it.each([
    ["of the length that it asks for", "::/60", "2001:db8:9000::/60"],
    ["shorter than it asks for before longer ones", "::/58", "2001:db8:8000::/56"],
    ["that it names", "2001:db8:9000:10::/60", "2001:db8:9000:10::/60"],
    ["around a longer one that it names", "2001:db8:9000:123::/64", "2001:db8:9000:120::/60"],
    ["at the beginning of a shorter one that it names", "2001:db8:8000:400::/54", "2001:db8:8000:400::/56"],
    ["of the nearest length before one around what it names", "2001:db8:8000:400::/64", "2001:db8:9000::/60"],
    ["of the first pool when it names none", undefined, "2001:db8:8000::/56"],
  ])("gets a prefix %s", async (_, hint, given) => {
    const second = { prefix: "2001:db8:9000::", "prefix-len": 48, "delegated-len": 60 };
    const { client } = await start({ "pd-pools": [...POOLS["pd-pools"], second] });
    const reply = await client.solicit(pd(1, ...(hint === undefined ? [] : [hint])));
    expect(reply?.ias).toEqual([`pd 1 1500 2400 ${given} 3000/4000`]);
  });

  it.each(["iterative", "random"])("gives several associations something each with the %s allocator", async (name) => {
    const { client } = await start({ allocator: name, "pd-allocator": name });
    const reply = await client.solicit(na(1), na(2), pd(1), pd(2));
    const given = reply?.ias.map((ia) => ia.split(" ")[4]);
    expect(given).toHaveLength(4);
    expect(new Set(given).size).toBe(4);
    expect(given?.every((text) => text?.startsWith("2001:db8:"))).toBe(true);
  });

  it("gives an association no prefix around what another of the message gets", async () => {
    const reserved = "2001:db8:8000:80::/57";
    const reservations = [{ duid: "0002000000090001", prefixes: [reserved] }];
    const { client } = await start({ reservations });
    expect((await client.solicit(pd(1), pd(2)))?.ias.map((ia) => ia.split(" ")[4])).toEqual([
      reserved,
      "2001:db8:8000:100::/56",
    ]);
  });

  it.each([
    ["random", "random"],
    ["random", "flq"],
  ])("begins anywhere with %s for addresses and %s for prefixes", async (allocator, pdAllocator) => {
    const { server, client } = await start({ allocator, "pd-allocator": pdAllocator });
    server.random = 0.5;
    const [address, prefix] = (await client.solicit(na(1), pd(1)))?.ias.map((ia) => ia.split(" ")[4]) ?? [];
    expect(address).toBe("2001:db8::12");
    expect(prefix).toBe("2001:db8:8000:8000::/56");
  });

  it.each(["iterative", "random"])("%s serves a pool of one (ChangeLog 2472)", async (name) => {
    const { server, client, other } = await start({
      allocator: name,
      "pd-allocator": name === "random" ? "random" : "flq",
      pools: [{ pool: "2001:db8::10-2001:db8::10" }],
      "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 56, "delegated-len": 56 }],
    });
    server.random = 0.99;
    const both = ["na 1 1500 2400 2001:db8::10 3000/4000", "pd 2 1500 2400 2001:db8:8000::/56 3000/4000"];
    expect((await client.request(na(1), pd(2)))?.ias).toEqual(both);
    expect((await other.request(na(1), pd(2)))?.ias).toEqual(["na 1 0 0 NoAddrsAvail", "pd 2 0 0 NoPrefixAvail"]);
    await client.release(na(1, "2001:db8::10"), pd(2, "2001:db8:8000::/56"));
    expect((await other.request(na(1), pd(2)))?.ias).toEqual(both);
  });

  it("gets what nobody has had in any pool before what somebody may come back for", async () => {
    const pools = [{ pool: "2001:db8::10-2001:db8::11" }, { pool: "2001:db8::20-2001:db8::20" }];
    const { server, client, other } = await start({ pools });
    await client.request(na(1), na(2));
    await client.release(na(1, "2001:db8::10"), na(2, "2001:db8::11"));
    expect((await other.request(na(1)))?.ias[0]).toContain(" 2001:db8::20 ");
    expect((await client.request(na(1)))?.ias[0]).toContain(" 2001:db8::10 ");
    expect((await new TestClient6(server, 3).request(na(1)))?.ias[0]).toContain(" 2001:db8::11 ");
  });

  it("gets a prefix of the length that it asks for before one of another that nobody has had", async () => {
    const [first] = POOLS["pd-pools"];
    const shortest = { prefix: "2001:db8:9000::", "prefix-len": 60, "delegated-len": 60 };
    const { client, other } = await start({ "pd-pools": [first, shortest] });
    await client.request(pd(1, "::/60"));
    await client.release(pd(1, "2001:db8:9000::/60"));
    expect((await other.request(pd(1, "::/60")))?.ias[0]).toContain(" 2001:db8:9000::/60 ");
    expect((await client.request(pd(1, "::/60")))?.ias[0]).toContain(" 2001:db8:8000::/56 ");
  });

  it("pain row 40: a flood of offers for nobody gives way when the pool is full", async () => {
    const { server, client } = await start({});
    for (let stranger = 10; stranger < 30; stranger++) await new TestClient6(server, stranger).solicit(na(1), pd(2));
    expect((await client.request(na(1), pd(2)))?.ias.map((ia) => ia.split(" ").length)).toEqual([6, 6]);
    expect(server.leases()).toHaveLength(2);
  });

  it("an offer begins anew when the client asks again, and a lease that is over stays until a REQUEST", async () => {
    const { server, client, other } = await start({ pools: [{ pool: "2001:db8::10/128" }] });
    await client.solicit(na(1));
    server.clock.advance(50);
    await client.solicit(na(1));
    expect(server.lease("address", "2001:db8::10")).toMatchObject({ state: 255, cltt: server.clock.wall() });
    await client.request(na(1));
    server.clock.advance(4000);
    expect((await other.solicit(na(1)))?.ias).toEqual(["na 1 1500 2400 2001:db8::10 3000/4000"]);
    expect(server.lease("address", "2001:db8::10")).toMatchObject({ state: 0, cltt: server.clock.wall() - 4000 });
  });

  it("RFC 8415 §4.2: an IAID is an association's among those of its type only", async () => {
    const { client } = await start({});
    for (const iaid of [1, 0xffff_ffff]) {
      expect((await client.request(na(iaid), pd(iaid)))?.ias.map((ia) => ia.split(" ").slice(0, 2).join(" "))).toEqual([
        `na ${iaid}`,
        `pd ${iaid}`,
      ]);
    }
  });

  it("shares reserved prefixes out among the associations for prefixes", async () => {
    const prefixes = ["2001:db8:9000::/56", "2001:db8:9000:100::/56"];
    const { client } = await start({ reservations: [{ duid: "0002000000090001", prefixes }] });
    const given = (await client.solicit(na(1), pd(1), pd(2)))?.ias.map((ia) => ia.split(" ")[4]);
    expect(given).toEqual(["2001:db8::10", ...prefixes]);
  });

  it("RFC 8415 §21.13: says for each association that there is nothing for it", async () => {
    const { server, client, other } = await start({ pools: [{ pool: "2001:db8::10-2001:db8::10" }], "pd-pools": [] });
    const reply = await client.solicit(na(1), na(2), pd(3));
    expect(reply?.ias).toEqual([
      "na 1 1500 2400 2001:db8::10 3000/4000",
      "na 2 0 0 NoAddrsAvail",
      "pd 3 0 0 NoPrefixAvail",
    ]);
    expect((await client.request(na(1)))?.ias).toEqual(["na 1 1500 2400 2001:db8::10 3000/4000"]);
    expect((await other.solicit(na(1)))?.ias).toEqual(["na 1 0 0 NoAddrsAvail"]);
    const { "v6-allocation-fail": failures, "v6-allocation-fail-no-pools": without } = server.statistics.global;
    expect([failures.value, without.value]).toEqual([2, 1]);
  });

  it("is told so where no subnet fits", async () => {
    const { client } = await start({});
    client.relays = [{ link: "2001:db8:ffff::1" }];
    const reply = await client.solicit(na(1), pd(1));
    expect(reply?.ias).toEqual(["na 1 0 0 NoAddrsAvail", "pd 1 0 0 NoPrefixAvail"]);
  });

  it("RFC 6603 §4.2: is told which part of the prefix to leave alone where it asks for that", async () => {
    const excluded = { "excluded-prefix": "2001:db8:8000:7::", "excluded-prefix-len": 64 };
    const { client } = await start({ "pd-pools": [{ ...POOLS["pd-pools"][0], ...excluded }] });
    const given = "pd 1 1500 2400 2001:db8:8000::/56 3000/4000";
    expect((await client.solicit(pd(1), EXCLUDE))?.ias).toEqual([`${given} without 2001:db8:8000:7::/64`]);
    expect((await client.solicit(pd(1)))?.ias).toEqual([given]);
  });
});

describe("RFC 8415 §21.4, §21.6: the times of what is given", () => {
  it.each([
    ["are the default ones", {}, "", "na 1 1500 2400 2001:db8::10 3000/4000"],
    ["are those asked for, within bounds", {}, " 2500/3500", "na 1 1250 2000 2001:db8::10 2500/3500"],
    ["are at least the smallest", {}, " 1/1", "na 1 1000 1600 2001:db8::10 2000/3000"],
    ["are at most the largest", {}, " 9999/9999", "na 1 2000 3200 2001:db8::10 4000/5000"],
    [
      "name T1 and T2 as configured",
      { "renew-timer": 900, "rebind-timer": 1800 },
      "",
      "na 1 900 1800 2001:db8::10 3000/4000",
    ],
    [
      "leave out a T1 above T2",
      { "renew-timer": 1900, "rebind-timer": 1800 },
      "",
      "na 1 0 1800 2001:db8::10 3000/4000",
    ],
    [
      "leave out a T1 equal to T2",
      { "renew-timer": 1800, "rebind-timer": 1800 },
      "",
      "na 1 0 1800 2001:db8::10 3000/4000",
    ],
    [
      "leave out a T1 without T2",
      { "renew-timer": 1800, "calculate-tee-times": false },
      "",
      "na 1 0 0 2001:db8::10 3000/4000",
    ],
    [
      "are rounded as Kea does",
      { "valid-lifetime": 4003, "preferred-lifetime": 3001 },
      "",
      "na 1 1501 2401 2001:db8::10 3001/4003",
    ],
    ["leave T1 and T2 to the client", { "calculate-tee-times": false }, "", "na 1 0 0 2001:db8::10 3000/4000"],
    [
      "follow the shares configured",
      { "t1-percent": 0.25, "t2-percent": 0.75 },
      "",
      "na 1 750 2250 2001:db8::10 3000/4000",
    ],
  ])("%s", async (_, change, times, expected) => {
    const bounds = { "min-valid-lifetime": 3000, "max-valid-lifetime": 5000 };
    const preferred = { "min-preferred-lifetime": 2000, "max-preferred-lifetime": 4000 };
    const { client } = await start({}, { ...TIMES, ...bounds, ...preferred, ...change });
    expect((await client.solicit(na(1, `2001:db8::10${times}`)))?.ias).toEqual([expected]);
  });

  it("are those asked for with the address that is given, whatever stands beside it", async () => {
    const bounds = { "min-valid-lifetime": 1000, "min-preferred-lifetime": 1000 };
    const { client, other } = await start({}, { ...TIMES, ...bounds });
    await other.request(na(1, "2001:db8::11"));
    const wishes = na(1, "2001:db8::11 1100/1200", "2001:db8::12 2100/2200");
    expect((await client.solicit(wishes))?.ias).toEqual([expect.stringContaining("2001:db8::12 2100/2200")]);
    await other.request(na(2, "2001:db8::12"));
    expect((await client.solicit(wishes))?.ias).toEqual([expect.stringContaining("2001:db8::12 2100/2200")]);
  });

  it("never end before they are no longer preferred", async () => {
    const { client } = await start({}, { ...TIMES, "min-valid-lifetime": 100, "max-valid-lifetime": 4000 });
    expect((await client.solicit(na(1, "2001:db8::10 3000/200")))?.ias).toEqual(["na 1 63 100 2001:db8::10 125/200"]);
  });

  it("are preferred for five eighths of the time where nothing is configured", async () => {
    const valid = { "min-valid-lifetime": 1000, "valid-lifetime": 4000, "max-valid-lifetime": 8000 };
    const { client } = await start({}, valid);
    expect((await client.solicit(na(1, "2001:db8::10 0/8000")))?.ias).toEqual([
      "na 1 2500 4000 2001:db8::10 5000/8000",
    ]);
    expect((await client.solicit(na(1, "2001:db8::10 9/2000")))?.ias).toEqual(["na 1 625 1000 2001:db8::10 1250/2000"]);
  });

  it("never end, and are never to be renewed, when they are infinite", async () => {
    const { client } = await start({}, { "valid-lifetime": 0xffffffff, "preferred-lifetime": 0xffffffff });
    const ever = "4294967295";
    const [ia] = (await client.solicit(na(1)))?.ias ?? [];
    expect(ia).toBe(`na 1 ${ever} ${ever} 2001:db8::10 ${ever}/${ever}`);
  });
});
