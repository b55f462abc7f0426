import { describe, expect, it } from "vitest";
import { na, option, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const TIMES = { "valid-lifetime": 4000, "preferred-lifetime": 3000 };
const DUID = "00:02:00:00:00:09:00:01";
const LAN = {
  id: 1,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::10-2001:db8::12" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
};

describe.each([
  ["the configuration", {}],
  ["a host database", { keepsHostsElsewhere: true }],
])("in %s,", (_, options) => {
  async function start(reservation: object, change: object = {}) {
    const reservations = [{ duid: DUID, ...reservation }];
    const server = await TestServer6.start({ ...TIMES, subnet6: [{ ...LAN, reservations, ...change }] }, options);
    return { server, client: new TestClient6(server, 1), other: new TestClient6(server, 2) };
  }

  describe("a client with reservations", () => {
    const TWO = {
      "ip-addresses": ["2001:db8::11", "2001:db8::a"],
      prefixes: ["2001:db8:7000::/48", "2001:db8:8000:100::/56"],
    };

    it("gets the first of its addresses and of its prefixes in one association each", async () => {
      const { server, client } = await start(TWO);
      expect((await client.request(na(1), pd(2)))?.ias).toEqual([
        "na 1 1500 2400 2001:db8::11 3000/4000",
        "pd 2 1500 2400 2001:db8:7000::/48 3000/4000",
      ]);
      expect(server.leases()).toHaveLength(2);
    });

    it("gets a prefix that has the pool of its address in it, as in Kea", async () => {
      const { client } = await start({ prefixes: ["2001:db8::/64"] });
      expect((await client.request(na(1, "2001:db8::12"), pd(2)))?.ias).toEqual([
        "na 1 1500 2400 2001:db8::12 3000/4000",
        "pd 2 1500 2400 2001:db8::/64 3000/4000",
      ]);
    });

    it("gets the next one where the first is somebody else's", async () => {
      const { server, client, other } = await start({}, { reservations: [] });
      await other.request(na(1, "2001:db8::11"));
      server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, reservations: [{ duid: DUID, ...TWO }] }] });
      expect((await client.request(na(1)))?.ias).toEqual(["na 1 1500 2400 2001:db8::a 3000/4000"]);
    });

    it("gets only what is in no pool where all of it is said to be out of pools", async () => {
      const { client } = await start(TWO, { "reservations-out-of-pool": true });
      expect((await client.request(na(1), pd(2)))?.ias).toEqual([
        "na 1 1500 2400 2001:db8::a 3000/4000",
        "pd 2 1500 2400 2001:db8:7000::/48 3000/4000",
      ]);
    });

    it("gets another where what is reserved for it everywhere is not of its link", async () => {
      const reservations = [{ duid: DUID, "ip-addresses": ["2001:db8:9::a"], prefixes: ["2001:db8:7000::/48"] }];
      const server = await TestServer6.start(
        { ...TIMES, "reservations-global": true, reservations, subnet6: [LAN] },
        options,
      );
      expect((await new TestClient6(server, 1).request(na(1), pd(2)))?.ias).toEqual([
        "na 1 1500 2400 2001:db8::10 3000/4000",
        "pd 2 1500 2400 2001:db8:7000::/48 3000/4000",
      ]);
    });

    it.each([
      ["somebody else is not given what is reserved", {}, "2001:db8::10"],
      ["unless reservations are off", { "reservations-in-subnet": false }, "2001:db8::11"],
      ["or said to be out of pools", { "reservations-out-of-pool": true }, "2001:db8::11"],
    ])("%s", async (_, change, given) => {
      const { other } = await start({ "ip-addresses": ["2001:db8::11"] }, change);
      expect((await other.request(na(1, "2001:db8::11")))?.ias).toEqual([`na 1 1500 2400 ${given} 3000/4000`]);
    });

    it("gets one in each of several associations, and keeps them whatever their order", async () => {
      const { client } = await start(TWO);
      const first = "na 1 1500 2400 2001:db8::11 3000/4000";
      const second = "na 2 1500 2400 2001:db8::a 3000/4000";
      expect((await client.request(na(1), na(2)))?.ias).toEqual([first, second]);
      const renewed = await client.renew(na(2, "2001:db8::a"), na(1, "2001:db8::11"));
      expect(renewed?.ias).toEqual([second, first]);
    });

    it("gets from the pool what is not reserved for more associations", async () => {
      const { client } = await start({ "ip-addresses": ["2001:db8::a"] });
      expect((await client.request(na(1), na(2)))?.ias).toEqual([
        "na 1 1500 2400 2001:db8::a 3000/4000",
        "na 2 1500 2400 2001:db8::10 3000/4000",
      ]);
    });

    it("pain row 14: moves to a reservation made later", async () => {
      const { server, client } = await start({}, { reservations: [] });
      await client.request(na(1));
      const reservations = [{ duid: DUID, "ip-addresses": ["2001:db8::a"] }];
      server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, reservations }] });
      const reply = await client.renew(na(1, "2001:db8::10"));
      expect(reply?.ias).toEqual(["na 1 1500 2400 2001:db8::a 3000/4000 2001:db8::10 0/0"]);
      expect(server.leases()).toEqual(["2001:db8::a/128 iaid 1 assigned"]);
    });

    it("has one lease again when the reservation is gone", async () => {
      const { server, client } = await start({ "ip-addresses": ["2001:db8::12"] }, { reservations: [] });
      await client.request(na(1));
      await client.release(na(1, "2001:db8::10"));
      const reservations = [{ duid: DUID, "ip-addresses": ["2001:db8::12"] }];
      server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, reservations }] });
      await client.request(na(1));
      server.reconfigure({ ...TIMES, subnet6: [LAN] });
      const reply = await client.renew(na(1, "2001:db8::12"));
      expect(reply?.ias).toEqual(["na 1 1500 2400 2001:db8::12 3000/4000"]);
    });

    it("waits for a reserved prefix while somebody has part of it", async () => {
      const { server, client, other } = await start({}, { reservations: [] });
      await other.request(pd(2, "2001:db8:8000:200::/56"));
      const reservations = [{ duid: DUID, prefixes: ["2001:db8:8000::/52"] }];
      server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, reservations }] });
      expect((await client.request(pd(2, "2001:db8:8000:100::/56")))?.ias).toEqual([
        "pd 2 1500 2400 2001:db8:8000:100::/56 3000/4000",
      ]);
      expect((await client.renew(pd(2, "2001:db8:8000:100::/56")))?.ias).toEqual([
        "pd 2 1500 2400 2001:db8:8000:100::/56 3000/4000",
      ]);
      await other.release(pd(2, "2001:db8:8000:200::/56"));
      expect((await client.renew(pd(2, "2001:db8:8000:100::/56")))?.ias).toEqual([
        "pd 2 1500 2400 2001:db8:8000::/52 3000/4000 2001:db8:8000:100::/56 0/0",
      ]);
    });

    it("is given nothing inside a reserved prefix in the same message", async () => {
      const { client } = await start({ prefixes: ["2001:db8:8000::/52"] });
      expect((await client.request(pd(1), pd(2, "2001:db8:8000:100::/56")))?.ias).toEqual([
        "pd 1 1500 2400 2001:db8:8000::/52 3000/4000",
        "pd 2 1500 2400 2001:db8:8000:1000::/56 3000/4000",
      ]);
    });

    it("RFC 6603 §4.2: is told the excluded part of a reserved prefix", async () => {
      const { client } = await start({
        prefixes: ["2001:db8:7000::/48"],
        "excluded-prefixes": ["2001:db8:7000:1::/64"],
      });
      expect((await client.request(pd(2), option(6, "0043")))?.ias).toEqual([
        "pd 2 1500 2400 2001:db8:7000::/48 3000/4000 without 2001:db8:7000:1::/64",
      ]);
    });

    it("pain row 15: is known by its hardware address as in DHCPv4, and by a global reservation", async () => {
      const global = { reservations: [{ "hw-address": "02:00:00:00:00:07", "ip-addresses": ["2001:db8::b"] }] };
      const server = await TestServer6.start(
        { ...TIMES, ...global, "reservations-global": true, subnet6: [LAN] },
        options,
      );
      const client = new TestClient6(server, 0, "00030001020000000007");
      expect((await client.request(na(1)))?.ias).toEqual(["na 1 1500 2400 2001:db8::b 3000/4000"]);
    });
  });

  describe("a reservation", () => {
    const OPTIONS = { "option-data": [{ name: "dns-servers", data: "2001:db8::53" }] };

    it("pain row 16: without an address is of a name and options, and its client is served from the pool", async () => {
      const { server, client } = await start({ hostname: "desk", ...OPTIONS });
      const reply = await client.request(na(1), option(6, "0017"));
      expect(reply?.ias).toEqual(["na 1 1500 2400 2001:db8::10 3000/4000"]);
      expect(reply?.message.option(23)?.at(-1)).toBe(0x53);
      expect(server.lease("address", "2001:db8::10")?.hostname).toBe("desk");
    });

    it("pain row 13: of one address is possible for two clients, of which one at a time has it", async () => {
      const reservations = [1, 2].map((n) => ({ duid: `00:02:00:00:00:09:00:0${n}`, "ip-addresses": ["2001:db8::a"] }));
      const server = await TestServer6.start(
        {
          ...TIMES,
          "ip-reservations-unique": false,
          subnet6: [{ ...LAN, reservations }],
        },
        options,
      );
      const [first, second] = [new TestClient6(server, 1), new TestClient6(server, 2)];
      expect((await first.request(na(1)))?.ias[0]).toContain(" 2001:db8::a ");
      expect((await second.request(na(1)))?.ias[0]).toContain(" 2001:db8::10 ");
      await first.release(na(1, "2001:db8::a"));
      expect((await second.renew(na(1, "2001:db8::10")))?.ias).toEqual([
        "na 1 1500 2400 2001:db8::a 3000/4000 2001:db8::10 0/0",
      ]);
    });

    it("whose lease is released, reclaimed and taken again keeps its name (ChangeLog 2444)", async () => {
      const { server, client } = await start({ hostname: "desk", "ip-addresses": ["2001:db8::a"] });
      const named = () => server.lease("address", "2001:db8::a")?.hostname;
      await client.request(na(1));
      await client.release(na(1, "2001:db8::a"));
      await client.request(na(1));
      expect(named()).toBe("desk");
      server.clock.advance(5000);
      await server.upkeep().reclaim();
      expect(server.leases()).toEqual(["2001:db8::a/128 iaid 1 reclaimed"]);
      await client.request(na(1));
      expect(named()).toBe("desk");
    });

    it("of the subnet counts before a global one (#4678)", async () => {
      const global = [{ duid: DUID, hostname: "everywhere", "ip-addresses": ["2001:db8::c"] }];
      const own = [{ duid: DUID, hostname: "here", "ip-addresses": ["2001:db8::d"] }];
      const server = await TestServer6.start(
        {
          ...TIMES,
          "reservations-global": true,
          reservations: global,
          subnet6: [{ ...LAN, reservations: own }],
        },
        options,
      );
      await new TestClient6(server, 1).request(na(1));
      expect(server.lease("address", "2001:db8::d")?.hostname).toBe("here");
    });
  });

  describe("a reservation by hardware address", () => {
    it("may have several addresses and prefixes, a name and options, too", async () => {
      const reservation = {
        "hw-address": "02:00:00:00:00:07",
        "ip-addresses": ["2001:db8::a", "2001:db8::b"],
        prefixes: ["2001:db8:7000::/48", "2001:db8:7001::/48"],
        "excluded-prefixes": ["", "2001:db8:7001:1::/64"],
        hostname: "desk",
        "option-data": [{ name: "dns-servers", data: "2001:db8::53" }],
      };
      const server = await TestServer6.start({ ...TIMES, subnet6: [{ ...LAN, reservations: [reservation] }] }, options);
      const client = new TestClient6(server, 0, "00030001020000000007");
      const reply = await client.request(na(1), na(3), pd(4), pd(2), option(6, "00170043"));
      expect(reply?.ias).toEqual([
        "na 1 1500 2400 2001:db8::a 3000/4000",
        "na 3 1500 2400 2001:db8::b 3000/4000",
        "pd 4 1500 2400 2001:db8:7000::/48 3000/4000",
        "pd 2 1500 2400 2001:db8:7001::/48 3000/4000 without 2001:db8:7001:1::/64",
      ]);
      expect(reply?.message.option(23)?.at(-1)).toBe(0x53);
      expect(server.lease("prefix", "2001:db8:7001::")).toMatchObject({ hostname: "desk", iaid: 2 });
    });

    it.each([
      ["hw-address", ["hw-address", "duid"], "2001:db8::a"],
      ["duid", ["duid", "hw-address"], "2001:db8::b"],
      ["none that is not looked for", ["duid"], "2001:db8::b"],
    ])("counts in the order configured: %s", async (_, identifiers, address) => {
      const reservations = [
        { "hw-address": "02:00:00:00:00:07", "ip-addresses": ["2001:db8::a"] },
        { duid: "00:03:00:01:02:00:00:00:00:07", "ip-addresses": ["2001:db8::b"] },
      ];
      const config = { ...TIMES, "host-reservation-identifiers": identifiers, subnet6: [{ ...LAN, reservations }] };
      const client = new TestClient6(await TestServer6.start(config, options), 0, "00030001020000000007");
      expect((await client.request(na(1)))?.ias).toEqual([`na 1 1500 2400 ${address} 3000/4000`]);
    });
  });

  describe("a reservation by flex-id", () => {
    it("matches nobody, but keeps its addresses and prefixes for itself", async () => {
      const reservation = {
        "flex-id": `'${"x".repeat(8)}'`,
        "ip-addresses": ["2001:db8::10"],
        prefixes: ["2001:db8:8000::/56"],
      };
      const config = { "host-reservation-identifiers": ["flex-id", "duid"] };
      const server = await TestServer6.start(
        { ...TIMES, ...config, subnet6: [{ ...LAN, reservations: [reservation] }] },
        options,
      );
      const client = new TestClient6(server, 0, Buffer.from("x".repeat(8)).toString("hex"));
      expect((await client.request(na(1), pd(2)))?.ias).toEqual([
        "na 1 1500 2400 2001:db8::11 3000/4000",
        "pd 2 1500 2400 2001:db8:8000:100::/56 3000/4000",
      ]);
    });
  });

  describe("everybody else", () => {
    it("does not get what is reserved, even when it asks for it", async () => {
      const { other } = await start({ "ip-addresses": ["2001:db8::10"], prefixes: ["2001:db8:8000::/56"] });
      expect((await other.request(na(1, "2001:db8::10"), pd(2, "2001:db8:8000::/56")))?.ias).toEqual([
        "na 1 1500 2400 2001:db8::11 3000/4000",
        "pd 2 1500 2400 2001:db8:8000:100::/56 3000/4000",
      ]);
    });

    it("pain row 41: loses at its next renewal what has been reserved for somebody since", async () => {
      const { server, other } = await start({}, { reservations: [] });
      await other.request(na(1));
      const reservations = [{ duid: DUID, "ip-addresses": ["2001:db8::10"] }];
      server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, reservations }] });
      const reply = await other.renew(na(1, "2001:db8::10"));
      expect(reply?.ias).toEqual(["na 1 1500 2400 2001:db8::11 3000/4000 2001:db8::10 0/0"]);
    });
  });
});
