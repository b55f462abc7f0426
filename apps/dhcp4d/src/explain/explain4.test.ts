import type { Section } from "@kotare/core/control/explanation";
import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import { buildMessage4, type Message4Fields, type OptionBytes } from "@kotare/testkit/build-message4";
import { ip } from "@kotare/testkit/payloads";
import { describe, expect, it } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const [DISCOVER, REQUEST, RELEASE] = [1, 3, 7];

const config: Dhcp4Text = {
  "valid-lifetime": 1000,
  "option-def": [{ name: "colour", code: 224, type: "string" }],
  "option-data": [
    { name: "domain-name-servers", data: "192.0.2.53" },
    { name: "ntp-servers", data: "192.0.2.5", "never-send": true },
    { name: "colour", data: "red" },
  ],
  "client-classes": [
    { name: "voip", test: "option[60].text == 'phone'", "option-data": [{ name: "tftp-server-name", data: "boot" }] },
    { name: "late", test: "member('voip')", "only-in-additional-list": true },
  ],
  "ddns-qualifying-suffix": "example.org.",
  "shared-networks": [
    {
      name: "floor",
      "evaluate-additional-classes": ["late"],
      subnet4: [
        {
          id: 1,
          subnet: "192.0.2.0/24",
          "client-classes": ["voip"],
          pools: [{ pool: "192.0.2.10-192.0.2.14", "option-data": [{ name: "domain-name", data: "pool.example" }] }],
          "option-data": [{ name: "routers", data: "192.0.2.1" }],
          reservations: [
            {
              "hw-address": macOf(1),
              "ip-address": "192.0.2.99",
              hostname: "one",
              "client-classes": ["staff"],
              "option-data": [{ name: "log-servers", data: "192.0.2.7" }],
            },
          ],
        },
        { id: 2, subnet: "198.51.100.0/24" },
      ],
    },
  ],
};

const phone: readonly OptionBytes[] = [
  [55, Uint8Array.of(1, 3, 6, 7, 12, 15, 42, 66, 77, 224)],
  [60, Buffer.from("phone")],
  [12, Buffer.from("host")],
];

interface Explained {
  readonly outcome: string;
  readonly reply?: string;
  readonly sections: readonly Section[];
  /** By their titles. */
  readonly of: Readonly<Record<string, readonly string[]>>;
}

async function explain(server: TestServer4, fields: Message4Fields, given: object = {}): Promise<Explained> {
  const packet = Buffer.from(buildMessage4({ xid: 1, ...fields })).toString("hex");
  const answer = await server.ask("packet-explain", { packet, ...given });
  expect(answer).toMatchObject({ result: 0 });
  const explained = answer.arguments as unknown as Omit<Explained, "of">;
  return { ...explained, of: Object.fromEntries(explained.sections.map(({ title, lines }) => [title, lines])) };
}

describe("a client with a reservation", () => {
  const explained = async () =>
    explain(await TestServer4.start(config), { type: DISCOVER, chaddr: macOf(1), options: phone });

  it("is told what comes of it", async () => {
    const { outcome, of } = await explained();
    expect(outcome).toBe("DHCPOFFER of 192.0.2.99 for 1000 s");
    expect(of["lease"]).toEqual(["192.0.2.99, outside of all pools, for 1000 s", "why: it is reserved for the client"]);
    expect(of["name"]).toEqual(["one.example.org", "we put nothing into the DNS"]);
    expect(of["reservations"]).toEqual([
      "looked for by hw-address",
      `192.0.2.0/24 (id 1): by hw-address ${macOf(1)}`,
      "  address 192.0.2.99",
      "  host name one",
      "  classes staff",
      "198.51.100.0/24 (id 2): none",
    ]);
  });

  it("is told its classes, and what their tests see", async () => {
    const { of } = await explained();
    expect(of["classes"]).toEqual([
      "ALL, VENDOR_CLASS_phone, voip, KNOWN",
      "for options only: staff, late",
      "voip: yes, option[60].text is 'phone'",
      "late: yes, member('voip') is true",
    ]);
  });

  it("is told where each option comes from, and what is not sent", async () => {
    const { of } = await explained();
    expect(of["options"]).toEqual([
      "53 dhcp-message-type 2 <- the exchange itself",
      "1 subnet-mask 255.255.255.0 <- the exchange itself",
      "3 routers 192.0.2.1 <- subnet 192.0.2.0/24",
      "6 domain-name-servers 192.0.2.53 <- global",
      "7 log-servers 192.0.2.7 <- reservation",
      "12 host-name one.example.org <- the exchange itself",
      "51 dhcp-lease-time 1000 <- the exchange itself",
      "54 dhcp-server-identifier 192.0.2.1 <- the exchange itself",
      "66 tftp-server-name boot <- class voip",
      "224 colour red <- global",
      "not sent, since no scope has it: 15 domain-name, 77 user-class",
      "not sent, since global says never-send: 42 ntp-servers",
    ]);
  });
});

it("says which subnets were looked at, and whom they are for", async () => {
  const server = await TestServer4.start(config);
  const { of, outcome } = await explain(server, { type: DISCOVER, chaddr: macOf(2) });
  expect(of["subnet"]).toEqual([
    "by interface eth0: none",
    "by address 192.0.2.1: not 192.0.2.0/24 (id 1), which is for clients in voip",
    "by address 192.0.2.1: none",
    "no subnet is for this client",
  ]);
  expect(outcome).toMatch(/^no answer: /);
  const relayed = await explain(server, { type: DISCOVER, chaddr: macOf(2), giaddr: "198.51.100.1" });
  expect(relayed.of["subnet"]!.slice(-2)).toEqual([
    "selected: 198.51.100.0/24 (id 2)",
    "of shared network floor; after it: no other subnet for this client",
  ]);
  const classed = await explain(
    server,
    { type: DISCOVER, chaddr: macOf(2), options: [phone[0]!] },
    { classes: ["voip"] },
  );
  expect(classed.outcome).toBe("DHCPOFFER of 192.0.2.10 for 1000 s");
  expect(classed.of["options"]).toContain("66 tftp-server-name boot <- class voip");
});

it.each(["memfile", "database"])(
  "names the rule by which an address is chosen, and changes nothing: %s",
  async (kind) => {
    const server = await TestServer4.start(config, kind === "database" ? { database: new MemoryDatabase4() } : {});
    const client = new TestClient4(server, 2);
    const ask = (n: number, address?: string) =>
      explain(server, {
        type: REQUEST,
        chaddr: macOf(n),
        options: [...phone, [54, ip("192.0.2.1")], ...(address === undefined ? [] : [[50, ip(address)] as const])],
      });
    const rule = async (n: number, address?: string) => (await ask(n, address)).of["lease"]?.[1];
    expect(await rule(2)).toBe("why: any address would do, and nobody has had it; the allocator is iterative");
    expect(await rule(2)).toBe("why: any address would do, and nobody has had it; the allocator is iterative");
    expect(await rule(2, "192.0.2.12")).toBe("why: the client asks for it, and nobody has had it");
    await client.discover({ options: phone });
    expect(server.leases()).toEqual([]);
    expect(await rule(2)).toBe("why: the client was offered it");
    const lease = await client.select("192.0.2.10", { options: phone });
    expect(lease?.type).toBe("ACK");
    expect(await rule(2)).toBe("why: the client has had it");
    expect((await ask(3, "192.0.2.10")).outcome).toMatch(/^DHCPNAK: /);
    server.clock.advance(1001);
    expect(await rule(3, "192.0.2.10")).toBe("why: the client asks for it, and the lease that was there is over");
  },
);

it("explains messages that get no answer", async () => {
  const server = await TestServer4.start(config);
  const client = new TestClient4(server, 2);
  await client.select("192.0.2.10", { options: phone });
  const release = await explain(server, { type: RELEASE, chaddr: macOf(2), ciaddr: "192.0.2.10", options: phone });
  expect(release.outcome).toBe("released: 192.0.2.10, which gets no answer");
  expect(release.reply).toBeUndefined();
  const { outcome } = await explain(server, { type: DISCOVER, chaddr: "", options: phone });
  expect(outcome).toBe("no answer: the client has neither a hardware address nor a client identifier (RFC 2131 §4.2)");
});

describe("a packet that cannot come so", () => {
  it.each([
    [{ packet: "0" }, /"0" has to be hexadecimal digits/],
    [{ packet: "00", interface: "eth9" }, /interface eth9 is not served/],
    [{ packet: "00", source: "2001:db8::1" }, /2001:db8::1 is no address of this protocol/],
    [{ packet: "00", sauce: "192.0.2.1" }, /sauce/],
    [{}, /packet/],
  ])("%j", async (given, text) => {
    const server = await TestServer4.start(config);
    expect(await server.ask("packet-explain", given)).toMatchObject({ result: 1, text: expect.stringMatching(text) });
  });
});

describe("packets are recorded", () => {
  it("for a client, while somebody wants that, as they were answered", async () => {
    const server = await TestServer4.start(config);
    const [client, other] = [new TestClient4(server, 2), new TestClient4(server, 3)];
    const recorded = async () => {
      const { arguments: all } = await server.ask("packet-record-get");
      return all as { on: boolean; missed: number; packets: { outcome: string; client: string; reply?: string }[] };
    };
    await client.discover({ options: phone });
    expect(await recorded()).toEqual({ on: false, missed: 0, packets: [] });
    expect(await server.ask("packet-record-start", { client: macOf(2) })).toMatchObject({ result: 0 });
    await client.discover({ options: phone });
    await other.discover({ options: phone });
    await client.select("192.0.2.10", { options: phone });
    await server.ask("packet-record-stop");
    await client.discover({ options: phone });
    const { on, packets } = await recorded();
    expect(on).toBe(false);
    expect(packets.map(({ outcome }) => outcome)).toEqual([
      "DHCPOFFER of 192.0.2.10 for 1000 s",
      "DHCPACK of 192.0.2.10 for 1000 s",
    ]);
    for (const packet of packets) expect(packet.client).toContain(macOf(2));
  });

  it("the last hundred, and not too many in a second", async () => {
    const server = await TestServer4.start(config);
    await server.ask("packet-record-start");
    const client = new TestClient4(server, 2);
    for (let i = 0; i < 60; i++) await client.discover({ options: phone });
    const first = await server.ask("packet-record-get");
    expect(first.arguments).toMatchObject({ on: true, missed: 10 });
    for (let second = 0; second < 2; second++) {
      server.clock.advance(1);
      for (let i = 0; i < 40; i++) await client.discover({ options: phone });
    }
    const { packets } = (await server.ask("packet-record-get")).arguments as { packets: unknown[] };
    expect(packets).toHaveLength(100);
  });
});
