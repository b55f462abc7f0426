/** `libdhcp_radius.so`, in DHCPv6: addresses and prefixes that RADIUS gives. */
import { SECRET, TestRadiusServer, type TestReply } from "@kotare/core/extensions/radius/testing/test-radius-server";
import { expect, it, vi } from "vitest";
import { na, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const bytes = (hex: string) => Buffer.from(hex, "hex");

/** What a client is answered when RADIUS answers so; the server for accounting is the same. */
async function start(reply: TestReply) {
  const radius = await TestRadiusServer.start((request) => request.reply(request.code === 4 ? [5] : reply));
  const servers = [{ name: "127.0.0.1", port: radius.port, secret: SECRET }];
  const server = await TestServer6.start({
    subnet6: [
      {
        id: 7,
        subnet: "2001:db8::/64",
        pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
        "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
      },
    ],
    "hooks-libraries": [{ library: "libdhcp_radius.so", parameters: { access: { servers }, accounting: { servers } } }],
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
