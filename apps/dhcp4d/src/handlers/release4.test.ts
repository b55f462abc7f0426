import { text } from "@kotare/testkit/payloads";
import { beforeEach, describe, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

const config = {
  "valid-lifetime": 1000,
  subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
};

let server: TestServer4;
let alice: TestClient4;

beforeEach(async () => {
  server = await TestServer4.start(config);
  alice = new TestClient4(server, 1);
});

describe("RFC 2131 §4.3.4: RELEASE", () => {
  it("ends the lease without an answer, and keeps it for the client's return", async () => {
    await alice.bind();
    expect(await alice.release("192.0.2.10")).toBeUndefined();
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 reclaimed"]);
    expect(server.log.ids).toContain("DHCP4_RELEASE");
    expect((await alice.bind()).yiaddr).toBe("192.0.2.10");
  });

  it("counts the time for which it is kept from now on", async () => {
    await alice.bind();
    server.clock.advance(300);
    await alice.release("192.0.2.10");
    const now = server.clock.wall();
    expect(server.store.begin().forgettable(now + 99, 100, 10)).toEqual([]);
    expect(server.store.begin().forgettable(now + 100, 100, 10)).toHaveLength(1);
  });

  it("of a lease without end ends it too", async () => {
    server = await TestServer4.start({ ...config, "valid-lifetime": 0xffff_ffff });
    alice = new TestClient4(server, 1);
    await alice.bind();
    await alice.release("192.0.2.10");
    const now = server.clock.wall();
    expect(server.store.begin().forgettable(now + 100, 100, 10)).toHaveLength(1);
    expect(server.lease("192.0.2.10")!.cltt).toBeGreaterThan(0);
  });

  it("twice changes nothing the second time (ChangeLog 2513)", async () => {
    await alice.bind();
    await alice.release("192.0.2.10");
    const after = { leases: server.leases(), text: server.fileText() };
    const gauges = () => Object.entries(server.counts()).filter(([name]) => !name.includes("pkt4"));
    const before = gauges();
    await alice.release("192.0.2.10");
    expect({ leases: server.leases(), text: server.fileText() }).toEqual(after);
    expect(gauges()).toEqual(before);
    expect(server.drops()).toEqual(["not-your-lease"]);
  });

  it.each([
    ["another client", () => new TestClient4(server, 2).release("192.0.2.10")],
    [
      "another client identifier",
      () => new TestClient4(server, 1, { clientId: Uint8Array.of(1, 9) }).release("192.0.2.10"),
    ],
    ["the client for an address it does not hold", () => alice.release("192.0.2.11")],
    ["the client without an address", () => alice.release("0.0.0.0")],
  ])("by %s is dropped", async (_, release) => {
    await new TestClient4(server, 1, { clientId: Uint8Array.of(1, 8) }).bind();
    await release();
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 assigned"]);
    expect(server.drops()).toEqual(["not-your-lease"]);
    expect(server.count("pkt4-rfc-violation")).toBe(1);
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
    // The relay is in the first subnet.
    await byName(1, 9).release("192.0.2.10", { giaddr: "192.0.2.2" });
    await byName(2, 9).release("10.0.0.10", { giaddr: "192.0.2.2" });
    expect(server.leases()).toEqual(["10.0.0.10 02:00:00:00:00:02 assigned", "192.0.2.10 02:00:00:00:00:01 reclaimed"]);
  });

  it("of a lease whose subnet has another number since ends it", async () => {
    await alice.bind();
    server.reconfigure({ ...config, subnet4: [{ ...config.subnet4[0], id: 8 }] });
    await alice.release("192.0.2.10");
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 reclaimed"]);
  });

  it("ends a lease of a subnet for a class that the client has named in other messages only", async () => {
    const phones = { "client-classes": [{ name: "phone", test: "option[60].text == 'phone'" }] };
    server = await TestServer4.start({ ...phones, subnet4: [{ ...config.subnet4[0], "client-class": "phone" }] });
    alice = new TestClient4(server, 1);
    await alice.bind({ options: [[60, text("phone")]] });
    await alice.release("192.0.2.10");
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 reclaimed"]);
  });

  it("from where no subnet is any more is dropped", async () => {
    await alice.bind();
    server.reconfigure({ subnet4: [] });
    await alice.release("192.0.2.10");
    expect(server.drops()).toEqual(["no-subnet"]);
  });

  it("is the last that was heard of the client: a partner that has an older lease takes this one", async () => {
    await alice.bind();
    await alice.release("192.0.2.10");
    expect(server.lease("192.0.2.10")).toMatchObject({ validLifetime: 1, cltt: server.clock.wall() - 1 });
  });

  it("to another server is none of our business", async () => {
    await alice.bind();
    await alice.send(alice.message(7, { ciaddr: "192.0.2.10" }, [[54, [198, 51, 100, 1]]]));
    expect(server.drops()).toEqual(["foreign-server"]);
  });

  it("that cannot be written leaves the lease as it was", async () => {
    await alice.bind();
    server.breakDisk();
    await alice.release("192.0.2.10");
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 assigned"]);
    expect(server.drops()).toEqual(["commit-failed"]);
  });
});
