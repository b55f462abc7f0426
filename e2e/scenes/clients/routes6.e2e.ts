/** dhcp6d's routes to delegated prefixes, in the kernel of a router that real clients get their prefixes from. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Client6, LAN } from "../../src/clients/client6.ts";
import { type Client6Name, drivers6 } from "../../src/clients/drivers6.ts";
import { startRelays6 } from "../../src/clients/relay6.ts";
import { type Host, Lab, type Network } from "../../src/lab/lab.ts";
import { delay, findProgram } from "../../src/lab/program.ts";
import { type DhcpConfig, ourDaemon, privateFolders, Server } from "../../src/subject/server.ts";

const PROTO = "147";
const DUID = "00:03:00:01:02:00:00:00:0d:01";

const SUBNET = {
  id: 1,
  subnet: "2001:db8::/64",
  interface: "eth0",
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
};
const CONFIG = {
  "user-context": { kotare: { "pd-routes": true } },
  "expired-leases-processing": { "reclaim-timer-wait-time": 1 },
  "preferred-lifetime": 3000,
  "valid-lifetime": 4000,
  subnet6: [SUBNET],
};

interface Stage {
  readonly lab: Lab;
  readonly lan: Network;
  readonly host: Host;
  readonly folder: string;
  start(config?: DhcpConfig): Promise<Server>;
  plugIn(network?: Network, name?: Client6Name): Client6;
}

async function stage(play: (stage: Stage) => Promise<void>): Promise<void> {
  await using lab = new Lab();
  const lan = lab.network();
  const host = lab.host("server", { ipv6: true });
  host.attach(lan, "eth0", "2001:db8::1/64");
  const folder = join(lab.folder, "server");
  await play({
    lab,
    lan,
    host,
    folder,
    start: (config = CONFIG) => Server.start("kotare", host, config, { family: 6, folder }),
    plugIn(network = lan, name = "dhclient") {
      const client = lab.host("client", { ipv6: true });
      client.attach(lab.network(), LAN);
      client.attach(network, "wan0");
      return new Client6(drivers6[name], lab, client, "wan0", DUID, { prefix: true });
    },
  });
}

/** `PREFIX via NEXT-HOP dev INTERFACE` of the routes that are ours. */
function routes(host: Host): string[] {
  const shown = host.ip("-6", "route", "show", "proto", PROTO);
  return [...shown.matchAll(/^\S+ via \S+ dev \S+/gm)].map(([route]) => route);
}

async function expectRoutes(host: Host, ...expected: readonly string[]): Promise<void> {
  const end = performance.now() + 60_000;
  while (routes(host).join() !== expected.join() && performance.now() < end) await delay(50);
  expect(routes(host)).toEqual(expected);
}

function linkLocal({ host, device }: Client6): string {
  return /inet6 (fe80::\S+)\//.exec(host.ip("-6", "address", "show", "dev", device))![1]!;
}

async function routeOf(client: Client6): Promise<string> {
  await client.served();
  return `${client.prefixes[0]} via ${linkLocal(client)} dev eth0`;
}

describe.skipIf(findProgram("dhclient") === undefined)("needs isc-dhcp-client", () => {
  test("a route comes with the lease, is there again after kill -9, alone, and goes with the release", () =>
    stage(async ({ host, start, plugIn }) => {
      const first = await start();
      await using client = plugIn();
      const route = await routeOf(client);
      await expectRoutes(host, route);
      await first.program.stop("SIGKILL");
      expect(routes(host)).toEqual([route]);
      host.ip("-6", "route", "flush", "proto", PROTO);
      const stale = ["2001:db8:8000:ff00::/56", "via", "fe80::9", "dev", "eth0", "proto", PROTO, "metric", "8987"];
      host.ip("route", "add", ...stale);
      await using _second = await start();
      await expectRoutes(host, route);
      await client.driver.release(client);
      await expectRoutes(host);
    }));

  test("it goes when the lease expires", () =>
    stage(async ({ host, start, plugIn }) => {
      await using _server = await start({ ...CONFIG, "preferred-lifetime": 4, "valid-lifetime": 5, "renew-timer": 4 });
      await using client = plugIn();
      const route = await routeOf(client);
      await expectRoutes(host, route);
      await client.program.stop("SIGKILL");
      await expectRoutes(host);
    }));

  test("it comes back with the interface, and goes when a reload switches routes off", () =>
    stage(async ({ host, start, plugIn }) => {
      await using server = await start();
      await using client = plugIn();
      const route = await routeOf(client);
      await expectRoutes(host, route);
      host.ip("link", "set", "eth0", "down");
      expect(routes(host)).toEqual([]);
      host.ip("link", "set", "eth0", "up");
      await expectRoutes(host, route);
      await server.reload({ ...CONFIG, "user-context": {} });
      await expectRoutes(host);
      await server.reload(CONFIG);
      await expectRoutes(host, route);
    }));

  test("without the key there is none", () =>
    stage(async ({ host, start, plugIn }) => {
      await using server = await start({ ...CONFIG, "user-context": {} });
      await using client = plugIn();
      await client.served();
      await server.program.stop();
      expect(routes(host)).toEqual([]);
    }));

  test("without CAP_NET_ADMIN clients are served, and the log names what is missing", () =>
    stage(async ({ host, folder, start, plugIn }) => {
      await (await start()).program.stop();
      const without = ["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"];
      const run = (...flags: string[]) =>
        host.start([...without, ourDaemon(6), ...flags, join(folder, "dhcp6.json")], {
          env: privateFolders(folder),
          cwd: folder,
        });
      const check = run("-T");
      expect(await check.exited).toMatchObject({ code: 1 });
      expect(check.output).toContain("CAP_NET_ADMIN");
      const server = run("-c");
      await server.waitFor(/DHCP6_STARTED/, { timeout: 60_000 });
      await using client = plugIn();
      await client.served();
      await server.waitFor(/DHCP6_PD_ROUTES_REFUSED 1 .*CAP_NET_ADMIN/, { timeout: 60_000 });
    }));

  describe.skipIf(findProgram("dhcrelay") === undefined)("needs isc-dhcp-relay", () => {
    test("the next hop of a relayed client is its relay", () =>
      stage(async ({ lab, lan, host, start, plugIn }) => {
        const relayed = { ...SUBNET, subnet: "2001:db8:1::/64", interface: undefined };
        await using _server = await start({ ...CONFIG, subnet6: [relayed] });
        const { clients } = await startRelays6(lab, lan, 1);
        await using client = plugIn(clients);
        await client.served();
        await expectRoutes(host, `${client.prefixes[0]} via 2001:db8::2 dev eth0`);
      }));
  });
});

describe.skipIf(findProgram("dhcp6c") === undefined || findProgram("busybox") === undefined)(
  "needs wide-dhcpv6-client and busybox",
  () => {
    test("packets to the delegated prefix arrive", () =>
      stage(async ({ lan, host, start, plugIn }) => {
        await using _server = await start();
        await using client = plugIn(lan, "dhcp6c");
        const route = await routeOf(client);
        await client.until("subnet", () => client.host.addresses(LAN, 6).length > 0);
        client.host.ip("route", "add", "2001:db8::/64", "dev", "wan0");
        const [inside] = client.host.addresses(LAN, 6);
        expect(inside).toMatch(/^2001:db8:8000:/);
        await expectRoutes(host, route);
        expect(host.run("busybox", "ping", "-6", "-c", "1", "-W", "5", inside!)).toContain("1 packets received");
      }));
  },
);
