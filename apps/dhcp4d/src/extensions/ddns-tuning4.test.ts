/** `libdhcp_ddns_tuning.so`, in DHCPv4: the answer, the lease and the DNS have the same name. */
import { describe, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const SUBNET = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };
const LIBRARY = { library: "libdhcp_ddns_tuning.so", parameters: { "hostname-expr": "option[60].text" } };

const start = (config: Dhcp4Text = {}) =>
  TestServer4.start({
    subnet4: [SUBNET],
    "dhcp-ddns": { "enable-updates": true },
    "ddns-qualifying-suffix": "example.org",
    "client-classes": [{ name: "SKIP_DDNS", test: "option[77].exists" }],
    "hooks-libraries": [LIBRARY],
    ...config,
  });

const saying = (own: string | undefined, wanted: string, ...more: [number, Uint8Array][]) => ({
  options: [
    [60, Buffer.from(wanted)] as const,
    ...(own === undefined ? [] : [[12, Buffer.from(own)] as const]),
    ...more,
  ],
});

it.each([
  ["own", "made", "made.example.org", "made.example.org"],
  ["own", "Made.X", "Made.X", "Made.X"],
  ["own", "", "own.example.org", "own.example.org"],
  ["own", ".", "own.example.org", "own.example.org"],
  ["own", "a..b", "own.example.org", "own.example.org"],
  [undefined, "made", undefined, "made.example.org"],
])("a client %j whose expression comes to %j is told %j, and its lease says %j", async (own, wanted, told, kept) => {
  const server = await start();
  const ack = await new TestClient4(server, 1).bind(saying(own, wanted));
  expect(ack.text(12)).toBe(told);
  expect(server.lease(ack.yiaddr)).toMatchObject({
    hostname: kept,
    fqdnFwd: told !== undefined,
    fqdnRev: told !== undefined,
  });
});

it("an expression that fails on a packet leaves the name as it is", async () => {
  const parameters = { "hostname-expr": "addrtotext(option[60].hex)" };
  const server = await start({ "hooks-libraries": [{ ...LIBRARY, parameters }] });
  const ack = await new TestClient4(server, 1).bind(saying("own", "three"));
  expect(ack.text(12)).toBe("own.example.org");
  expect(server.drops()).toEqual([]);
});

it("an FQDN says what is done, and has the name in lower case", async () => {
  const server = await start();
  const fqdn = [81, Uint8Array.of(5, 0, 0, 3, ...Buffer.from("own"))] as [number, Uint8Array];
  const ack = await new TestClient4(server, 1).bind(saying(undefined, "Made", fqdn));
  expect(Buffer.from(ack.option(81)!).toString("latin1")).toBe("\x05\xff\xff\x04made\x07example\x03org\0");
  expect(server.lease(ack.yiaddr)).toMatchObject({ hostname: "Made.example.org", fqdnFwd: true, fqdnRev: true });
});

it("of the class SKIP_DDNS nothing is in the DNS, from a renewal on, too", async () => {
  const server = await start();
  const client = new TestClient4(server, 1);
  const ack = await client.bind(saying("own", "made"));
  expect(server.lease(ack.yiaddr)).toMatchObject({ hostname: "made.example.org", fqdnFwd: true });
  const renewed = await client.renew(ack.yiaddr, saying("own", "made", [77, Uint8Array.of(1)]));
  expect(renewed?.text(12)).toBe("made.example.org");
  expect(server.lease(ack.yiaddr)).toMatchObject({ hostname: "made.example.org", fqdnFwd: false, fqdnRev: false });
});

it("a subnet may have an expression of its own, or none", async () => {
  const subnet = (expression: string) => ({
    subnet4: [{ ...SUBNET, "user-context": { "ddns-tuning": { "hostname-expr": expression } } }],
  });
  const nameWith = async (config: Dhcp4Text) =>
    (await new TestClient4(await start(config), 1).bind(saying("own", "made"))).text(12);
  expect(await nameWith(subnet("'guest-' + hexstring(pkt4.mac, '')"))).toBe("guest-020000000001.example.org");
  expect(await nameWith(subnet(""))).toBe("own.example.org");
  expect(await nameWith({ "hooks-libraries": [{ library: "libdhcp_ddns_tuning.so" }] })).toBe("own.example.org");
});

describe("out of the lease cache", () => {
  it("a lease with the name is confirmed as it stands, and one with another is renewed", async () => {
    const server = await start({ "cache-threshold": 0.9, "valid-lifetime": 1000 });
    const client = new TestClient4(server, 1);
    const { yiaddr } = await client.bind(saying("own", "made"));
    server.clock.advance(10);
    expect((await client.renew(yiaddr, saying("own", "made")))?.u32(51)).toBe(990);
    const renewed = await client.renew(yiaddr, saying("own", "other"));
    expect([renewed?.u32(51), renewed?.text(12)]).toEqual([1000, "other.example.org"]);
    expect(server.lease(yiaddr)?.hostname).toBe("other.example.org");
  });
});
