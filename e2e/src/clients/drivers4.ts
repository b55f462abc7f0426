/** dhclient, dhcpcd and udhcpc: how each is started, what it calls things, how it gives back. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOOK } from "./client-program.ts";
import type { Bound, Driver4 } from "./client4.ts";
import type { ClientEvent } from "./events.ts";

export type Client4Name = "dhclient" | "dhcpcd" | "udhcpc";

/** For the hook: dhclient and dhcpcd give it an environment of their own making. */
export function environment(events: string): string[] {
  const { PATH = "", LD_LIBRARY_PATH = "" } = process.env;
  return ["-e", `EVENTS=${events}`, "-e", `E2E_PATH=${PATH}`, "-e", `LD_LIBRARY_PATH=${LD_LIBRARY_PATH}`];
}

/** Options every client is told to ask for, by code. */
const WANTED = [1, 3, 6, 12, 15, 26, 42, 119];

function readIscNames(v: ClientEvent["variables"]): Bound {
  return {
    address: v["new_ip_address"] ?? "",
    server: v["new_dhcp_server_identifier"] ?? "",
    lifetime: Number(v["new_dhcp_lease_time"]),
    mask: v["new_subnet_mask"] ?? "",
    routers: v["new_routers"] ?? "",
    nameServers: v["new_domain_name_servers"] ?? "",
    domain: v["new_domain_name"] ?? "",
    ntpServers: v["new_ntp_servers"] ?? "",
    mtu: v["new_interface_mtu"] ?? "",
    search: (v["new_domain_search"] ?? "").replaceAll(/\.(?= |$)/g, ""),
    hostname: v["new_host_name"] ?? "",
  };
}

export const drivers4: Readonly<Record<Client4Name, Driver4>> = {
  dhclient: {
    package: "isc-dhcp-client",
    command(device, folder, events) {
      writeFileSync(
        join(folder, "dhclient.conf"),
        `send host-name "laptop";
         request subnet-mask, routers, domain-name-servers, host-name, domain-name, interface-mtu, ntp-servers,
           domain-search;
         initial-interval 1; backoff-cutoff 2; retry 2; reboot 2; select-timeout 0; timeout 10;`,
      );
      const files = ["-cf", join(folder, "dhclient.conf"), "-lf", join(folder, "leases"), "-pf", join(folder, "pid")];
      return ["dhclient", "-4", "-d", ...files, "-sf", HOOK, ...environment(events), "-e", "pid_dhclient=1", device];
    },
    read: readIscNames,
    bound: ["BOUND", "REBOOT"],
    extended: ["RENEW", "REBIND"],
    async release(client) {
      const { program } = client;
      // It reports before it has noted the lease down, and -r reads the note.
      await program.waitFor(/^bound to/, { from: program.lines.findLastIndex((line) => line.startsWith("DHCPACK")) });
      await client.run("-r").exited;
      await program.stop();
    },
  },
  dhcpcd: {
    package: "dhcpcd-base",
    command(device, folder, events) {
      writeFileSync(
        join(folder, "dhcpcd.conf"),
        `ipv4only\nhostname laptop\noption ${WANTED.filter((code) => code !== 12).join(",")}\noption host_name\nnogateway\n`,
      );
      return [
        "dhcpcd",
        "-B",
        "-f",
        join(folder, "dhcpcd.conf"),
        "-c",
        HOOK,
        ...environment(events),
        "-e",
        "pid_dhcpcd=1",
        device,
      ];
    },
    read: readIscNames,
    bound: ["BOUND", "REBOOT"],
    extended: ["RENEW", "REBIND"],
    async release({ program }) {
      await program.stop("SIGALRM");
    },
  },
  udhcpc: {
    package: "udhcpc",
    command(device, folder) {
      const wanted = WANTED.flatMap((code) => ["-O", String(code)]);
      return [
        "udhcpc",
        "-f",
        "-i",
        device,
        "-s",
        HOOK,
        "-p",
        join(folder, "pid"),
        "-a",
        "-t",
        "10",
        "-T",
        "1",
        "-A",
        "2",
        "-x",
        "hostname:laptop",
        ...wanted,
      ];
    },
    read: (v) => ({
      address: v["ip"] ?? "",
      server: v["serverid"] ?? "",
      lifetime: Number(v["lease"]),
      mask: v["subnet"] ?? "",
      routers: v["router"] ?? "",
      nameServers: v["dns"] ?? "",
      domain: v["domain"] ?? "",
      ntpServers: v["ntpsrv"] ?? "",
      mtu: v["mtu"] ?? "",
      search: v["search"] ?? "",
      hostname: v["hostname"] ?? "",
    }),
    bound: ["bound"],
    extended: ["renew"],
    renewSignal: "SIGUSR1",
    async release({ program }) {
      program.signal("SIGUSR2");
      await program.waitFor(/Entering released state/i);
      await program.stop();
    },
  },
};
