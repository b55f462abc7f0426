import { subOptions } from "@kotare/testkit/build-message4";
import { hex, ip, text, u16 } from "@kotare/testkit/payloads";
import { beforeEach, describe, expect, it } from "vitest";
import { macOf, type Query4Change, TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, ETH0, TestServer4 } from "../testing/test-server4.ts";

const LAN = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };

let server: TestServer4;
let alice: TestClient4;

async function start(config: Dhcp4Text = {}, mtu = 1500): Promise<void> {
  server = await TestServer4.start({ subnet4: [LAN], ...config }, { interfaces: [{ ...ETH0, mtu }] });
  alice = new TestClient4(server, 1);
}

const asking = (...codes: number[]): Query4Change => ({ options: [[55, codes]] });
/** The codes beside those that every lease has: type, mask, lease time, server. */
const chosen = async (change: Query4Change) => {
  const { codes } = (await alice.discover(change))!;
  const usual = [53, 1, 51, 54];
  expect(codes.filter((code) => usual.includes(code))).toEqual(usual);
  return codes.filter((code) => !usual.includes(code));
};

describe("RFC 2131 §2: the fixed fields", () => {
  beforeEach(() => start());

  it("come back as they were sent: xid, flags, giaddr, chaddr, htype, hlen, hops", async () => {
    const sent = { xid: 0xdead_beef, flags: 0x8000, giaddr: "192.0.2.2", htype: 6, hops: 3, secs: 9 };
    expect(await alice.discover(sent)).toMatchObject({ op: 2, ...sent, secs: 0, hlen: 6, chaddr: alice.mac });
  });

  it("ciaddr comes back in an ACK only", async () => {
    expect((await alice.discover({ ciaddr: "192.0.2.10" }))!.ciaddr).toBe("0.0.0.0");
    expect((await alice.renew("192.0.2.10"))!.ciaddr).toBe("192.0.2.10");
  });

  it("nothing of an earlier, longer reply shows through", async () => {
    await start({ "boot-file-name": "a-long-name-of-a-file", "server-hostname": "boot" });
    await alice.discover();
    server.reconfigure({ subnet4: [LAN] });
    expect(await alice.discover()).toMatchObject({ file: "", sname: "", siaddr: "0.0.0.0" });
  });

  it("RFC 1542 §2.1: a reply has at least 300 bytes", async () => {
    expect((await alice.discover())!.length).toBe(300);
  });

  it("RFC 2131 §4.1: a NAK through a relay asks it to broadcast (ChangeLog 2515)", async () => {
    await new TestClient4(server, 2).bind();
    const nak = await alice.select("192.0.2.10", { giaddr: "192.0.2.2" });
    expect(nak).toMatchObject({ type: "NAK", flags: 0x8000, giaddr: "192.0.2.2" });
    expect((await alice.select("192.0.2.10"))!.flags).toBe(0);
  });
});

describe("boot fields", () => {
  const host = { "hw-address": macOf(1), "ip-address": "192.0.2.50" };
  const wide = { "next-server": "192.0.2.2", "server-hostname": "wide", "boot-file-name": "wide.img" };
  const near = { "next-server": "192.0.2.3", "server-hostname": "near", "boot-file-name": "near.img" };
  const own = { "next-server": "192.0.2.4", "server-hostname": "own", "boot-file-name": "own.img" };

  it.each<[string, Dhcp4Text, Dhcp4Text]>([
    ["the global scope", { ...wide, subnet4: [LAN] }, { siaddr: "192.0.2.2", sname: "wide", file: "wide.img" }],
    [
      "the subnet",
      { ...wide, subnet4: [{ ...LAN, ...near }] },
      { siaddr: "192.0.2.3", sname: "near", file: "near.img" },
    ],
    [
      "the shared network",
      { ...wide, subnet4: [], "shared-networks": [{ name: "n", ...near, subnet4: [LAN] }] },
      { siaddr: "192.0.2.3", sname: "near", file: "near.img" },
    ],
    [
      "the reservation",
      { ...wide, subnet4: [{ ...LAN, ...near, reservations: [{ ...host, ...own }] }] },
      { siaddr: "192.0.2.4", sname: "own", file: "own.img" },
    ],
    [
      "each the nearest scope that says something",
      {
        ...wide,
        subnet4: [{ ...LAN, "server-hostname": "near", reservations: [{ ...host, "boot-file-name": "own.img" }] }],
      },
      { siaddr: "192.0.2.2", sname: "near", file: "own.img" },
    ],
  ])("come from %s", async (_, config, fields) => {
    await start(config);
    expect(await alice.bind()).toMatchObject(fields);
  });

  it("as long as the field are written whole, without a NUL", async () => {
    await start({ "boot-file-name": "f".repeat(127), "server-hostname": "s".repeat(63) });
    expect(await alice.discover()).toMatchObject({ file: "f".repeat(127), sname: "s".repeat(63) });
  });
});

describe("RFC 2132 §9.8: which options, and in which order", () => {
  const data = [
    { name: "time-servers", data: "192.0.2.4" },
    { name: "domain-name", data: "example.org" },
    { name: "routers", data: "192.0.2.1" },
    { name: "domain-name-servers", data: "192.0.2.53, 192.0.2.54" },
    { name: "ntp-servers", data: "192.0.2.123" },
  ];

  beforeEach(() => start({ "option-data": data }));

  it("what the client asks for, and what everybody gets", async () => {
    expect(await chosen(asking(42, 4, 6))).toEqual([3, 4, 6, 15, 42]);
  });

  it("the message type first, then all by their codes and option 82 last, as Kea", async () => {
    await start({
      "renew-timer": 10,
      "rebind-timer": 20,
      "option-data": [...data, { name: "domain-search", data: "a.b" }],
    });
    const relayed = {
      giaddr: "192.0.2.2",
      options: [
        [82, [1, 1, 65]],
        [118, ip("192.0.2.0")],
        [12, text("alice")],
        [55, [119, 42, 4]],
      ],
    } as const;
    const bob = new TestClient4(server, 2, { clientId: Uint8Array.of(1, 2, 3) });
    expect((await bob.discover(relayed))!.codes).toEqual([
      53, 1, 3, 4, 6, 12, 15, 42, 51, 54, 58, 59, 61, 118, 119, 82,
    ]);
  });

  it("what the exchange gives before what is configured, once (Kea: only what is absent)", async () => {
    await start({
      "option-data": [
        { name: "host-name", data: "configured" },
        { name: "subnet-mask", data: "255.0.0.0" },
        { name: "dhcp-renewal-time", data: "78" },
      ],
    });
    const ack = await alice.bind({
      options: [
        [12, text("alice")],
        [55, [12, 1, 58]],
      ],
    });
    expect([ack.codes, ack.text(12), ack.ips(1), ack.u32(58)]).toEqual([
      [53, 1, 12, 51, 54, 58],
      "alice",
      "255.255.255.0",
      78,
    ]);
    const bob = new TestClient4(server, 2);
    expect((await bob.bind({ options: [[55, [12]]] })).text(12)).toBe("configured");
  });

  it("routers, name servers and domain name also to a client that asks for nothing, as Kea does", async () => {
    expect(await chosen({})).toEqual([3, 6, 15]);
  });

  it("nothing twice, however often it is asked for", async () => {
    expect(await chosen(asking(6, 6, 42, 6))).toEqual([3, 6, 15, 42]);
  });

  it("nothing that is not configured, and no code that is computed", async () => {
    expect(await chosen(asking(0, 255, 1, 51, 53, 54, 55, 61, 82, 250, 42))).toEqual([3, 6, 15, 42]);
  });

  it("in pieces of the request list as if it were one (RFC 3396 §7)", async () => {
    expect(
      await chosen({
        options: [
          [55, [42]],
          [55, [4]],
        ],
      }),
    ).toEqual([3, 4, 6, 15, 42]);
  });

  it("the same also after many clients with other wishes", async () => {
    for (let code = 1; code < 200; code++) await chosen(asking(code, 42));
    expect(await chosen(asking(42, 199))).toEqual([3, 6, 15, 42]);
  });

  it("always-send sends unasked, never-send not even asked", async () => {
    await start({
      "option-data": [
        { name: "ntp-servers", data: "192.0.2.123", "always-send": true },
        { name: "routers", data: "192.0.2.1", "never-send": true },
      ],
    });
    expect(await chosen(asking(3))).toEqual([42]);
  });

  it("never-send in a wide scope silences a nearer one, as in Kea", async () => {
    await start({
      "option-data": [{ name: "routers", "never-send": true }],
      subnet4: [{ ...LAN, "option-data": [{ name: "routers", data: "192.0.2.1" }] }],
    });
    expect(await chosen(asking(3))).toEqual([]);
  });
});

describe("option precedence", () => {
  const servers = (address: string) => [{ name: "domain-name-servers", data: address }];
  const levels: Dhcp4Text[] = [
    { "option-data": servers("10.0.0.1"), subnet4: [], "shared-networks": [{ name: "n", subnet4: [LAN] }] },
    {
      "option-data": servers("10.0.0.1"),
      subnet4: [],
      "shared-networks": [{ name: "n", "option-data": servers("10.0.0.2"), subnet4: [LAN] }],
    },
  ];
  const subnet = { ...LAN, "option-data": servers("10.0.0.3") };
  const pool = { ...subnet, pools: [{ pool: "192.0.2.10-192.0.2.19", "option-data": servers("10.0.0.4") }] };
  const reservation = { "hw-address": macOf(1), "ip-address": "192.0.2.15", "option-data": servers("10.0.0.5") };
  const within = (inner: object) => ({
    "option-data": servers("10.0.0.1"),
    subnet4: [],
    "shared-networks": [{ name: "n", "option-data": servers("10.0.0.2"), subnet4: [inner] }],
  });

  it.each<[string, Dhcp4Text, string]>([
    ["global", levels[0]!, "10.0.0.1"],
    ["shared network before global", levels[1]!, "10.0.0.2"],
    ["subnet before shared network", within(subnet), "10.0.0.3"],
    ["pool before subnet", within(pool), "10.0.0.4"],
    ["reservation before pool", within({ ...pool, reservations: [reservation] }), "10.0.0.5"],
  ])("%s", async (_, config, address) => {
    await start(config);
    expect((await alice.bind()).ips(6)).toBe(address);
  });

  it("a pool's options are for its addresses only", async () => {
    const other = { pool: "192.0.2.5/32" };
    await start({ subnet4: [{ ...pool, pools: [other, ...pool.pools] }] });
    expect((await alice.bind()).ips(6)).toBe("10.0.0.3");
    expect((await new TestClient4(server, 2).bind()).ips(6)).toBe("10.0.0.4");
  });
});

describe("RFC 3396 §5: long options", () => {
  it("of more than 255 bytes come in several pieces that follow each other", async () => {
    const long = "AB".repeat(600);
    await start({
      "option-def": [{ name: "long", code: 224, type: "binary" }],
      "option-data": [{ name: "long", data: long }],
    });
    const offer = await alice.discover(asking(224));
    expect(offer!.option(224)).toEqual(hex(long));
    expect(server.log.lines.filter((line) => line.startsWith("DHCP4_REPLY_TOO_LARGE"))).toEqual([]);
  });

  it("of exactly 255 bytes come in one", async () => {
    await start({ "option-data": [{ code: 224, "csv-format": false, data: "AB".repeat(255) }] });
    const { length } = (await alice.discover(asking(224)))!;
    expect(length).toBe(240 + 3 + 3 * 6 + 257 + 1);
  });
});

describe("RFC 2132 §9.3, §9.10: what does not fit", () => {
  const option = (code: number, length: number) => ({ code, "csv-format": false, data: "EE".repeat(length) });
  const size = (bytes: number) => [57, u16(bytes)] as const;

  const wishes = [224, 225, 226, 227];
  const lengths = [200, 120, 70, 55];
  const data = wishes.map((code, i) => option(code, lengths[i]!));
  const narrow: Query4Change = { options: [size(576), [55, wishes]] };

  it("goes into file and sname, and option 52 says so", async () => {
    await start({ "option-data": data });
    const offer = (await alice.discover(narrow))!;
    expect(offer.option(52)).toEqual(Uint8Array.of(3));
    expect(wishes.map((code) => offer.option(code)?.length)).toEqual(lengths);
    expect(offer.length).toBeLessThanOrEqual(576 - 28);
  });

  it("does not overwrite a boot file name", async () => {
    await start({ "boot-file-name": "own.img", "option-data": data });
    const offer = (await alice.discover(narrow))!;
    expect(offer).toMatchObject({ file: "own.img" });
    expect(offer.option(52)).toEqual(Uint8Array.of(2));
    expect(wishes.filter((code) => offer.codes.includes(code))).toEqual([224, 226, 227]);
  });

  it("is left out where there is no room, the last wish first, and the log says which", async () => {
    await start({ "option-data": [option(224, 250), option(225, 100), option(226, 150)] });
    const offer = await alice.discover({ options: [size(576), [55, [226, 225, 224]]] });
    expect(offer!.codes.slice(4)).toEqual([225, 226]);
    expect(server.log.lines).toContainEqual(
      expect.stringMatching(/^DHCP4_REPLY_TOO_LARGE .*options 224 found no room/),
    );
  });

  it.each([0, 100, 575])(
    "a maximum size of %i counts as 576, which every client must accept (RFC 2131 §2)",
    async (bytes) => {
      await start({ "option-data": [option(224, 200)] });
      const offer = await alice.discover({ options: [size(bytes), [55, [224]]] });
      expect(offer!.option(224)).toHaveLength(200);
      expect(offer!.codes).not.toContain(52);
    },
  );

  it("a larger maximum size is used, but no more than the link carries (ChangeLog 2502: no fragments)", async () => {
    await start(
      { "option-data": [option(224, 250), option(225, 250), option(226, 250), option(227, 250), option(228, 250)] },
      1000,
    );
    const offer = await alice.discover({ options: [size(9000), [55, [224, 225, 226, 227, 228]]] });
    expect(offer!.length).toBeLessThanOrEqual(1000 - 28);
    expect(offer!.length).toBeGreaterThan(700);
  });

  it("a client that says nothing gets what the link carries", async () => {
    await start({ "option-data": [option(224, 250), option(225, 250), option(226, 250)] });
    expect((await alice.discover(asking(224, 225, 226)))!.length).toBeGreaterThan(900);
  });

  it("a reply that cannot be made to fit is dropped and counted, and nothing is given", async () => {
    await start({ "option-data": [] });
    const agent = subOptions([1, new Uint8Array(250)], [2, new Uint8Array(250)]);
    const pieces = [agent.slice(0, 255), agent.slice(255)].map((piece) => [82, piece] as const);
    expect(await alice.select("192.0.2.10", { giaddr: "192.0.2.2", options: [size(576), ...pieces] })).toBeUndefined();
    expect(server.drops()).toEqual(["too-large"]);
    expect(server.leases()).toEqual([]);
  });
});

describe("RFC 3046 §2.2: relay agent information", () => {
  const agent = subOptions([1, text("port")], [2, [0]], [151, hex("0001")]);

  beforeEach(() => start({ "option-data": [{ name: "routers", data: "192.0.2.1" }] }));

  it("comes back byte for byte, as the last option", async () => {
    for (const reply of [
      await alice.discover({ giaddr: "192.0.2.2", options: [[82, agent]] }),
      await alice.select("192.0.2.10", { giaddr: "192.0.2.2", options: [[82, agent]] }),
    ]) {
      expect(reply!.option(82)).toEqual(agent);
      expect(reply!.codes.at(-1)).toBe(82);
    }
  });

  it("comes back in a NAK too", async () => {
    await new TestClient4(server, 2).bind();
    const nak = await alice.select("192.0.2.10", { giaddr: "192.0.2.2", options: [[82, agent]] });
    expect([nak!.type, nak!.option(82)]).toEqual(["NAK", agent]);
  });

  it("that cannot be read does not come back", async () => {
    const ack = await alice.discover({ giaddr: "192.0.2.2", options: [[82, [1, 99, 0]]] });
    expect(ack!.codes).not.toContain(82);
  });
});

describe("RFC 3011 §3: subnet selection", () => {
  it("comes back", async () => {
    await start();
    expect((await alice.discover({ giaddr: "192.0.2.2", options: [[118, ip("192.0.2.0")]] }))!.ips(118)).toBe(
      "192.0.2.0",
    );
  });
});

describe("option 43 and other options of type empty (row 31)", () => {
  it("go out with the bytes that were set raw", async () => {
    await start({
      "option-data": [
        { name: "vendor-encapsulated-options", "csv-format": false, data: "0104C0000263" },
        { code: 116, "csv-format": false, data: "01" },
      ],
    });
    const offer = await alice.discover(asking(43, 116));
    expect([offer!.option(43), offer!.option(116)]).toEqual([hex("0104c0000263"), hex("01")]);
  });

  it("carries sub-options of its own space", async () => {
    await start({
      "option-def": [
        { name: "boot-server", code: 1, space: "vendor-encapsulated-options-space", type: "ipv4-address" },
      ],
      "option-data": [
        { name: "vendor-encapsulated-options" },
        { name: "boot-server", space: "vendor-encapsulated-options-space", data: "192.0.2.99" },
      ],
    });
    expect((await alice.discover(asking(43)))!.option(43)).toEqual(hex("01 04 c0000263"));
  });
});
