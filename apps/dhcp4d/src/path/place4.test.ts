import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { type OptionBytes, subOptions } from "@kotare/testkit/build-message4";
import { hex, ip, u32 } from "@kotare/testkit/payloads";
import { beforeEach, describe, expect, it } from "vitest";
import { macOf, type Query4Change, TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, ETH0, TestServer4 } from "../testing/test-server4.ts";

/** Three subnets; the address in an OFFER says which one was selected. */
const subnet4 = [
  { id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10/32" }, { pool: "192.0.2.11-192.0.2.19" }] },
  { id: 2, subnet: "10.2.0.0/24", pools: [{ pool: "10.2.0.10-10.2.0.19" }] },
  {
    id: 3,
    subnet: "10.3.0.0/24",
    pools: [{ pool: "10.3.0.10-10.3.0.19" }],
    relay: { "ip-addresses": ["172.16.0.1"] },
    interface: "eth3",
  },
];

const eth = (index: number, ...addresses: string[]) => ({
  ...ETH0,
  index,
  name: `eth${index}`,
  addresses: addresses.map((address) => parseIpv4(address)!),
});

let server: TestServer4;

async function start(config: Dhcp4Text = {}): Promise<void> {
  const interfaces = [eth(1, "192.0.2.1"), eth(2, "203.0.113.1", "10.2.0.1"), eth(3, "203.0.113.3"), eth(4)];
  server = await TestServer4.start({ subnet4, ...config }, { interfaces });
}

/** The address offered to a client, or the reason of the silence. */
async function offered(change: Query4Change, number = 1): Promise<string | undefined> {
  return (await new TestClient4(server, number).discover(change))?.yiaddr ?? server.drops().at(-1);
}

const agent = (...entries: readonly OptionBytes[]) => [82, subOptions(...entries)] as const;

describe("RFC 2131 §4.3.1: the subnet of a client", () => {
  beforeEach(() => start());

  it.each<[string, Query4Change, string]>([
    ["an address of the interface", {}, "192.0.2.10"],
    ["any address of the interface", { ifindex: 2 }, "10.2.0.10"],
    ["the interface's name in the subnet's configuration", { ifindex: 3 }, "10.3.0.10"],
    ["giaddr (RFC 1542 §4.1)", { giaddr: "10.2.0.1" }, "10.2.0.10"],
    ["giaddr among the subnet's relay addresses", { giaddr: "172.16.0.1" }, "10.3.0.10"],
    ["ciaddr of a unicast", { ciaddr: "10.2.0.15", destination: "192.0.2.1" }, "10.2.0.15"],
    ["the source of a unicast", { source: "10.2.0.15", destination: "192.0.2.1" }, "10.2.0.10"],
    ["not ciaddr of a broadcast: the client may have moved", { ciaddr: "10.2.0.15" }, "192.0.2.10"],
    [
      "link selection before giaddr (RFC 3527 §3)",
      { giaddr: "192.0.2.2", options: [agent([5, ip("10.2.0.0")])] },
      "10.2.0.10",
    ],
    [
      "subnet selection before giaddr (RFC 3011 §3)",
      { giaddr: "192.0.2.2", options: [[118, ip("10.2.0.0")]] },
      "10.2.0.10",
    ],
    [
      "link selection before subnet selection (RFC 3527 §3)",
      { giaddr: "192.0.2.2", options: [[118, ip("10.3.0.0")], agent([5, ip("10.2.0.0")])] },
      "10.2.0.10",
    ],
    [
      "a link selection of the wrong length counts as absent",
      { giaddr: "192.0.2.2", options: [agent([5, [10, 2, 0]])] },
      "192.0.2.10",
    ],
    [
      "an option 82 that cannot be read counts as absent",
      { giaddr: "192.0.2.2", options: [[82, [5, 200, 10]]] },
      "192.0.2.10",
    ],
  ])("is found by %s", async (_, change, address) => {
    expect(await offered(change)).toBe(address);
  });

  it.each<[string, Query4Change]>([
    ["an unknown relay", { giaddr: "198.51.100.1" }],
    ["an unknown link", { giaddr: "192.0.2.2", options: [agent([5, ip("198.51.100.0")])] }],
    ["an unknown selected subnet", { giaddr: "192.0.2.2", options: [[118, ip("198.51.100.0")]] }],
    ["an interface without addresses", { ifindex: 4 }],
  ])("is not found for %s", async (_, change) => {
    expect(await offered(change)).toBe("no-subnet");
    expect(server.count("pkt4-not-for-us")).toBe(1);
  });

  it("is found by giaddr all the same with ignore-rai-link-selection", async () => {
    await start({ compatibility: { "ignore-rai-link-selection": true } });
    expect(await offered({ giaddr: "192.0.2.2", options: [agent([5, ip("10.2.0.0")])] })).toBe("192.0.2.10");
  });

  it("a shared network's relay addresses serve all its subnets", async () => {
    await start({
      subnet4: [],
      "shared-networks": [{ name: "floor", relay: { "ip-addresses": ["172.16.0.9"] }, subnet4: subnet4.slice(0, 2) }],
    });
    expect(await offered({ giaddr: "172.16.0.9" })).toBe("192.0.2.10");
  });
});

describe("CVE-2025-40779: unicast of every type, with any option, from where no subnet is", () => {
  const types = [1, 2, 3, 4, 5, 6, 7, 8, 9, 13];

  it.each(types)("type %i", async (type) => {
    await start({
      reservations: [{ "hw-address": macOf(1), hostname: "global" }],
      "reservations-global": true,
      "early-global-reservations-lookup": false,
    });
    const client = new TestClient4(server, 1);
    for (let code = 1; code < 255; code++) {
      if (code === 53) continue;
      const change = { ciaddr: "198.51.100.9", destination: "192.0.2.1", options: [[code, u32(1)] as const] };
      expect(await client.send(client.message(type, change))).toBeUndefined();
    }
    expect(server.drops().filter((reason) => reason.startsWith("bug"))).toEqual([]);
    expect(server.count("pkt4-receive-drop")).toBe(253);
  });
});

describe("RFC 2131 §2, §3: what is no request of a client", () => {
  beforeEach(() => start());

  it.each<[string, Query4Change, string]>([
    ["a BOOTREPLY", { op: 2 }, "not-a-request"],
    ["an unknown op", { op: 3 }, "not-a-request"],
    ["a client without any identifier", { chaddr: "" }, "no-client"],
    ["a frame for somebody else's address", { destination: "192.0.2.77" }, "not-our-address"],
    ["a frame for the subnet's broadcast address", { destination: "192.0.2.255" }, "not-our-address"],
    ["hlen beyond chaddr", { hlen: 17 }, "malformed"],
  ])("%s is dropped", async (_, change, reason) => {
    expect(await offered(change)).toBe(reason);
  });

  it.each([
    [undefined, "no-message-type"],
    [2, "unsupported-type"],
    [5, "unsupported-type"],
    [6, "unsupported-type"],
    [0, "no-message-type"],
    [9, "unsupported-type"],
    [10, "leasequery-not-allowed"],
    [13, "unsupported-type"],
    [200, "unknown-type"],
  ])("message type %s is dropped: %s", async (type, reason) => {
    const client = new TestClient4(server, 1);
    const options = type === undefined ? [] : [[53, [type]] as const];
    const { payload, ...rest } = client.message(99, {});
    const without = Buffer.concat([
      payload.slice(0, 240),
      ...options.flatMap(([code, value]) => [Uint8Array.of(code, 1, ...value)]),
      Uint8Array.of(255),
    ]);
    expect(await client.send({ ...rest, payload: without })).toBeUndefined();
    expect(server.drops()).toEqual([reason]);
  });

  it("our own answers, overheard, are dropped", async () => {
    const offer = await new TestClient4(server, 1).discover();
    expect(offer?.op).toBe(2);
    expect(await offered({ op: 2, type: 2 })).toBe("not-a-request");
  });
});

describe("RFC 2131 §4.3.2: the server identifier", () => {
  const relayed = { giaddr: "192.0.2.2" } as const;

  it("is the address that the packet was sent to", async () => {
    await start();
    const renewed = new TestClient4(server, 1);
    expect((await renewed.renew("10.2.0.10", { ifindex: 2, destination: "10.2.0.1" }))!.ips(54)).toBe("10.2.0.1");
  });

  it("is the interface's address in the client's subnet", async () => {
    await start();
    expect((await new TestClient4(server, 1).discover({ ifindex: 2 }))!.ips(54)).toBe("10.2.0.1");
  });

  it("is the interface's first address where none is in the subnet", async () => {
    await start();
    expect((await new TestClient4(server, 1).discover({ ifindex: 3 }))!.ips(54)).toBe("203.0.113.3");
  });

  it("is what option-data says, and that one is accepted again", async () => {
    const own = { name: "dhcp-server-identifier", data: "192.0.2.250" };
    await start({ subnet4: [{ ...subnet4[0], "option-data": [own] }] });
    const client = new TestClient4(server, 1);
    expect((await client.bind()).ips(54)).toBe("192.0.2.250");
    expect(await client.select("192.0.2.10", {}, "192.0.2.1")).toBeDefined();
    expect(await client.select("192.0.2.10", {}, "192.0.2.251")).toBeUndefined();
  });

  it("is what the relay overrides it with, and that one is accepted again (RFC 5107 §4)", async () => {
    await start();
    const override = { ...relayed, options: [agent([11, ip("10.9.9.9")])] };
    const client = new TestClient4(server, 1);
    const ack = await client.bind(override);
    expect(ack.ips(54)).toBe("10.9.9.9");
    expect(ack.option(82)).toEqual(hex("0b04 0a090909"));
    expect(await client.select("192.0.2.10", relayed, "10.9.9.9")).toBeUndefined();
    expect(server.drops()).toEqual(["foreign-server"]);
  });

  it("that is configured is not in a NAK, as in Kea", async () => {
    await start({
      subnet4: [{ ...subnet4[0], "option-data": [{ name: "dhcp-server-identifier", data: "192.0.2.250" }] }],
    });
    await new TestClient4(server, 2).bind();
    const nak = await new TestClient4(server, 1).select("192.0.2.10", {}, "192.0.2.250");
    expect([nak?.type, nak?.ips(54)]).toEqual(["NAK", "192.0.2.1"]);
  });

  it("that is broken is nobody's, however lenient we are", async () => {
    await start({ compatibility: { "lenient-option-parsing": true } });
    const client = new TestClient4(server, 1);
    expect(await client.reboot("192.0.2.10", { options: [[54, [192, 0, 2]]] })).toBeUndefined();
    expect(server.drops()).toEqual(["foreign-server"]);
  });

  it("of ours in a REQUEST from no network of ours is refused where a relay is there to tell (as Kea)", async () => {
    await start();
    const client = new TestClient4(server, 1);
    const nowhere = { giaddr: "10.99.0.1" };
    const nak = await client.select("10.99.0.9", nowhere);
    expect([nak?.type, nak?.ips(54), nak?.sentTo]).toEqual([
      "NAK",
      "192.0.2.1",
      expect.stringMatching(/^10\.99\.0\.1:67/),
    ]);
    expect(await client.reboot("10.99.0.9", nowhere)).toBeUndefined();
    expect(await client.rebind("10.99.0.9", nowhere)).toBeUndefined();
    expect(server.drops()).toEqual(["no-subnet", "no-subnet"]);
  });

  it("of any interface of ours is ours", async () => {
    await start();
    expect(await new TestClient4(server, 1).select("192.0.2.10", {}, "203.0.113.1")).toBeDefined();
  });

  it("in a DISCOVER is no reason to be silent", async () => {
    await start();
    expect(await offered({ options: [[54, ip("198.51.100.1")]] })).toBe("192.0.2.10");
  });
});
