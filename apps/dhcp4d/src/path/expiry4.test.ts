import { beforeEach, describe, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

let server: TestServer4;
const client = (number: number) => new TestClient4(server, number);

beforeEach(async () => {
  server = await TestServer4.start({
    "valid-lifetime": 1000,
    "decline-probation-period": 500,
    "expired-leases-processing": { "hold-reclaimed-time": 300, "max-reclaim-leases": 2 },
    subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
  });
});

describe("expiry, reclamation and forgetting", () => {
  it("a lease that has ended is kept for its client, without its name, and then forgotten", async () => {
    await client(1).bind({ options: [[12, Buffer.from("alice")]] });
    server.clock.advance(999);
    await server.upkeep().reclaim();
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 assigned"]);
    server.clock.advance(1);
    await server.upkeep().reclaim();
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 reclaimed"]);
    expect(server.lease("192.0.2.10")).toMatchObject({ hostname: "", fqdnFwd: false, fqdnRev: false });
    server.clock.advance(299);
    await server.upkeep().forget();
    expect(server.leases()).toHaveLength(1);
    server.clock.advance(1);
    await server.upkeep().forget();
    expect(server.leases()).toEqual([]);
    expect(server.fileText().trim().split("\n").at(-1)).toMatch(/^192\.0\.2\.10,02:00:00:00:00:01,,0,/);
  });

  it("a client that comes back in time gets its address again", async () => {
    await client(1).bind();
    server.clock.advance(1000);
    await server.upkeep().reclaim();
    await client(2).bind();
    expect((await client(1).bind()).yiaddr).toBe("192.0.2.10");
  });

  it("a declined address is free again when its probation is over, and belongs to nobody", async () => {
    await client(1).bind();
    await client(1).decline("192.0.2.10");
    server.clock.advance(499);
    await server.upkeep().reclaim();
    expect(server.leases()).toEqual(["192.0.2.10 - declined"]);
    server.clock.advance(1);
    await server.upkeep().reclaim();
    expect(server.leases()).toEqual([]);
  });

  it("an offer that nobody took is gone after a minute, without a trace in the file", async () => {
    await client(1).discover();
    const before = server.fileText();
    server.clock.advance(60);
    await server.upkeep().reclaim();
    expect(server.lease("192.0.2.10")).toBeUndefined();
    expect(server.fileText()).toBe(before);
  });

  it("goes through any number of leases in steps of max-reclaim-leases, with room for packets between them", async () => {
    for (let number = 1; number <= 5; number++) await client(number).bind();
    server.clock.advance(1000);
    const order: string[] = [];
    const done = server
      .upkeep()
      .reclaim()
      .then(() => order.push("reclaimed"));
    const served = client(6)
      .discover()
      .then(() => order.push("served"));
    await Promise.all([done, served]);
    expect(order).toEqual(["served", "reclaimed"]);
    expect(server.leases().every((lease) => lease.endsWith("reclaimed"))).toBe(true);
    expect(server.leases()).toHaveLength(5);
  });

  it("changes nothing while the disk takes nothing, and does it later", async () => {
    await client(1).bind();
    server.clock.advance(1000);
    server.breakDisk();
    await server.upkeep().reclaim();
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 assigned"]);
    server.mendDisk();
    await server.upkeep().reclaim();
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 reclaimed"]);
  });

  it("ends in peace when the daemon does", async () => {
    for (let number = 1; number <= 6; number++) await client(number).bind();
    server.clock.advance(1000);
    const done = server.upkeep().reclaim();
    await server.store.close();
    await expect(done).resolves.toBeUndefined();
  });

  it("a renewal that arrives while the lease is being reclaimed wins", async () => {
    await client(1).bind();
    server.clock.advance(1000);
    const done = server.upkeep().reclaim();
    const ack = await client(1).renew("192.0.2.10");
    await done;
    expect(ack?.type).toBe("ACK");
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 assigned"]);
  });
});
