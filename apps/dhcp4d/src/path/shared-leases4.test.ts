/** Servers that share their leases: the same handlers, over a database. */
import { ManualClock } from "@kotare/core/base/clock";
import { formatIpv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import { SharedStore4 } from "@kotare/core/leases/database/shared-store4";
import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import { beforeEach, describe, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const LAN: Dhcp4Text = { subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.49" }] }] };

let database: MemoryDatabase4;

beforeEach(() => {
  database = new MemoryDatabase4();
});

function start(config = LAN, clock = new ManualClock()): Promise<TestServer4> {
  return TestServer4.start(config, { leases: new SharedStore4(database, clock) });
}

/** `192.0.2.10 of 1`, by client. */
function held(): string[] {
  return [...database.leases.values()]
    .map(({ address, hwaddr }) => `${formatIpv4(address)} of ${hwaddr.at(-1)}`)
    .sort();
}

describe("a server whose leases are in a database", () => {
  it("gives a lease, renews it and takes it back, with one load for an exchange and each message after", async () => {
    const alice = new TestClient4(await start(), 1);
    expect((await alice.bind()).yiaddr).toBe("192.0.2.10");
    expect(database.loads).toBe(1);
    expect((await alice.renew("192.0.2.10"))?.type).toBe("ACK");
    expect(database.loads).toBe(2);
    expect(held()).toEqual(["192.0.2.10 of 1"]);
    await alice.release("192.0.2.10");
    expect(database.leases.get(parseIpv4("192.0.2.10")!)?.state).toBe(2);
    expect((await new TestClient4(await start(), 2).bind()).yiaddr).toBe("192.0.2.11");
  });

  it("looks a client up again that takes its time with an offer, or asks for another", async () => {
    const clock = new ManualClock();
    const alice = new TestClient4(await start(LAN, clock), 1);
    await alice.discover();
    await alice.discover();
    expect(database.loads).toBe(2);
    clock.advance(5);
    expect((await alice.select("192.0.2.10"))?.type).toBe("ACK");
    expect(database.loads).toBe(3);
  });

  it("decides about a whole batch with one load, and gives each client its own address", async () => {
    const server = await start();
    const clients = Array.from({ length: 20 }, (_, number) => new TestClient4(server, number));
    const offers = await server.serve(...clients.map((client) => client.discoverMessage()));
    expect(new Set(offers.map(({ yiaddr }) => yiaddr)).size).toBe(20);
    expect(database.loads).toBe(1);
  });

  it("finds the relay information that it keeps with a lease before it places the client", async () => {
    const network = {
      "shared-networks": [],
      "stash-agent-options": true,
      "store-extended-info": true,
      subnet4: [
        { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.49" }] },
        { id: 8, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10-10.0.0.49" }] },
      ],
    };
    const server = await start(network);
    const alice = new TestClient4(server, 1, { always: { giaddr: "10.0.0.1" } });
    const linkSelection = [82, Buffer.from([5, 4, 10, 0, 0, 0])] as const;
    expect((await alice.bind({ options: [linkSelection] })).yiaddr).toBe("10.0.0.10");
    expect((await new TestClient4(server, 1).renew("10.0.0.10"))?.type).toBe("ACK");
  });

  it("moves a client that takes its new reservation at once", async () => {
    const server = await start();
    const alice = new TestClient4(server, 1);
    await alice.bind();
    const reservations = [{ "hw-address": alice.mac, "ip-address": "192.0.2.60" }];
    server.reconfigure({ subnet4: [{ id: 7, subnet: "192.0.2.0/24", reservations }] });
    expect((await alice.bind()).yiaddr).toBe("192.0.2.60");
    expect(held()).toEqual(["192.0.2.60 of 1"]);
    expect(server.drops()).toEqual([]);
  });

  it("moves a client whose pool has moved, and gives its new address to nobody else", async () => {
    const clock = new ManualClock();
    const server = await start(LAN, clock);
    const [alice, bob] = [new TestClient4(server, 1), new TestClient4(server, 2)];
    await alice.bind();
    server.reconfigure({ subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.50/32" }] }] });
    expect((await alice.bind()).yiaddr).toBe("192.0.2.50");
    expect(held()).toEqual(["192.0.2.50 of 1"]);
    clock.advance(61);
    expect(await bob.discover()).toBeUndefined();
    expect(server.drops()).toEqual(["no-address"]);
  });

  it("drops what it cannot decide about, and serves again when the database is back", async () => {
    const server = await start();
    database.fault = new Error("connection lost");
    expect(await new TestClient4(server, 1).discover()).toBeUndefined();
    expect(server.drops()).toEqual(["commit-failed"]);
    database.fault = undefined;
    expect((await new TestClient4(server, 1).bind()).type).toBe("ACK");
  });
});

describe("two servers on one database", () => {
  it("that give the same address to two clients at once answer both, one with a NAK", async () => {
    const clients = [new TestClient4(await start(), 1), new TestClient4(await start(), 2)];
    const offers = await Promise.all(clients.map((client) => client.discover()));
    expect(offers.map((offer) => offer?.yiaddr)).toEqual(["192.0.2.10", "192.0.2.10"]);
    const acks = await Promise.all(clients.map((client) => client.select("192.0.2.10")));
    expect(acks.map((ack) => ack?.type)).toEqual(["ACK", "NAK"]);
    expect(held()).toEqual(["192.0.2.10 of 1"]);
  });

  it("that have both offered something to a client give it one lease, and each confirms it", async () => {
    const clients = [new TestClient4(await start(), 1), new TestClient4(await start(), 1)];
    for (const client of clients) await client.discover();
    expect((await clients[0]!.select("192.0.2.10"))?.type).toBe("ACK");
    expect((await clients[1]!.select("192.0.2.11"))?.yiaddr).toBe("192.0.2.11");
    expect(held()).toEqual(["192.0.2.11 of 1"]);
    expect((await clients[0]!.reboot("192.0.2.11"))?.type).toBe("ACK");
  });

  it("do not say no because of what one knew when it offered something", async () => {
    const [here, there] = [new TestClient4(await start(), 1), new TestClient4(await start(), 1)];
    await here.discover();
    expect((await there.bind()).yiaddr).toBe("192.0.2.10");
    expect((await here.reboot("192.0.2.10"))?.type).toBe("ACK");
  });

  it("never give one address to two clients, nor a client two", async () => {
    const servers = [await start(), await start()];
    const waiting = [0, 1].map((half) => Array.from({ length: 20 }, (_, number) => 2 * number + half));
    let exchanges = 0;
    const serveHalf = async (half: number) => {
      for (const number of waiting[half]!) {
        const client = new TestClient4(servers[half]!, number);
        let type: string | undefined;
        while (type !== "ACK") {
          expect(++exchanges).toBeLessThan(60);
          const offer = await client.discover();
          type = (await client.select(offer!.yiaddr))?.type;
        }
      }
    };
    await Promise.all([serveHalf(0), serveHalf(1)]);
    expect(database.leases.size).toBe(40);
    expect(new Set([...database.leases.values()].map(({ hwaddr }) => hwaddr.at(-1))).size).toBe(40);
  });
});

it("lease4-wipe empties one subnet", async () => {
  const server = await start({ subnet4: [7, 8].map((id) => ({ id, subnet: `192.0.${id}.0/24` })) });
  for (const address of ["192.0.7.10", "192.0.7.11", "192.0.8.12"]) {
    const added = { "ip-address": address, "hw-address": `02:00:00:00:00:${address.slice(-2)}` };
    expect(await server.ask("lease4-add", added)).toMatchObject({ result: 0 });
  }
  expect((await server.ask("lease4-wipe", { "subnet-id": 7 })).text).toContain("Deleted 2 IPv4");
  expect([...database.leases.values()].map(({ subnetId }) => subnetId)).toEqual([8]);
  expect(await server.ask("lease4-wipe", { "subnet-id": 7 })).toMatchObject({ result: 3 });
});
