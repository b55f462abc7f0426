/**
 * dhclient -6, dhcpcd, dhcp6c and dibbler-client as people run them: addresses, prefixes, and all through relays; with leases
 * in a file and in databases.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Client6, LAN, type Options6, type Wish } from "../../src/clients/client6.ts";
import { type Client6Name, drivers6, HOST_NAME } from "../../src/clients/drivers6.ts";
import { startRelays6 } from "../../src/clients/relay6.ts";
import { Lab, type Network } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { isHeld, type LeaseRow } from "../../src/subject/lease-file.ts";
import { clientsOn, type LeasePlace, type LeasePlaces, placeKinds } from "../../src/subject/lease-places.ts";
import { type DhcpConfig, Server, subjects } from "../../src/subject/server.ts";

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
  readonly leases: LeasePlace["leases"];
  /** The rows of these addresses and prefixes. */
  rows(of: readonly string[]): Promise<readonly LeaseRow[]>;
  start(config: DhcpConfig): Promise<Server>;
  /** A client that checks its addresses for duplicates has to wait for a second each time. */
  plugIn(name: Client6Name, wish: Wish, options?: { network?: Network; dad?: boolean }): Client6;
}

// Clients wait most of the time.
vi.setConfig({ maxConcurrency: 10 });

const combinations = subjects(["kotare"]).flatMap((subject) => placeKinds.map((kind) => ({ subject, kind })));

/** Whether all last longer by now. */
function areLonger(now: () => Promise<readonly LeaseRow[]>, before: readonly LeaseRow[]): () => Promise<boolean> {
  return async () => (await now()).every(({ expire }, index) => expire > before[index]!.expire);
}

/** Waits until a client has all for longer, and knows: dhcpcd releases nothing while it waits for the answer to a RENEW. */
async function renewal(client: Client6, now: () => Promise<readonly LeaseRow[]>, before: readonly LeaseRow[]) {
  await client.until("renewal", areLonger(now, before));
  const [address] = client.addresses;
  if (client.driver.lifetimes) await client.until("longer lifetime", () => client.lifetime(address!) >= 98);
}

describe.concurrent.each(combinations)("$subject, leases in $kind.name", ({ subject, kind }) => {
  let places: LeasePlaces;

  beforeAll(async () => {
    if (kind.lacks === undefined) places = await kind.start();
  });
  afterAll(() => places?.stop());

  async function stage(play: (stage: Stage) => Promise<void>): Promise<void> {
    await using lab = new Lab();
    const lan = lab.network();
    const host = lab.host("server", { ipv6: true });
    host.attach(lan, "eth0", "2001:db8::1/64");
    const folder = join(lab.folder, subject);
    const { settings, under, leases } = await places.make(subject, 6, folder);
    await play({
      lab,
      lan,
      leases,
      async rows(of) {
        const all = await leases();
        return of.map((each) => all.get(each)!);
      },
      start: (config) =>
        Server.start(subject, host, { "lease-database": settings, ...config }, { family: 6, folder, under }),
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

  describe.each(clientsOn(kind, Object.keys(drivers6) as Client6Name[]))("%s", (name) => {
    const driver = drivers6[name];
    const isHere = kind.lacks === undefined && findProgram(name) !== undefined;
    // Of what does not depend on where leases are, once is enough.
    const isFile = kind.name === "a file";

    describe.skipIf(!isHere)(`needs ${kind.lacks ?? driver.package}`, () => {
      test("gets an address and a prefix with the options configured, renews them and gives them back", () =>
        stage(async ({ rows, start, plugIn }) => {
          await using _server = await start(CONFIG);
          await using client = plugIn(name, { addresses: 1, prefix: true });
          await client.served();
          const [address] = client.addresses;
          const [prefix] = client.prefixes;
          expect(address).toMatch(/^2001:db8::1.$/);
          expect(prefix).toMatch(/^2001:db8:8000:.*:\/56$/);
          await client.until("options", () => client.options.nameServers !== undefined);
          expect(client.options).toEqual(known(client));
          const own = () => rows([address!, prefix!]);
          const given = await own();
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

          await renewal(client, own, given);
          expect(client.addresses).toEqual([address]);
          expect(client.prefixes).toEqual([prefix]);

          await driver.release(client);
          await client.until("release", async () => !(await own()).some(isHeld));
        }));

      test("rebinds when its server is gone and another has its leases", () =>
        stage(async ({ rows, start, plugIn }) => {
          const first = await start(CONFIG);
          await using client = plugIn(name, { addresses: 1, prefix: true });
          await client.served();
          const had = [...client.addresses, ...client.prefixes];
          await first.program.stop();
          await using _second = await start({
            ...CONFIG,
            "server-id": { type: "EN", "enterprise-id": 2495, identifier: "02" },
          });
          await client.until(
            "rebinding",
            areLonger(() => rows(had), await rows(had)),
          );
          expect([...client.addresses, ...client.prefixes]).toEqual(had);
        }));

      if (driver.declines) {
        test("declines an address that somebody uses, and gets another", () =>
          stage(async ({ lab, lan, rows, start, plugIn }) => {
            const squatter = lab.host("squatter", { ipv6: true });
            squatter.attach(lan, "eth0", "2001:db8::10/64");
            await using _server = await start(CONFIG);
            await using client = plugIn(name, { addresses: 1 }, { dad: true });
            await client.until("other address", () => client.addresses.includes("2001:db8::11"));
            const [used, given] = await rows(["2001:db8::10", "2001:db8::11"]);
            expect(used).toMatchObject({ state: 1 });
            expect(isHeld(given)).toBe(true);
          }));
      }

      const { confirms } = driver;
      if (isFile && confirms !== undefined) {
        test("comes back after a crash and confirms what it had", () =>
          stage(async ({ rows, start, plugIn }) => {
            await using server = await start(CONFIG);
            await using client = plugIn(name, { addresses: 1 });
            await client.served();
            const [address] = client.addresses;
            const own = () => rows([address!]);
            const before = await own();
            await client.until("note of its address", () => confirms.knows(client, address!));
            await server.program.waitFor(/DHCP6_LEASE_ALLOC/);
            const from = server.program.lines.length;
            await client.restart();
            await client.program.waitFor(confirms.line);
            await client.served();
            expect(client.addresses).toEqual([address]);
            await client.until("renewal", areLonger(own, before));
            expect(server.program.lines.slice(from).filter((line) => line.includes("DHCP6_LEASE_ADVERT"))).toEqual([]);
          }));
      }

      test("gets all that is reserved for it, in one association each", () =>
        stage(async ({ rows, start, plugIn }) => {
          const reservation = {
            duid: DUID,
            "ip-addresses": ["2001:db8::77", "2001:db8::78"],
            prefixes: ["2001:db8:7700::/56"],
            "option-data": [{ name: "sntp-servers", data: "2001:db8::7" }],
          };
          await using _server = await start({ ...CONFIG, subnet6: [{ ...SUBNET, reservations: [reservation] }] });
          await using client = plugIn(name, { addresses: 2, prefix: true });
          await client.served();
          expect([...client.addresses].sort()).toEqual(["2001:db8::77", "2001:db8::78"]);
          expect(client.prefixes).toEqual(["2001:db8:7700::/56"]);
          await client.until("options", () => client.options.nameServers !== undefined);
          expect(client.options).toEqual(known(client, { ...AS_CONFIGURED, sntpServers: "2001:db8::7" }));
          for (const row of await rows(["2001:db8::77", "2001:db8::78", "2001:db8:7700::/56"])) {
            expect(row).toMatchObject({ clientId: DUID, state: 0 });
          }
        }));

      test("gets one of the addresses that are reserved for it in its only association, and keeps it", () =>
        stage(async ({ rows, start, plugIn }) => {
          const reservation = { duid: DUID, "ip-addresses": ["2001:db8::77", "2001:db8::78"] };
          await using _server = await start({ ...CONFIG, subnet6: [{ ...SUBNET, reservations: [reservation] }] });
          await using client = plugIn(name, { addresses: 1 });
          await client.served();
          expect(client.addresses).toEqual(["2001:db8::77"]);
          const reserved = () => rows(["2001:db8::77"]);
          const given = await reserved();
          expect(given.every(isHeld)).toBe(true);
          await client.until("renewal", areLonger(reserved, given));
          expect(client.addresses).toEqual(["2001:db8::77"]);
        }));

      if (isFile) {
        test("RFC 8415, 18.3.4: a reload renumbers it: it gets the new address and prefix, and gives up the old ones at once", () =>
          stage(async ({ start, plugIn }) => {
            await using server = await start(CONFIG);
            await using client = plugIn(name, { addresses: 1, prefix: true });
            await client.served();
            const renumbered = {
              ...SUBNET,
              id: 2,
              subnet: "2001:db8:1::/64",
              pools: [{ pool: "2001:db8:1::10-2001:db8:1::1f" }],
              "pd-pools": [{ prefix: "2001:db8:9000::", "prefix-len": 48, "delegated-len": 56 }],
            };
            await server.reload({ ...CONFIG, subnet6: [renumbered] });
            const isNew = (addresses: readonly string[], start: string) =>
              addresses.length === 1 && addresses[0]!.startsWith(start);
            // Long before the old ones would be over by themselves.
            await client.until("new address alone", () => isNew(client.addresses, "2001:db8:1::1"));
            await client.until("new prefix", () => client.prefixes.at(-1)!.startsWith("2001:db8:9000:"));
            if (driver.subnets) {
              await client.until("new subnet alone", () => isNew(client.host.addresses(LAN, 6), "2001:db8:9000:"));
            }
          }));

        test("gets options alone", () =>
          stage(async ({ leases, start, plugIn }) => {
            await using _server = await start(CONFIG);
            await using client = plugIn(name, {});
            await client.served();
            expect(client.options).toEqual(known(client));
            expect(client.addresses).toEqual([]);
            expect((await leases()).size).toBe(0);
          }));
      }

      if (isFile && driver.rapidCommit) {
        test("gets a lease with the first two messages", () =>
          stage(async ({ rows, start, plugIn }) => {
            await using server = await start({ ...CONFIG, subnet6: [{ ...SUBNET, "rapid-commit": true }] });
            await using client = plugIn(name, { addresses: 1, prefix: true, rapidCommit: true });
            await client.served();
            expect((await rows([...client.addresses, ...client.prefixes])).every(isHeld)).toBe(true);
            await server.program.waitFor(/DHCP6_LEASE_ALLOC/);
            expect(server.program.output).not.toContain("DHCP6_LEASE_ADVERT");
          }));
      }

      describe.skipIf(findProgram("dhcrelay") === undefined)("needs isc-dhcp-relay", () => {
        test.each(isFile ? [1, 2] : [1])("gets, renews and gives back through %i in a row", (hops) =>
          stage(async ({ lab, lan, rows, start, plugIn }) => {
            const { clients, network } = await startRelays6(lab, lan, hops);
            const { interface: _, ...rest } = SUBNET;
            const remote = {
              ...rest,
              id: 2,
              subnet: `${network}/64`,
              pools: [{ pool: `${network}10-${network}1f` }],
              "pd-pools": [{ prefix: "2001:db8:9000::", "prefix-len": 48, "delegated-len": 56 }],
            };
            await using _server = await start({
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
            const given = await rows([address!, prefix!]);
            for (const lease of given)
              expect(lease).toMatchObject({ clientId: DUID, hwaddr: MAC, subnetId: 2, state: 0 });
            await renewal(client, () => rows([address!, prefix!]), given);
            await driver.release(client);
            await client.until("release", async () => !(await rows([address!, prefix!])).some(isHeld));
          }),
        );
      });
    });
  });
});
