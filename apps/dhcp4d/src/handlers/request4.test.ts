import { ip, u32 } from "@kotare/testkit/payloads";
import { beforeEach, describe, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const LAN = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };

let server: TestServer4;
let alice: TestClient4;
let bob: TestClient4;

async function start(config: Dhcp4Text = {}): Promise<void> {
  server = await TestServer4.start({ subnet4: [LAN], ...config });
  alice = new TestClient4(server, 1);
  bob = new TestClient4(server, 2);
}

/** What a client gets: type and address, or the reason of the silence. */
async function outcome(reply: Promise<{ type: string; yiaddr: string } | undefined>): Promise<string> {
  const got = await reply;
  if (got === undefined) return server.drops().at(-1) ?? "silence without a reason";
  return got.yiaddr === "0.0.0.0" ? got.type : `${got.type} ${got.yiaddr}`;
}

describe("RFC 2131 §4.3.2: REQUEST in SELECTING", () => {
  beforeEach(() => start());

  it("is acknowledged with the address that was offered", async () => {
    const offer = await alice.discover();
    expect(await outcome(alice.select(offer!.yiaddr))).toBe("ACK 192.0.2.10");
  });

  it("for another server is none of our business, and what we offered stays free for others", async () => {
    await alice.discover();
    expect(await outcome(alice.select("192.0.2.10", {}, "198.51.100.1"))).toBe("foreign-server");
    expect(server.count("pkt4-not-for-us")).toBe(1);
    expect(server.leases()).toEqual([]);
  });

  it("without an offer before is acknowledged when the address is free", async () => {
    expect(await outcome(alice.select("192.0.2.15"))).toBe("ACK 192.0.2.15");
  });

  it("for an address that another client holds is refused", async () => {
    await bob.bind();
    expect(await outcome(alice.select("192.0.2.10"))).toBe("NAK");
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:02 assigned"]);
  });

  it("for an address of no pool is refused only by an authoritative server", async () => {
    expect(await outcome(alice.select("192.0.2.200"))).toBe("unknown-address");
    await start({ authoritative: true });
    expect(await outcome(alice.select("192.0.2.200"))).toBe("NAK");
  });

  it("for another address than the client's lease gives the new one and ends the old one", async () => {
    await alice.bind();
    expect(await outcome(alice.select("192.0.2.12"))).toBe("ACK 192.0.2.12");
    expect(server.leases()).toEqual(["192.0.2.12 02:00:00:00:00:01 assigned"]);
  });

  it("without any address is served with one, as Kea does", async () => {
    expect(await outcome(alice.send(alice.message(3, {}, [[54, ip("192.0.2.1")]])))).toBe("ACK 192.0.2.10");
  });

  it("without any address gets the client's own again, unless it is reserved for somebody else by now", async () => {
    await alice.bind();
    await bob.bind();
    const nameless = () => bob.send(bob.message(3, {}, [[54, ip("192.0.2.1")]]));
    expect(await outcome(nameless())).toBe("ACK 192.0.2.11");
    const reservations = [{ "hw-address": "02:00:00:00:00:09", "ip-address": "192.0.2.11" }];
    server.reconfigure({ subnet4: [{ ...LAN, reservations }] });
    expect(await outcome(nameless())).toBe("NAK");
  });

  it("with the server identifier 0.0.0.0 is for any server", async () => {
    expect(await outcome(alice.select("192.0.2.10", {}, "0.0.0.0"))).toBe("ACK 192.0.2.10");
  });

  it("for another server is answered all the same with ignore-dhcp-server-identifier", async () => {
    await start({ compatibility: { "ignore-dhcp-server-identifier": true } });
    expect(await outcome(alice.select("192.0.2.10", {}, "198.51.100.1"))).toBe("ACK 192.0.2.10");
  });
});

describe("RFC 2131 §4.3.2: REQUEST in INIT-REBOOT", () => {
  beforeEach(() => start());

  it("confirms the client's address", async () => {
    await alice.bind();
    expect(await outcome(alice.reboot("192.0.2.10"))).toBe("ACK 192.0.2.10");
  });

  it("for another address than the lease we know is refused", async () => {
    await alice.bind();
    expect(await outcome(alice.reboot("192.0.2.11"))).toBe("NAK");
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 assigned"]);
  });

  it("of a client that we do not know gets no answer: another server may know it", async () => {
    expect(await outcome(alice.reboot("192.0.2.10"))).toBe("unknown-client");
  });

  it("of a client that has only an offer gets no answer either", async () => {
    await alice.discover();
    expect(await outcome(alice.reboot("192.0.2.10"))).toBe("unknown-client");
  });

  it.each(["192.0.2.10", "192.0.2.15", "10.1.2.3"])(
    "of an unknown client is refused by an authoritative server, whatever the address: %s",
    async (address) => {
      await start({ authoritative: true });
      await bob.bind();
      expect(await outcome(alice.reboot(address))).toBe("NAK");
    },
  );

  it("of a client that has moved to another network is refused", async () => {
    await start({
      authoritative: true,
      subnet4: [LAN, { id: 8, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10-10.0.0.19" }] }],
    });
    await alice.bind();
    const moved = new TestClient4(server, 1, { always: { giaddr: "10.0.0.1" } });
    expect(await outcome(moved.reboot("192.0.2.10"))).toBe("NAK");
  });

  it("after the lease has been released confirms it again, while nobody else has it", async () => {
    await alice.bind();
    await alice.release("192.0.2.10");
    expect(await outcome(alice.reboot("192.0.2.10"))).toBe("ACK 192.0.2.10");
  });
});

describe.each(["renew", "rebind"] as const)("RFC 2131 §4.3.2, §4.4.5: REQUEST in %sing", (state) => {
  beforeEach(() => start({ "valid-lifetime": 1000 }));

  it("extends the lease from now on", async () => {
    await alice.bind();
    server.clock.advance(500);
    const ack = await alice[state]("192.0.2.10");
    expect(ack).toMatchObject({ type: "ACK", yiaddr: "192.0.2.10", ciaddr: "192.0.2.10" });
    expect(server.lease("192.0.2.10")).toMatchObject({ cltt: server.clock.wall(), validLifetime: 1000 });
  });

  it("goes to the client's address, whatever the broadcast flag says", async () => {
    await alice.bind();
    const ack = await alice[state]("192.0.2.10", { flags: 0x8000 });
    expect(ack!.sentTo).toBe("192.0.2.10:68 on 1 from 192.0.2.1 to 02:00:00:00:00:01");
  });

  it("of a lease that we have lost restores it", async () => {
    expect(await outcome(alice[state]("192.0.2.10"))).toBe("ACK 192.0.2.10");
  });

  it("of an expired lease that nobody took extends it", async () => {
    await alice.bind();
    server.clock.advance(5000);
    expect(await outcome(alice[state]("192.0.2.10"))).toBe("ACK 192.0.2.10");
  });

  it("of an address that somebody else has now is refused, by broadcast", async () => {
    await bob.bind();
    const nak = await alice[state]("192.0.2.10");
    expect(nak).toMatchObject({ type: "NAK", yiaddr: "0.0.0.0", ciaddr: "0.0.0.0", siaddr: "0.0.0.0" });
    expect(nak!.sentTo).toBe("255.255.255.255:68 on 1 from 192.0.2.1");
    expect([nak!.codes, nak!.text(56)]).toEqual([[53, 54, 56], "another client holds the address"]);
  });

  it("of an address outside of every pool is refused only by an authoritative server that is asked alone", async () => {
    expect(await outcome(alice[state]("192.0.2.77"))).toBe("unknown-address");
    await start({ authoritative: true });
    // REBINDING, all are asked, and the address may be from the other half of a split scope.
    expect(await outcome(alice[state]("192.0.2.77"))).toBe(state === "renew" ? "NAK" : "unknown-address");
    // What comes through a relay has been said to all, or may have been.
    expect(await outcome(alice[state]("192.0.2.77", { giaddr: "192.0.2.2" }))).toBe("unknown-address");
  });
});

describe("RFC 2131 §4.2: which client is meant", () => {
  const cid = (number: number) => ({ clientId: Uint8Array.of(0, number, number) });

  it("by the client identifier, though the network card has changed", async () => {
    await start();
    await new TestClient4(server, 1, cid(9)).bind();
    expect((await new TestClient4(server, 2, cid(9)).bind()).yiaddr).toBe("192.0.2.10");
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:02 assigned"]);
  });

  it("by the client identifier, though the network card is the same", async () => {
    await start();
    await new TestClient4(server, 1, cid(8)).bind();
    expect((await new TestClient4(server, 1, cid(9)).bind()).yiaddr).toBe("192.0.2.11");
    expect(server.leases()).toHaveLength(2);
  });

  it("by the hardware address where one side has no client identifier", async () => {
    await start();
    await alice.bind();
    expect((await new TestClient4(server, 1, cid(9)).bind()).yiaddr).toBe("192.0.2.10");
    expect((await alice.bind()).yiaddr).toBe("192.0.2.10");
  });

  it("by the hardware address alone with match-client-id off", async () => {
    await start({ "match-client-id": false });
    await new TestClient4(server, 1, cid(8)).bind();
    expect((await new TestClient4(server, 1, cid(9)).bind()).yiaddr).toBe("192.0.2.10");
    expect((await new TestClient4(server, 2, cid(9)).bind()).yiaddr).toBe("192.0.2.11");
    expect(server.lease("192.0.2.11")!.clientId).toBeUndefined();
  });

  it.each([true, false])(
    "by its client identifier where it has no hardware address, match-client-id %s",
    async (match) => {
      await start({ "match-client-id": match });
      const nameless = { clientId: Uint8Array.of(255, 1, 2, 3), always: { chaddr: "" } };
      const ack = await new TestClient4(server, 1, nameless).bind();
      expect(ack).toMatchObject({ yiaddr: "192.0.2.10", hlen: 0, chaddr: "" });
      expect(server.lease("192.0.2.10")).toMatchObject({ hwaddr: new Uint8Array(0), clientId: nameless.clientId });
      expect((await new TestClient4(server, 1, nameless).bind()).yiaddr).toBe("192.0.2.10");
      const other = { clientId: Uint8Array.of(255, 1, 2, 4), always: { chaddr: "" } };
      expect((await new TestClient4(server, 1, other).select("192.0.2.10"))?.type).toBe("NAK");
    },
  );
});

describe("RFC 6842: the client identifier", () => {
  const clientId = Uint8Array.of(1, 2, 3, 4);

  it("comes back in OFFER, ACK and NAK", async () => {
    await start({ authoritative: true });
    const client = new TestClient4(server, 1, { clientId });
    expect((await client.discover())!.option(61)).toEqual(clientId);
    expect((await client.select("192.0.2.10"))!.option(61)).toEqual(clientId);
    expect((await client.select("192.0.2.99"))!.option(61)).toEqual(clientId);
  });

  it("does not with echo-client-id off", async () => {
    await start({ "echo-client-id": false });
    expect((await new TestClient4(server, 1, { clientId }).bind()).option(61)).toBeUndefined();
  });

  it("of 255 bytes is served", async () => {
    await start();
    const longest = new Uint8Array(255).fill(7);
    expect((await new TestClient4(server, 1, { clientId: longest }).bind()).option(61)).toEqual(longest);
  });

  it.each([0, 1])("of %i bytes costs the packet (RFC 2132 §9.14)", async (length) => {
    await start();
    expect(await outcome(new TestClient4(server, 1, { clientId: new Uint8Array(length) }).discover())).toBe(
      "malformed",
    );
  });

  it("in pieces of more than 255 bytes together costs the packet: no lease file could hold it", async () => {
    await start();
    const piece = [61, new Uint8Array(200).fill(7)] as const;
    expect(await outcome(alice.discover({ options: [piece, piece] }))).toBe("malformed");
  });
});

describe("cache-threshold", () => {
  beforeEach(() => start({ "valid-lifetime": 1000, "cache-threshold": 0.25 }));

  it("of less than a second is none, as in Kea", async () => {
    await start({ "valid-lifetime": 1000, "cache-threshold": 0.000001 });
    const client = new TestClient4(server, 1);
    const { yiaddr } = await client.bind();
    await client.renew(yiaddr);
    expect(server.log.lines.filter((line) => line.startsWith("DHCP4_LEASE_REUSE"))).toEqual([]);
  });

  it("a young lease is confirmed for the time that is left, and nothing is written", async () => {
    await alice.bind();
    const before = server.fileText();
    server.clock.advance(249);
    const ack = await alice.renew("192.0.2.10");
    expect(ack!.u32(51)).toBe(751);
    expect(server.fileText()).toBe(before);
    expect(server.count("v4-lease-reuses")).toBe(1);
  });

  it("an older one is extended", async () => {
    await alice.bind();
    server.clock.advance(250);
    expect((await alice.renew("192.0.2.10"))!.u32(51)).toBe(1000);
    expect(server.lease("192.0.2.10")!.cltt).toBe(server.clock.wall());
  });

  it("a young one is written when the client's name has changed", async () => {
    await alice.bind();
    server.clock.advance(10);
    const ack = await alice.renew("192.0.2.10", { options: [[12, Buffer.from("new-name")]] });
    expect(ack!.u32(51)).toBe(1000);
    expect(server.lease("192.0.2.10")!.hostname).toBe("new-name");
  });

  it("a young one is written when its client is known by another hardware address", async () => {
    const clientId = Uint8Array.of(0, 1, 2);
    await new TestClient4(server, 1, { clientId }).bind();
    server.clock.advance(10);
    expect((await new TestClient4(server, 2, { clientId }).renew("192.0.2.10"))!.u32(51)).toBe(1000);
  });

  it("a lease that was released is written although it is young", async () => {
    await alice.bind();
    await alice.release("192.0.2.10");
    expect((await alice.renew("192.0.2.10"))!.u32(51)).toBe(1000);
    expect(server.lease("192.0.2.10")).toMatchObject({ state: 0, cltt: server.clock.wall() });
  });

  it("a young one is written when it would become shorter", async () => {
    await alice.bind();
    server.reconfigure({ "valid-lifetime": 500, "cache-threshold": 0.25, subnet4: [LAN] });
    expect((await alice.renew("192.0.2.10"))!.u32(51)).toBe(500);
    expect(server.lease("192.0.2.10")!.validLifetime).toBe(500);
  });

  it("cache-max-age is enough to switch it on", async () => {
    await start({ "valid-lifetime": 1000, "cache-max-age": 100 });
    await alice.bind();
    server.clock.advance(99);
    expect((await alice.renew("192.0.2.10"))!.u32(51)).toBe(901);
  });

  it("cache-max-age bounds it", async () => {
    await start({ "valid-lifetime": 1000, "cache-threshold": 0.25, "cache-max-age": 100 });
    await alice.bind();
    server.clock.advance(99);
    expect((await alice.renew("192.0.2.10"))!.u32(51)).toBe(901);
    server.clock.advance(1);
    expect((await alice.renew("192.0.2.10"))!.u32(51)).toBe(1000);
  });
});

describe("RFC 2131 §4.3.1: the lifetime", () => {
  it.each([
    ["none", undefined, 4000],
    ["0", 0, 4000],
    ["less than the least", 100, 2000],
    ["something in between", 3000, 3000],
    ["more than the most", 9000, 8000],
    ["for ever", 0xffff_ffff, 8000],
  ])("a client that asks for %s", async (_, asked, granted) => {
    await start({ "min-valid-lifetime": 2000, "valid-lifetime": 4000, "max-valid-lifetime": 8000 });
    const options = asked === undefined ? [] : [[51, u32(asked)] as const];
    expect((await alice.bind({ options })).u32(51)).toBe(granted);
    expect(server.lease("192.0.2.10")!.validLifetime).toBe(granted);
  });

  it("without bounds is the configured one whatever the client asks for", async () => {
    await start({ "valid-lifetime": 4000 });
    expect((await alice.bind({ options: [[51, u32(1)]] })).u32(51)).toBe(4000);
  });

  it("of a shared network's subnet comes from the nearest scope that has one", async () => {
    await start({
      "valid-lifetime": 1000,
      subnet4: [],
      "shared-networks": [{ name: "floor", "valid-lifetime": 700, subnet4: [LAN] }],
    });
    expect((await alice.bind()).u32(51)).toBe(700);
  });

  it("without end is given without times to renew", async () => {
    await start({ "valid-lifetime": 0xffff_ffff, "calculate-tee-times": true });
    const ack = await alice.bind();
    expect(ack.u32(51)).toBe(0xffff_ffff);
    expect(ack.codes).not.toContain(58);
    server.clock.advance(1e9);
    expect(await outcome(bob.select("192.0.2.10"))).toBe("NAK");
  });
});

describe("RFC 2131 §4.4.5: times to renew (58) and to rebind (59)", () => {
  it.each([
    ["none by default", {}, undefined, undefined],
    ["as configured", { "renew-timer": 900, "rebind-timer": 1800 }, 900, 1800],
    ["calculated", { "calculate-tee-times": true }, 1800, 3150],
    ["calculated by own shares", { "calculate-tee-times": true, "t1-percent": 0.25, "t2-percent": 0.5 }, 900, 1800],
    ["configured ones come before calculated ones", { "calculate-tee-times": true, "renew-timer": 60 }, 60, 3150],
    ["a renewal not before the rebinding is not sent", { "renew-timer": 1800, "rebind-timer": 1800 }, undefined, 1800],
    ["one beyond the lifetime is not sent", { "renew-timer": 900, "rebind-timer": 3600 }, 900, undefined],
    ["none of both beyond the lifetime", { "renew-timer": 3600, "rebind-timer": 4000 }, undefined, undefined],
  ])("%s", async (_, keys, t1, t2) => {
    await start({ "valid-lifetime": 3600, ...keys });
    const ack = await alice.bind();
    expect([ack.u32(58), ack.u32(59)]).toEqual([t1, t2]);
  });
});
