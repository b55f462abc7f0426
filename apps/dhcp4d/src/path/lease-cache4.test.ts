/** Kea's lease cache: a client is told of its lease as it stands, which must be where a restart or another server finds it. */
import { ManualClock } from "@kotare/core/base/clock";
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { SharedStore4 } from "@kotare/core/leases/database/shared-store4";
import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import { beforeEach, describe, expect, it } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const LAN = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };
const CACHING: Dhcp4Text = { "cache-threshold": 0.5, subnet4: [LAN] };

/** Waits until a command has put a lease, and no longer: it is not on disk yet. */
async function isSeen(server: TestServer4, address: string): Promise<void> {
  for (let turns = 0; turns < 100 && server.lease(address) === undefined; turns++) await undefined;
  expect(server.lease(address)).toBeDefined();
}

describe("with the lease file", () => {
  it("a renewal is served while nothing can be written, and afterwards: its lease is on disk", async () => {
    const server = await TestServer4.start(CACHING);
    const [alice, bob] = [new TestClient4(server, 1), new TestClient4(server, 2)];
    await alice.bind();
    server.breakDisk();
    expect(await bob.select("192.0.2.11")).toBeUndefined();
    expect((await alice.renew("192.0.2.10"))?.type).toBe("ACK");
    server.mendDisk();
    expect((await alice.renew("192.0.2.10"))?.type).toBe("ACK");
  });

  it.each(["pwrite", "fdatasync"] as const)("no renewal of a lease that a command puts, and %s fails", async (call) => {
    const server = await TestServer4.start(CACHING);
    server.breakDisk(call);
    const until = Math.floor(server.clock.wall()) + 7200;
    const lease = { "ip-address": "192.0.2.15", "hw-address": macOf(1), "valid-lft": 7200, expire: until };
    const adding = server.ask("lease4-add", lease);
    await isSeen(server, lease["ip-address"]);
    expect((await new TestClient4(server, 1).renew("192.0.2.15"))?.type).not.toBe("ACK");
    expect((await adding).result).toBe(1);
    expect(server.leases()).toEqual([]);
  });

  it("who comes back to one of two leases gives the other up, however young the one is", async () => {
    const server = await TestServer4.start(CACHING);
    const alice = new TestClient4(server, 1);
    await alice.bind();
    const until = Math.floor(server.clock.wall()) + 7200;
    await server.ask("lease4-add", {
      "ip-address": "192.0.2.15",
      "hw-address": macOf(1),
      "valid-lft": 7200,
      expire: until,
    });
    expect((await alice.renew("192.0.2.10"))?.type).toBe("ACK");
    expect(server.leases()).toEqual([`192.0.2.10 ${macOf(1)} assigned`]);
  });

  it("a renewal waits for the lease that a command puts", async () => {
    const server = await TestServer4.start(CACHING);
    const until = Math.floor(server.clock.wall()) + 7200;
    const lease = { "ip-address": "192.0.2.15", "hw-address": macOf(1), "valid-lft": 7200, expire: until };
    const adding = server.ask("lease4-add", lease);
    await isSeen(server, lease["ip-address"]);
    expect((await new TestClient4(server, 1).renew("192.0.2.15"))?.type).toBe("ACK");
    expect(server.durableText()).toContain("\n192.0.2.15,");
    await adding;
  });
});

/** A database whose commits take longer than its loads, as any that syncs. */
class SlowDatabase extends MemoryDatabase4 {
  override async commit(changes: Parameters<MemoryDatabase4["commit"]>[0]) {
    for (let turns = 0; turns < 8; turns++) await new Promise(setImmediate);
    return super.commit(changes);
  }
}

describe("with two servers on one database", () => {
  let database: MemoryDatabase4;
  let one: TestServer4;
  let alice: TestClient4;
  let carol: TestClient4;
  /** Offered to alice by one server; another has just given it to dave. */
  let lost: string;
  /** Offered to carol. */
  let free: string;

  beforeEach(async () => {
    database = new SlowDatabase();
    const start = () => TestServer4.start(CACHING, { leases: new SharedStore4(database, new ManualClock()) });
    one = await start();
    alice = new TestClient4(one, 1);
    carol = new TestClient4(one, 3);
    const dave = new TestClient4(await start(), 4);
    lost = (await alice.discover())!.yiaddr;
    expect((await dave.discover())?.yiaddr).toBe(lost);
    free = (await carol.discover())!.yiaddr;
    expect((await dave.select(lost))?.type).toBe("ACK");
  });

  const acksOfLost = (replies: readonly { type: string; yiaddr: string }[]) =>
    replies.filter(({ type, yiaddr }) => type === "ACK" && yiaddr === lost);

  it("a renewal falls with the change that it has seen, whatever is submitted in between", async () => {
    const served = [
      one.serve(alice.selectMessage(lost, { xid: 77 })),
      one.serve(carol.selectMessage(free)),
      one.serve(alice.selectMessage(lost, { xid: 78 })),
    ];
    expect(acksOfLost((await Promise.all(served)).flat())).toEqual([]);
    expect(database.leases.get(parseIpv4(lost)!)?.hwaddr.at(-1)).toBe(4);
  });

  it("a renewal falls with the change that it has seen, though others of its batch are made", async () => {
    const served = [
      one.serve(alice.selectMessage(lost, { xid: 77 })),
      one.serve(alice.selectMessage(lost, { xid: 78 }), carol.selectMessage(free)),
    ];
    const replies = (await Promise.all(served)).flat();
    expect(acksOfLost(replies)).toEqual([]);
    expect(replies.filter(({ type }) => type === "ACK").map(({ yiaddr }) => yiaddr)).toEqual([free]);
  });

  it("one REQUEST that comes through two relays is acknowledged through neither when another server was quicker", async () => {
    const served = [
      one.serve(alice.selectMessage(lost, { xid: 77, giaddr: "192.0.2.2" })),
      one.serve(alice.selectMessage(lost, { xid: 77, giaddr: "192.0.2.3" }), carol.selectMessage(free)),
    ];
    expect(acksOfLost((await Promise.all(served)).flat())).toEqual([]);
  });

  it("a renewal in the batch that gives the lease falls with it", async () => {
    const replies = await one.serve(
      alice.selectMessage(lost, { xid: 77, giaddr: "192.0.2.2" }),
      alice.selectMessage(lost, { xid: 77, giaddr: "192.0.2.3" }),
    );
    expect(acksOfLost(replies)).toEqual([]);
  });

  it("renewals are served after another server was quicker elsewhere", async () => {
    await carol.select(free);
    expect((await alice.select(lost))?.type).toBe("NAK");
    expect((await carol.renew(free))?.type).toBe("ACK");
  });
});
