/** Whom subnets, networks and pools are for, by class; and who gets nothing. */

import { type OptionBytes, subOptions } from "@kotare/testkit/build-message4";
import { ip, text } from "@kotare/testkit/payloads";
import { describe, expect, it } from "vitest";
import { macOf, type Query4Change, TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, type TestReply4, TestServer4 } from "../testing/test-server4.ts";

const LAN = { id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10 - 192.0.2.19" }] };
const VOIP = { name: "voip", test: "substring(option[60].hex,0,6) == 'Aastra'" };
const PRINTER = { name: "printer", test: "option[60].hex == 'printer'" };

let server: TestServer4;

async function start(config: Dhcp4Text): Promise<void> {
  server = await TestServer4.start({ subnet4: [LAN], ...config });
}

const sending = (...options: readonly OptionBytes[]): Query4Change => ({ options });
const vendor = (name: string, ...wishes: number[]) => sending([60, text(name)], [55, wishes]);
const client = (number: number) => new TestClient4(server, number);
const discover = async (change: Query4Change = {}, number = 1): Promise<TestReply4 | undefined> =>
  client(number).discover(change);
/** The address offered, or why there is none. */
const offered = async (change: Query4Change = {}, number = 1) =>
  (await discover(change, number))?.yiaddr ?? server.drops().at(-1);

describe("guards", () => {
  it("a pool is for its classes only, also for those who ask for one of its addresses", async () => {
    const pools = [{ pool: "192.0.2.10/32", "client-class": "voip" }, { pool: "192.0.2.20/32" }];
    await start({ "client-classes": [VOIP], subnet4: [{ ...LAN, pools }] });
    expect(await offered(sending([50, ip("192.0.2.10")]))).toBe("192.0.2.20");
    expect(await offered(vendor("Aastra 6731i"), 2)).toBe("192.0.2.10");
    expect((await client(3).select("192.0.2.10"))?.type).toBeUndefined();
  });

  it("a client that is no longer of a pool's classes gets another address", async () => {
    const pools = [{ pool: "192.0.2.10/32", "client-classes": ["printer", "voip"] }, { pool: "192.0.2.20/32" }];
    await start({ "client-classes": [VOIP, PRINTER], subnet4: [{ ...LAN, pools }] });
    expect((await client(1).bind(vendor("printer"))).yiaddr).toBe("192.0.2.10");
    expect((await client(1).bind()).yiaddr).toBe("192.0.2.20");
  });

  it("a subnet is for its classes only", async () => {
    const relayed = (name: string): Query4Change => ({ giaddr: "192.0.2.1", ...vendor(name) });
    const subnet4 = [
      { ...LAN, "client-class": "voip" },
      { id: 2, subnet: "192.0.0.0/16", pools: [{ pool: "192.0.9.1/32" }], "client-classes": ["printer"] },
    ];
    await start({ "client-classes": [VOIP, PRINTER], subnet4 });
    expect(await offered(relayed("Aastra"))).toBe("192.0.2.10");
    expect(await offered(relayed("printer"), 2)).toBe("192.0.9.1");
    expect(await offered(relayed("x"), 3)).toBe("no-subnet");
  });

  it("so is a shared network, and each of its subnets", async () => {
    const subnet4 = [
      { ...LAN, pools: [{ pool: "192.0.2.10/32" }], "client-class": "voip" },
      { id: 2, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.9/32" }] },
    ];
    const network = { name: "n", interface: "eth0", "client-class": "ours", subnet4 };
    const ours = { name: "ours", test: "option[60].exists" };
    await start({ "client-classes": [VOIP, ours], subnet4: [], "shared-networks": [network] });
    expect(await offered()).toBe("no-subnet");
    expect(await offered(vendor("x"), 2)).toBe("10.0.0.9");
    expect(await offered(vendor("Aastra"), 3)).toBe("192.0.2.10");
  });

  it("KNOWN and UNKNOWN choose pools", async () => {
    const pools = [
      { pool: "192.0.2.10/32", "client-class": "KNOWN" },
      { pool: "192.0.2.20/32", "client-class": "UNKNOWN" },
    ];
    await start({ subnet4: [{ ...LAN, pools, reservations: [{ "hw-address": macOf(1) }] }] });
    expect(await offered({}, 1)).toBe("192.0.2.10");
    expect(await offered({}, 2)).toBe("192.0.2.20");
  });

  it("so do classes that a reservation gives, and spawned ones", async () => {
    const pools = [
      { pool: "192.0.2.10/32", "client-class": "vip" },
      { pool: "192.0.2.20/32", "client-class": "SPAWN_port_7" },
    ];
    const reservations = [{ "hw-address": macOf(1), "client-classes": ["vip"] }];
    const port = { name: "port", "template-test": "relay4[1].hex" };
    await start({ "client-classes": [port], subnet4: [{ ...LAN, pools, reservations }] });
    expect(await offered({}, 1)).toBe("192.0.2.10");
    expect(await offered(sending([82, subOptions([1, text("7")])]), 2)).toBe("192.0.2.20");
    expect(await offered({}, 3)).toBe("no-pool");
  });

  it("a global reservation's classes choose the subnet with early-global-reservations-lookup only", async () => {
    const config = {
      reservations: [{ "hw-address": macOf(1), "client-classes": ["vip"] }],
      "reservations-global": true,
      subnet4: [{ ...LAN, "client-class": "vip" }],
    };
    await start(config);
    expect(await offered()).toBe("no-subnet");
    await start({ ...config, "early-global-reservations-lookup": true });
    expect(await offered()).toBe("192.0.2.10");
    expect(await offered({}, 2)).toBe("no-subnet");
  });

  it("what a global reservation gives counts in the tests of classes, too, as in Kea", async () => {
    const config = {
      "client-classes": [
        { name: "vip" },
        { name: "guest", test: "not member('vip')" },
        { name: "welcome", test: "member('vip')" },
      ],
      reservations: [{ "hw-address": macOf(1), "client-classes": ["vip"] }],
      "reservations-global": true,
    };
    const pools = [
      { pool: "192.0.2.10/32", "client-class": "guest" },
      { pool: "192.0.2.20/32", "client-class": "welcome" },
    ];
    await start({ ...config, subnet4: [{ ...LAN, pools }] });
    expect([await offered(), await offered({}, 2)]).toEqual(["192.0.2.20", "192.0.2.10"]);
    const early = { ...config, "early-global-reservations-lookup": true };
    await start({ ...early, subnet4: [{ ...LAN, "client-class": "welcome" }] });
    expect([await offered(), await offered({}, 2)]).toEqual(["192.0.2.10", "no-subnet"]);
    await start({ ...early, subnet4: [{ ...LAN, "client-class": "guest" }] });
    expect([await offered(), await offered({}, 2)]).toEqual(["no-subnet", "192.0.2.10"]);
  });
});

describe("DROP and REJECT", () => {
  it("DROP: no answer, and its own statistic", async () => {
    await start({ "client-classes": [{ name: "DROP", test: "option[60].hex == 'x'" }] });
    expect(await offered(vendor("x"))).toBe("class-drop");
    expect(server.count("pkt4-admin-filtered")).toBe(1);
    expect(await offered(vendor("y"))).toBe("192.0.2.10");
  });

  it("DROP may depend on reservations", async () => {
    const reservations = [{ "hw-address": macOf(1) }];
    await start({ "client-classes": [{ name: "DROP", test: "unknown" }], subnet4: [{ ...LAN, reservations }] });
    expect(await offered({}, 1)).toBe("192.0.2.10");
    expect(await offered({}, 2)).toBe("class-drop");
  });

  it("REJECT: no OFFER, a NAK, and options still", async () => {
    await start({ "client-classes": [{ name: "REJECT", test: "option[60].exists" }] });
    expect(await offered(vendor("x"))).toBe("class-reject");
    expect((await client(1).reboot("192.0.2.10", vendor("x")))?.type).toBe("NAK");
    expect((await client(1).inform({ ciaddr: "192.0.2.77", ...vendor("x") }))?.type).toBe("ACK");
    expect(server.leases()).toEqual([]);
  });
});
