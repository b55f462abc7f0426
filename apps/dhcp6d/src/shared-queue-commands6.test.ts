/** Kea's commands about its allocator `shared-flq`. */
import { expect, it } from "vitest";
import { TestServer6 } from "./testing/test-server6.ts";

const CLIENT = { duid: "00:03:00:01:1a:1b:1c:1d:1e:1f", iaid: 1 };
const pools = [{ pool: "2001:db8:1::10-2001:db8:1::1f" }];
const pdPools = [{ prefix: "2001:db8:100::", "prefix-len": 40, "delegated-len": 56 }];

it("pools with the allocator shared-flq are listed, of addresses and of prefixes", async () => {
  const server = await TestServer6.start({
    subnet6: [
      { id: 1, subnet: "2001:db8:1::/64", allocator: "shared-flq", pools, "pd-pools": pdPools },
      { id: 2, subnet: "2001:db8:2::/64", "pd-allocator": "shared-flq", pools: [], "pd-pools": [] },
      {
        id: 3,
        subnet: "2001:db8:3::/64",
        "pd-allocator": "shared-flq",
        pools: [{ pool: "2001:db8:3::/80" }],
        "pd-pools": [{ ...pdPools[0], prefix: "2001:db8:300::" }],
      },
    ],
  });
  const [address, first, last] = ["2001:db8:1::10", "2001:db8:300::", "2001:db8:3ff:ff00::"];
  for (const lease of [
    { "ip-address": address },
    { "ip-address": first, type: "IA_PD", "prefix-len": 56, "subnet-id": 3 },
    { "ip-address": last, type: "IA_PD", "prefix-len": 56, "subnet-id": 3 },
  ]) {
    expect(await server.ask("lease6-add", { ...CLIENT, ...lease })).toMatchObject({ result: 0 });
  }
  expect(await server.ask("sflq-pool6-get-all")).toMatchObject({
    result: 0,
    text: "2 pool(s) found.",
    arguments: {
      pools: [
        {
          "delegated-len": 128,
          "end-address": "2001:db8:1::1f",
          "free-leases": 15,
          "lease-type": "IA_NA",
          "start-address": address,
          "subnet-id": 1,
        },
        {
          "delegated-len": 56,
          "end-address": "2001:db8:3ff:ffff:ffff:ffff:ffff:ffff",
          "free-leases": 65_534,
          "lease-type": "IA_PD",
          "start-address": first,
          "subnet-id": 3,
        },
      ],
    },
  });
  const prefixes = { "start-address": first, "end-address": "2001:db8:3ff:ffff:ffff:ffff:ffff:ffff" };
  expect(await server.ask("sflq-pool6-rebuild", prefixes)).toEqual({ result: 0, text: "SFLQ pool rebuilt." });
  const among = { "start-address": "2001:db8:301::", "end-address": "2001:db8:301::" };
  expect(await server.ask("sflq-pool6-get-by-range", among)).toMatchObject({ text: "1 pool(s) found." });
});
