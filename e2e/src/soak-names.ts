/** A part of soak: leases change in masses while the DNS updater is down; memory stays bounded, and all names come right. */
import { join } from "node:path";
import { Bed, kotare } from "./bench/bed.ts";
import type { BenchFamily } from "./bench/family.ts";
import { NameServer } from "./dns/name-server.ts";
import { DnsUpdater, type UpdaterOptions } from "./dns/updater.ts";
import { run } from "./lab/lab.ts";
import { delay, type Usage } from "./lab/program.ts";
import { loadCommand } from "./load/load.ts";
import { isHeld } from "./subject/lease-file.ts";
import type { Server } from "./subject/server.ts";
import { ipv6Bytes } from "./wire/ipv6-text.ts";

export interface NamesSoak {
  /** How many leases change while the updater is down: half of them get their first name, and half another one. */
  readonly clients: number;
  /** Exchanges a second. */
  readonly rate: number;
  readonly check: (what: string, good: boolean, detail?: string) => void;
}

const MIB = 2 ** 20;
const FORWARD = "example.org";
const REVERSE = { 4: "10.in-addr.arpa", 6: "8.b.d.0.1.0.0.2.ip6.arpa" };
/** The far end of a cable of the server's own. */
const UPDATER = "192.0.2.1";

/** MiB more than without names: what is under way, which is bounded, and garbage before it is collected. */
const MOST_MEMORY = 64;
/** Of d2d, with all that waits: its queue is bounded in the configuration. */
const UPDATER_MEMORY = 768 * MIB;
/** Bytes that a name which is still to be removed may take in its lease. */
const OWED = 300;
/** Milliseconds a request until the zones must be as the leases say. */
const PATIENCE = 3;

export async function soakNames(family: BenchFamily, { clients, rate, check }: NamesSoak): Promise<void> {
  console.log(`\n== DHCPv${family.family}: ${clients} leases change while the DNS updater is down`);
  await using bed = new Bed(family);
  const network = bed.lab.network();
  run("ip", "address", "add", `${UPDATER}/24`, "dev", network.bridge);
  bed.server.attach(network, "eth1", "192.0.2.2/24");
  const zones = [FORWARD, REVERSE[family.family]];
  await using dns = await NameServer.start({ folder: join(bed.lab.folder, "dns"), zones });
  const options: UpdaterOptions = {
    folder: join(bed.lab.folder, "d2"),
    forward: zones.slice(0, 1),
    reverse: zones.slice(1),
    servers: [dns],
    // It would say something about each request.
    extra: {
      "ip-address": UPDATER,
      loggers: [logger("kea-dhcp-ddns", "WARN"), logger("kea-dhcp-ddns.dhcpddns", "INFO")],
    },
  };
  const named = (prefix: string, isOn: boolean) => ({
    "dhcp-ddns": { "enable-updates": isOn, "server-ip": UPDATER },
    "ddns-qualifying-suffix": FORWARD,
    "ddns-replace-client-name": "always",
    "ddns-generated-prefix": prefix,
  });
  const load = async (count: number): Promise<void> => {
    const { crowd } = family.large;
    await bed.clients.start(loadCommand({ rate, seconds: 0, exchanges: count, clients, crowd })).exited;
  };
  const start = (prefix: string, folder: string, isOn = true) =>
    bed.start({ ...kotare, config: named(prefix, isOn) }, [family.large.subnet], { folder });
  /** @returns how many bytes a server has grown by, asked now or later */
  const growthOf = (server: Server): (() => number) => {
    const begin = server.usage().memory;
    const most = peakOf(() => server.usage());
    return () => most() - begin;
  };

  const plain = await start("first", bed.newFolder(), false);
  const plainGrowth = growthOf(plain);
  await load(clients);
  await plain.program.stop();

  const folder = bed.newFolder();
  const first = await DnsUpdater.start(options);
  const before = await start("first", folder);
  await load(clients / 2);
  const named1 = await settle(dns, family, before, (PATIENCE * clients) / 2);
  check("names that are there before", named1.isRight, `${named1.names} in ${named1.seconds} s`);
  await before.program.stop();
  await first.program.stop("SIGKILL");

  const server = await start("second", folder);
  const growth = growthOf(server);
  await load(clients);
  const { held, changed } = countNames(server);
  check("leases have changed", changed > 0.9 * clients, `${changed} of ${clients}, ${held} are held`);
  const bound = plainGrowth() + MOST_MEMORY * MIB + OWED * changed;
  check(`the server has not grown by more than ${inMib(bound)}`, growth() <= bound, inMib(growth()));

  await using updater = await DnsUpdater.start(options);
  const mostOfUpdater = peakOf(() => updater.usage);
  const after = await settle(dns, family, server, PATIENCE * 1.5 * clients);
  check("all names are right in the end", after.isRight, `${after.names} in ${after.seconds} s`);
  check("and the server has not grown more", growth() <= bound, inMib(growth()));
  check(
    `the updater had never more than ${inMib(UPDATER_MEMORY)}`,
    mostOfUpdater() <= UPDATER_MEMORY,
    inMib(mostOfUpdater()),
  );
}

function logger(name: string, severity: string): object {
  return { name, severity, output_options: [{ output: "stdout", flush: true }] };
}

/** @returns the most bytes that a program has had until asked */
function peakOf(usage: () => Usage): () => number {
  let most = 0;
  const timer = setInterval(() => {
    try {
      most = Math.max(most, usage().memory);
    } catch {
      // It has ended.
      clearInterval(timer);
    }
  }, 100).unref();
  return () => most;
}

function inMib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}

/** What the leases say: names that are held, and those of the second generation. */
function countNames(server: Server): { held: number; changed: number } {
  const names = [...server.leases().values()].filter(isHeld).map(({ hostname }) => hostname);
  return { held: names.length, changed: names.filter((name) => name.startsWith("second-")).length };
}

interface Settled {
  readonly isRight: boolean;
  readonly names: number;
  readonly seconds: number;
}

/** Waits until both zones are what the leases say. @param patience milliseconds */
async function settle(dns: NameServer, family: BenchFamily, server: Server, patience: number): Promise<Settled> {
  const began = performance.now();
  for (;;) {
    const expected = recordsOf(family, server);
    const found = await recordsIn(dns, family);
    const isRight = expected.size === found.size && [...expected].every((record) => found.has(record));
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    if (isRight || performance.now() - began > patience) return { isRight, names: expected.size / 2, seconds };
    await delay(2000);
  }
}

/** `NAME DATA` of each address and PTR record. */
async function recordsIn(dns: NameServer, { family }: BenchFamily): Promise<Set<string>> {
  const records = (await Promise.all([dns.records(FORWARD), dns.records(REVERSE[family])])).flat();
  const fields = records.map((record) => record.split(" "));
  return new Set(fields.filter(([, , type]) => type !== "DHCID").map(([name, , , data]) => `${name} ${data}`));
}

function recordsOf({ family }: BenchFamily, server: Server): Set<string> {
  const records = new Set<string>();
  for (const row of server.leases().values()) {
    if (!isHeld(row)) continue;
    const name = row.hostname.replace(/\.?$/, ".");
    records.add(`${name} ${row.address}`);
    records.add(`${reverseOf(row.address, family)} ${name}`);
  }
  return records;
}

function reverseOf(address: string, family: 4 | 6): string {
  if (family === 4) return `${address.split(".").reverse().join(".")}.in-addr.arpa.`;
  return `${[...Buffer.from(ipv6Bytes(address)).toString("hex")].reverse().join(".")}.ip6.arpa.`;
}
