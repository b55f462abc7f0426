/** Names follow leases, end to end: real clients, our servers, d2d or Kea's updater, and BIND with signed updates only. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { crowdBehind } from "../../src/bench/family4.ts";
import { Client4 } from "../../src/clients/client4.ts";
import { Client6 } from "../../src/clients/client6.ts";
import { type Client4Name, drivers4 } from "../../src/clients/drivers4.ts";
import { type Client6Name, drivers6, HOST_NAME } from "../../src/clients/drivers6.ts";
import { NameServer } from "../../src/dns/name-server.ts";
import { DnsUpdater } from "../../src/dns/updater.ts";
import { type Host, Lab, type Network, run } from "../../src/lab/lab.ts";
import { delay, findProgram } from "../../src/lab/program.ts";
import { runLoad } from "../../src/load/load.ts";
import { isHeld } from "../../src/subject/lease-file.ts";
import { type DhcpConfig, Server, type Subject } from "../../src/subject/server.ts";
import { isThorough } from "../../src/subject/thorough.ts";

const FORWARD = "example.org";
const REVERSE = "10.in-addr.arpa";
const REVERSE6 = "8.b.d.0.1.0.0.2.ip6.arpa";
/** Where the updater listens: on the lab's own side of the clients' network. */
const UPDATER = "10.0.0.250";

const CONFIG4 = {
  "dhcp-ddns": { "enable-updates": true, "server-ip": UPDATER },
  "ddns-qualifying-suffix": FORWARD,
  "valid-lifetime": 30,
  "renew-timer": 3,
  "rebind-timer": 9,
  "expired-leases-processing": { "reclaim-timer-wait-time": 1 },
  subnet4: [{ id: 1, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.1.0-10.0.9.255" }] }],
};

const CONFIG6 = {
  "dhcp-ddns": { "enable-updates": true, "server-ip": UPDATER },
  "ddns-qualifying-suffix": FORWARD,
  "ddns-override-client-update": true,
  "valid-lifetime": 60,
  "preferred-lifetime": 40,
  subnet6: [{ id: 1, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::10-2001:db8::1f" }], interface: "eth0" }],
};

interface Stage {
  readonly lab: Lab;
  readonly lan: Network;
  readonly dns: NameServer;
  readonly folder: string;
  serve(config?: DhcpConfig): Promise<Server>;
  serve6(config?: DhcpConfig): Promise<Server>;
  update(subject?: Subject): Promise<DnsUpdater>;
  plugIn(name: Client4Name, mac?: string): Client4;
  plugIn6(name: Client6Name): Client6;
}

async function stage(play: (stage: Stage) => Promise<void>): Promise<void> {
  await using lab = new Lab();
  const lan = lab.network();
  run("ip", "address", "add", `${UPDATER}/16`, "dev", lan.bridge);
  const host = lab.host("server", { ipv6: true });
  host.attach(lan, "eth0", "10.0.0.1/16");
  host.ip("address", "add", "2001:db8::1/64", "dev", "eth0");
  await using dns = await NameServer.start({ folder: join(lab.folder, "dns"), zones: [FORWARD, REVERSE, REVERSE6] });
  const plug = (network: Network, device: string, mac?: string): Host => {
    const client = lab.host(`client${device}`, { ipv6: true });
    client.attach(network, device, undefined, mac);
    return client;
  };
  await play({
    lab,
    lan,
    dns,
    folder: lab.folder,
    serve: (config = CONFIG4) => Server.start("kotare", host, config, { folder: join(lab.folder, "dhcp4d") }),
    serve6: (config = CONFIG6) =>
      Server.start("kotare", host, config, { family: 6, folder: join(lab.folder, "dhcp6d") }),
    update: (subject = "kotare") =>
      DnsUpdater.start({
        subject,
        folder: join(lab.folder, "d2"),
        forward: [FORWARD],
        reverse: [REVERSE, REVERSE6],
        servers: [dns],
        extra: { "ip-address": UPDATER },
      }),
    plugIn(name, mac = "02:00:00:00:0c:01") {
      const device = `${name.slice(0, 6)}${mac.slice(-1)}${lab.id}`;
      return new Client4(drivers4[name], lab, plug(lan, device, mac), device);
    },
    plugIn6(name) {
      const device = `${name.slice(0, 7)}${lab.id}`;
      return new Client6(drivers6[name], lab, plug(lan, device), device, "00:03:00:01:02:00:00:00:0c:06", {
        addresses: 1,
      });
    },
  });
}

/** Waits until the DNS says so. */
async function eventually<T>(ask: () => T | Promise<T>, expected: T, patience = 60_000): Promise<void> {
  for (const end = performance.now() + patience; performance.now() < end; await delay(200)) {
    if (JSON.stringify(await ask()) === JSON.stringify(expected)) return;
  }
  expect(await ask()).toEqual(expected);
}

const LAPTOP = `laptop.${FORWARD}`;

describe.skipIf(findProgram("named") === undefined)("needs bind9", () => {
  const updaters: readonly Subject[] = findProgram("kea-dhcp-ddns") === undefined ? ["kotare"] : ["kotare", "kea"];

  describe.each(updaters)("with the updater of %s", (subject) => {
    const names = Object.keys(drivers4) as Client4Name[];
    describe.each(isThorough ? names : names.slice(0, subject === "kotare" ? 2 : 1))("%s", (name) => {
      test.skipIf(findProgram(name) === undefined)("can be found by name from its lease's beginning to its end", () =>
        stage(async ({ dns, serve, update, plugIn }) => {
          await using _updater = await update(subject);
          await using server = await serve();
          await using client = plugIn(name);
          const { address } = await client.bound();
          await eventually(() => dns.ask(LAPTOP, "A"), [address]);
          await eventually(() => dns.askReverse(address), [`${LAPTOP}.`]);
          await client.renewed();
          expect(dns.ask(LAPTOP, "A")).toEqual([address]);
          await client.driver.release(client);
          await server.program.waitFor(/DHCP4_RELEASE/);
          await eventually(() => [dns.ask(LAPTOP, "A"), dns.askReverse(address)], [[], []]);
        }),
      );
    });

    test.skipIf(findProgram("udhcpc") === undefined)("a lease that expires loses its name", () =>
      stage(async ({ dns, serve, update, plugIn }) => {
        await using _updater = await update(subject);
        await using _server = await serve({ ...CONFIG4, "valid-lifetime": 5 });
        await using client = plugIn("udhcpc");
        const { address } = await client.bound();
        await eventually(() => dns.ask(LAPTOP, "A"), [address]);
        await client.program.stop("SIGKILL");
        await eventually(() => [dns.ask(LAPTOP, "A"), dns.askReverse(address)], [[], []]);
      }),
    );
  });

  test.each(Object.keys(drivers6) as Client6Name[])("%s: names of DHCPv6 clients, if they say one", (name) => {
    if (findProgram(name) === undefined) return;
    return stage(async ({ dns, serve6, update, plugIn6 }) => {
      await using _updater = await update();
      await using _server = await serve6();
      await using client = plugIn6(name);
      await client.served();
      const [address = ""] = client.addresses;
      if (name === "dhcp6c") {
        await delay(500);
        expect(dns.ask(HOST_NAME, "AAAA")).toEqual([]);
        return;
      }
      await eventually(() => [dns.ask(HOST_NAME, "AAAA"), dns.askReverse(address)], [[address], [`${HOST_NAME}.`]]);
      await client.driver.release(client);
      await eventually(() => [dns.ask(HOST_NAME, "AAAA"), dns.askReverse(address)], [[], []]);
    });
  });

  /** Has dhcpcd, which is running, call its host something else from now on. */
  const rename = ({ folder, program }: Client4 | Client6, name: string): void => {
    const file = join(folder, "dhcpcd.conf");
    writeFileSync(file, readFileSync(file, "latin1").replace(/hostname \S+/, `hostname ${name}`));
    program.signal("SIGHUP");
  };

  describe.skipIf(findProgram("dhcpcd") === undefined)("a client that takes another name has that and no other", () => {
    test("DHCPv4", () =>
      stage(async ({ dns, serve, update, plugIn }) => {
        await using _updater = await update();
        await using _server = await serve();
        await using client = plugIn("dhcpcd");
        const { address } = await client.bound();
        await eventually(() => [dns.ask(LAPTOP, "A"), dns.askReverse(address)], [[address], [`${LAPTOP}.`]]);
        rename(client, "desktop");
        const desktop = `desktop.${FORWARD}`;
        await eventually(() => [dns.ask(desktop, "A"), dns.askReverse(address)], [[address], [`${desktop}.`]]);
        await eventually(() => dns.ask(LAPTOP, "ANY"), []);
      }));

    test("DHCPv6", () =>
      stage(async ({ dns, serve6, update, plugIn6 }) => {
        await using _updater = await update();
        await using _server = await serve6({ ...CONFIG6, "renew-timer": 5 });
        await using client = plugIn6("dhcpcd");
        await client.served();
        const [address = ""] = client.addresses;
        await eventually(() => [dns.ask(HOST_NAME, "AAAA"), dns.askReverse(address)], [[address], [`${HOST_NAME}.`]]);
        const desktop = `desktop.${FORWARD}`;
        rename(client, desktop);
        // It has its lease confirmed first, and says the name when it renews.
        await eventually(() => [dns.ask(desktop, "AAAA"), dns.askReverse(address)], [[address], [`${desktop}.`]]);
        await eventually(() => dns.ask(HOST_NAME, "ANY"), []);
      }));
  });

  test.skipIf(findProgram("udhcpc") === undefined)("of two clients that want one name the first has it", () =>
    stage(async ({ dns, serve, update, plugIn }) => {
      await using updater = await update();
      await using server = await serve();
      await using first = plugIn("udhcpc", "02:00:00:00:0c:01");
      const { address } = await first.bound();
      await eventually(() => dns.ask(LAPTOP, "A"), [address]);
      await using second = plugIn("udhcpc", "02:00:00:00:0c:02");
      const other = await second.bound();
      await updater.program.waitFor(/DHCP_DDNS_ADD_FAILED/);
      expect([dns.ask(LAPTOP, "A"), dns.askReverse(other.address)]).toEqual([[address], []]);
      await first.driver.release(first);
      await server.program.waitFor(/DHCP4_RELEASE/);
      await eventually(() => dns.ask(LAPTOP, "A"), []);
    }),
  );

  /** Names of the leases that somebody holds, as the zone has them. */
  const namesIn = (server: Server): string[] =>
    [...server.leases().values()]
      .filter(isHeld)
      .map(({ address, hostname }) => `${hostname}. ${address}`)
      .sort();
  const namesOf = async (dns: NameServer): Promise<string[]> =>
    (await dns.records(FORWARD))
      .map((record) => record.split(" "))
      .filter(([, , type]) => type === "A")
      .map(([name, , , address]) => `${name} ${address}`)
      .sort();

  test.skipIf(findProgram("udhcpc") === undefined)(
    "with ddns_tuning a client has the name of an expression, and none where it is in SKIP_DDNS",
    () =>
      stage(async ({ dns, serve, update, plugIn }) => {
        const parameters = { "hostname-expr": "'host-' + hexstring(substring(pkt4.mac, 4, 2), '-')" };
        await using _updater = await update();
        await using _server = await serve({
          ...CONFIG4,
          "client-classes": [{ name: "SKIP_DDNS", test: "substring(pkt4.mac, 5, 1) == 0x02" }],
          "hooks-libraries": [{ library: "libdhcp_ddns_tuning.so", parameters }],
        });
        // What is served first reaches the zone first.
        await using skipped = plugIn("udhcpc", "02:00:00:00:0c:02");
        const other = await skipped.bound();
        await using client = plugIn("udhcpc", "02:00:00:00:0c:01");
        const { address } = await client.bound();
        const name = `host-0c-01.${FORWARD}`;
        await eventually(() => [dns.ask(name, "A"), dns.askReverse(address)], [[address], [`${name}.`]]);
        expect(await namesOf(dns)).toEqual([`${name}. ${address}`]);
        expect(dns.askReverse(other.address)).toEqual([]);
      }),
  );

  test("the zone is what the leases say after the updater was away and the server was killed", () =>
    stage(async ({ lab, lan, dns, serve, update }) => {
      const config = { ...CONFIG4, "valid-lifetime": 600, "ddns-replace-client-name": "always" };
      const crowd = lab.host("crowd");
      crowd.attach(lan, "eth0", "10.0.0.2/16");
      const load = async (rate: number, exchanges: number): Promise<void> => {
        const who = { clients: 600, crowd: crowdBehind("10.0.0.2", "10.0.0.1") };
        await runLoad(crowd, { rate, seconds: 0, exchanges, more: ["--release", "30"], ...who });
      };
      const first = await update();
      const killed = await serve(config);
      await load(200, 300);
      await first.program.stop("SIGKILL");
      await load(300, 900);
      await killed.program.stop("SIGKILL");
      await using server = await serve(config);
      await load(300, 300);
      await using _second = await update();
      await load(200, 200);
      await eventually(
        async () => JSON.stringify(await namesOf(dns)) === JSON.stringify(namesIn(server)),
        true,
        60_000,
      ).catch(() => undefined);
      expect(await namesOf(dns)).toEqual(namesIn(server));
      expect(namesIn(server).length).toBeGreaterThan(200);
    }));
});
