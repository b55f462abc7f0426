/** The portable transport, asked for and because there is no addon: clients on the link and behind a relay, in both families. */
import { cpSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { Client4 } from "../../src/clients/client4.ts";
import { Client6, LAN } from "../../src/clients/client6.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { drivers6 } from "../../src/clients/drivers6.ts";
import { startRelay4 } from "../../src/clients/relay4.ts";
import { startRelays6 } from "../../src/clients/relay6.ts";
import { type Host, Lab, type Network } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { isHeld } from "../../src/subject/lease-file.ts";
import { type Family, ourDaemon, Server } from "../../src/subject/server.ts";

const PORTABLE = { "user-context": { kotare: { transport: "portable" } } };

/** Our daemon as it is where nobody has built the addon. */
function withoutAddon(family: Family, folder: string): string {
  const daemon = ourDaemon(family);
  const app = dirname(dirname(daemon));
  for (const part of ["bin", "dist"]) {
    cpSync(join(app, part), join(folder, part), {
      recursive: true,
      filter: (path) => basename(path) !== "netio.node",
    });
  }
  return join(folder, "bin", basename(daemon));
}

const cases = [
  { why: "asked for", settings: PORTABLE, daemonIn: () => undefined, log: /DHCP._PORTABLE_TRANSPORT / },
  { why: "without the addon", settings: {}, daemonIn: withoutAddon, log: /DHCP._NATIVE_MISSING .*no netio.node at/ },
];

const lacks = ["dhclient", "dhcpcd", "dhcrelay"].filter((program) => findProgram(program) === undefined);

vi.setConfig({ maxConcurrency: 4 });

describe.skipIf(lacks.length > 0)(`needs ${lacks}`, () => {
  describe.concurrent.each(cases)("$why", ({ settings, daemonIn, log }) => {
    async function stage(
      family: Family,
      play: (lab: Lab, lan: Network, host: Host, start: (config: object) => Promise<Server>) => Promise<void>,
    ): Promise<void> {
      await using lab = new Lab();
      const lan = lab.network();
      const host = lab.host("server", { ipv6: family === 6 });
      host.attach(lan, "eth0", family === 4 ? "10.0.0.1/24" : "2001:db8::1/64");
      const daemon = daemonIn(family, join(lab.folder, "app"));
      const options = { family, folder: join(lab.folder, "kotare"), ...(daemon === undefined ? {} : { daemon }) };
      await play(lab, lan, host, (config) => Server.start("kotare", host, { ...settings, ...config }, options));
    }

    test("DHCPv4: a client gets an address and renews it, and another does so through a relay", () =>
      stage(4, async (lab, lan, host, start) => {
        const { clients } = await startRelay4(lab, host, lan);
        await using server = await start({
          "valid-lifetime": 30,
          "renew-timer": 3,
          subnet4: [
            { id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10-10.0.0.11" }] },
            { id: 2, subnet: "10.1.0.0/24", pools: [{ pool: "10.1.0.10-10.1.0.11" }] },
          ],
        });
        expect(server.program.output).toMatch(log);
        const plugIn = (name: "dhclient" | "dhcpcd", network: Network, mac: string) => {
          const device = `${name}${lab.id}`;
          const client = lab.host(name);
          client.attach(network, device, undefined, mac);
          return new Client4(drivers4[name], lab, client, device);
        };
        await using direct = plugIn("dhclient", lan, "02:00:00:00:0c:01");
        await using relayed = plugIn("dhcpcd", clients, "02:00:00:00:0c:02");
        const given = await Promise.all([direct.bound(), relayed.bound()]);
        expect(given.map(({ address }) => address)).toEqual(["10.0.0.10", "10.1.0.10"]);
        const renewed = await Promise.all([direct.renewed(), relayed.renewed()]);
        expect(renewed.map(({ address }) => address)).toEqual(["10.0.0.10", "10.1.0.10"]);
        for (const { address } of given) expect(isHeld(server.leases().get(address))).toBe(true);
      }));

    test("DHCPv6: a client gets an address and a prefix, and another gets an address through a relay", () =>
      stage(6, async (lab, lan, _host, start) => {
        const { clients, network } = await startRelays6(lab, lan, 1);
        await using server = await start({
          subnet6: [
            {
              id: 1,
              subnet: "2001:db8::/64",
              interface: "eth0",
              pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
              "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
            },
            { id: 2, subnet: `${network}/64`, pools: [{ pool: `${network}10-${network}1f` }] },
          ],
        });
        expect(server.program.output).toMatch(log);
        const plugIn = (name: string, on: Network, duid: string, prefix: boolean) => {
          const client = lab.host(name, { ipv6: true });
          client.attach(lab.network(), LAN);
          const device = `${name}${lab.id}`;
          client.attach(on, device);
          return new Client6(drivers6.dhcpcd, lab, client, device, duid, { addresses: 1, prefix });
        };
        await using direct = plugIn("direct", lan, "00:02:00:00:09:bf:01:02", true);
        await using relayed = plugIn("relayed", clients, "00:02:00:00:09:bf:01:03", false);
        await Promise.all([direct.served(), relayed.served()]);
        expect([direct.addresses, relayed.addresses]).toEqual([["2001:db8::10"], [`${network}10`]]);
        expect(direct.prefixes).toHaveLength(1);
        for (const address of ["2001:db8::10", `${network}10`]) expect(isHeld(server.leases().get(address))).toBe(true);
      }));
  });
});
