/**
 * dhclient, dhcpcd and udhcpc as people run them: get, renew, rebind, release, decline, and all through a relay; with leases
 * in a file and in databases.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Client4 } from "../../src/clients/client4.ts";
import { type Client4Name, drivers4 } from "../../src/clients/drivers4.ts";
import { startRelay4 } from "../../src/clients/relay4.ts";
import { type Host, Lab, type Network } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { isHeld } from "../../src/subject/lease-file.ts";
import { clientsOn, type LeasePlace, type LeasePlaces, placeKinds } from "../../src/subject/lease-places.ts";
import { type DhcpConfig, Server, subjects } from "../../src/subject/server.ts";
import { optionOf } from "../../src/wire/message4.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const OPTIONS = [
  { name: "routers", data: "10.0.0.254" },
  { name: "domain-name-servers", data: "10.0.0.53, 10.0.0.54" },
  { name: "domain-name", data: "example.org" },
  { name: "ntp-servers", data: "10.0.0.123" },
  { name: "interface-mtu", data: "1400" },
  { name: "domain-search", data: "a.example.org, b.example.org" },
];

/** What each client must report of `OPTIONS`. */
const AS_CONFIGURED = {
  mask: "255.255.255.0",
  routers: "10.0.0.254",
  nameServers: "10.0.0.53 10.0.0.54",
  domain: "example.org",
  ntpServers: "10.0.0.123",
  mtu: "1400",
  search: "a.example.org b.example.org",
};

/** Short times, so that clients renew while one watches; dhcpcd takes no lease below 20 s. */
const CONFIG = {
  "valid-lifetime": 30,
  "renew-timer": 3,
  "rebind-timer": 9,
  subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10-10.0.0.11" }], "option-data": OPTIONS }],
};

const MAC = "02:00:00:00:0c:01";

interface Stage {
  readonly lab: Lab;
  readonly lan: Network;
  readonly host: Host;
  readonly leases: LeasePlace["leases"];
  start(config: DhcpConfig): Promise<Server>;
  plugIn(name: Client4Name, network?: Network): Client4;
}

const [DHCPDISCOVER, DHCPOFFER, DHCPLEASEQUERY] = [1, 2, 10];
const CURIOUS = "02:00:00:00:0c:77";

/** A client asks what another one has, through a relay that may ask for itself, then in its name; then for an address. */
async function firstTold(lab: Lab, clients: Network, relay: Host): Promise<number | undefined> {
  const host = lab.host("curious");
  host.attach(clients, "eth0");
  using probe = await Probe4.open(host, "eth0");
  const message = (type: number) => ({ mac: "", flags: 0x8000, options: [[53, Uint8Array.of(type)] as const] });
  const query = { ...message(DHCPLEASEQUERY), ciaddr: "10.1.0.10" };
  const route = { sourceMac: CURIOUS, destinationMac: relay.mac("down0"), source: "10.1.0.99" };
  probe.send(query, { sourceMac: CURIOUS });
  probe.send({ ...query, giaddr: "10.1.0.1" }, { ...route, destination: "10.0.0.1" });
  probe.send({ ...message(DHCPDISCOVER), mac: CURIOUS });
  const answer = await probe.next(60_000);
  return answer && optionOf(answer.message, 53)?.[0];
}

// Clients wait most of the time.
vi.setConfig({ maxConcurrency: 10 });

const combinations = subjects(["kotare"]).flatMap((subject) => placeKinds.map((kind) => ({ subject, kind })));

describe.concurrent.each(combinations)("$subject, leases in $kind.name", ({ subject, kind }) => {
  let places: LeasePlaces;

  beforeAll(async () => {
    if (kind.lacks === undefined) places = await kind.start();
  });
  afterAll(() => places?.stop());

  async function stage(play: (stage: Stage) => Promise<void>): Promise<void> {
    await using lab = new Lab();
    const lan = lab.network();
    const host = lab.host("server");
    host.attach(lan, "eth0", "10.0.0.1/24");
    const folder = join(lab.folder, subject);
    const { settings, under, leases } = await places.make(subject, 4, folder);
    await play({
      lab,
      lan,
      host,
      leases,
      start: (config) => Server.start(subject, host, { "lease-database": settings, ...config }, { folder, under }),
      plugIn(name, network = lan) {
        const client = lab.host("client");
        // dhcpcd names its files in /run after the interface.
        const device = `${name}${lab.id}`;
        client.attach(network, device, undefined, MAC);
        return new Client4(drivers4[name], lab, client, device);
      },
    });
  }

  describe.each(clientsOn(kind, Object.keys(drivers4) as Client4Name[]))("%s", (name) => {
    const isHere = kind.lacks === undefined && findProgram(name) !== undefined;

    describe.skipIf(!isHere)(`needs ${kind.lacks ?? drivers4[name].package}`, () => {
      test("gets a lease with the options configured, renews it and gives it back", () =>
        stage(async ({ leases, start, plugIn }) => {
          await using server = await start(CONFIG);
          await using client = plugIn(name);
          const bound = await client.bound();
          expect(bound).toMatchObject({ ...AS_CONFIGURED, server: "10.0.0.1", lifetime: 30 });
          expect(bound.address).toMatch(/^10\.0\.0\.1[01]$/);
          const lease = (await leases()).get(bound.address);
          expect(lease).toMatchObject({ hwaddr: MAC, hostname: "laptop", validLifetime: 30, state: 0 });

          expect(await client.renewed()).toMatchObject({ ...AS_CONFIGURED, address: bound.address });
          const isLonger = async () =>
            expect((await leases()).get(bound.address)!.expire).toBeGreaterThan(lease!.expire);
          await vi.waitFor(isLonger, 60_000);

          await client.driver.release(client);
          await server.program.waitFor(/DHCP4_RELEASE/);
          expect(isHeld((await leases()).get(bound.address))).toBe(false);
        }));

      test("rebinds when its server is gone and another has its leases", () =>
        stage(async ({ host, leases, start, plugIn }) => {
          const first = await start(CONFIG);
          await using client = plugIn(name);
          const bound = await client.bound();
          await first.program.stop();
          host.ip("address", "delete", "10.0.0.1/24", "dev", "eth0");
          host.ip("address", "add", "10.0.0.2/24", "dev", "eth0");
          await using _second = await start(CONFIG);
          expect(await client.reboundTo("10.0.0.2")).toMatchObject({
            ...AS_CONFIGURED,
            address: bound.address,
          });
          expect(isHeld((await leases()).get(bound.address))).toBe(true);
        }));

      test("declines an address that somebody uses, and gets another", () =>
        stage(async ({ lab, lan, leases, start, plugIn }) => {
          const squatter = lab.host("squatter");
          squatter.attach(lan, "eth0", "10.0.0.10/24");
          await using _server = await start(CONFIG);
          await using client = plugIn(name);
          expect((await client.bound(60_000)).address).toBe("10.0.0.11");
          expect((await leases()).get("10.0.0.10")).toMatchObject({ state: 1, hwaddr: "" });
          expect(isHeld((await leases()).get("10.0.0.11"))).toBe(true);
        }));

      test("gets what is reserved for it", () =>
        stage(async ({ leases, start, plugIn }) => {
          const reservations = [
            {
              "hw-address": MAC,
              "ip-address": "10.0.0.77",
              hostname: "reserved",
              "option-data": [{ name: "ntp-servers", data: "10.0.0.7" }],
            },
          ];
          await using _server = await start({ ...CONFIG, subnet4: [{ ...CONFIG.subnet4[0], reservations }] });
          await using client = plugIn(name);
          const expected = { ...AS_CONFIGURED, address: "10.0.0.77", ntpServers: "10.0.0.7", hostname: "reserved" };
          expect(await client.bound()).toMatchObject(expected);
          expect((await leases()).get("10.0.0.77")).toMatchObject({ hwaddr: MAC, hostname: "reserved" });
        }));

      describe.skipIf(findProgram("dhcrelay") === undefined)("needs isc-dhcp-relay", () => {
        test("gets, renews and gives back through a relay", () =>
          stage(async ({ lab, lan, host, leases, start, plugIn }) => {
            const options = [{ name: "routers", data: "10.1.0.1" }, ...OPTIONS.slice(1)];
            const subnet = {
              id: 2,
              subnet: "10.1.0.0/24",
              pools: [{ pool: "10.1.0.10-10.1.0.99" }],
              "option-data": options,
            };
            const library = { library: "libdhcp_lease_query.so", parameters: { requesters: ["10.1.0.1"] } };
            const subnet4 = [...CONFIG.subnet4, subnet];
            await using server = await start({ ...CONFIG, subnet4, "hooks-libraries": [library] });
            const { clients, relay } = await startRelay4(lab, host, lan);
            await using client = plugIn(name, clients);
            const expected = { ...AS_CONFIGURED, routers: "10.1.0.1", address: "10.1.0.10" };
            expect(await client.bound()).toMatchObject(expected);
            expect(await client.renewed()).toMatchObject(expected);
            expect(await firstTold(lab, clients, relay)).toBe(DHCPOFFER);
            await client.driver.release(client);
            await server.program.waitFor(/DHCP4_RELEASE/);
            expect(isHeld((await leases()).get("10.1.0.10"))).toBe(false);
          }));
      });
    });
  });
});
