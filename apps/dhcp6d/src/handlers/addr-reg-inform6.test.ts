import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { MemoryDatabase6 } from "@kotare/core/leases/testing/memory-database6";
import { describe, expect, it } from "vitest";
import { na, option, type Part6, serverId, TestClient6 } from "../testing/test-client6.ts";
import { ip6, TestServer6 } from "../testing/test-server6.ts";
import type { TestServer6Options } from "../testing/test-server6-options.ts";

const POOL = { pool: "2001:db8::1-2001:db8::ff" };
const OWN = "2001:db8::1:5";
const CONFIG = {
  "ddns-qualifying-suffix": "example.org",
  "dhcp-ddns": { "enable-updates": true },
  subnet6: [
    {
      id: 9,
      subnet: "2001:db8::/64",
      pools: [POOL],
      reservations: [{ duid: "00:02:00:00:00:09:00:05", "ip-addresses": ["2001:db8::1:7"] }],
      "option-data": [{ name: "addr-reg-enable" }],
    },
  ],
};

const address = (text: string, preferred = 1000, valid = 2000): Part6 => {
  return (writer) => writer.iaLease(Option6.iaNa, { address: ip6(text), length: 128, preferred, valid });
};

async function register(server: TestServer6, number: number, own = OWN, ...parts: readonly Part6[]) {
  const client = new TestClient6(server, number);
  client.ingress = { source: ip6(own) };
  return client.send(MessageType6.ADDR_REG_INFORM, ...(parts.length === 0 ? [address(own)] : parts));
}

const start = (more: object = {}, options?: TestServer6Options) => TestServer6.start({ ...CONFIG, ...more }, options);

describe("RFC 9686 §4.2: ADDR-REG-INFORM", () => {
  it("is answered with the same address, to that address, and the lease file has it as its host says", async () => {
    const server = await start();
    const reply = await register(server, 1);
    expect(reply).toMatchObject({ type: "ADDR-REG-REPLY", ias: [] });
    expect(reply?.message.addresses).toMatchObject([{ address: ip6(OWN), preferred: 1000, valid: 2000 }]);
    expect(reply?.message.serverId).toBeDefined();
    expect(server.leases()).toEqual(["2001:db8::1:5/128 iaid 0 registered"]);
    expect(server.fileText()).toMatch(/\n2001:db8::1:5,00:02:[^\n]*,2000,\d+,9,1000,0,0,128,[^\n]*,4,/);
    expect(server.statistics.global["pkt6-addr-reg-inform-received"].value).toBe(1);
    expect(server.statistics.global["pkt6-addr-reg-reply-sent"].value).toBe(1);
  });

  it("comes through relays: then the innermost one says from where", async () => {
    const server = await start();
    const client = new TestClient6(server, 1);
    client.relays = [
      { link: "2001:db8::1", peer: "fe80::9" },
      { link: "::", peer: OWN },
    ];
    expect(await client.send(MessageType6.ADDR_REG_INFORM, address(OWN))).toMatchObject({ type: "ADDR-REG-REPLY" });
  });

  it("puts the host's name into the DNS, as a lease does", async () => {
    const server = await start();
    const fqdn = option(Option6.clientFqdn, "01056b61757269076578616d706c65036f726700");
    const reply = await register(server, 1, OWN, address(OWN), fqdn);
    expect(reply?.message.option(Option6.clientFqdn)).toBeDefined();
    expect(server.lease("address", OWN)).toMatchObject({ hostname: "kauri.example.org.", fqdnFwd: true });
  });

  it("counts once; who has another DUID takes the address over, with a line in the log; when its time is over it is gone", async () => {
    const server = await start();
    await register(server, 1);
    await register(server, 1);
    await register(server, 2);
    const { statistics } = server;
    const subnet = statistics.subnet(9);
    expect(server.log.lines.filter((line) => line.startsWith("DHCP6_ADDR_REG_INFORM_CLIENT_CHANGE"))).toHaveLength(1);
    expect([subnet["registered-nas"].value, subnet["cumulative-registered-nas"].value]).toEqual([1, 1]);
    expect([statistics.global["cumulative-registered-nas"].value, subnet["assigned-nas"].value]).toEqual([1, 0]);
    server.clock.advance(2001);
    await server.upkeep().reclaim();
    expect(server.leases()).toEqual([]);
    expect(subnet["registered-nas"].value).toBe(0);
  });

  it("is no lease of an association with the same number, and its address in a pool is given to nobody", async () => {
    const server = await start({ subnet6: [{ ...CONFIG.subnet6[0], pools: [{ pool: "2001:db8::1/128" }] }] });
    await register(server, 1, "2001:db8::1");
    const client = new TestClient6(server, 1);
    expect(await client.request(na(0, "2001:db8::1"))).toMatchObject({ ias: ["na 0 0 0 NoAddrsAvail"] });
    expect(await client.release(na(0, "2001:db8::1"))).toMatchObject({ ias: ["na 0 0 0 NoBinding"] });
    expect(server.leases()).toEqual(["2001:db8::1/128 iaid 0 registered"]);
  });

  it.each<[string, string, string, readonly Part6[]]>([
    ["has a server's identifier", "unwanted-server-id", OWN, [serverId, address(OWN)]],
    ["has an association", "unwanted-ia", OWN, [address(OWN), na(1)]],
    ["has no address", "not-one-address", OWN, [option(Option6.oro, "0094")]],
    ["has two addresses", "not-one-address", OWN, [address(OWN), address("2001:db8::1:6")]],
    ["comes from elsewhere", "not-its-address", OWN, [address("2001:db8::1:6")]],
    ["is about no address of the link", "address-elsewhere", "2001:db8:1::5", [address("2001:db8:1::5")]],
    ["is about a reserved address", "address-reserved", "2001:db8::1:7", [address("2001:db8::1:7")]],
    ["is about a leased address", "address-leased", "2001:db8::1", [address("2001:db8::1")]],
  ])("gets no answer when it %s", async (_, reason, own, parts) => {
    const server = await start();
    await new TestClient6(server, 3).request(na(1, "2001:db8::1"));
    const before = server.leases();
    expect(await register(server, 1, own, ...parts)).toBeUndefined();
    expect(server.drops).toEqual([reason]);
    expect(server.leases()).toEqual(before);
  });

  it("gets none where that is switched off, or the database has no such state", async () => {
    const off = await start({ "allow-address-registration": false });
    expect(await register(off, 1)).toBeUndefined();
    expect(off.drops).toEqual(["registration-off"]);
    const database = new MemoryDatabase6();
    database.keepsRegistered = false;
    const old = await start({}, { database });
    expect(await register(old, 1)).toBeUndefined();
    expect(old.drops).toEqual(["no-registered-state"]);
    expect(database.leases.size).toBe(0);
  });
});
