/** `libdhcp_limits.so`, in DHCPv4. */
import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import { expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";
import type { TestServer4Options } from "../testing/test-server4-options.ts";

const limits = (keys: object) => ({ "user-context": { limits: keys } });
const SUBNET = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.199" }] };

const start = (config: Dhcp4Text, options: TestServer4Options = {}) =>
  TestServer4.start({ subnet4: [SUBNET], "hooks-libraries": [{ library: "libdhcp_limits.so" }], ...config }, options);

const discovers = (server: TestServer4, count: number) =>
  Array.from({ length: count }, (_, i) => new TestClient4(server, i + 1).discoverMessage());

it("exactly so many packets of a batch are served, and the log says why the others are not", async () => {
  const server = await start({ subnet4: [{ ...SUBNET, ...limits({ "rate-limit": "50 packets per hour" }) }] });
  const replies = await server.serve(...discovers(server, 64));
  expect(replies).toHaveLength(50);
  expect(server.counts()).toMatchObject({ "pkt4-receive-drop": 14, "pkt4-admin-filtered": 14 });
  expect(server.log.lines.join()).toContain("extension limits: more than 50 packets per hour of subnet 7");
});

it("a packet whose lease cannot be written counts all the same", async () => {
  const server = await start({
    "client-classes": [{ name: "all", test: "member('ALL')", ...limits({ "rate-limit": "3 packets per year" }) }],
  });
  const client = new TestClient4(server, 1);
  await client.bind();
  server.breakDisk();
  expect(await client.renew("192.0.2.10")).toBeUndefined();
  server.mendDisk();
  expect(await client.renew("192.0.2.10")).toBeUndefined();
  expect(server.drops()).toEqual(["commit-failed", "extension-drop"]);
});

it("a packet that is decided about again, when its leases are loaded, counts once", async () => {
  const server = await start(
    { subnet4: [{ ...SUBNET, ...limits({ "rate-limit": "3 packets per hour" }) }] },
    { database: new MemoryDatabase4() },
  );
  const client = new TestClient4(server, 1);
  const { yiaddr } = await client.bind();
  expect(await client.renew(yiaddr)).toBeDefined();
  expect(await client.renew(yiaddr)).toBeUndefined();
});

it("a message that gets no answer counts, too", async () => {
  const server = await start({ subnet4: [{ ...SUBNET, ...limits({ "rate-limit": "3 packets per hour" }) }] });
  const client = new TestClient4(server, 1);
  await client.bind();
  await client.release("192.0.2.10");
  expect(await client.discover()).toBeUndefined();
});

it("a packet that one limit refuses counts for none", async () => {
  const server = await start({
    "client-classes": [{ name: "none", test: "option[77].exists", ...limits({ "rate-limit": "0 packets per hour" }) }],
    subnet4: [{ ...SUBNET, ...limits({ "rate-limit": "1 packet per hour" }) }],
  });
  const client = new TestClient4(server, 1);
  expect(await client.discover({ options: [[77, [1]]] })).toBeUndefined();
  expect(await client.discover()).toBeDefined();
  expect(await client.discover()).toBeUndefined();
});
