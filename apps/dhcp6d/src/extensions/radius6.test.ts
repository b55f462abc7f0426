/** `libdhcp_radius.so`, in DHCPv6: addresses and prefixes that RADIUS gives. */
import { SECRET, TestRadiusServer, type TestReply } from "@kotare/core/extensions/radius/testing/test-radius-server";
import { expect, it, vi } from "vitest";
import { na, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const bytes = (hex: string) => Buffer.from(hex, "hex");

/** What a client is answered when RADIUS answers so; the server for accounting is the same. */
async function start(reply: TestReply, parameters = {}, own = {}, others: readonly object[] = []) {
  const radius = await TestRadiusServer.start((request) => request.reply(request.code === 4 ? [5] : reply));
  const servers = [{ name: "127.0.0.1", port: radius.port, secret: SECRET }];
  const server = await TestServer6.start({
    subnet6: [
      {
        id: 7,
        subnet: "2001:db8::/64",
        pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
        "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
        interface: "eth0",
        ...own,
      },
      ...others,
    ],
    "client-classes": [{ name: "gold" }, { name: "silver" }],
    "hooks-libraries": [
      { library: "libdhcp_radius.so", parameters: { access: { servers }, accounting: { servers }, ...parameters } },
    ],
  });
  return { radius, server, client: new TestClient6(server, 1) };
}

it.each<[string, TestReply, readonly string[]]>([
  ["an address of the subnet", [2, [168, bytes("20010db8000000000000000000000077")]], ["2001:db8::77/128"]],
  ["a prefix, of which zeros are left out", [2, [123, bytes("003820010db80000aa00")]], ["2001:db8:0:aa00::/56"]],
  ["a prefix with bits behind its length", [2, [123, bytes("003820010db80000aa00ffff")]], ["2001:db8:0:aa00::/56"]],
  ["an address of elsewhere", [2, [168, bytes("20010db8000100000000000000000077")]], []],
  ["an address that is too short", [2, [168, bytes("20010db8")]], []],
  ["a prefix of no length", [2, [123, bytes("000020010db8")]], []],
  ["an IPv4 address", [2, [8, bytes("c0000201")]], []],
])("%s", async (_, reply, reserved) => {
  const { server, client, radius } = await start(reply);
  expect(await client.request(na(1), pd(2))).toBeUndefined();
  await vi.waitUntil(() => server.transport.takeSent().length > 0, { timeout: 60_000 });
  const given = server.leases().map((lease) => lease.split(" ")[0]);
  for (const lease of reserved) expect(given).toContain(lease);
  if (reserved.length === 0) expect(given).toContain("2001:db8::10/128");
  await vi.waitFor(() => expect(radius.requests).toHaveLength(3), { timeout: 60_000 });
  const [asked, ...told] = radius.requests.map(({ attributes }) => attributes);
  expect(asked?.[1]).toBe(
    Buffer.from(client.duid, "hex")
      .toString("hex")
      .replace(/(..)(?!$)/g, "$1:"),
  );
  expect(told.map((report) => Object.keys(report).filter((type) => type === "123" || type === "168"))).toEqual([
    ["168"],
    ["123"],
  ]);
});

const [ADDRESSES, POOLS] = [{ "reselect-subnet-address": true }, { "reselect-subnet-pool": true }];
const SILVER = [{ pool: "2001:db8::10-2001:db8::1f", "client-class": "silver" }];

it.each<[string, object, TestReply, string, object?]>([
  ["one that has the address", ADDRESSES, [2, [168, bytes("20010db8000100000000000000000077")]], "2001:db8:1::77/128"],
  [
    "none for an address of its own",
    ADDRESSES,
    [2, [168, bytes("20010db8000000000000000000000077")]],
    "2001:db8::77/128",
  ],
  ["none for a prefix", ADDRESSES, [2, [123, bytes("004020010db800010000")]], "2001:db8::10/128"],
  ["one that has a pool for the class", POOLS, [2, [88, "gold"]], "2001:db8:1::10/128", { pools: SILVER }],
  ["none where its own has one", POOLS, [2, [88, "gold"]], "2001:db8::10/128"],
])("another subnet is selected: %s", async (_, parameters, reply, given, own = {}) => {
  const other = { id: 8, subnet: "2001:db8:1::/64", pools: [{ pool: "2001:db8:1::10-2001:db8:1::1f" }] };
  const { server, client } = await start(reply, parameters, own, [{ ...other, interface: "eth0" }]);
  expect(await client.request(na(1))).toBeUndefined();
  await vi.waitUntil(() => server.transport.takeSent().length > 0, { timeout: 60_000 });
  expect(server.leases().map((lease) => lease.split(" ")[0])).toEqual([given]);
});
