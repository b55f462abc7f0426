import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { describe, expect, it } from "vitest";
import {
  buildMessage6,
  na,
  option,
  type Part6,
  serverId,
  TestClient6,
  type TestRelay6,
} from "../testing/test-client6.ts";
import { type IngressChange, ip6, TestServer6 } from "../testing/test-server6.ts";

const POOL = { pools: [{ pool: "2001:db8::10-2001:db8::1f" }] };
const LAN = { id: 1, subnet: "2001:db8::/64", ...POOL };

describe("RFC 8415 §16: which messages get no answer", () => {
  const CLIENT = option(1, "0002000000090001");
  const FOREIGN = option(2, "00030001020000000001");
  const UNICAST: IngressChange = { destination: ip6("2001:db8::1") };
  const { SOLICIT, REQUEST, CONFIRM, RENEW, REBIND, RELEASE, DECLINE, INFORMATION_REQUEST, ADVERTISE, LEASEQUERY } =
    MessageType6;

  type Refused = readonly [type: number, parts: readonly Part6[], ingress: IngressChange, reason: string];
  it.each<Refused>([
    ...[SOLICIT, REQUEST, CONFIRM, RENEW, REBIND, RELEASE, DECLINE].map(
      (type): Refused => [type, [serverId], {}, "no-client-id"],
    ),
    ...[REQUEST, RENEW, RELEASE, DECLINE].map((type): Refused => [type, [CLIENT], {}, "no-server-id"]),
    ...[REQUEST, RENEW, RELEASE, DECLINE, INFORMATION_REQUEST].map(
      (type): Refused => [type, [CLIENT, FOREIGN], {}, "foreign-server"],
    ),
    ...[SOLICIT, CONFIRM, REBIND].map((type): Refused => [type, [CLIENT, serverId], {}, "unwanted-server-id"]),
    ...[SOLICIT, CONFIRM, REBIND, INFORMATION_REQUEST].map((type): Refused => [type, [CLIENT], UNICAST, "unicast"]),
    [SOLICIT, [CLIENT, CLIENT], {}, "repeated-id"],
    [REQUEST, [CLIENT, serverId, FOREIGN], {}, "repeated-id"],
    [ADVERTISE, [CLIENT, serverId], {}, "unknown-type"],
    [LEASEQUERY, [CLIENT], {}, "leasequery-not-allowed"],
  ])("message type %i, case %#", async (type, parts, ingress, reason) => {
    const server = await TestServer6.start({ subnet6: [LAN] });
    const packet = buildMessage6(type, [...parts, na(1, "2001:db8::10")]);
    expect(await server.serve(packet, ingress)).toBeUndefined();
    expect(server.drops).toEqual([reason]);
    expect(server.statistics.global["pkt6-receive-drop"].value).toBe(1);
  });

  const told = { "option-data": [{ name: "unicast", data: "2001:db8::1" }] };
  it.each([REQUEST, RENEW, RELEASE, DECLINE])(
    "message type %i may come by unicast where clients are told so",
    async (type) => {
      const packet = () => buildMessage6(type, [CLIENT, serverId, na(1, "2001:db8::10")]);
      const telling = await TestServer6.start({ ...told, subnet6: [LAN] });
      expect(await telling.serve(packet(), UNICAST)).toMatchObject({ type: "REPLY" });
      const silent = await TestServer6.start({ subnet6: [LAN, { id: 2, subnet: "2001:db9::/64", ...told }] });
      expect(await silent.serve(packet(), UNICAST)).toBeUndefined();
      expect(silent.drops).toEqual(["unicast"]);
    },
  );

  it("ChangeLog 2450: anything may be sent to all servers of the site", async () => {
    const server = await TestServer6.start({ subnet6: [LAN] });
    const ingress = { source: ip6("2001:db8::77"), destination: ip6("ff05::1:3") };
    expect(await server.serve(buildMessage6(SOLICIT, [CLIENT, na(1)]), ingress)).toMatchObject({ type: "ADVERTISE" });
  });

  it("a relay may send anything by unicast", async () => {
    const server = await TestServer6.start({ subnet6: [LAN] });
    const packet = buildMessage6(SOLICIT, [CLIENT, na(1)], [{ link: "2001:db8::1" }]);
    expect(await server.serve(packet, UNICAST)).toMatchObject({ type: "ADVERTISE" });
  });

  it("§16.14: a RELAY-REPL is for relays", async () => {
    const server = await TestServer6.start({ subnet6: [LAN] });
    const packet = buildMessage6(SOLICIT, [CLIENT, na(1)], [{ link: "2001:db8::1" }]);
    packet[0] = MessageType6.RELAY_REPL;
    expect(await server.serve(packet)).toBeUndefined();
    expect(server.drops).toEqual(["relay-reply"]);
    expect(server.statistics.global["pkt6-rfc-violation"].value).toBe(1);
  });

  it("§21.5: an IA_TA is not answered, as RFC 9915 has it; what stands beside it is", async () => {
    const server = await TestServer6.start({ subnet6: [LAN] });
    const reply = await server.serve(buildMessage6(SOLICIT, [CLIENT, option(4, "00000009"), na(1)]));
    expect(reply?.message.optionCodes()).not.toContain(4);
    expect(reply?.ias).toHaveLength(1);
  });

  it("§7.6: relays count their hops, and we take as many of them as Kea", async () => {
    const server = await TestServer6.start({ subnet6: [LAN] });
    const relays = Array.from({ length: 32 }, () => ({ link: "2001:db8::1" }));
    const reply = await server.serve(buildMessage6(SOLICIT, [CLIENT, na(1)], relays));
    expect(reply?.message.relays).toHaveLength(32);
  });

  it("one whose associations have no room in any answer", async () => {
    const server = await TestServer6.start({ subnet6: [LAN] });
    const packet = buildMessage6(SOLICIT, [CLIENT, ...Array.from({ length: 3000 }, (_, i) => na(i))]);
    expect(await server.serve(packet)).toBeUndefined();
    expect(server.drops).toEqual(["too-large"]);
    expect(server.statistics.global["pkt6-processing-failed"].value).toBe(1);
  });

  it("a DUID of one byte is none", async () => {
    const server = await TestServer6.start({ subnet6: [LAN] });
    expect(await server.serve(buildMessage6(SOLICIT, [option(1, "00")]))).toBeUndefined();
    expect(server.log.lines.at(-1)).toContain("is a DUID of 1 bytes");
  });
});

describe("the subnet of a client", () => {
  const subnet = (id: number, more: object = {}) => ({
    id,
    subnet: `2001:db8:${id}::/64`,
    pools: [{ pool: `2001:db8:${id}::10-2001:db8:${id}::1f` }],
    ...more,
  });
  const CONFIG = {
    subnet6: [
      { ...LAN, id: 100 },
      subnet(1),
      subnet(2, { interface: "eth2" }),
      subnet(3, { "interface-id": "port3" }),
      subnet(4, { relay: { "ip-addresses": ["2001:db8:99::4"] } }),
    ],
    "shared-networks": [
      {
        name: "floor",
        relay: { "ip-addresses": ["2001:db8:99::5"] },
        subnet6: [subnet(5, { pools: [{ pool: "2001:db8:5::10-2001:db8:5::10" }] }), subnet(6)],
      },
    ],
  };
  const PORT3 = option(18, "706f727433");
  type Way = readonly [string, readonly TestRelay6[], IngressChange, string | undefined];
  const ways: Way[] = [
    ["of a direct client is that of the interface's addresses", [], {}, "2001:db8::10"],
    ["of a direct client is that of its own global address", [], { source: ip6("2001:db8:1::9") }, "2001:db8:1::10"],
    ["of a direct client is that of the interface by name", [], { interfaceName: "eth2" }, "2001:db8:2::10"],
    ["is that of the relay's link address", [{ link: "2001:db8:1::1" }], {}, "2001:db8:1::10"],
    ["is that of the interface-id", [{ link: "2001:db8:1::1", options: [PORT3] }], {}, "2001:db8:3::10"],
    ["is that of the relay by its address", [{ link: "2001:db8:99::4" }], {}, "2001:db8:4::10"],
    ["is the first of the relay's shared network", [{ link: "2001:db8:99::5" }], {}, "2001:db8:5::10"],
    [
      "is that of the relay next to the client",
      [{ link: "2001:db8:1::1" }, { link: "2001:db8:99::4" }],
      {},
      "2001:db8:4::10",
    ],
    [
      "RFC 6221 §5: is another relay's when the next one is on no link",
      [{ link: "2001:db8:1::1" }, { link: "::" }],
      {},
      "2001:db8:1::10",
    ],
    [
      "ChangeLog 2488: is that of an interface-id that a relay without a link address adds",
      [{ link: "::" }, { link: "::", options: [PORT3] }],
      {},
      "2001:db8:3::10",
    ],
    [
      "is that of the link address of a relay nearer to the client than one with an interface-id",
      [{ link: "::", options: [PORT3] }, { link: "2001:db8:1::1" }],
      {},
      "2001:db8:1::10",
    ],
    [
      "is another relay's when the next one's address is on every link",
      [{ link: "2001:db8:1::1" }, { link: "fe80::1" }],
      {},
      "2001:db8:1::10",
    ],
    ["is that of the interface when no relay tells", [{ link: "::" }], { interfaceName: "eth2" }, "2001:db8:2::10"],
    ["is none where none fits", [{ link: "2001:db8:98::1" }], {}, undefined],
  ];
  it.each(ways)("%s", async (_, relays, ingress, address) => {
    const client = new TestClient6(await TestServer6.start(CONFIG), 1);
    client.relays = relays;
    client.ingress = ingress;
    const [ia] = (await client.solicit(na(1)))?.ias ?? [];
    expect(ia?.split(" ")[4]).toBe(address ?? "NoAddrsAvail");
  });

  it("may be another one of the shared network when the first is full, and its leases may be renewed there", async () => {
    const server = await TestServer6.start(CONFIG);
    const relays = [{ link: "2001:db8:99::5" }];
    const [first, second] = [new TestClient6(server, 1), new TestClient6(server, 2)];
    for (const client of [first, second]) client.relays = relays;
    await first.request(na(1));
    expect((await second.request(na(1)))?.ias[0]).toContain(" 2001:db8:6::10 ");
    expect((await second.renew(na(1, "2001:db8:6::10")))?.ias[0]).toContain(" 2001:db8:6::10 ");
    expect(server.lease("address", "2001:db8:6::10")?.subnetId).toBe(6);
  });
});
