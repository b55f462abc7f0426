import { ip } from "@kotare/testkit/payloads";
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

const summary = (replies: readonly { type: string; yiaddr: string; chaddr: string }[]) =>
  replies.map(({ type, yiaddr, chaddr }) => `${type} ${yiaddr} ${chaddr.slice(-2)}`);

beforeEach(() => start());

describe("a batch", () => {
  it("is answered in the order of its packets", async () => {
    const batch = [alice.discoverMessage(), bob.discoverMessage(), alice.selectMessage("192.0.2.10")];
    expect(summary(await server.serve(...batch))).toEqual([
      "OFFER 192.0.2.10 01",
      "OFFER 192.0.2.11 02",
      "ACK 192.0.2.10 01",
    ]);
  });

  it("lets each packet see what those before it did", async () => {
    const replies = await server.serve(alice.selectMessage("192.0.2.15"), bob.selectMessage("192.0.2.15"));
    expect(summary(replies)).toEqual(["ACK 192.0.2.15 01", "NAK 0.0.0.0 02"]);
    expect(server.leases()).toEqual(["192.0.2.15 02:00:00:00:00:01 assigned"]);
  });

  it("gives one client one address, however many DISCOVERs it has in it", async () => {
    const batch = [alice.discoverMessage(), alice.discoverMessage(), alice.discoverMessage()];
    expect(new Set((await server.serve(...batch)).map(({ yiaddr }) => yiaddr))).toEqual(new Set(["192.0.2.10"]));
  });

  it("may take a lease and give it to the next", async () => {
    await start({ subnet4: [{ ...LAN, pools: [{ pool: "192.0.2.10/32" }] }] });
    await alice.bind();
    const replies = await server.serve(alice.releaseMessage("192.0.2.10"), bob.selectMessage("192.0.2.10"));
    expect(summary(replies)).toEqual(["ACK 192.0.2.10 02"]);
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:02 assigned"]);
  });

  it("loses only its bad packets", async () => {
    const broken = { ...bob.discoverMessage(), payload: Uint8Array.of(1, 2, 3) };
    expect(summary(await server.serve(broken, alice.discoverMessage(), broken))).toEqual(["OFFER 192.0.2.10 01"]);
    expect(server.drops()).toEqual(["malformed", "malformed"]);
  });

  it("on an interface that is not served costs nothing and counts nothing", async () => {
    expect(await server.serve(alice.discoverMessage({ ifindex: 9 }))).toEqual([]);
    expect(server.log.ids).toContain("DHCP4_PACKET_NOT_SERVED");
    expect(server.counts()).toEqual({});
  });

  it("whose reply cannot be sent says so, and the others leave", async () => {
    server.transport.down.add(2);
    server.interfaces.set(2, { index: 2, name: "eth1", mtu: 1500, mac: new Uint8Array(6), addresses: [] });
    const offers = await server.serve(
      alice.discoverMessage({ ifindex: 2, giaddr: "192.0.2.2" }),
      bob.discoverMessage(),
    );
    expect(summary(offers)).toEqual(["OFFER 192.0.2.11 02"]);
    expect(server.log.lines).toContainEqual(expect.stringMatching(/^DHCP4_PACKET_SEND_FAIL .*ENETDOWN/));
    expect(server.counts()).toMatchObject({
      "pkt4-received": 2,
      "pkt4-sent": 1,
      "pkt4-offer-sent": 1,
      "pkt4-receive-drop": 1,
    });
  });
});

describe("a message that is being answered (pkt4-duplicate)", () => {
  it("is not answered again, in the same batch or in the next", async () => {
    const message = alice.selectMessage("192.0.2.10");
    const first = server.serve(message, message);
    const second = server.serve(message);
    expect(summary([...(await first), ...(await second)])).toEqual(["ACK 192.0.2.10 01"]);
    expect(server.count("pkt4-duplicate")).toBe(2);
    expect(server.count("pkt4-receive-drop")).toBe(2);
  });

  it("is answered again when the client retransmits after the answer", async () => {
    const message = alice.selectMessage("192.0.2.10");
    const replies = [...(await server.serve(message)), ...(await server.serve(message))];
    expect(summary(replies)).toEqual(["ACK 192.0.2.10 01", "ACK 192.0.2.10 01"]);
  });

  it("is answered when another client uses the same transaction id", async () => {
    const replies = await server.serve(alice.discoverMessage({ xid: 5 }), bob.discoverMessage({ xid: 5 }));
    expect(replies).toHaveLength(2);
  });

  it("is answered again after its lease could not be written", async () => {
    const message = alice.selectMessage("192.0.2.10");
    server.breakDisk();
    expect(await server.serve(message)).toEqual([]);
    server.mendDisk();
    expect(summary(await server.serve(message))).toEqual(["ACK 192.0.2.10 01"]);
  });
});

describe("an acknowledged lease is on disk", () => {
  it("no ACK leaves before the lease file is synced", async () => {
    let wasSynced = false;
    server.disk.fault = (call) => {
      if (call === "fdatasync") wasSynced = true;
      return undefined;
    };
    server.transport.onSent = () => expect(wasSynced).toBe(true);
    await server.serve(alice.selectMessage("192.0.2.10"));
    expect(wasSynced).toBe(true);
    expect(server.fileText()).toContain("192.0.2.10,02:00:00:00:00:01");
  });

  it.each(["pwrite", "fdatasync"] as const)(
    "nothing is acknowledged when %s fails, and it is as if nothing was asked",
    async (call) => {
      await bob.bind();
      server.breakDisk(call);
      expect(await alice.select("192.0.2.11")).toBeUndefined();
      expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:02 assigned"]);
      expect(server.drops()).toEqual(["commit-failed"]);
      expect(server.log.ids).toContain("DHCP4_LEASE_COMMIT_FAILED");
      expect(server.counts()).toMatchObject({ "pkt4-processing-failed": 1, "pkt4-receive-drop": 1 });
    },
  );

  it("DISCOVER and INFORM are answered while nothing can be written", async () => {
    server.breakDisk();
    expect((await alice.discover())?.type).toBe("OFFER");
    expect((await alice.inform({ ciaddr: "192.0.2.200" }))?.type).toBe("ACK");
  });

  it("what a batch decided on top of a failed one is undone with it", async () => {
    server.breakDisk();
    const first = server.serve(alice.selectMessage("192.0.2.10"));
    const second = server.serve(alice.releaseMessage("192.0.2.10"), bob.selectMessage("192.0.2.10"));
    expect([...(await first), ...(await second)]).toEqual([]);
    expect(server.leases()).toEqual([]);
    expect(server.count("pkt4-processing-failed")).toBe(3);
  });

  it("a lease confirmed out of the cache is not confirmed before the batch that gave it is on disk", async () => {
    await start({ "cache-threshold": 0.5 });
    server.breakDisk();
    const first = server.serve(alice.selectMessage("192.0.2.10"));
    const second = server.serve(alice.renewMessage("192.0.2.10"));
    expect([...(await first), ...(await second)]).toEqual([]);
    expect(server.leases()).toEqual([]);
    server.mendDisk();
    expect((await alice.bind()).type).toBe("ACK");
  });

  it("an address in a batch that is not on disk yet is not given to another client", async () => {
    const first = server.serve(alice.selectMessage("192.0.2.10"));
    const second = server.serve(bob.selectMessage("192.0.2.10"));
    expect(summary([...(await first), ...(await second)]).sort()).toEqual(["ACK 192.0.2.10 01", "NAK 0.0.0.0 02"]);
  });
});

describe("a reload", () => {
  it("between OFFER and REQUEST keeps the exchange", async () => {
    const offer = await alice.discover();
    server.reconfigure({ "valid-lifetime": 99, subnet4: [LAN] });
    expect((await alice.select(offer!.yiaddr))?.u32(51)).toBe(99);
  });

  it("does not lose the answers of a batch that is being written", async () => {
    const first = server.serve(alice.selectMessage("192.0.2.10"));
    server.reconfigure({ subnet4: [{ ...LAN, pools: [{ pool: "192.0.2.20-192.0.2.29" }] }] });
    expect(summary(await first)).toEqual(["ACK 192.0.2.10 01"]);
    expect((await bob.bind()).yiaddr).toBe("192.0.2.20");
  });

  it("that takes a subnet away leaves its leases, but no longer serves them", async () => {
    await alice.bind();
    server.reconfigure({ subnet4: [{ id: 8, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10/32" }] }] });
    expect(await alice.renew("192.0.2.10")).toBeUndefined();
    expect(server.leases()).toHaveLength(1);
  });

  it("that moves the pool moves the client at its next renewal", async () => {
    await alice.bind();
    server.reconfigure({ authoritative: true, subnet4: [{ ...LAN, pools: [{ pool: "192.0.2.20-192.0.2.29" }] }] });
    expect((await alice.renew("192.0.2.10"))?.type).toBe("NAK");
    expect((await alice.bind()).yiaddr).toBe("192.0.2.20");
    expect(server.leases()).toEqual(["192.0.2.20 02:00:00:00:00:01 assigned"]);
  });

  it("that gives the subnet another id keeps the holder's address from others", async () => {
    await alice.bind();
    server.reconfigure({ subnet4: [{ ...LAN, id: 8 }] });
    expect((await bob.bind()).yiaddr).toBe("192.0.2.11");
    expect((await bob.select("192.0.2.10"))?.type).toBe("NAK");
    expect((await alice.renew("192.0.2.10"))?.type).toBe("ACK");
    expect(server.lease("192.0.2.10")!.subnetId).toBe(8);
  });
});

describe("stash-agent-options", () => {
  const agent = Uint8Array.of(1, 4, ...Buffer.from("port"), 11, 4, ...ip("198.51.100.1"));
  const stashing = { "stash-agent-options": true, "store-extended-info": true };
  const relayed = { giaddr: "192.0.2.2", options: [[82, agent]] } as const;

  it("a client that renews directly is served by the relay information kept with its lease", async () => {
    await start({
      ...stashing,
      subnet4: [{ ...LAN, reservations: [{ "circuit-id": "'port'", "ip-address": "192.0.2.99" }] }],
    });
    const ack = await alice.bind(relayed);
    expect(ack.yiaddr).toBe("192.0.2.99");
    expect(server.lease("192.0.2.99")!.userContext).toContain('"sub-options": "0x0104706F7274');
    const renewed = await alice.renew("192.0.2.99");
    expect(renewed).toMatchObject({ type: "ACK", yiaddr: "192.0.2.99" });
    expect(renewed!.ips(54)).toBe("198.51.100.1");
    expect(renewed!.codes).not.toContain(82);
  });

  it("classes see it, too", async () => {
    await start({
      ...stashing,
      "client-classes": [{ name: "port", test: "relay4[1].hex == 'port' and option[82].exists" }],
      subnet4: [{ ...LAN, pools: [{ pool: "192.0.2.10/32", "client-class": "port" }] }],
    });
    expect((await alice.bind(relayed)).yiaddr).toBe("192.0.2.10");
    expect(await alice.renew("192.0.2.10")).toMatchObject({ type: "ACK", yiaddr: "192.0.2.10" });
  });

  it("classes that a subnet asks for see it, too", async () => {
    const late = { name: "late", test: "relay4[1].hex == 'port'", "only-in-additional-list": true };
    const routers = [{ name: "routers", data: "192.0.2.254" }];
    await start({
      ...stashing,
      "client-classes": [{ ...late, "option-data": routers }],
      subnet4: [{ ...LAN, "evaluate-additional-classes": ["late"] }],
    });
    await alice.bind(relayed);
    expect((await alice.renew("192.0.2.10", { options: [[55, [3]]] }))!.ips(3)).toBe("192.0.2.254");
  });

  it("another network card does not get the stashed options", async () => {
    await start(stashing);
    const clientId = Uint8Array.of(0, 1, 2);
    await new TestClient4(server, 1, { clientId }).bind(relayed);
    const renewed = await new TestClient4(server, 2, { clientId }).renew("192.0.2.10");
    expect(renewed!.ips(54)).toBe("192.0.2.1");
  });

  it("without it nothing is stashed into the query", async () => {
    await start({ "store-extended-info": true });
    await alice.bind(relayed);
    expect((await alice.renew("192.0.2.10"))!.ips(54)).toBe("192.0.2.1");
    expect(server.lease("192.0.2.10")!.userContext).toContain("relay-agent-info");
  });

  it("without store-extended-info nothing is kept", async () => {
    await start({ "stash-agent-options": true });
    await alice.bind(relayed);
    expect(server.lease("192.0.2.10")!.userContext).toBe("");
  });

  it("another client of the same network card does not get the first one's", async () => {
    await start({ ...stashing, "valid-lifetime": 100, subnet4: [{ ...LAN, pools: [{ pool: "192.0.2.10/32" }] }] });
    await new TestClient4(server, 1, { clientId: Uint8Array.of(0, 1, 2) }).bind(relayed);
    server.clock.advance(100);
    await new TestClient4(server, 1, { clientId: Uint8Array.of(0, 1, 3) }).bind();
    expect(server.lease("192.0.2.10")).toMatchObject({ clientId: Uint8Array.of(0, 1, 3), userContext: "" });
  });

  it("what is in the user context of the lease besides stays", async () => {
    await start(stashing);
    await alice.bind(relayed);
    await alice.renew("192.0.2.10");
    expect(JSON.parse(server.lease("192.0.2.10")!.userContext)).toEqual({
      ISC: { "relay-agent-info": { "sub-options": `0x${Buffer.from(agent).toString("hex").toUpperCase()}` } },
    });
  });
});

describe("the clock", () => {
  it("a lease is dated in whole seconds", async () => {
    server.clock.advance(0.9);
    await alice.bind();
    expect(server.lease("192.0.2.10")!.cltt).toBe(1_800_000_000);
  });
});
