import { subOptions } from "@kotare/testkit/build-message4";
import { ip, text } from "@kotare/testkit/payloads";
import { beforeEach, describe, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

let server: TestServer4;
let alice: TestClient4;

const config = {
  "decline-probation-period": 600,
  subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
};

beforeEach(async () => {
  server = await TestServer4.start(config);
  alice = new TestClient4(server, 1);
});

describe("RFC 2131 §4.3.3: DECLINE", () => {
  it("takes the address out of use for the probation, and forgets whose it was", async () => {
    await alice.bind({ options: [[12, Buffer.from("alice")]] });
    expect(await alice.decline("192.0.2.10")).toBeUndefined();
    expect(server.lease("192.0.2.10")).toMatchObject({
      state: 1,
      hwaddr: new Uint8Array(0),
      clientId: undefined,
      hostname: "",
      validLifetime: 600,
      cltt: server.clock.wall(),
    });
    expect(server.log.lines.find((line) => line.startsWith("DHCP4_DECLINE_LEASE"))).toContain("host alice");
  });

  it("forgets that a name of the client's was in the DNS", async () => {
    const names = { "dhcp-ddns": { "enable-updates": true }, "ddns-qualifying-suffix": "example.org." };
    server.reconfigure({ ...config, ...names });
    await alice.bind({ options: [[12, text("alice")]] });
    expect(server.lease("192.0.2.10")).toMatchObject({ fqdnFwd: true, fqdnRev: true });
    await alice.decline("192.0.2.10");
    expect(server.lease("192.0.2.10")).toMatchObject({ hostname: "", fqdnFwd: false, fqdnRev: false });
  });

  it("forgets through which relay the client came", async () => {
    server.reconfigure({ ...config, "store-extended-info": true });
    const relayed = { giaddr: "192.0.2.2", options: [[82, subOptions([1, text("port")])]] } as const;
    await alice.bind(relayed);
    expect(server.lease("192.0.2.10")!.userContext).toContain("relay-agent-info");
    await alice.decline("192.0.2.10", relayed);
    expect(server.lease("192.0.2.10")).toMatchObject({ state: 1, userContext: "" });
  });

  it("counts for a subnet of a class that the client has named in other messages only", async () => {
    const phones = { "client-classes": [{ name: "phone", test: "option[60].text == 'phone'" }] };
    server = await TestServer4.start({ ...phones, subnet4: [{ ...config.subnet4[0], "client-class": "phone" }] });
    alice = new TestClient4(server, 1);
    await alice.bind({ options: [[60, text("phone")]] });
    await alice.decline("192.0.2.10");
    expect(server.lease("192.0.2.10")).toMatchObject({ state: 1 });
  });

  it("makes the client's next DISCOVER find another address", async () => {
    await alice.bind();
    await alice.decline("192.0.2.10");
    expect((await alice.bind()).yiaddr).toBe("192.0.2.11");
  });

  it("makes a REQUEST for the address fail during the probation, and not after it", async () => {
    await alice.bind();
    await alice.decline("192.0.2.10");
    expect((await alice.select("192.0.2.10"))?.type).toBe("NAK");
    server.clock.advance(600);
    expect((await alice.select("192.0.2.10"))?.type).toBe("ACK");
  });

  it.each([
    ["another client", () => new TestClient4(server, 2).decline("192.0.2.10")],
    [
      "another client identifier",
      () => new TestClient4(server, 1, { clientId: Uint8Array.of(1, 9) }).decline("192.0.2.10"),
    ],
    ["the client for an address that is free", () => alice.decline("192.0.2.11")],
    ["the client without naming an address", () => alice.send(alice.message(4, {}, [[54, ip("192.0.2.1")]]))],
  ])("by %s is dropped: nobody can empty a pool so", async (_, decline) => {
    await new TestClient4(server, 1, { clientId: Uint8Array.of(1, 8) }).bind();
    await decline();
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 assigned"]);
    expect(server.drops()).toEqual(["not-your-lease"]);
  });

  it("by a client identifier is judged by the lease's subnet: there the network card alone may count", async () => {
    const floor = [
      { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10/32" }], "match-client-id": false },
      { id: 8, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10/32" }] },
    ];
    server = await TestServer4.start({ subnet4: [], "shared-networks": [{ name: "floor", subnet4: floor }] });
    const byName = (number: number, last: number) =>
      new TestClient4(server, number, { clientId: Uint8Array.of(1, last) });
    expect((await byName(1, 1).bind()).yiaddr).toBe("192.0.2.10");
    expect((await byName(2, 2).bind()).yiaddr).toBe("10.0.0.10");
    await byName(1, 9).decline("192.0.2.10");
    await byName(2, 9).decline("10.0.0.10");
    expect(server.leases()).toEqual(["10.0.0.10 02:00:00:00:00:02 assigned", "192.0.2.10 - declined"]);
  });

  it("of a lease whose subnet has another number since counts", async () => {
    await alice.bind();
    server.reconfigure({ ...config, subnet4: [{ ...config.subnet4[0], id: 8 }] });
    await alice.decline("192.0.2.10");
    expect(server.leases()).toEqual(["192.0.2.10 - declined"]);
  });

  it("from where no subnet is any more is dropped", async () => {
    await alice.bind();
    server.reconfigure({ subnet4: [] });
    await alice.decline("192.0.2.10");
    expect(server.drops()).toEqual(["no-subnet"]);
  });

  it("of an address only on offer is dropped", async () => {
    await alice.discover();
    await alice.decline("192.0.2.10");
    expect(server.drops()).toEqual(["not-your-lease"]);
  });

  it("twice counts once", async () => {
    await alice.bind();
    await alice.decline("192.0.2.10");
    server.clock.advance(100);
    await alice.decline("192.0.2.10");
    expect(server.lease("192.0.2.10")!.cltt).toBe(server.clock.wall() - 100);
    expect(server.drops()).toEqual(["not-your-lease"]);
  });
});
