/** Kea's `adaptive-lease-time-threshold` for delegated prefixes. */
import { expect, it } from "vitest";
import { na, pd, TestClient6 } from "../testing/test-client6.ts";
import { type Dhcp6Text, TestServer6 } from "../testing/test-server6.ts";

const PREFIXES = { prefix: "2001:db8:8000::", "prefix-len": 54, "delegated-len": 56 };
const LAN = {
  id: 1,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::10-2001:db8::13" }],
  "pd-pools": [PREFIXES],
};
const ADAPTIVE: Dhcp6Text = {
  "min-valid-lifetime": 1000,
  "valid-lifetime": 4000,
  "min-preferred-lifetime": 800,
  "preferred-lifetime": 3000,
  "renew-timer": 300,
  "rebind-timer": 400,
  "adaptive-lease-time-threshold": 0.75,
  "pd-allocator": "flq",
  subnet6: [LAN],
};

/** What clients get that come one after the other. */
async function given(config: Dhcp6Text, clients: number): Promise<readonly string[]> {
  const server = await TestServer6.start(config);
  const ias: string[] = [];
  for (let number = 1; number <= clients; number++) {
    const client = new TestClient6(server, number);
    for (const ia of (await client.request(na(1), pd(2)))!.ias) ias.push(ia.split(" ").at(-1)!);
  }
  return ias;
}

it("prefixes are lent for a shorter time when most of them are in use; addresses are not", async () => {
  const [ample, scarce] = [
    ["3000/4000", "3000/4000"],
    ["3000/4000", "800/1000"],
  ];
  expect(await given(ADAPTIVE, 4)).toEqual([ample, ample, scarce, scarce].flat());
  expect(await given({ ...ADAPTIVE, "pd-allocator": "random" }, 3)).toEqual([ample, ample, ample].flat());
});

it("prefixes that are longer than this one do not count", async () => {
  const longer = { prefix: "2001:db8:9000::", "prefix-len": 54, "delegated-len": 64 };
  expect(await given({ ...ADAPTIVE, subnet6: [{ ...LAN, "pd-pools": [PREFIXES, longer] }] }, 4)).toContain("800/1000");
});

it("who renews keeps what is left", async () => {
  const server = await TestServer6.start(ADAPTIVE);
  const clients = [1, 2, 3, 4].map((number) => new TestClient6(server, number));
  const [first] = (await clients[0]!.request(pd(2)))!.ias;
  const prefix = first!.split(" ")[4]!;
  for (const client of clients.slice(1)) await client.request(pd(2));
  server.clock.advance(900);
  expect((await clients[0]!.renew(pd(2, prefix)))!.ias).toEqual([`pd 2 300 400 ${prefix} 3000/3100`]);
});
