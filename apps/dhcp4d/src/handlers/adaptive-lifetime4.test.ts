/** Kea's `adaptive-lease-time-threshold`: the fuller the pools of a subnet, the shorter their leases. */
import { expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const ADAPTIVE: Dhcp4Text = {
  "min-valid-lifetime": 100,
  "valid-lifetime": 200,
  "max-valid-lifetime": 300,
  "adaptive-lease-time-threshold": 0.5,
  allocator: "flq",
};
const POOL = { pool: "192.0.2.10-192.0.2.13" };
const OPEN = { ...ADAPTIVE, subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [POOL] }] };

/** How long the leases of clients last that come one after the other. */
async function lifetimes(config: Dhcp4Text, clients: number): Promise<readonly (number | undefined)[]> {
  const server = await TestServer4.start(config);
  const given: (number | undefined)[] = [];
  for (let number = 1; number <= clients; number++) {
    const client = new TestClient4(server, number);
    const offer = await client.discover();
    const ack = await client.select(offer!.yiaddr);
    expect(ack?.u32(51)).toBe(offer!.u32(51));
    given.push(ack?.u32(51));
  }
  return given;
}

it("from the share on that is in use with the new lease, clients get the minimum", async () => {
  expect(await lifetimes(OPEN, 4)).toEqual([200, 100, 100, 100]);
  expect(await lifetimes({ ...OPEN, "adaptive-lease-time-threshold": 1 }, 4)).toEqual([200, 200, 200, 100]);
});

it("so does who asks for more", async () => {
  const server = await TestServer4.start({ ...OPEN, "adaptive-lease-time-threshold": 0.1 });
  const ack = await new TestClient4(server, 1).select("192.0.2.10", { options: [[51, Uint8Array.of(0, 0, 1, 0)]] });
  expect(ack?.u32(51)).toBe(100);
});

it("other allocators take no notice, and nearer scopes have the last word", async () => {
  expect(await lifetimes({ ...OPEN, allocator: "random" }, 2)).toEqual([200, 200]);
  const subnet = { ...OPEN.subnet4[0]!, "adaptive-lease-time-threshold": 0.75 };
  expect(await lifetimes({ ...OPEN, subnet4: [subnet] }, 3)).toEqual([200, 200, 100]);
});

it("all pools count that the client may use, and no others", async () => {
  const guarded = { pool: "192.0.2.20-192.0.2.120", "client-classes": ["others"] };
  const open = { pool: "192.0.2.200-192.0.2.203" };
  const subnet4 = [{ id: 7, subnet: "192.0.2.0/24", pools: [POOL, guarded, open] }];
  const classes = [{ name: "others", test: "option[60].exists" }];
  expect(await lifetimes({ ...OPEN, "client-classes": classes, subnet4 }, 5)).toEqual([200, 200, 200, 100, 100]);
});

it("offers and leases that are over do not count; who renews gets the minimum, or what is left", async () => {
  const server = await TestServer4.start(OPEN);
  const [alice, bob, carol, dave] = [1, 2, 3, 4].map((number) => new TestClient4(server, number)) as [
    TestClient4,
    TestClient4,
    TestClient4,
    TestClient4,
  ];
  for (const client of [bob, carol, dave]) await client.discover();
  const first = await alice.bind();
  expect(first.u32(51)).toBe(200);
  server.clock.advance(50);
  await bob.bind();
  expect((await alice.renew(first.yiaddr))?.u32(51)).toBe(150);
  server.clock.advance(99);
  expect((await alice.renew(first.yiaddr))?.u32(51)).toBe(100);
  server.clock.advance(2);
  // Bob's lease is over.
  expect((await alice.renew(first.yiaddr))?.u32(51)).toBe(200);
});
