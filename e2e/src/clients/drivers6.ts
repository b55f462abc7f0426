/** dhclient -6, dhcpcd, dhcp6c and dibbler-client: how each is started, what it calls things, how it gives back. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOOK } from "./client-program.ts";
import { type Client6, type Driver6, LAN } from "./client6.ts";
import { environment } from "./drivers4.ts";

export type Client6Name = "dhclient" | "dhcpcd" | "dhcp6c" | "dibbler-client";

/** What every client but dhcp6c says of itself. */
export const HOST_NAME = "laptop.example.org";

/** One line for each address that is wished for. */
function each(addresses: number | undefined, line: (number: number) => string): string {
  return Array.from({ length: addresses ?? 0 }, (_, index) => line(index + 1)).join("\n");
}

/** The IAID of the association of prefixes, apart from those of addresses for clients that want it so. */
const IA_PD = 9;

/** dhcp6c and dibbler-client pass nothing of their environment on to a hook. */
function writeHook(folder: string, events: string): string {
  const { PATH = "", LD_LIBRARY_PATH = "" } = process.env;
  const path = join(folder, "hook");
  const variables = `EVENTS='${events}' PATH='${PATH}' LD_LIBRARY_PATH='${LD_LIBRARY_PATH}'`;
  writeFileSync(path, `#!/bin/sh\nexport ${variables}\nexec ${HOOK} "$@"\n`, { mode: 0o755 });
  return path;
}

/** A command that sees folders of its own instead of the system's: some clients cannot be told where their files are. */
function withOwn(folder: string, paths: readonly string[], command: readonly string[]): string[] {
  const mounts = paths.map((path) => `mount --bind ${folder}${path} ${path} && `).join("");
  return ["sh", "-c", `${mounts}exec "$@"`, "sh", ...command];
}

/** Octets of `00:03:…`. */
function octets(duid: string): Buffer {
  return Buffer.from(duid.replaceAll(":", ""), "hex");
}

/** Whether a file is there and has all of these texts. */
function holds(path: string, ...texts: readonly string[]): boolean {
  if (!existsSync(path)) return false;
  const contents = readFileSync(path, "latin1");
  return texts.every((text) => contents.includes(text));
}

/** Prefixes in a client's own words. */
function said(client: Client6, pattern: RegExp): string[] {
  return [
    ...new Set(client.program.lines.map((line) => pattern.exec(line)?.[1]).filter((prefix) => prefix !== undefined)),
  ];
}

export const drivers6: Readonly<Record<Client6Name, Driver6>> = {
  dhclient: {
    package: "isc-dhcp-client",
    rapidCommit: false,
    declines: true,
    confirms: {
      line: /^XMT: Confirm on/,
      knows: ({ folder }, address) => holds(join(folder, "leases"), `iaaddr ${address} `),
    },
    lifetimes: true,
    subnets: false,
    command(device, folder, events, duid, { addresses = 0, prefix = false }) {
      writeFileSync(
        join(folder, "dhclient.conf"),
        `request dhcp6.name-servers, dhcp6.domain-search, dhcp6.sntp-servers, dhcp6.sip-servers-addresses,
           dhcp6.bootfile-url;
         send fqdn.fqdn "${HOST_NAME}";`,
      );
      const own = [...octets(duid)].map((octet) => `\\${octet.toString(8).padStart(3, "0")}`).join("");
      writeFileSync(join(folder, "leases"), `default-duid "${own}";\n`);
      const files = ["-cf", join(folder, "dhclient.conf"), "-lf", join(folder, "leases"), "-pf", join(folder, "pid")];
      const wanted = [...Array<string>(addresses).fill("-N"), ...(prefix ? ["-P"] : [])];
      const asked = wanted.length === 0 ? ["-S"] : wanted;
      const hook = ["-sf", HOOK, ...environment(events), "-e", "pid_dhclient=1"];
      return ["dhclient", "-6", "-d", ...asked, ...files, ...hook, device];
    },
    variables: {
      nameServers: "new_dhcp6_name_servers",
      search: "new_dhcp6_domain_search",
      sntpServers: "new_dhcp6_sntp_servers",
      sipServers: "new_dhcp6_sip_servers_addresses",
      bootfileUrl: "new_dhcp6_bootfile_url",
    },
    prefixes: ({ events }) => {
      const prefixes = events.seen.map(({ variables }) => variables["new_ip6_prefix"]);
      return [...new Set(prefixes.filter((prefix) => prefix !== undefined))];
    },
    async release(client) {
      const { program } = client;
      // It reports before it has noted the leases down, and -r reads the note.
      const from = program.lines.findLastIndex((line) => line.startsWith("RCV: Reply message"));
      await program.waitFor(/^PRC: Bound to lease/, { from });
      await client.run("-r").exited;
      await program.stop();
    },
  },
  dhcpcd: {
    package: "dhcpcd-base",
    rapidCommit: true,
    declines: true,
    confirms: {
      line: /multicasting CONFIRM6/,
      knows: ({ folder, device }) => holds(join(folder, "var/lib/dhcpcd", `${device}.lease6`), ""),
    },
    lifetimes: true,
    subnets: true,
    command(device, folder, events, duid, { addresses, prefix = false, rapidCommit = false }) {
      mkdirSync(join(folder, "var/lib/dhcpcd"), { recursive: true });
      const stateless = (addresses ?? 0) === 0 && !prefix;
      const options = [
        "dhcp6_name_servers",
        "dhcp6_domain_search",
        "dhcp6_sntp_servers",
        "dhcp6_ntp_server",
        "dhcp6_sip_servers_addresses",
        "dhcp6_posix_timezone",
        "dhcp6_bootfile_url",
        ...(rapidCommit ? ["rapid_commit"] : []),
      ];
      writeFileSync(
        join(folder, "dhcpcd.conf"),
        `ipv6only
         noipv6rs
         hostname ${HOST_NAME}
         duid ${duid}
         option ${options.join(", ")}
         interface ${device}
         ${stateless ? "inform6" : ""}
         ${each(addresses, (number) => `ia_na ${number}`)}
         ${prefix ? `ia_pd ${IA_PD} ${LAN}/1` : ""}
        `,
      );
      const files = ["-f", join(folder, "dhcpcd.conf"), "-c", HOOK];
      const command = ["dhcpcd", "-B", "-d", ...files, ...environment(events), "-e", "pid_dhcpcd=1", device];
      return withOwn(folder, ["/var/lib"], command);
    },
    variables: {
      nameServers: "new_dhcp6_name_servers",
      search: "new_dhcp6_domain_search",
      sntpServers: "new_dhcp6_sntp_servers",
      ntpServers: "new_dhcp6_ntp_server_addr",
      sipServers: "new_dhcp6_sip_servers_addresses",
      timezone: "new_dhcp6_posix_timezone",
      bootfileUrl: "new_dhcp6_bootfile_url",
    },
    prefixes: (client) => said(client, /: delegated prefix (\S+)$/),
    release: ({ program }) => program.stop("SIGALRM"),
  },
  dhcp6c: {
    package: "wide-dhcpv6-client",
    rapidCommit: true,
    declines: false,
    lifetimes: false,
    subnets: true,
    command(device, folder, events, duid, { addresses, prefix = false, rapidCommit = false }) {
      mkdirSync(join(folder, "var/lib/dhcpv6"), { recursive: true });
      const identity = octets(duid);
      const length = Buffer.alloc(2);
      length.writeUInt16LE(identity.length);
      writeFileSync(join(folder, "var/lib/dhcpv6/dhcp6c_duid"), Buffer.concat([length, identity]));
      const stateless = (addresses ?? 0) === 0 && !prefix;
      writeFileSync(
        join(folder, "dhcp6c.conf"),
        `interface ${device} {
           ${stateless ? "information-only;" : ""}
           ${each(addresses, (number) => `send ia-na ${number};`)}
           ${prefix ? `send ia-pd ${IA_PD};` : ""}
           ${rapidCommit ? "send rapid-commit;" : ""}
           request domain-name-servers, domain-name, ntp-servers, sip-server-address;
           script "${writeHook(folder, events)}";
         };
         ${each(addresses, (number) => `id-assoc na ${number} { };`)}
         ${prefix ? `id-assoc pd ${IA_PD} { prefix-interface ${LAN} { sla-id 1; sla-len 8; }; };` : ""}
        `,
      );
      const files = ["-c", join(folder, "dhcp6c.conf"), "-p", join(folder, "pid")];
      return withOwn(folder, ["/var/lib"], ["dhcp6c", "-f", "-D", ...files, device]);
    },
    variables: {
      nameServers: "new_domain_name_servers",
      search: "new_domain_name",
      // By its option code it means SNTP, which had no name of its own then.
      sntpServers: "new_ntp_servers",
      sipServers: "new_sip_servers",
    },
    prefixes: (client) => said(client, /create a prefix (\S+) /),
    release: ({ program }) => program.stop(),
  },
  "dibbler-client": {
    package: "dibbler-client",
    rapidCommit: true,
    declines: false,
    confirms: {
      line: /Sending CONFIRM/,
      // It writes the file anew.
      knows: ({ folder }, address) => holds(join(folder, "var/lib/dibbler/client-AddrMgr.xml"), address, "</AddrMgr>"),
    },
    lifetimes: true,
    // It adds a route to the prefix only.
    subnets: false,
    command(device, folder, events, duid, { addresses, prefix = false, rapidCommit = false }) {
      for (const path of ["etc/dibbler", "var/lib/dibbler", "var/log/dibbler"]) {
        mkdirSync(join(folder, path), { recursive: true });
      }
      writeFileSync(join(folder, "var/lib/dibbler/client-duid"), duid);
      const stateless = (addresses ?? 0) === 0 && !prefix;
      writeFileSync(
        join(folder, "etc/dibbler/client.conf"),
        `log-level 8
         log-mode short
         script "${writeHook(folder, events)}"
         downlink-prefix-ifaces "${LAN}"
         iface "${device}" {
           ${stateless ? "stateless" : ""}
           ${each(addresses, () => "ia")}
           ${prefix ? "pd" : ""}
           ${rapidCommit ? "rapid-commit yes" : ""}
           option dns-server
           option domain
           option ntp-server
           option sip-server
           option fqdn ${HOST_NAME}
         }
        `,
      );
      return withOwn(folder, ["/etc", "/var"], ["dibbler-client", "run"]);
    },
    variables: {
      nameServers: "SRV_OPTION23",
      search: "SRV_OPTION24",
      sntpServers: "SRV_OPTION31",
      sipServers: "SRV_OPTION22",
    },
    prefixes: (client) => said(client, /PD: Adding prefix (\S+) to all interfaces/),
    release: ({ program }) => program.stop(),
  },
};
