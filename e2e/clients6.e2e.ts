/** dhclient -6, dhcpcd, dhcp6c and dibbler-client as people run them: addresses, prefixes, and all through relays. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Client6, LAN, type Options6, type Wish } from "./src/clients/client6.ts";
import { type Client6Name, drivers6, HOST_NAME } from "./src/clients/drivers6.ts";
import { startRelays6 } from "./src/clients/relay6.ts";
import { type Host, Lab, type Network } from "./src/lab/lab.ts";
import { findProgram } from "./src/lab/program.ts";
import { isHeld } from "./src/subject/lease-file.ts";
import { type DhcpConfig, Server, subjects } from "./src/subject/server.ts";

const OPTIONS = [
  { name: "dns-servers", data: "2001:db8::53, 2001:db8::54" },
  { name: "domain-search", data: "a.example.org, b.example.org" },
  { name: "sntp-servers", data: "2001:db8::123" },
  // NTP_SUBOPTION_SRV_ADDR (RFC 5908 §4.1).
  { code: 56, "csv-format": false, data: "0001001020010db8000000000000000000000124" },
  { name: "sip-server-addr", data: "2001:db8::5060" },
  { name: "new-posix-timezone", data: "EST5EDT4" },
  { name: "bootfile-url", data: "http://[2001:db8::80]/boot" },
];

const AS_CONFIGURED: Options6 = {
  nameServers: "2001:db8::53 2001:db8::54",
  search: "a.example.org b.example.org",
  sntpServers: "2001:db8::123",
  ntpServers: "2001:db8::124",
  sipServers: "2001:db8::5060",
  timezone: "EST5EDT4",
  bootfileUrl: "http://[2001:db8::80]/boot",
};

const SUBNET = {
  id: 1,
  subnet: "2001:db8::/64",
  interface: "eth0",
  pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
  "option-data": OPTIONS,
};

/** Short times, so that clients renew while one watches; dhcp6c renews after 18 s and rebinds after 30 s at the least. */
const CONFIG = {
  "preferred-lifetime": 90,
  "valid-lifetime": 100,
  "renew-timer": 3,
  "rebind-timer": 9,
  subnet6: [SUBNET],
};

const MAC = "02:00:00:00:0c:01";
const DUID = `00:03:00:01:${MAC}`;

interface Stage {
  readonly lab: Lab;
  readonly lan: Network;
  readonly host: Host;
  start(config: DhcpConfig): Promise<Server>;
  /** A client that checks its addresses for duplicates has to wait for a second each time. */
  plugIn(name: Client6Name, wish: Wish, options?: { network?: Network; dad?: boolean }): Client6;
}

describe.concurrent.each(subjects(["kotare"]))("%s", (subject) => {
  async function stage(play: (stage: Stage) => Promise<void>): Promise<void> {
    await using lab = new Lab();
    const lan = lab.network();
    const host = lab.host("server", { ipv6: true });
    host.attach(lan, "eth0", "2001:db8::1/64");
    await play({
      lab,
      lan,
      host,
      start: (config) => Server.start(subject, host, config, { family: 6, folder: join(lab.folder, subject) }),
      plugIn(name, wish, { network = lan, dad = false } = {}) {
        const client = lab.host("client", { ipv6: true });
        client.attach(lab.network(), LAN);
        // dhcpcd names its files in /run after the interface.
        const device = `${name.replace("-client", "")}${lab.id}`;
        client.attach(network, device, undefined, MAC);
        // From now on: the link-local address is past it.
        if (dad) client.set(`net/ipv6/conf/${device}/accept_dad`, 1);
        return new Client6(drivers6[name], lab, client, device, DUID, wish);
      },
    });
  }

  /** What this client can tell of the options. */
  function known(client: Client6, options: Partial<Options6> = AS_CONFIGURED): Partial<Options6> {
    return Object.fromEntries(Object.entries(options).filter(([option]) => option in client.driver.variables));
  }

  describe.each(Object.keys(drivers6) as Client6Name[])("%s", (name) => {
    const driver = drivers6[name];

    describe.skipIf(findProgram(name) === undefined)(`needs ${driver.package}`, () => {
      test("gets an address and a prefix with the options configured, renews them and gives them back", () =>
        stage(async ({ start, plugIn }) => {
          await using server = await start(CONFIG);
          await using client = plugIn(name, { addresses: 1, prefix: true });
          await client.served();
          const [address] = client.addresses;
          const [prefix] = client.prefixes;
          expect(address).toMatch(/^2001:db8::1.$/);
          expect(prefix).toMatch(/^2001:db8:8000:.*:\/56$/);
          await client.until("options", () => client.options.nameServers !== undefined);
          expect(client.options).toEqual(known(client));
          const given = [address!, prefix!].map((each) => server.leases().get(each)!);
          for (const lease of given) {
            expect(lease).toMatchObject({
              clientId: DUID,
              hwaddr: MAC,
              preferredLifetime: 90,
              validLifetime: 100,
              state: 0,
            });
          }
          const hostname = name === "dhcp6c" ? "" : `${HOST_NAME}.`;
          expect(given.map((lease) => lease.hostname)).toEqual([hostname, hostname]);
          if (driver.subnets) {
            await client.until("subnet", () => client.host.addresses(LAN, 6).length > 0);
            expect(client.host.addresses(LAN, 6)[0]).toMatch(/^2001:db8:8000:/);
          }

          const leases = () => [address!, prefix!].map((each) => server.leases().get(each)!);
          await client.until("renewal", () => leases().every((lease, index) => lease.expire > given[index]!.expire));
          // The client counts from the renewal, too.
          if (driver.lifetimes) await client.until("longer lifetime", () => client.lifetime(address!) >= 98);
          expect(client.addresses).toEqual([address]);
          expect(client.prefixes).toEqual([prefix]);

          await driver.release(client);
          await client.until("release", () => !leases().some(isHeld));
        }));

      test("rebinds when its server is gone and another has its leases", () =>
        stage(async ({ start, plugIn }) => {
          const first = await start(CONFIG);
          await using client = plugIn(name, { addresses: 1, prefix: true });
          await client.served();
          const had = [...client.addresses, ...client.prefixes];
          await first.program.stop();
          await using second = await start({
            ...CONFIG,
            "server-id": { type: "EN", "enterprise-id": 2495, identifier: "02" },
          });
          const expiry = () => had.map((each) => second.leases().get(each)!.expire);
          const before = expiry();
          await client.until("rebinding", () => expiry().every((each, index) => each > before[index]!));
          expect([...client.addresses, ...client.prefixes]).toEqual(had);
        }));

      if (driver.declines) {
        test("declines an address that somebody uses, and gets another", () =>
          stage(async ({ lab, lan, start, plugIn }) => {
            const squatter = lab.host("squatter", { ipv6: true });
            squatter.attach(lan, "eth0", "2001:db8::10/64");
            await using server = await start(CONFIG);
            await using client = plugIn(name, { addresses: 1 }, { dad: true });
            await client.until("other address", () => client.addresses.includes("2001:db8::11"));
            expect(server.leases().get("2001:db8::10")).toMatchObject({ state: 1 });
            expect(isHeld(server.leases().get("2001:db8::11"))).toBe(true);
          }));
      }

      const { confirms } = driver;
      if (confirms !== undefined) {
        test("comes back after a crash and confirms what it had", () =>
          stage(async ({ start, plugIn }) => {
            await using server = await start(CONFIG);
            await using client = plugIn(name, { addresses: 1 });
            await client.served();
            const [address] = client.addresses;
            const expiry = () => server.leases().get(address!)!.expire;
            const before = expiry();
            await client.restart();
            await client.program.waitFor(confirms);
            await client.served();
            expect(client.addresses).toEqual([address]);
            await client.until("renewal", () => expiry() > before);
            expect(server.program.lines.filter((line) => line.includes("DHCP6_LEASE_ADVERT"))).toHaveLength(1);
          }));
      }

      test("gets all that is reserved for it, in one association each", () =>
        stage(async ({ start, plugIn }) => {
          const reservation = {
            duid: DUID,
            "ip-addresses": ["2001:db8::77", "2001:db8::78"],
            prefixes: ["2001:db8:7700::/56"],
            "option-data": [{ name: "sntp-servers", data: "2001:db8::7" }],
          };
          await using server = await start({ ...CONFIG, subnet6: [{ ...SUBNET, reservations: [reservation] }] });
          await using client = plugIn(name, { addresses: 2, prefix: true });
          await client.served();
          expect([...client.addresses].sort()).toEqual(["2001:db8::77", "2001:db8::78"]);
          expect(client.prefixes).toEqual(["2001:db8:7700::/56"]);
          await client.until("options", () => client.options.nameServers !== undefined);
          expect(client.options).toEqual(known(client, { ...AS_CONFIGURED, sntpServers: "2001:db8::7" }));
          for (const each of ["2001:db8::77", "2001:db8::78", "2001:db8:7700::/56"]) {
            expect(server.leases().get(each)).toMatchObject({ clientId: DUID, state: 0 });
          }
        }));

      // Kea gives an association one of them.
      if (subject === "kotare") {
        test("gets all addresses that are reserved for it in its only association", () =>
          stage(async ({ start, plugIn }) => {
            const reservation = { duid: DUID, "ip-addresses": ["2001:db8::77", "2001:db8::78"] };
            await using server = await start({ ...CONFIG, subnet6: [{ ...SUBNET, reservations: [reservation] }] });
            await using client = plugIn(name, { addresses: 1 });
            await client.until("addresses", () => client.addresses.length === 2);
            expect([...client.addresses].sort()).toEqual(["2001:db8::77", "2001:db8::78"]);
            const leases = () => ["2001:db8::77", "2001:db8::78"].map((each) => server.leases().get(each)!);
            const given = leases();
            expect(given.every(isHeld)).toBe(true);
            await client.until("renewal", () => leases().every((lease, index) => lease.expire > given[index]!.expire));
          }));
      }

      test("gets options alone", () =>
        stage(async ({ start, plugIn }) => {
          await using server = await start(CONFIG);
          await using client = plugIn(name, {});
          await client.served();
          expect(client.options).toEqual(known(client));
          expect(client.addresses).toEqual([]);
          expect(server.leases().size).toBe(0);
        }));

      if (driver.rapidCommit) {
        test("gets a lease with the first two messages", () =>
          stage(async ({ start, plugIn }) => {
            await using server = await start({ ...CONFIG, subnet6: [{ ...SUBNET, "rapid-commit": true }] });
            await using client = plugIn(name, { addresses: 1, prefix: true, rapidCommit: true });
            await client.served();
            for (const given of [...client.addresses, ...client.prefixes]) {
              expect(isHeld(server.leases().get(given))).toBe(true);
            }
            expect(server.program.output).toContain("DHCP6_LEASE_ALLOC");
            expect(server.program.output).not.toContain("DHCP6_LEASE_ADVERT");
          }));
      }

      describe.skipIf(findProgram("dhcrelay") === undefined)("needs isc-dhcp-relay", () => {
        test.each([1, 2])("gets, renews and gives back through %i in a row", (hops) =>
          stage(async ({ lab, lan, start, plugIn }) => {
            const { clients, network } = await startRelays6(lab, lan, hops);
            const { interface: _, ...rest } = SUBNET;
            const remote = {
              ...rest,
              id: 2,
              subnet: `${network}/64`,
              pools: [{ pool: `${network}10-${network}1f` }],
              "pd-pools": [{ prefix: "2001:db8:9000::", "prefix-len": 48, "delegated-len": 56 }],
            };
            await using server = await start({
              ...CONFIG,
              // Relays know its global address; at the others' link-local ones it is reached by multicast only.
              "interfaces-config": { interfaces: ["eth0", "eth0/2001:db8::1"] },
              subnet6: [SUBNET, remote],
            });
            await using client = plugIn(name, { addresses: 1, prefix: true }, { network: clients });
            await client.served();
            await client.until("options", () => client.options.nameServers !== undefined);
            expect(client.options).toEqual(known(client));
            const [address, prefix] = [...client.addresses, ...client.prefixes];
            expect(address).toMatch(new RegExp(`^${network}1.$`));
            expect(prefix).toMatch(/^2001:db8:9000:.*:\/56$/);
            const leases = () => [address!, prefix!].map((each) => server.leases().get(each)!);
            const given = leases();
            for (const lease of given)
              expect(lease).toMatchObject({ clientId: DUID, hwaddr: MAC, subnetId: 2, state: 0 });
            await client.until("renewal", () => leases().every((lease, index) => lease.expire > given[index]!.expire));
            await driver.release(client);
            await client.until("release", () => !leases().some(isHeld));
          }),
        );
      });
    });
  });
});
