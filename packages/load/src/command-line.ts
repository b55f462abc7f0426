/** What can be said to dhcp-load, for its help, its completion and its manual page. */
import type { SubCommand } from "@kotare/core/tools/sub-command";
import { askKinds, exchangeKinds } from "./clients/dialogue.ts";

type Options = SubCommand["options"][string];

const value = (describe: string, more: Options = {}): Options => ({
  describe,
  type: "string",
  requiresArg: true,
  ...more,
});
const values = (describe: string, more: Options = {}): Options => ({
  describe,
  type: "array",
  string: true,
  requiresArg: true,
  ...more,
});
const flag = (describe: string, more: Options = {}): Options => ({ describe, type: "boolean", ...more });

export const LoadExit = { ok: 0, failed: 1, lost: 3, slow: 4, usage: 64 } as const;

export const command: SubCommand = {
  program: "dhcp-load",
  usage: `Plays many DHCP clients, and tells how long a server takes and what it loses.

Usage: $0 [-6] -i INTERFACE [OPTIONS]
   or: $0 -l ADDRESS [OPTIONS] SERVER
   or: $0 --over6 -i INTERFACE [OPTIONS]
   or: $0 -6 -i INTERFACE -l ADDRESS [OPTIONS] [SERVER]`,
  options: {
    ipv4: flag("Play clients of DHCPv4, as it does anyway", { alias: "4" }),
    ipv6: flag("Play clients of DHCPv6", { alias: "6" }),
    over6: flag("Play clients of DHCPv4 on a link that has IPv6 only: their messages go in those of DHCPv6 (RFC 7341)"),
    interface: value("Send through this interface", { alias: "i" }),
    relay: values("Be a relay with this address. In DHCPv4 this host must have it. With several, clients take turns", {
      alias: "l",
    }),
    exchange: value("What clients do: take a lease, stop at the offer, take it with two messages, or renew it", {
      alias: "x",
      choices: exchangeKinds,
      default: "four-way",
    }),
    release: value("So many percent of the clients give their lease back at once", { default: "0" }),
    ask: value("What clients of DHCPv6 ask for", { choices: askKinds, default: "address" }),
    rate: value("Begin so many exchanges per second; with FROM-TO, go from one rate to the other", {
      alias: "r",
      default: "1000",
    }),
    steps: value("Go there in so many steps; 10 unless given"),
    seconds: value("So long, or so long for each step; 10 unless given", { alias: "s" }),
    count: value("Stop after so many exchanges, and leave none of them out", { alias: "n" }),
    clients: value("So many clients; then the first come again", { alias: "c", default: "100000" }),
    "first-mac": value("The first client's hardware address; the others count up", { default: "02:00:00:00:00:00" }),
    hostname: value("Clients have this name: a run of # in it is the client's number"),
    fqdn: value("Clients ask for this name in the DNS: a run of # in it is the client's number"),
    option: values("Clients send this option: CODE=HEX", { alias: "o" }),
    "relay-option": values("Relays add this: a sub-option of option 82 in DHCPv4, an option in DHCPv6"),
    patience: value("A reply is lost after so many milliseconds", { default: "1000" }),
    slow: value("List each reply that takes longer than so many milliseconds, and when, in the results of --json"),
    "max-loss": value("So many percent may be lost without an exit code of 3", { default: "0" }),
    json: value("Write the results to this file for programs; - is the standard output"),
    leases: value("Write the leases of the clients to this file: client,address,prefix; - is the standard output"),
    version: flag("Print the version number"),
  },
  examples: [
    ["$0 -i eth0 -r 500", "500 clients per second, who broadcast on the link of eth0"],
    ["$0 -l 192.0.2.9 -r 1000-20000 --steps 20 -s 5 192.0.2.1", "A ramp, as a relay with the address 192.0.2.9"],
    ["$0 -l 192.0.2.9 -x renew -c 5000 -r 2000 192.0.2.1", "5000 clients who have leases and renew them"],
    ["$0 -6 -i eth0 --ask both -r 2000", "An address and a prefix for each client"],
    ["$0 -i eth0 --fqdn pc-####.example.org -c 9999", "Clients with names"],
  ],
  epilogue: `Exchanges begin when they are due, however long the server takes. The first of them are slower than the others where a server has just started. A client of DHCPv4 without a relay asks for answers by broadcast, and renews as after a restart: answers to other renewals go to its own address, which this host does not have. The right to use raw sockets is needed: be root, or have CAP_NET_RAW, CAP_NET_BIND_SERVICE and CAP_NET_ADMIN (for room for many replies).

Do not run it where real clients are served: it takes the leases that they need.

Exit codes:
  0 every exchange completed, but for what --max-loss allows
  1 it could not run
  3 exchanges were lost or refused
  4 this host was too slow for the rate: the numbers are about it, and not about the server
  64 wrong arguments`,
  repeats: true,
};
