import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { describe, expect, it } from "vitest";
import { na, pd, TestClient6 } from "../testing/test-client6.ts";
import { ip6, TestServer6 } from "../testing/test-server6.ts";
import { packetPath6 } from "./packet-path6.ts";

const LAN = {
  id: 1,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::10-2001:db8::10" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 56, "delegated-len": 56 }],
};

async function start(config: object = {}) {
  const server = await TestServer6.start({ subnet6: [LAN], ...config });
  return { server, client: new TestClient6(server, 1), other: new TestClient6(server, 2) };
}

describe("while the disk does not work", () => {
  it("pain row 28: nothing is given, and nothing remains of it", async () => {
    const { server, client, other } = await start();
    server.breakDisk();
    expect(await client.request(na(1), pd(2))).toBeUndefined();
    expect(server.drops).toEqual(["commit-failed"]);
    expect(server.leases()).toEqual([]);
    server.mendDisk();
    expect((await other.request(na(1), pd(2)))?.ias.map((ia) => ia.split(" ")[4])).toEqual([
      "2001:db8::10",
      "2001:db8:8000::/56",
    ]);
  });

  it("what needs none is answered", async () => {
    const { server, client } = await start();
    server.breakDisk();
    expect((await client.solicit(na(1)))?.type).toBe("ADVERTISE");
    expect((await client.confirm(na(1, "2001:db8::10")))?.status).toBe("Success");
    expect((await client.send(11))?.type).toBe("REPLY");
  });

  it("a lease is not confirmed out of the cache before the batch that gave it is on disk", async () => {
    const { server, client } = await start({ "cache-threshold": 0.5 });
    server.breakDisk();
    const first = client.request(na(1));
    const second = client.renew(na(1, "2001:db8::10"));
    expect([await first, await second]).toEqual([undefined, undefined]);
    expect(server.leases()).toEqual([]);
    server.mendDisk();
    expect((await client.request(na(1)))?.type).toBe("REPLY");
  });

  it("a lease that was on disk before is confirmed out of the cache", async () => {
    const { server, client } = await start({ "cache-threshold": 0.5 });
    await client.request(na(1));
    server.breakDisk();
    expect((await client.renew(na(1, "2001:db8::10")))?.ias[0]).toContain("2001:db8::10");
  });
});

it("what a batch that is not on disk yet has given is not given to another client", async () => {
  const { server, client, other } = await start();
  const both = [client.request(na(1)), other.request(na(1))];
  await Promise.all(both);
  expect(server.leases()).toHaveLength(1);
});

it("RFC 7341 §6.3: queries of DHCPv4 have flags and no transaction id, so none is a retransmission of another", () => {
  const path = packetPath6({ server: 547, client: 546 });
  const ingress = {
    interface: { index: 1, name: "eth0", mtu: 1500, mac: new Uint8Array(6), addresses: [] },
    source: ip6("fe80::1"),
    sourcePort: 547,
    destination: ip6("ff02::1:2"),
    sourceMac: undefined,
  };
  const received = (type: number) => ({ message: new Message6(Uint8Array.of(type, 0, 0, 0)), ingress });
  const { DHCPV4_QUERY, INFORMATION_REQUEST } = MessageType6;
  expect(path.isSameClient(received(DHCPV4_QUERY), received(DHCPV4_QUERY))).toBe(false);
  expect(path.isSameClient(received(INFORMATION_REQUEST), received(INFORMATION_REQUEST))).toBe(true);
});
