/** Statements with one value: which level of Kea's configuration has them, and what is to be said of the others. */
import type { Ledger } from "../ledger.ts";
import { Untranslatable } from "../statements/kea-expression.ts";
import type { Parameter } from "../statements/settings.ts";

export type Level = "global" | "network" | "subnet" | "pool" | "class" | "host";

export type Json = Record<string, unknown>;

/** `on` and `allow`; a statement without a value is on. */
export function isOn({ words, permission }: Parameter): boolean {
  if (permission !== undefined) return permission === "allow";
  const text = words[0]?.text.toLowerCase();
  return text === undefined || /^(on|true|yes|1)$/.test(text);
}

export function textOf({ words }: Parameter): string {
  const [first] = words;
  return first?.kind === "string" ? first.text : words.map(({ text }) => text).join("");
}

/** @throws {Untranslatable} for what is no number in the range */
function numberOf(parameter: Parameter, max: number): number {
  const text = textOf(parameter);
  if (!/^\d{1,10}$/.test(text) || Number(text) > max) throw new Untranslatable(`"${text}" is no number up to ${max}`);
  return Number(text);
}

/** @throws {Untranslatable} for what is too long for the field of a message */
function fieldOf(parameter: Parameter, max: number): string {
  const text = textOf(parameter);
  if (text.length > max) throw new Untranslatable(`the field of a message has room for ${max} characters`);
  return text;
}

/** A key of Kea's, and on which levels it may stand. */
export interface KeyRule {
  readonly levels: readonly Level[];
  /** @throws {Untranslatable} */
  readonly keys: (parameter: Parameter) => Json;
}

const SCOPES: readonly Level[] = ["global", "network", "subnet"];
const WITH_CLASSES: readonly Level[] = [...SCOPES, "class", "host"];

const flag = (key: string, levels = SCOPES): KeyRule => ({ levels, keys: (given) => ({ [key]: isOn(given) }) });

/** What both families have. */
const BOTH: Readonly<Record<string, KeyRule>> = {
  "ddns-updates": flag("ddns-send-updates"),
  "ddns-domainname": { levels: SCOPES, keys: (given) => ({ "ddns-qualifying-suffix": textOf(given) }) },
  "client-updates": { levels: SCOPES, keys: (given) => ({ "ddns-override-client-update": !isOn(given) }) },
  "update-optimization": { levels: SCOPES, keys: (given) => ({ "ddns-update-on-renew": !isOn(given) }) },
  "update-conflict-detection": {
    levels: SCOPES,
    keys: (given) => (isOn(given) ? {} : { "ddns-conflict-resolution-mode": "no-check-with-dhcid" }),
  },
  "dhcp-cache-threshold": { levels: SCOPES, keys: (given) => ({ "cache-threshold": numberOf(given, 99) / 100 }) },
  "abandon-lease-time": {
    levels: ["global"],
    keys: (given) => ({ "decline-probation-period": numberOf(given, 0xffff_ffff) }),
  },
};

const FOUR: Readonly<Record<string, KeyRule>> = {
  ...BOTH,
  authoritative: flag("authoritative"),
  "next-server": { levels: WITH_CLASSES, keys: (given) => ({ "next-server": textOf(given) }) },
  "server-name": { levels: WITH_CLASSES, keys: (given) => ({ "server-hostname": fieldOf(given, 63) }) },
  filename: { levels: WITH_CLASSES, keys: (given) => ({ "boot-file-name": fieldOf(given, 127) }) },
  "ignore-client-uids": { levels: SCOPES, keys: (given) => ({ "match-client-id": !isOn(given) }) },
  "echo-client-id": flag("echo-client-id", ["global"]),
  "stash-agent-options": flag("stash-agent-options", ["global"]),
};

export const keyRules: Readonly<Record<4 | 6, Readonly<Record<string, KeyRule>>>> = { 4: FOUR, 6: BOTH };

type Remark = readonly [kind: "lost" | "note", why: string, fix?: string];

/** What is to be said of a statement that has no key; nothing is said where it asks for what Kea does anyway. */
type Rule = (parameter: Parameter) => Remark | undefined;

const unneeded =
  (why: string): Rule =>
  () => ["note", why];
const lost =
  (why: string, fix?: string): Rule =>
  () =>
    fix === undefined ? ["lost", why] : ["lost", why, fix];
/** Carried when it is off, or when it is on. */
const unlessOff =
  (why: string, fix: string): Rule =>
  (given) =>
    isOn(given) ? ["lost", why, fix] : undefined;
const unlessOn =
  (why: string, fix: string): Rule =>
  (given) =>
    isOn(given) ? undefined : ["lost", why, fix];

/** Another part of the converter reads it. */
const read: Rule = () => undefined;

const OWN_FILE = unneeded("names a file of dhcpd's own: Kea has its own");
const OMAPI = unneeded("belongs to OMAPI, which Kea does not have: its commands come over the control socket");
function ofPings(key: string, value: string): Remark {
  return ["lost", "belongs to ping-check", `give libdhcp_ping_check.so the parameter "${key}": ${value}`];
}
const UPDATER = "the DNS updater does all of an update";

export const remarks: Readonly<Record<string, Rule>> = {
  "vendor-option-space": read,
  "site-option-space": read,
  "use-host-decl-names": read,
  "lease-file-name": OWN_FILE,
  "dhcpv6-lease-file-name": OWN_FILE,
  "pid-file-name": OWN_FILE,
  "dhcpv6-pid-file-name": OWN_FILE,
  "omapi-port": OMAPI,
  "omapi-key": OMAPI,
  "one-lease-per-client": unneeded("needs no key: a client of Kea's has one lease in a subnet"),
  duplicates: unneeded("needs no key: a client of Kea's is known by its client identifier, if it has one"),
  "lease-id-format": unneeded("is about dhcpd's file of leases"),
  "db-time-format": unneeded("is about dhcpd's file of leases"),
  "dont-use-fsync": unneeded("is not carried over: a lease is on disk before it is acknowledged"),
  "delayed-ack": unneeded("needs no key: leases of many packets are written together anyway"),
  "max-ack-delay": unneeded("needs no key: leases of many packets are written together anyway"),
  "get-lease-hostnames": unlessOff(
    "Kea does not look up names of addresses in the DNS",
    "give the hosts names in reservations",
  ),
  "update-static-leases": unlessOn(
    "Kea updates names of reserved addresses as those of others",
    "set ddns-send-updates where no updates are wanted",
  ),
  "do-forward-updates": unlessOn(UPDATER, "remove the forward domains from the updater's configuration"),
  "do-reverse-updates": unlessOn(UPDATER, "remove the reverse domains from the updater's configuration"),
  "ddns-rev-domainname": (given) =>
    /^(in-addr|ip6)\.arpa\.?$/i.test(textOf(given))
      ? undefined
      : ["lost", "Kea's reverse names end in the usual domains", "leave it out"],
  "ddns-ttl": (given) => [
    "lost",
    "is a key that Kea 2.6 does not know: it takes a third of the lease's time",
    `write "ddns-ttl": ${textOf(given)}, which Kotare and Kea 3 know`,
  ],
  "ddns-hostname": ({ expression = "'name'" }) => [
    "lost",
    "says what clients are called in the DNS, for which Kotare and Kea 3 have a library",
    `add { "library": "libdhcp_ddns_tuning.so", "parameters": { "hostname-expr": ${JSON.stringify(expression)} } } to hooks-libraries`,
  ],
  declines: unlessOn("Kea never ignores that clients decline an address", "leave it out"),
  booting: unlessOn("Kea ignores clients by the class DROP only", "put the clients into a class DROP"),
  "ping-check": unlessOff(
    "Kea 2.6 does not ping an address before it offers it",
    'add { "library": "libdhcp_ping_check.so" } to hooks-libraries, which Kotare and Kea 3 have',
  ),
  "ping-timeout": (given) => ofPings("reply-timeout", `${textOf(given)}000`),
  "ping-timeout-ms": (given) => ofPings("reply-timeout", textOf(given)),
  "ping-cltt-secs": (given) => ofPings("ping-cltt-secs", textOf(given)),
  leasequery: unlessOff("Kea 2.6 answers no leasequery", "add libdhcp_lease_query.so, which Kotare and Kea 3 have"),
  "adaptive-lease-time-threshold": lost(
    "Kea 2.6 has no adaptive lease times",
    "set adaptive-lease-time-threshold by hand; Kotare and Kea 3 know it",
  ),
  "min-secs": lost(
    "Kea answers however long a client has been trying",
    "use the option of the relay that delays, or leave it out",
  ),
  "always-broadcast": unlessOff("Kea broadcasts where the client asks for it", "leave it out, or set the relay so"),
  "always-reply-rfc1048": unneeded("is about BOOTP clients of before 1988"),
  "use-lease-addr-for-default-route": unlessOff(
    "Kea sends the routers that are configured",
    "set routers in option-data",
  ),
  "infinite-is-reserved": unlessOff("Kea makes no reservations of leases", "write reservations for these clients"),
  "release-on-roam": unlessOff("Kea keeps the former lease of a client that roams until it ends", "shorten the leases"),
  "limit-addrs-per-ia": unneeded("needs no key: Kea gives one address for an association"),
  "limit-prefs-per-ia": unneeded("needs no key: Kea gives one prefix for an association"),
  "prefix-length-mode": lost(
    "Kea gives a prefix of the length of its pool",
    "order the pd-pools by the length that is preferred",
  ),
  "dhcpv6-set-tee-times": (given) =>
    isOn(given) ? ["lost", "T1 and T2 are to be computed", 'set "calculate-tee-times": true'] : undefined,
  "fqdn-reply": unlessOff("is about the FQDN option in replies", "leave it out: Kea sends it where the client did"),
  "server-id-check": unneeded("needs no key: Kea answers only what is meant for it"),
  "local-address": lost(
    "Kea is told interfaces and addresses in interfaces-config",
    'set "interfaces": ["NAME/ADDRESS"]',
  ),
  "local-address6": lost(
    "Kea is told interfaces and addresses in interfaces-config",
    'set "interfaces": ["NAME/ADDRESS"]',
  ),
  "bind-local-address6": lost(
    "Kea is told interfaces and addresses in interfaces-config",
    'set "interfaces": ["NAME/ADDRESS"]',
  ),
  "local-port": lost("Kea is told its port by the command line", "start it with -p PORT"),
  "remote-port": lost("Kea is told the clients' port by the command line", "start it with -P PORT"),
  "log-threshold-low": lost("Kea does not log how full a pool is", "watch assigned-addresses among the statistics"),
  "log-threshold-high": lost("Kea does not log how full a pool is", "watch assigned-addresses among the statistics"),
  "check-secs-byte-order": unneeded("is about clients whose field secs is the wrong way round"),
  "limited-broadcast-address": lost("Kea broadcasts to 255.255.255.255", "leave it out"),
  "dynamic-bootp-lease-cutoff": lost("leases of BOOTP clients do not end in Kea", "leave it out"),
  "dynamic-bootp-lease-length": lost("leases of BOOTP clients do not end in Kea", "leave it out"),
  "eui-64": unlessOff("Kea makes no addresses of hardware addresses", "use allocator random"),
  "use-eui-64": unlessOff("Kea makes no addresses of hardware addresses", "use allocator random"),
  "persist-eui-64-leases": unneeded("belongs to use-eui-64"),
};

/** Statements that are about the DNS, and mean nothing where it is not kept. */
export const DDNS_PARAMETER = /^(ddns-|client-updates$|update-|do-(forward|reverse)-updates$|fqdn-reply$)/;

const LEVELS: Readonly<Record<Level, string>> = {
  global: "for the whole server",
  network: "for a shared network",
  subnet: "for a subnet",
  pool: "for a pool",
  class: "for a class",
  host: "for a host",
};

/** Tells of a statement that no part of the converter has taken. */
export function remarkOn(name: string, parameter: Parameter, level: Level, ledger: Ledger): void {
  const { clause } = parameter;
  const rule = remarks[name];
  if (rule === undefined) {
    const isKnown = Object.values(keyRules).some((rules) => name in rules);
    const why = isKnown ? `Kea has nothing like it ${LEVELS[level]}` : "is no statement that the converter knows";
    ledger.lose(
      clause,
      why,
      isKnown ? "set it for the subnet, or for all" : "see what dhcpd makes of it: dhcpd -t -cf FILE",
    );
    return;
  }
  const remark = rule(parameter);
  if (remark === undefined) ledger.carry(clause);
  else if (remark[0] === "note") ledger.note(clause, remark[1], remark[2]);
  else ledger.lose(clause, remark[1], remark[2]);
}
