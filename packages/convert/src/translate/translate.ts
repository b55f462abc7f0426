/** From the tree of a file of dhcpd's to a configuration of Kea's. */
import { type Clause, keywordOf } from "../dhcpd/clause.ts";
import type { Resolve } from "../dhcpd/option-value.ts";
import { type Finding, Ledger } from "../ledger.ts";
import { readSettings } from "../statements/read-settings.ts";
import type { Parameter, Settings, SettingsSurroundings } from "../statements/settings.ts";
import { variablesOf } from "../statements/variables.ts";
import { ClassBook } from "./class-book.ts";
import { family4, family6 } from "./family.ts";
import { needsTwins } from "./known-hosts.ts";
import { readModel } from "./model.ts";
import { OptionWriter } from "./option-data.ts";
import { type Json, textOf } from "./parameters.ts";
import { writeScope } from "./scope-writer.ts";
import type { Translation } from "./translation.ts";
import { type ReadClass, readClasses, writeClasses } from "./write-classes.ts";
import { writeDdns } from "./write-ddns.ts";
import { writeFailover } from "./write-failover.ts";
import { HostWriter } from "./write-hosts.ts";
import { SubnetWriter } from "./write-subnets.ts";

export interface Translated {
  /** `{ "Dhcp4": … }` or `{ "Dhcp6": … }`. */
  readonly config: Json;
  /** `{ "DhcpDdns": … }`, where zones are declared. */
  readonly ddns: Json | undefined;
  readonly findings: readonly Finding[];
  /** Statements that nobody has spoken for: a fault of the converter, and told as lost. */
  readonly forgotten: readonly Clause[];
}

export function translate(clauses: readonly Clause[], number: 4 | 6, resolve: Resolve): Translated {
  const family = number === 4 ? family4 : family6;
  const ledger = new Ledger();
  const model = readModel(clauses, number, ledger);
  const classes = new ClassBook();
  const names = new Map<string, string>();
  const { registry } = model;
  const around: SettingsSurroundings = {
    family: number,
    registry,
    resolve,
    ledger,
    variables: variablesOf(model.globals),
    className: (name) => names.get(name),
  };
  const read = readClasses(model, names, classes, around);
  const globals = readSettings(model.globals, around);
  const options = new OptionWriter(family, registry, siteSpacesIn(clauses), ledger);
  const translation: Translation = {
    family,
    model,
    ledger,
    resolve,
    around,
    options,
    classes,
    hasTwins: needsTwins(model),
    hasDdns: keepsNames(globals.always),
    classKeys: keysOf(read),
    hooks: new Map(),
    computed: [],
  };
  writeClasses(read, globals.always, translation);
  const config = write(globals, translation);
  const ddns = writeDdns(translation);
  ledger.close();
  const forgotten = ledger.forgotten(clauses);
  for (const clause of forgotten) {
    ledger.lose(clause, "is nothing that the converter expects there", "see what dhcpd makes of it: dhcpd -t -cf FILE");
  }
  return { config, ddns, findings: ledger.findings, forgotten };
}

function write(globals: ReturnType<typeof readSettings>, translation: Translation): Json {
  const { family, model, options, classes, hooks, hasDdns, computed } = translation;
  const { number } = family;
  const loggers = takeLoggers(globals.always, translation);
  takeStyle(globals.always, translation);
  const subnets = new SubnetWriter(globals.always, translation);
  const keys = writeScope({ level: "global", label: "all", settings: globals, outer: [] }, translation);
  const networks = model.networks.flatMap((network) => subnets.network(network) ?? []);
  const alone = model.subnets.flatMap((subnet) => subnets.subnet(subnet));
  const hosts = new HostWriter(globals.always, subnets.written, translation);
  for (const host of model.hosts) hosts.write(host);
  writeFailover(translation);
  if (computed.length > 0) hooks.set("libdhcp_flex_option.so", { options: computed });
  const libraries = [...hooks].map(([library, parameters]) => ({ library, ...(parameters && { parameters }) }));
  const usual: Json = number === 4 ? { "echo-client-id": false } : {};
  const body: Json = {
    "interfaces-config": { interfaces: ["*"] },
    "control-socket": { "socket-type": "unix", "socket-name": family.socket },
    "lease-database": { type: "memfile", persist: true },
    ...(libraries.length > 0 && { "hooks-libraries": libraries }),
    ...usual,
    // dhcpd's own unless the file says otherwise.
    "cache-threshold": 0.25,
    "calculate-tee-times": false,
    "dhcp-ddns": { "enable-updates": hasDdns },
    ...keys,
    ...identifiersOf(hosts, number),
    ...(hosts.global.length > 0 && { "reservations-global": true, "reservations-in-subnet": true }),
    ...(!hosts.isUnique && { "ip-reservations-unique": false }),
    ...(options.definitions.length > 0 && { "option-def": options.definitions }),
    ...(classes.entries.length > 0 && { "client-classes": classes.entries }),
    ...(networks.length > 0 && { "shared-networks": networks }),
    [`subnet${number}`]: alone,
    ...(hosts.global.length > 0 && { reservations: hosts.global }),
    loggers,
  };
  return { [`Dhcp${number}`]: body };
}

/** In dhcpd's order: the client's own identifier comes first. */
function identifiersOf({ identifiers }: HostWriter, number: 4 | 6): Json {
  const usual = number === 4 ? (["client-id", "hw-address"] as const) : (["duid", "hw-address"] as const);
  const others = [...identifiers].filter((type) => !usual.some((each) => each === type));
  return identifiers.size === 0 ? {} : { "host-reservation-identifiers": [...usual, ...others] };
}

/** Whether dhcpd updates the DNS: by itself it does not. */
function keepsNames({ parameters }: Settings): boolean {
  const style = parameters.get("ddns-update-style");
  return style !== undefined && textOf(style).toLowerCase() !== "none";
}

function takeStyle({ parameters, options }: Settings, { ledger, hasDdns, around }: Translation): void {
  const style = parameters.get("ddns-update-style");
  parameters.delete("ddns-update-style");
  if (style !== undefined) ledger.carry(style.clause);
  // dhcpd appends the domain that clients are told, unless there is one for this.
  const domain = options.get("dhcp 15");
  if (!hasDdns || domain === undefined || parameters.has("ddns-domainname") || around.family === 6) return;
  const words = domain.clause.head.slice(2);
  const parameter: Parameter = { clause: domain.clause, words };
  parameters.set("ddns-domainname", parameter);
}

const FACILITY = /^(auth|authpriv|cron|daemon|ftp|kern|lpr|mail|news|syslog|user|uucp|local[0-7])$/;

function takeLoggers({ parameters }: Settings, { ledger, family }: Translation): Json[] {
  const given = parameters.get("log-facility");
  parameters.delete("log-facility");
  // dhcpd's own unless the file says otherwise.
  let facility = "daemon";
  if (given !== undefined && FACILITY.test(textOf(given).toLowerCase())) {
    facility = textOf(given).toLowerCase();
    ledger.carry(given.clause);
  } else if (given !== undefined) ledger.lose(given.clause, "names no facility of syslog", "correct it");
  return [{ name: family.daemon, "output-options": [{ output: `syslog:${facility}` }], severity: "INFO" }];
}

function keysOf(classes: readonly ReadClass[]): ReadonlySet<string> {
  const all = classes.flatMap(({ settings }) => [settings.always, ...settings.branches.map((each) => each.settings)]);
  return new Set(all.flatMap((each) => each.keys()));
}

function siteSpacesIn(clauses: readonly Clause[]): ReadonlySet<string> {
  const own = clauses.filter((clause) => keywordOf(clause) === "site-option-space");
  const inside = clauses.flatMap(({ block = [] }) => [...siteSpacesIn(block)]);
  return new Set([...own.map(({ head }) => head[1]?.text.toLowerCase() ?? ""), ...inside]);
}
