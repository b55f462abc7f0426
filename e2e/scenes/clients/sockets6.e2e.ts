/** How dhcp6d meets the network: an interface that is not ready yet, and what it sees with and without CAP_NET_RAW. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Client6, LAN, type Wish } from "../../src/clients/client6.ts";
import { drivers6 } from "../../src/clients/drivers6.ts";
import { startRelays6 } from "../../src/clients/relay6.ts";
import { type Host, Lab, type Network } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { isHeld } from "../../src/subject/lease-file.ts";
import { type DhcpConfig, Server, type ServerOptions } from "../../src/subject/server.ts";

const SUBNET = {
  id: 1,
  subnet: "2001:db8::/64",
  interface: "eth0",
  pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
};
const CONFIG = { subnet6: [SUBNET] };

const MAC = "02:00:00:00:0c:01";
/** Tells nothing of the MAC address. */
const DUID = "00:02:00:00:09:bf:01:02";

interface Stage {
  readonly lab: Lab;
  readonly lan: Network;
  readonly host: Host;
  attach(): void;
  start(config: DhcpConfig, options?: Partial<ServerOptions>): Promise<Server>;
  plugIn(wish: Wish, network?: Network): Client6;
}

async function stage(play: (stage: Stage) => Promise<void>): Promise<void> {
  await using lab = new Lab();
  const lan = lab.network();
  const host = lab.host("server", { ipv6: true });
  await play({
    lab,
    lan,
    host,
    attach: () => host.attach(lan, "eth0", "2001:db8::1/64"),
    start: (config, options = {}) =>
      Server.start("kotare", host, config, { family: 6, folder: join(lab.folder, "kotare"), ...options }),
    plugIn(wish, network = lan) {
      const client = lab.host("client", { ipv6: true });
      client.attach(lab.network(), LAN);
      const device = `client${lab.id}`;
      client.attach(network, device, undefined, MAC);
      return new Client6(drivers6.dhcpcd, lab, client, device, DUID, wish);
    },
  });
}

describe.skipIf(findProgram("dhcpcd") === undefined)("needs dhcpcd-base", () => {
  test("an interface whose link-local address is tentative at the start is served once it is not", () =>
    stage(async ({ host, attach, start, plugIn }) => {
      attach();
      // Six seconds of duplicate address detection when it comes up again.
      host.set("net/ipv6/conf/eth0/accept_dad", 1);
      host.set("net/ipv6/conf/eth0/dad_transmits", 6);
      host.ip("link", "set", "eth0", "down");
      host.ip("link", "set", "eth0", "up");
      host.ip("address", "add", "2001:db8::1/64", "dev", "eth0");
      await using server = await start(CONFIG);
      await server.program.waitFor(/eth0.*its link-local address is tentative still/);
      expect(host.ip("-6", "address", "show", "dev", "eth0", "tentative")).toContain("fe80::");
      await using client = plugIn({ addresses: 1 });
      await client.served();
      expect(isHeld(server.leases().get(client.addresses[0]!))).toBe(true);
    }));

  const reserved = {
    ...CONFIG,
    "mac-sources": ["raw"],
    subnet6: [{ ...SUBNET, reservations: [{ "hw-address": MAC, "ip-addresses": ["2001:db8::77"] }] }],
  };

  test("the frame tells the hardware address of a client whose DUID does not", () =>
    stage(async ({ attach, start, plugIn }) => {
      attach();
      await using server = await start(reserved);
      await using client = plugIn({ addresses: 1, prefix: true });
      await client.served();
      expect(client.addresses).toEqual(["2001:db8::77"]);
      expect(server.leases().get("2001:db8::77")).toMatchObject({ clientId: DUID, hwaddr: MAC });
    }));

  const withoutRaw = { under: ["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"] };

  test("without CAP_NET_RAW it says what is missing, and serves through UDP sockets", () =>
    stage(async ({ attach, start, plugIn }) => {
      attach();
      await using server = await start(reserved, withoutRaw);
      expect(server.program.output).toMatch(/DHCP6_RING_MISSING .*CAP_NET_RAW/);
      await using client = plugIn({ addresses: 1, prefix: true });
      await client.served();
      const [address, prefix] = [...client.addresses, ...client.prefixes];
      expect(address).toBe("2001:db8::10");
      for (const given of [address!, prefix!]) {
        expect(server.leases().get(given)).toMatchObject({ clientId: DUID, hwaddr: "", state: 0 });
      }
    }));

  describe.skipIf(findProgram("dhcrelay") === undefined)("needs isc-dhcp-relay", () => {
    test.each([
      { sockets: "the ring", options: {} },
      { sockets: "UDP sockets", options: withoutRaw },
    ])(
      "$sockets: relays are answered that know the server by an address the configuration does not name",
      ({ options }) =>
        stage(async ({ lab, lan, attach, start, plugIn }) => {
          attach();
          const { clients, network } = await startRelays6(lab, lan, 1);
          const remote = { id: 2, subnet: `${network}/64`, pools: [{ pool: `${network}10-${network}1f` }] };
          await using server = await start({ subnet6: [SUBNET, remote] }, options);
          await using client = plugIn({ addresses: 1 }, clients);
          await client.served();
          expect(client.addresses).toEqual([`${network}10`]);
          expect(server.leases().get(`${network}10`)).toMatchObject({ clientId: DUID, subnetId: 2, state: 0 });
        }),
    );
  });
});
