import { describe, expect, it } from "vitest";
import { na, option, type Part6, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const TIMES = { "valid-lifetime": 4000, "preferred-lifetime": 3000 };
const LAN = {
  id: 1,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
};
const ADDRESS = "na 1 1500 2400 2001:db8::10 3000/4000";
const PREFIX = "pd 2 1500 2400 2001:db8:8000::/56 3000/4000";

async function start() {
  const server = await TestServer6.start({ ...TIMES, subnet6: [LAN] });
  return { server, client: new TestClient6(server, 1), other: new TestClient6(server, 2) };
}

describe("RFC 8415 §18.3.2: REQUEST", () => {
  it("gives what was offered, and it is in the file", async () => {
    const { server, client } = await start();
    await client.solicit(na(1), pd(2));
    const reply = await client.request(na(1, "2001:db8::10"), pd(2, "2001:db8:8000::/56"));
    expect(reply).toMatchObject({ type: "REPLY", ias: [ADDRESS, PREFIX], status: undefined });
    expect(server.leases()).toEqual(["2001:db8::10/128 iaid 1 assigned", "2001:db8:8000::/56 iaid 2 assigned"]);
    expect(server.fileText()).toContain("\n2001:db8::10,00:02:00:00:00:09:00:01,4000,1800004000,1,3000,0,1,128,");
    expect(server.log.lines.join("\n")).toContain("2001:db8::10 for iaid 1 given for 4000 seconds");
  });

  it("gives something else when the address is somebody's", async () => {
    const { client, other } = await start();
    await client.request(na(1, "2001:db8::10"));
    expect((await other.request(na(1, "2001:db8::10")))?.ias).toEqual(["na 1 1500 2400 2001:db8::11 3000/4000"]);
  });

  it("tells what the association had and has no more, lest the client go on using what others get", async () => {
    const { server, client } = await start();
    await client.request(na(1, "2001:db8::10"));
    const pools = [{ pool: "2001:db8::20-2001:db8::2f" }];
    server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, pools }] });
    expect((await client.request(na(1)))?.ias).toEqual(["na 1 1500 2400 2001:db8::20 3000/4000 2001:db8::10 0/0"]);
    expect(server.leases()).toEqual(["2001:db8::20/128 iaid 1 assigned"]);
  });

  it("says NotOnLink of an association with an address of another link, and gives the others something", async () => {
    const { server, client } = await start();
    const reply = await client.request(na(1, "2001:db8:9::1"), na(2), na(3, "::"), pd(1, "2001:db8:9::/56"));
    expect(reply?.ias).toEqual([
      "na 2 1500 2400 2001:db8::10 3000/4000",
      "na 3 1500 2400 2001:db8::11 3000/4000",
      "na 1 0 0 NotOnLink",
      "pd 1 1500 2400 2001:db8:8000::/56 3000/4000",
    ]);
    expect(server.leases()).toHaveLength(3);
  });

  it("keeps the leases of two associations of one client apart", async () => {
    const { server, client } = await start();
    await client.request(na(1), na(2));
    expect(server.leases()).toEqual(["2001:db8::10/128 iaid 1 assigned", "2001:db8::11/128 iaid 2 assigned"]);
  });

  it("gives to several associations what is unused, then what is over, each once", async () => {
    const pools = [{ pool: "2001:db8::10-2001:db8::12" }];
    const server = await TestServer6.start({ ...TIMES, subnet6: [{ ...LAN, pools }] });
    const [client, other] = [new TestClient6(server, 1), new TestClient6(server, 2)];
    await other.request(na(1), na(2));
    await other.release(na(1, "2001:db8::10"), na(2, "2001:db8::11"));
    expect((await client.request(na(1), na(2), na(3), na(4)))?.ias.map((ia) => ia.split(" ")[4])).toEqual([
      "2001:db8::12",
      "2001:db8::10",
      "2001:db8::11",
      "NoAddrsAvail",
    ]);
  });

  it("answers an association that comes twice once, with what it names in both", async () => {
    const { server, client } = await start();
    expect((await client.request(na(1), na(1, "2001:db8::15")))?.ias).toEqual([
      "na 1 1500 2400 2001:db8::15 3000/4000",
    ]);
    expect(server.leases()).toEqual(["2001:db8::15/128 iaid 1 assigned"]);
    const renewed = await client.renew(na(1, "2001:db8::15"), na(1, "2001:db8::16"));
    expect(renewed?.ias).toEqual(["na 1 1500 2400 2001:db8::15 3000/4000 2001:db8::16 0/0"]);
  });

  it("gives nothing to a message without associations", async () => {
    const { server, client } = await start();
    for (const kind of ["solicit", "request", "renew", "rebind"] as const) {
      expect((await client[kind]())?.ias).toEqual([]);
    }
    expect(server.leases()).toEqual([]);
  });

  it("gives no prefix that a lease of another length is in", async () => {
    const { server, client, other } = await start();
    await client.request(pd(2));
    const longer = { prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 60 };
    server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, "pd-pools": [longer] }] });
    const reply = await other.request(pd(2, "2001:db8:8000:10::/60"));
    expect(reply?.ias).toEqual(["pd 2 1500 2400 2001:db8:8000:100::/60 3000/4000"]);
  });
});

it("a prefix that the client had does not come back where others have parts of it now", async () => {
  const { server, client, other } = await start();
  const longer = { prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 60 };
  await client.request(pd(2));
  await client.release(pd(2, "2001:db8:8000::/56"));
  server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, "pd-pools": [longer] }] });
  const part = "2001:db8:8000:10::/60";
  expect((await other.request(pd(2, part)))?.ias).toEqual([`pd 2 1500 2400 ${part} 3000/4000`]);
  server.reconfigure({ ...TIMES, subnet6: [LAN] });
  expect((await client.request(pd(2)))?.ias).toEqual(["pd 2 1500 2400 2001:db8:8000:100::/56 3000/4000"]);
});

it("RFC 8415 §18.3.5: a REBIND of what nobody here knows, from a link that nobody here knows, is for other servers", async () => {
  const { server, client } = await start();
  client.relays = [{ link: "2001:db8:ffff::1" }];
  expect(await client.rebind(na(1, "2001:db8::99"), pd(2))).toBeUndefined();
  expect((await client.renew(na(1, "2001:db8::99")))?.ias).toEqual(["na 1 0 0 NoBinding"]);
  expect(server.drops).toEqual(["no-subnet"]);
});

it("T1 and T2 are those of the subnet that gives", async () => {
  const full = { id: 1, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::10-2001:db8::10" }], "renew-timer": 11 };
  const second = { id: 2, subnet: "2001:db8:2::/64", pools: [{ pool: "2001:db8:2::/120" }], "renew-timer": 22 };
  const network = { name: "floor", interface: "eth0", subnet6: [full, second] };
  const server = await TestServer6.start({ ...TIMES, "shared-networks": [network] });
  const [first, late] = [new TestClient6(server, 1), new TestClient6(server, 2)];
  expect((await first.request(na(1)))?.ias).toEqual(["na 1 11 2400 2001:db8::10 3000/4000"]);
  expect((await late.request(na(1)))?.ias).toEqual(["na 1 22 2400 2001:db8:2:: 3000/4000"]);
});

it.each([
  [
    "of whichever is first",
    { "renew-timer": 22, "rebind-timer": 33 },
    { "renew-timer": 11, "rebind-timer": 44 },
    "11 33",
  ],
  ["but for those left to the client", { "renew-timer": 22, "rebind-timer": 33 }, { "rebind-timer": 44 }, "22 33"],
  ["and T1 is left to the client where T2 comes first", { "renew-timer": 22 }, { "rebind-timer": 11 }, "0 11"],
])("RFC 8415 §18.2.4: T1 and T2 of leases of two subnets are the earliest %s", async (_, first, second, expected) => {
  const subnets = [first, second].map((timers, i) => ({
    id: i + 1,
    subnet: `2001:db8:${i}::/64`,
    pools: [{ pool: `2001:db8:${i}::/127` }],
    "rebind-timer": 2400,
    "calculate-tee-times": false,
    ...timers,
  }));
  const network = { name: "floor", interface: "eth0", subnet6: subnets };
  const server = await TestServer6.start({ ...TIMES, "shared-networks": [network] });
  const reply = await new TestClient6(server, 1).request(na(1, "2001:db8::1"), na(2, "2001:db8:1::1"));
  expect(reply?.ias).toEqual([`na 1 ${expected} 2001:db8::1 3000/4000`, `na 2 ${expected} 2001:db8:1::1 3000/4000`]);
});

it("an association with two leases keeps only the one that is not over, to the second", async () => {
  const { server, client } = await start();
  const [first, second] = ["2001:db8::15", "2001:db8::16"];
  const given = { duid: client.duid, iaid: 1, "subnet-id": 1 };
  await server.ask("lease6-add", { ...given, "ip-address": first, "valid-lft": 100 });
  await server.ask("lease6-add", { ...given, "ip-address": second, "valid-lft": 200 });
  server.clock.advance(99);
  expect((await client.solicit(na(1)))?.ias).toEqual([expect.stringMatching(`${second} .*${first} `)]);
  server.clock.advance(1);
  expect((await client.solicit(na(1)))?.ias).toEqual([`na 1 1500 2400 ${second} 3000/4000`]);
});

describe("an address that a client names", () => {
  const wanted = "2001:db8::15";
  const given = (reply: { readonly ias: readonly string[] } | undefined) => reply?.ias[0]?.split(" ")[4];

  it.each([
    ["is free when its lease is reclaimed, however long that lasts", { state: 2, duid: "0002000000090009" }, wanted],
    ["is nobody's when it is declined, also of the client that it names", { state: 1 }, "2001:db8::10"],
    ["is another association's of the client while its lease lasts", { iaid: 2 }, "2001:db8::10"],
  ])("%s", async (_, change, expected) => {
    const { server, client } = await start();
    const lease = { "ip-address": wanted, duid: client.duid, iaid: 1, "subnet-id": 1, ...change };
    expect(await server.ask("lease6-add", lease)).toMatchObject({ result: 0 });
    expect(given(await client.request(na(1, wanted)))).toBe(expected);
  });

  it("is free to the second in which its lease ends", async () => {
    const { server, client, other } = await start();
    await other.request(na(1, wanted));
    server.clock.advance(3999);
    expect(given(await client.solicit(na(1, wanted)))).toBe("2001:db8::10");
    server.clock.advance(1);
    expect(given(await new TestClient6(server, 3).solicit(na(1, wanted)))).toBe(wanted);
  });
});

it("an address of a pool that is not for the client any more is not kept", async () => {
  const { server, client } = await start();
  await client.request(na(1));
  const pools = [{ pool: "2001:db8::10/128", "client-class": "late" }, { pool: "2001:db8::11/128" }];
  const late = { name: "late", test: "option[40].exists" };
  server.reconfigure({ ...TIMES, "client-classes": [late], subnet6: [{ ...LAN, pools }] });
  expect((await client.renew(na(1, "2001:db8::10")))?.ias[0]).toContain("2001:db8::11 3000/4000 2001:db8::10 0/0");
});

describe.each(["renew", "rebind"] as const)("RFC 8415 §18.3.4, §18.3.5: %s", (kind) => {
  it("makes the leases last from now on", async () => {
    const { server, client } = await start();
    await client.request(na(1), pd(2));
    server.clock.advance(1500);
    const reply = await client[kind](na(1, "2001:db8::10"), pd(2, "2001:db8:8000::/56"));
    expect(reply).toMatchObject({ type: "REPLY", ias: [ADDRESS, PREFIX] });
    for (const lease of [server.lease("address", "2001:db8::10"), server.lease("prefix", "2001:db8:8000::")]) {
      expect(lease?.cltt).toBe(server.clock.wall());
    }
  });

  it("ends what is in no pool any more, and gives something in its place", async () => {
    const { server, client } = await start();
    await client.request(na(1));
    server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, pools: [{ pool: "2001:db8::20-2001:db8::2f" }] }] });
    const reply = await client[kind](na(1, "2001:db8::10"));
    expect(reply?.ias).toEqual(["na 1 1500 2400 2001:db8::20 3000/4000 2001:db8::10 0/0"]);
    expect(server.leases()).toEqual(["2001:db8::20/128 iaid 1 assigned"]);
  });

  it("pain row 30: ends a prefix that a renumbering took away, and gives one that is left in its place", async () => {
    const { server, client } = await start();
    await client.request(pd(2));
    const renumbered = { prefix: "2001:db8:9000::", "prefix-len": 48, "delegated-len": 56 };
    server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, "pd-pools": [renumbered] }] });
    const reply = await client[kind](pd(2, "2001:db8:8000::/56"));
    expect(reply?.ias).toEqual(["pd 2 1500 2400 2001:db8:9000::/56 3000/4000 2001:db8:8000::/56 0/0"]);
    expect(server.leases()).toEqual(["2001:db8:9000::/56 iaid 2 assigned"]);
  });

  it("ends what a renumbering took away where nothing is left", async () => {
    const { server, client } = await start();
    await client.request(na(1), pd(2));
    server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, pools: [], "pd-pools": [] }] });
    const reply = await client[kind](na(1, "2001:db8::10"), pd(2, "2001:db8:8000::/56"));
    expect(reply?.ias).toEqual([
      "na 1 0 0 2001:db8::10 0/0 NoAddrsAvail",
      "pd 2 0 0 2001:db8:8000::/56 0/0 NoPrefixAvail",
    ]);
    expect(server.leases()).toEqual([]);
  });

  it("ends an address of another link when the client has moved", async () => {
    const { server, client } = await start();
    await client.request(na(1));
    const other = { id: 2, subnet: "2001:db8:1::/64", pools: [{ pool: "2001:db8:1::/120" }] };
    server.reconfigure({ ...TIMES, subnet6: [LAN, other] });
    client.relays = [{ link: "2001:db8:1::1" }];
    const [ia] = (await client[kind](na(1, "2001:db8::10")))?.ias ?? [];
    expect(ia).toBe("na 1 1500 2400 2001:db8:1:: 3000/4000 2001:db8::10 0/0");
  });

  it("ends what is known where no subnet fits, and says NoBinding about what is not", async () => {
    const { client } = await start();
    await client.request(na(1));
    client.relays = [{ link: "2001:db8:ffff::1" }];
    const reply = await client[kind](na(1, "2001:db8::10"), na(2, "2001:db8::99"));
    expect(reply?.ias).toEqual(["na 1 0 0 2001:db8::10 0/0", "na 2 0 0 NoBinding"]);
  });

  it("takes nothing that somebody else has", async () => {
    const { server, client, other } = await start();
    await client.request(na(1));
    const reply = await other[kind](na(1, "2001:db8::10"));
    expect(reply?.ias).toEqual(["na 1 1500 2400 2001:db8::11 3000/4000 2001:db8::10 0/0"]);
    expect(server.leases()).toHaveLength(2);
  });
});

it("a SOLICIT is not told of leases that only a REQUEST would end", async () => {
  const { server, client } = await start();
  await client.request(na(1));
  server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, pools: [{ pool: "2001:db8::20-2001:db8::2f" }] }] });
  expect((await client.solicit(na(1)))?.ias).toEqual(["na 1 1500 2400 2001:db8::20 3000/4000"]);
  expect(server.leases()).toEqual(["2001:db8::10/128 iaid 1 assigned"]);
});

describe("cache-threshold", () => {
  const CACHE = { ...TIMES, "cache-threshold": 0.25, subnet6: [LAN] };
  const HELD = [na(1, "2001:db8::10"), pd(2, "2001:db8:8000::/56")];

  async function bound(config: object = CACHE) {
    const server = await TestServer6.start({ ...CACHE, ...config });
    const client = new TestClient6(server, 1);
    await client.request(na(1), pd(2));
    return { server, client };
  }

  it("young leases are confirmed for the times that are left, and nothing is written", async () => {
    const { server, client } = await bound();
    const before = server.fileText();
    server.clock.advance(999);
    expect((await client.renew(...HELD))?.ias).toEqual([
      "na 1 1001 1601 2001:db8::10 2001/3001",
      "pd 2 1001 1601 2001:db8:8000::/56 2001/3001",
    ]);
    expect(server.fileText()).toBe(before);
    expect(server.statistics.subnet(1)["v6-ia-na-lease-reuses"].value).toBe(1);
    expect(server.statistics.global["v6-ia-pd-lease-reuses"].value).toBe(1);
    expect(server.log.lines.join("\n")).toContain("2001:db8::10 for iaid 1 confirmed for the 3001 seconds left");
  });

  it.each(["request", "rebind"] as const)("they are so in answer to a %s, too", async (kind) => {
    const { server, client } = await bound();
    server.clock.advance(10);
    expect((await client[kind](HELD[0]!))?.ias).toEqual(["na 1 1495 2392 2001:db8::10 2990/3990"]);
  });

  it("they are offered for the full times, as in Kea", async () => {
    const { server, client } = await bound();
    server.clock.advance(10);
    expect((await client.solicit(HELD[0]!))?.ias).toEqual([ADDRESS]);
    expect(server.statistics.global["v6-ia-na-lease-reuses"].value).toBe(0);
  });

  it("older ones are extended beside young ones that are confirmed", async () => {
    const { server, client } = await bound();
    server.clock.advance(600);
    server.reconfigure({ ...TIMES, subnet6: [LAN] });
    await client.renew(HELD[0]!);
    server.reconfigure(CACHE);
    server.clock.advance(400);
    expect((await client.renew(...HELD))?.ias).toEqual([
      "na 1 1300 2080 2001:db8::10 2600/3600",
      "pd 2 1300 2080 2001:db8:8000::/56 3000/4000",
    ]);
    expect(server.lease("prefix", "2001:db8:8000::")?.cltt).toBe(server.clock.wall());
  });

  it.each<readonly [string, (client: TestClient6) => void, readonly Part6[]]>([
    ["the client has a name now", () => undefined, [option(39, "0004686f7374")]],
    [
      "the client came through a relay that is kept with the lease",
      (client) => {
        client.relays = [{ link: "2001:db8::1" }];
      },
      [],
    ],
    [
      "the client is known by a hardware address now",
      (client) => {
        client.ingress = { sourceMac: Uint8Array.of(2, 0, 0, 0, 0, 6) };
      },
      [],
    ],
  ])("young ones are written when %s", async (_, change, parts) => {
    const { server, client } = await bound({ "store-extended-info": true });
    server.clock.advance(10);
    change(client);
    expect((await client.renew(na(1, "2001:db8::10"), ...parts))?.ias).toEqual([ADDRESS]);
    expect(server.lease("address", "2001:db8::10")?.cltt).toBe(server.clock.wall());
  });

  it.each([
    ["they would become shorter", { "valid-lifetime": 3500 }, "na 1 1500 2400 2001:db8::10 3000/3500"],
    [
      "they would be preferred for a shorter time",
      { "preferred-lifetime": 2000 },
      "na 1 1000 1600 2001:db8::10 2000/4000",
    ],
  ])("young ones are written when %s", async (_, change, expected) => {
    const { server, client } = await bound();
    server.clock.advance(10);
    server.reconfigure({ ...CACHE, ...change });
    expect((await client.renew(na(1, "2001:db8::10")))?.ias).toEqual([expected]);
  });

  it("those that are no longer preferred are extended", async () => {
    const { server, client } = await bound({ "preferred-lifetime": 500 });
    server.clock.advance(500);
    expect((await client.renew(na(1, "2001:db8::10")))?.ias).toEqual(["na 1 250 400 2001:db8::10 500/4000"]);
  });

  it("one that was released is written although it is young", async () => {
    const { server, client } = await bound();
    await client.release(HELD[0]!);
    expect((await client.renew(HELD[0]!))?.ias).toEqual([ADDRESS]);
    expect(server.leases()[0]).toBe("2001:db8::10/128 iaid 1 assigned");
  });

  it("cache-max-age is enough to switch it on, and bounds it", async () => {
    const { server, client } = await bound({ "cache-threshold": undefined, "cache-max-age": 100 });
    server.clock.advance(99);
    expect((await client.renew(HELD[0]!))?.ias[0]).toContain(" 2901/3901");
    server.clock.advance(1);
    expect((await client.renew(HELD[0]!))?.ias).toEqual([ADDRESS]);
  });
});
