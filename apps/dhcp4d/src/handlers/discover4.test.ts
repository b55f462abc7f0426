import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { ip, text } from "@kotare/testkit/payloads";
import { beforeEach, describe, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

function lan(pool: string) {
  return { id: 7, subnet: "192.0.2.0/24", pools: [{ pool }] };
}

let server: TestServer4;
const client = (number: number) => new TestClient4(server, number);

async function start(config: Dhcp4Text, random?: () => number): Promise<void> {
  server = await TestServer4.start(config, random === undefined ? {} : { random });
}

/** The address that is offered, or why none is. */
async function offered(number: number, wanted?: string): Promise<string | undefined> {
  const options = wanted === undefined ? [] : [[50, ip(wanted)] as const];
  return (await client(number).discover({ options }))?.yiaddr ?? server.drops().at(-1);
}

describe("RFC 2131 §4.3.1: DISCOVER", () => {
  beforeEach(() => start({ subnet4: [lan("192.0.2.10-192.0.2.13")] }));

  it("is offered a free address, and nothing is written yet", async () => {
    expect(await offered(1)).toBe("192.0.2.10");
    expect(server.leases()).toEqual([]);
    expect(server.fileText().trim().split("\n")).toHaveLength(1);
  });

  it("repeated is offered the same address", async () => {
    expect([await offered(1), await offered(1)]).toEqual(["192.0.2.10", "192.0.2.10"]);
  });

  it("of different clients is offered different addresses, also in one batch", async () => {
    const replies = await server.serve(...[1, 2, 3, 4].map((number) => client(number).discoverMessage()));
    expect(replies.map(({ yiaddr }) => yiaddr)).toEqual(["192.0.2.10", "192.0.2.11", "192.0.2.12", "192.0.2.13"]);
  });

  it("is offered the client's present address", async () => {
    await client(1).bind();
    expect(await offered(1, "192.0.2.12")).toBe("192.0.2.10");
  });

  it("is offered the address that the client had before, although it has expired", async () => {
    await client(1).bind();
    server.clock.advance(100_000);
    await client(2).bind();
    expect(await offered(1, "192.0.2.13")).toBe("192.0.2.10");
  });

  it("is offered the address that it asks for, when that is free", async () => {
    expect(await offered(1, "192.0.2.12")).toBe("192.0.2.12");
  });

  it.each([
    ["is held by somebody else", "192.0.2.10"],
    ["was just offered to somebody else", "192.0.2.11"],
    ["is in no pool", "192.0.2.77"],
    ["is in no subnet", "10.0.0.1"],
  ])("that asks for an address which %s is offered another one", async (_, wanted) => {
    await client(8).bind();
    await offered(9);
    expect(await offered(1, wanted)).toBe("192.0.2.12");
  });

  it("from where no subnet is gets no answer", async () => {
    expect(await client(1).discover({ giaddr: "10.0.0.1" })).toBeUndefined();
    expect(server.drops()).toEqual(["no-subnet"]);
  });
});

describe("a pool that is used up", () => {
  beforeEach(() => start({ "valid-lifetime": 1000, subnet4: [lan("192.0.2.10-192.0.2.12")] }));

  it("gives addresses that nobody had first, then released ones, then ones only on offer, then none", async () => {
    await client(1).bind();
    await client(1).release("192.0.2.10");
    expect(await offered(2)).toBe("192.0.2.11");
    await client(3).bind();
    expect(server.leases()).toContain("192.0.2.12 02:00:00:00:00:03 assigned");
    expect((await client(4).bind()).yiaddr).toBe("192.0.2.10");
    expect((await client(5).bind()).yiaddr).toBe("192.0.2.11");
    expect(await offered(6)).toBe("no-address");
    expect(server.count("pkt4-processing-failed")).toBe(1);
  });

  it("gives an expired address that was not reclaimed yet", async () => {
    for (const number of [1, 2, 3]) await client(number).bind();
    expect(await offered(4)).toBe("no-address");
    server.clock.advance(1000);
    expect((await client(4).bind()).yiaddr).toBe("192.0.2.10");
    expect(server.leases()[0]).toBe("192.0.2.10 02:00:00:00:00:04 assigned");
  });

  it("refuses the renewal of a lease that somebody else was given after it had expired", async () => {
    for (const number of [1, 2, 3]) await client(number).bind();
    server.clock.advance(1000);
    await client(4).bind();
    expect((await client(1).renew("192.0.2.10"))?.type).toBe("NAK");
  });

  it("of one address serves one client after the other", async () => {
    await start({ "valid-lifetime": 1000, subnet4: [lan("192.0.2.10/32")] });
    for (const number of [1, 2, 3]) {
      expect((await client(number).bind()).yiaddr).toBe("192.0.2.10");
      expect(await offered(9)).toBe("no-address");
      await client(number).release("192.0.2.10");
    }
  });
});

describe("allocators", () => {
  const config = (allocator: string) => ({ allocator, subnet4: [lan("192.0.2.0/28")] });

  it("iterative goes through the pool in order", async () => {
    await start(config("iterative"));
    expect([await offered(1), await offered(2), await offered(3)]).toEqual(["192.0.2.0", "192.0.2.1", "192.0.2.2"]);
  });

  it.each(["random", "flq"])("%s begins anywhere, and gives each address once", async (allocator) => {
    let turn = 0;
    await start(config(allocator), () => (turn++ * 0.37 + 0.5) % 1);
    const addresses: string[] = [];
    for (let number = 1; number <= 16; number++) addresses.push((await client(number).bind()).yiaddr);
    expect(addresses[0]).toBe("192.0.2.8");
    expect(new Set(addresses).size).toBe(16);
    expect(addresses).not.toEqual([...addresses].sort());
    expect(await offered(17)).toBe("no-address");
  });

  it.each(["iterative", "random", "flq"])("%s serves a pool of one address (ChangeLog 2472)", async (allocator) => {
    await start({ allocator, subnet4: [lan("192.0.2.10-192.0.2.10")] }, () => 0.999);
    expect((await client(1).bind()).yiaddr).toBe("192.0.2.10");
    expect(await offered(2)).toBe("no-address");
  });

  const straddling = { id: 7, subnet: "192.0.2.0/23", pools: [{ pool: "192.0.2.254-192.0.3.1" }] };
  const edges = { compatibility: { "exclude-first-last-24": true } };

  it("exclude-first-last-24 gives no address that ends in .0 or .255, unless a client asks for it", async () => {
    await start({ ...edges, subnet4: [straddling] });
    expect([await offered(1), await offered(2), await offered(3)]).toEqual(["192.0.2.254", "192.0.3.1", "192.0.2.254"]);
    expect(await offered(4, "192.0.2.255")).toBe("192.0.2.255");
  });

  it("exclude-first-last-24 is about subnets of /24 and larger only", async () => {
    await start({ ...edges, subnet4: [{ id: 7, subnet: "192.0.2.0/25", pools: [{ pool: "192.0.2.0/31" }] }] });
    expect(await offered(1)).toBe("192.0.2.0");
  });
});

describe("offer-lifetime", () => {
  it("an offer is durable before it leaves, and ends by itself", async () => {
    await start({ "offer-lifetime": 60, subnet4: [lan("192.0.2.10/32")] });
    const offer = await client(1).discover();
    expect(offer!.u32(51)).toBe(7200);
    expect(server.lease("192.0.2.10")).toMatchObject({ state: 0, validLifetime: 60 });
    expect(server.fileText()).toContain("192.0.2.10,02:00:00:00:00:01,,60,");
    expect(await offered(2)).toBe("no-address");
    server.clock.advance(60);
    expect(await offered(2)).toBe("192.0.2.10");
  });

  it("an offer does not shorten the lease that the client has", async () => {
    await start({ "offer-lifetime": 60, "valid-lifetime": 1000, subnet4: [lan("192.0.2.10/32")] });
    await client(1).bind();
    await client(1).discover();
    server.clock.advance(61);
    expect(await offered(2)).toBe("no-address");
  });

  it("an offer that ends with the lease that the client has changes nothing", async () => {
    await start({ "offer-lifetime": 60, "valid-lifetime": 1000, subnet4: [lan("192.0.2.10/32")] });
    await client(1).bind();
    server.clock.advance(940);
    expect(await offered(1)).toBe("192.0.2.10");
    expect(server.lease("192.0.2.10")).toMatchObject({ validLifetime: 1000, cltt: server.clock.wall() - 940 });
  });

  it("an offer makes the lease that would end before it last as long", async () => {
    await start({ "offer-lifetime": 60, "valid-lifetime": 1000, subnet4: [lan("192.0.2.10/32")] });
    await client(1).bind();
    server.clock.advance(941);
    expect(await offered(1)).toBe("192.0.2.10");
    expect(server.lease("192.0.2.10")).toMatchObject({ validLifetime: 60, cltt: server.clock.wall() });
  });

  it("a durable offer has the client's name, which is not in the DNS yet", async () => {
    const names = { "dhcp-ddns": { "enable-updates": true }, "ddns-qualifying-suffix": "example.org." };
    await start({ ...names, "offer-lifetime": 60, subnet4: [lan("192.0.2.10/32")] });
    const named = { options: [[12, text("alice")] as const] };
    await client(1).discover(named);
    expect(server.lease("192.0.2.10")).toMatchObject({ hostname: "alice.example.org", fqdnFwd: false, fqdnRev: false });
    await client(1).bind(named);
    expect(server.lease("192.0.2.10")).toMatchObject({ hostname: "alice.example.org", fqdnFwd: true, fqdnRev: true });
  });

  it("without it an offer begins anew when the client asks again, and a lease that is over stays until a REQUEST", async () => {
    await start({ "valid-lifetime": 100, subnet4: [lan("192.0.2.10/32")] });
    await client(1).discover();
    server.clock.advance(50);
    await client(1).discover();
    expect(server.lease("192.0.2.10")).toMatchObject({ state: 255, cltt: server.clock.wall() });
    await client(1).bind();
    server.clock.advance(100);
    expect(await offered(2)).toBe("192.0.2.10");
    expect(server.leases()).toEqual(["192.0.2.10 02:00:00:00:00:01 assigned"]);
    expect(server.lease("192.0.2.10")!.state).toBe(0);
  });

  it("without it an offer is kept for a minute in memory, and asked for again the address is still the client's", async () => {
    await start({ subnet4: [lan("192.0.2.10-192.0.2.11")] });
    expect(await offered(1)).toBe("192.0.2.10");
    expect(server.lease("192.0.2.10")).toMatchObject({ state: 255, validLifetime: 60 });
    expect([await offered(2), await offered(3)]).toEqual(["192.0.2.11", "192.0.2.10"]);
  });
});

describe("a shared network", () => {
  const network = {
    "shared-networks": [
      {
        name: "floor",
        subnet4: [
          { id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10/32" }, { pool: "192.0.2.12/32" }] },
          { id: 2, subnet: "10.3.0.0/24", pools: [{ pool: "10.3.0.10-10.3.0.11" }] },
        ],
      },
    ],
  };

  beforeEach(() => start(network));

  it("fills its subnets one after the other, and then refuses", async () => {
    const addresses: string[] = [];
    for (const number of [1, 2, 3, 4]) addresses.push((await client(number).bind()).yiaddr);
    expect(addresses).toEqual(["192.0.2.10", "192.0.2.12", "10.3.0.10", "10.3.0.11"]);
    expect(await offered(5)).toBe("no-address");
  });

  it("gives an address that was never used in the second subnet before a released one in the first", async () => {
    for (const number of [1, 2]) await client(number).bind();
    await client(1).release("192.0.2.10");
    expect(await offered(3)).toBe("10.3.0.10");
  });

  it("keeps a client in the subnet where it has its lease", async () => {
    for (const number of [1, 2, 3]) await client(number).bind();
    await client(1).release("192.0.2.10");
    expect(await offered(3)).toBe("10.3.0.10");
    expect((await client(3).renew("10.3.0.10"))?.type).toBe("ACK");
    expect((await client(3).reboot("10.3.0.10"))?.type).toBe("ACK");
  });

  it("grants an address of its second subnet that the client wants", async () => {
    expect(await offered(1, "10.3.0.11")).toBe("10.3.0.11");
  });

  it("gives the mask of the subnet that the address is from", async () => {
    await start({
      "shared-networks": [
        {
          name: "floor",
          subnet4: [
            { id: 1, subnet: "192.0.2.0/24", pools: [] },
            { id: 2, subnet: "10.3.0.0/16", pools: [{ pool: "10.3.0.10/32" }] },
          ],
        },
      ],
    });
    expect((await client(1).bind()).ips(1)).toBe("255.255.0.0");
  });
});

describe("lease affinity", () => {
  it("a released address waits for its client while others are free", async () => {
    await start({ subnet4: [lan("192.0.2.10-192.0.2.12")] });
    await client(1).bind();
    await client(1).release("192.0.2.10");
    expect((await client(2).bind()).yiaddr).toBe("192.0.2.11");
    expect((await client(1).bind()).yiaddr).toBe("192.0.2.10");
  });

  it("an address whose probation after a DECLINE is not over is nobody's", async () => {
    await start({ "decline-probation-period": 100, subnet4: [lan("192.0.2.10/32")] });
    await client(1).bind();
    await client(1).decline("192.0.2.10");
    expect(await offered(1)).toBe("no-address");
    expect(server.store.begin().expired(server.clock.wall(), 10)).toEqual([]);
    server.clock.advance(100);
    expect((await server.store.begin().expired(server.clock.wall(), 10))[0]?.address).toBe(parseIpv4("192.0.2.10"));
    expect(await offered(2)).toBe("192.0.2.10");
  });
});
