import { subOptions } from "@kotare/testkit/build-message4";
import { hex, ip, text } from "@kotare/testkit/payloads";
import { beforeEach, describe, expect, it } from "vitest";
import { macOf, type Query4Change, TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const LAN = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };
const hw = (number: number, address?: string, more: Dhcp4Text = {}) => ({
  "hw-address": macOf(number),
  ...(address === undefined ? {} : { "ip-address": address }),
  ...more,
});

describe.each([
  ["the configuration", {}],
  ["a host database", { keepsHostsElsewhere: true }],
])("in %s,", (_, options) => {
  let server: TestServer4;
  const client = (number: number, clientId?: Uint8Array) =>
    new TestClient4(server, number, clientId === undefined ? {} : { clientId });

  async function start(reservations: readonly Dhcp4Text[], config: Dhcp4Text = {}): Promise<void> {
    server = await TestServer4.start({ subnet4: [{ ...LAN, reservations }], ...config }, options);
  }

  const wanting = (address: string): Query4Change => ({ options: [[50, ip(address)]] });
  const bound = async (who: TestClient4, change: Query4Change = {}) => (await who.bind(change)).yiaddr;

  describe("a reservation is found", () => {
    const RFC4361 = hex("ff 11223344 0001000128a1b2c3 020000000009");
    const relayed = (circuit: Uint8Array) => ({
      giaddr: "192.0.2.2",
      options: [[82, subOptions([1, circuit])] as const],
    });

    beforeEach(() =>
      start([
        hw(1, "192.0.2.11"),
        { "client-id": "01:02:03:04", "ip-address": "192.0.2.12" },
        { duid: "00:01:00:01:28:a1:b2:c3:02:00:00:00:00:09", "ip-address": "192.0.2.13" },
        { "circuit-id": "'port-9'", "ip-address": "192.0.2.14" },
        { "flex-id": "'s0mEVaLue'", "ip-address": "192.0.2.15" },
      ]),
    );

    it("by hw-address", async () => expect(await bound(client(1))).toBe("192.0.2.11"));
    it("by client-id", async () => expect(await bound(client(2, hex("01020304")))).toBe("192.0.2.12"));
    it("by the DUID in an RFC 4361 client identifier", async () =>
      expect(await bound(client(3, RFC4361))).toBe("192.0.2.13"));
    it("by circuit-id (RFC 3046 §3.1)", async () =>
      expect(await bound(client(4), relayed(text("port-9")))).toBe("192.0.2.14"));
    it("not by flex-id, which only a hook can compute", async () =>
      expect(await bound(client(5, text("s0mEVaLue")))).toBe("192.0.2.10"));
    it("not by a part of an identifier", async () =>
      expect(await bound(client(4), relayed(text("port-99")))).toBe("192.0.2.10"));
    it("by hw-address before all others", async () =>
      expect(await bound(client(1, hex("01020304")))).toBe("192.0.2.11"));

    it.each([0, 1, 2, 3, 127, 128, 129, 130, 250])(
      "by no DUID of %i bytes that is not reserved, and nothing breaks (CVE-2019-6472)",
      async (length) => {
        const clientId = Uint8Array.from([255, 0, 0, 0, 1, ...new Uint8Array(length)]);
        expect(await bound(client(3, clientId))).toBe("192.0.2.10");
        expect(server.drops()).toEqual([]);
        expect(server.lease("192.0.2.10")!.clientId).toEqual(clientId);
      },
    );

    it("in the order of host-reservation-identifiers", async () => {
      await start([hw(1, "192.0.2.11"), { "client-id": "01:02:03:04", "ip-address": "192.0.2.12" }], {
        "host-reservation-identifiers": ["client-id", "hw-address"],
      });
      expect(await bound(client(1, hex("01020304")))).toBe("192.0.2.12");
    });

    it("not by an identifier that is not configured", async () => {
      await start([hw(1, "192.0.2.11")], { "host-reservation-identifiers": ["client-id"] });
      expect(await bound(client(1))).toBe("192.0.2.10");
    });
  });

  describe("a reserved address", () => {
    beforeEach(() => start([hw(1, "192.0.2.11"), hw(2, "192.0.2.200")]));

    it("in the pool is its owner's, whatever the owner asks for", async () => {
      expect(await bound(client(1), wanting("192.0.2.15"))).toBe("192.0.2.11");
    });

    it("out of the pool is given too", async () => {
      expect(await bound(client(2))).toBe("192.0.2.200");
      expect((await client(2).renew("192.0.2.200"))?.type).toBe("ACK");
      expect((await client(2).reboot("192.0.2.200"))?.type).toBe("ACK");
      await client(2).release("192.0.2.200");
      expect(await bound(client(2))).toBe("192.0.2.200");
    });

    it("is given to an owner that asks for no address", async () => {
      expect(await client(1).send(client(1).message(3, {}))).toMatchObject({ type: "ACK", yiaddr: "192.0.2.11" });
    });

    it("is offered to nobody else", async () => {
      expect((await client(3).discover(wanting("192.0.2.11")))?.yiaddr).toBe("192.0.2.10");
      const addresses: string[] = [];
      for (let number = 10; number < 19; number++) addresses.push(await bound(client(number)));
      expect(addresses).not.toContain("192.0.2.11");
      expect(await client(20).discover()).toBeUndefined();
    });

    it.each(["192.0.2.11", "192.0.2.200"])("is refused to others: %s", async (address) => {
      expect((await client(3).select(address))?.type).toBe("NAK");
      expect((await client(3).renew(address))?.type).toBe("NAK");
    });

    it("is refused to a stranger who had it in the lease file: its owner gets it at the next renewal", async () => {
      await start([]);
      await client(3).select("192.0.2.11");
      server.reconfigure({ subnet4: [{ ...LAN, reservations: [hw(1, "192.0.2.11")] }] });
      expect((await client(3).renew("192.0.2.11"))?.type).toBe("NAK");
    });

    it("replaces the dynamic lease of its owner (row 14: reservation ignored, client keeps its old address)", async () => {
      await start([]);
      expect(await bound(client(1))).toBe("192.0.2.10");
      server.reconfigure({ subnet4: [{ ...LAN, reservations: [hw(1, "192.0.2.50")] }] });
      expect((await client(1).renew("192.0.2.10"))?.type).toBe("NAK");
      expect((await client(1).discover(wanting("192.0.2.10")))?.yiaddr).toBe("192.0.2.50");
      expect(await bound(client(1))).toBe("192.0.2.50");
      expect(server.leases()).toEqual(["192.0.2.50 02:00:00:00:00:01 assigned"]);
    });

    it("in INIT-REBOOT: another address is refused once the client is known", async () => {
      await bound(client(1));
      expect((await client(1).reboot("192.0.2.15"))?.type).toBe("NAK");
    });
  });

  describe("a reserved address that somebody else holds (row 41: a reservation waits for a whole lease time)", () => {
    beforeEach(async () => {
      await start([], { "valid-lifetime": 1000 });
      await client(3).select("192.0.2.11");
      server.reconfigure({ "valid-lifetime": 1000, subnet4: [{ ...LAN, reservations: [hw(1, "192.0.2.11")] }] });
    });

    it("is not given to its owner, who gets another one meanwhile; the log and the statistic say so", async () => {
      expect(await bound(client(1))).toBe("192.0.2.10");
      expect(server.log.lines).toContainEqual(
        expect.stringMatching(/^ALLOC_ENGINE_V4_DISCOVER_ADDRESS_CONFLICT .*192\.0\.2\.11/),
      );
      // As Kea: once for the DISCOVER, not again for the REQUEST.
      expect(server.count("v4-reservation-conflicts")).toBe(1);
      expect(server.leases()).toContain("192.0.2.11 02:00:00:00:00:03 assigned");
    });

    it("goes to its owner as soon as the holder asks again: not only when the lease ends", async () => {
      await bound(client(1));
      expect((await client(3).renew("192.0.2.11"))?.type).toBe("NAK");
      expect(await bound(client(3))).toBe("192.0.2.12");
      expect((await client(1).renew("192.0.2.10"))?.type).toBe("NAK");
      expect(await bound(client(1))).toBe("192.0.2.11");
    });

    it("goes to its owner when the holder's lease has ended", async () => {
      await bound(client(1));
      server.clock.advance(1000);
      expect(await bound(client(1))).toBe("192.0.2.11");
    });

    it("is what its owner must ask for as soon as the holder's lease has ended", async () => {
      await bound(client(1));
      server.clock.advance(999);
      expect((await client(1).renew("192.0.2.10"))?.type).toBe("ACK");
      server.clock.advance(1);
      expect((await client(1).renew("192.0.2.10"))?.type).toBe("NAK");
    });

    it("is a conflict at each DISCOVER, also of an owner that has or asks for another address", async () => {
      await client(1).discover(wanting("192.0.2.15"));
      expect(server.count("v4-reservation-conflicts")).toBe(1);
      await bound(client(1), wanting("192.0.2.15"));
      await client(1).discover();
      expect(server.count("v4-reservation-conflicts")).toBe(3);
    });

    it("lets the owner have no address meanwhile that is in no pool", async () => {
      expect(await client(1).select("192.0.2.99")).toBeUndefined();
      expect(server.drops()).toEqual(["unknown-address"]);
    });

    it("keeps the owner renewing its other address as long as the holder is there", async () => {
      await bound(client(1));
      expect((await client(1).renew("192.0.2.10"))?.type).toBe("ACK");
    });
  });

  describe("ip-reservations-unique false (row 13: two network cards, one address)", () => {
    const two = [hw(1, "192.0.2.50"), hw(2, "192.0.2.50")];

    it("serves whichever card is in use, and never both", async () => {
      await start(two, { "ip-reservations-unique": false });
      expect(await bound(client(1))).toBe("192.0.2.50");
      expect(await bound(client(2))).toBe("192.0.2.10");
      await client(1).release("192.0.2.50");
      expect(await bound(client(2))).toBe("192.0.2.50");
      expect(server.leases().filter((lease) => lease.endsWith("assigned"))).toHaveLength(1);
    });

    it("without it is refused when the configuration is read", async () => {
      await expect(start(two)).rejects.toThrow("192.0.2.50");
    });
  });

  describe("global reservations", () => {
    const global = [
      hw(1, "192.0.2.61", { hostname: "everywhere" }),
      hw(2, "10.9.9.9"),
      hw(3, undefined, { hostname: "third" }),
    ];
    const both = { reservations: global, "reservations-global": true };

    it("give their address where it fits the subnet", async () => {
      await start([], both);
      expect(await bound(client(1))).toBe("192.0.2.61");
    });

    it("do not give an address that is of another subnet", async () => {
      await start([], both);
      expect(await bound(client(2))).toBe("192.0.2.10");
    });

    it("give a name without an address", async () => {
      await start([], both);
      const ack = await client(3).bind({ options: [[55, [12]]] });
      expect([ack.yiaddr, ack.text(12)]).toEqual(["192.0.2.10", "third"]);
    });

    it("are looked for by default nowhere", async () => {
      await start([], { reservations: global });
      expect(await bound(client(1))).toBe("192.0.2.10");
    });

    it("come after the subnet's own (unreleased #4678: subnet-level host beats global)", async () => {
      await start([hw(1, "192.0.2.62", { hostname: "here" })], both);
      const ack = await client(1).bind({ options: [[55, [12]]] });
      expect([ack.yiaddr, ack.text(12)]).toEqual(["192.0.2.62", "here"]);
    });

    it("are the only ones with reservations-in-subnet off", async () => {
      await start([hw(1, "192.0.2.62")], { ...both, "reservations-in-subnet": false });
      expect(await bound(client(1))).toBe("192.0.2.61");
      expect(await client(5).select("192.0.2.62")).toBeUndefined();
    });

    it("still let others have the address, for nobody else looks there: but not two at once", async () => {
      await start([], { reservations: [hw(1, "192.0.2.12")], "reservations-global": true });
      expect((await client(5).select("192.0.2.12"))?.type).toBe("ACK");
      expect(await bound(client(1))).toBe("192.0.2.10");
    });
  });

  describe("reservations-out-of-pool", () => {
    it("looks for no reservation of an address in a pool: others may have it", async () => {
      await start([hw(1, "192.0.2.11"), hw(2, "192.0.2.200")], { "reservations-out-of-pool": true });
      expect((await client(5).select("192.0.2.11"))?.type).toBe("ACK");
      expect(await bound(client(2))).toBe("192.0.2.200");
      expect((await client(6).select("192.0.2.200"))?.type).toBe("NAK");
    });

    it("nor gives it to the client that it is reserved for", async () => {
      await start([hw(1, "192.0.2.11")], { "reservations-out-of-pool": true });
      expect(await bound(client(1))).toBe("192.0.2.10");
    });
  });

  describe("reservations-in-subnet off", () => {
    it("nobody has one", async () => {
      await start([hw(1, "192.0.2.11")], { "reservations-in-subnet": false });
      expect(await bound(client(1))).toBe("192.0.2.10");
      expect(await bound(client(2), wanting("192.0.2.11"))).toBe("192.0.2.11");
    });
  });

  describe("in a shared network", () => {
    const network = (reservations: readonly Dhcp4Text[]) => ({
      subnet4: [],
      "shared-networks": [
        {
          name: "floor",
          subnet4: [LAN, { id: 8, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10/32" }], reservations }],
        },
      ],
    });

    it("a reservation in the second subnet is kept", async () => {
      server = await TestServer4.start(network([hw(1, "10.0.0.99")]), options);
      const ack = await client(1).bind();
      expect([ack.yiaddr, ack.ips(1)]).toEqual(["10.0.0.99", "255.255.255.0"]);
      expect((await client(2).select("10.0.0.99"))?.type).toBe("NAK");
    });

    it("a client with a reservation there leaves its lease in the first subnet", async () => {
      server = await TestServer4.start(network([]), options);
      await client(1).bind();
      server.reconfigure(network([hw(1, "10.0.0.99")]));
      expect(await bound(client(1))).toBe("10.0.0.99");
      expect(server.leases()).toEqual(["10.0.0.99 02:00:00:00:00:01 assigned"]);
    });
  });

  describe("a reservation", () => {
    it("by MAC address in v4 is not touched by how the client calls itself (row 15)", async () => {
      await start([hw(1, "192.0.2.11")]);
      expect(await bound(client(1, hex("ff000000010001000128a1b2c3020000000001")))).toBe("192.0.2.11");
      expect(await bound(client(1))).toBe("192.0.2.11");
    });

    it("without an address gives options, name and boot fields to a dynamic lease (row 16)", async () => {
      const more = {
        hostname: "printer",
        "next-server": "192.0.2.66",
        "server-hostname": "boot",
        "boot-file-name": "printer.img",
        "option-data": [{ name: "log-servers", data: "192.0.2.77" }],
      };
      await start([hw(1, undefined, more)]);
      const ack = await client(1).bind({ options: [[55, [12, 7]]] });
      expect(ack).toMatchObject({ yiaddr: "192.0.2.10", siaddr: "192.0.2.66", sname: "boot", file: "printer.img" });
      expect([ack.text(12), ack.ips(7)]).toEqual(["printer", "192.0.2.77"]);
    });

    it("that is released, reclaimed and taken again keeps its name (ChangeLog 2444)", async () => {
      await start([hw(1, "192.0.2.11", { hostname: "printer" })], { "valid-lifetime": 100 });
      const named: Query4Change = { options: [[55, [12]]] };
      await client(1).bind(named);
      await client(1).release("192.0.2.11");
      expect((await client(1).bind(named)).text(12)).toBe("printer");
      server.clock.advance(100);
      await server.upkeep().reclaim();
      expect((await client(1).bind(named)).text(12)).toBe("printer");
      expect(server.lease("192.0.2.11")!.hostname).toBe("printer");
    });
  });
});
