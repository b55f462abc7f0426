/** The same history through Kea's servers and ours, each with Kea's updater and with ours: the zones are equal in the end. */
import { join } from "node:path";
import { hex, text } from "@kotare/testkit/payloads";
import { describe, expect, test } from "vitest";
import { NameServer } from "../../src/dns/name-server.ts";
import { DnsUpdater } from "../../src/dns/updater.ts";
import { Lab, run } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import * as four from "../../src/oracle/dhcp4/client.ts";
import { LAN } from "../../src/oracle/dhcp4/lan.ts";
import { wire } from "../../src/oracle/dhcp4/names.ts";
import { bind } from "../../src/oracle/dhcp4/play.ts";
import { type Speech4, stage4 } from "../../src/oracle/dhcp4/stage.ts";
import * as six from "../../src/oracle/dhcp6/client.ts";
import { LAN as LAN6 } from "../../src/oracle/dhcp6/lan.ts";
import { fqdn } from "../../src/oracle/dhcp6/names.ts";
import { bind as bind6 } from "../../src/oracle/dhcp6/play.ts";
import { type Speech6, stage6 } from "../../src/oracle/dhcp6/stage.ts";
import { Script } from "../../src/oracle/script.ts";
import type { Speech, Stage } from "../../src/oracle/speech.ts";
import { Server, type Subject } from "../../src/subject/server.ts";

const FORWARD = "example.org";
const ZONES = [FORWARD, "10.in-addr.arpa", "8.b.d.0.1.0.0.2.ip6.arpa"];
/** A wire of their own for the server and the updater. */
const UPDATER = "192.0.2.1";

const CONFIG = {
  "dhcp-ddns": { "enable-updates": true, "server-ip": UPDATER },
  "ddns-qualifying-suffix": FORWARD,
  "valid-lifetime": 7200,
  "interfaces-config": { interfaces: ["eth0"] },
  // Kea takes the name of a lease that was given back out of the DNS when it reclaims the lease.
  "expired-leases-processing": { "reclaim-timer-wait-time": 1 },
};

type History<S extends Speech> = (script: Script<S>, dns: Zones) => Promise<void>;

/** Waits for what the DNS says. */
class Zones {
  readonly #server: NameServer;

  constructor(server: NameServer) {
    this.#server = server;
  }

  async has(label: string, ...addresses: readonly string[]): Promise<void> {
    const name = `${label}.${FORWARD}`;
    const ask = () => ["A", "AAAA"].flatMap((type) => this.#server.ask(name, type));
    await expect.poll(ask, { timeout: 60_000, interval: 50 }).toEqual(addresses);
  }

  async hasReverse(address: string, ...labels: readonly string[]): Promise<void> {
    const names = labels.map((label) => `${label}.${FORWARD}.`);
    await expect.poll(() => this.#server.askReverse(address), { timeout: 60_000, interval: 50 }).toEqual(names);
  }
}

async function zonesAfter<S extends Speech>(
  stage: Stage<S>,
  config: object,
  history: History<S>,
  [dhcp, updates]: readonly [dhcp: Subject, updates: Subject],
): Promise<string[]> {
  await using lab = new Lab();
  const { server: host, clients } = stage.plugIn(lab);
  const back = lab.network();
  run("ip", "address", "add", `${UPDATER}/24`, "dev", back.bridge);
  host.attach(back, "eth1", "192.0.2.2/24");
  await using dns = await NameServer.start({ folder: join(lab.folder, "dns"), zones: ZONES });
  await using updater = await DnsUpdater.start({
    subject: updates,
    folder: join(lab.folder, "d2"),
    forward: ZONES.slice(0, 1),
    reverse: ZONES.slice(1),
    servers: [dns],
    // Kea's gives a name up after three tries, and BIND may be slow on a busy machine.
    extra: { "ip-address": UPDATER, "dns-server-timeout": 5000 },
  });
  const options = { family: stage.family, folder: join(lab.folder, "dhcp") };
  await using server = await Server.start(dhcp, host, { ...stage.config, ...CONFIG, ...config }, options);
  using voice = await stage.open(clients);
  try {
    await history(new Script(stage, voice, 0x10_0000), new Zones(dns));
  } catch (error) {
    const logs = [server.program, updater.program].map(({ name, lines }) => [name, ...lines.slice(-20)].join("\n"));
    throw new Error(`${dhcp} with the updater of ${updates}: ${error}\n${logs.join("\n")}`, { cause: error });
  }
  const records = (await Promise.all(ZONES.map((zone) => dns.records(zone)))).flat();
  // RFC 4343: the case of a name does not count. Kea writes the digits of ip6.arpa in capitals.
  return records.map((record) => record.replace(/^\S+/, (owner) => owner.toLowerCase())).sort();
}

const S = 1;

async function history4(script: Script<Speech4>, dns: Zones): Promise<void> {
  const address = (number: number) => `10.0.0.${100 + number}`;
  const named = (flags: number, label: string) => ({ options: [wire(flags, label)] });
  const comes = (number: number, extra: object, clientId?: Uint8Array) =>
    bind(script, four.client(number, clientId), { wanted: address(number), ...extra });
  await comes(1, named(S, "a.example.org."));
  await dns.has("a", address(1));
  await comes(2, { options: [[12, text("b")]] });
  await dns.has("b", address(2));

  await comes(3, named(S, "c"));
  await dns.hasReverse(address(3), "c");
  const route = four.unicast(address(3));
  await script.ask("another name", four.extend(four.client(3), address(3), named(S, "d")), route);
  await dns.has("c");
  await dns.hasReverse(address(3), "d");

  await comes(4, named(S, "e"));
  await dns.hasReverse(address(4), "e");
  await script.tell("release", four.release(four.client(4), address(4)), four.unicast(address(4)));
  await dns.has("e");
  await dns.hasReverse(address(4));

  // Somebody has that name.
  await comes(5, named(S, "a.example.org."));
  // The client does its name itself.
  await comes(6, named(0, "f.example.org."));
  await dns.hasReverse(address(6), "f");
  // No updates at all.
  await comes(7, named(8, "g"));
  await comes(8, named(S, "h"), hex("ff 00000001 0003 0001 020000000003"));
  await dns.hasReverse(address(8), "h");

  await comes(9, named(S, "i"));
  await dns.hasReverse(address(9), "i");
  await script.tell("decline", four.decline(four.client(9), address(9)));
  await dns.has("i");
  await dns.hasReverse(address(9));

  await comes(10, named(S, "last"), four.macClientId(four.client(10).mac));
  await dns.hasReverse(address(10), "last");
}

async function history6(script: Script<Speech6>, dns: Zones): Promise<void> {
  const named = (flags: number, label: string) => ({ oro: [39], options: [fqdn(flags, label)] });
  const ia = (number: number) => six.na(1, six.home(number));
  const comes = (number: number, flags: number, label: string) =>
    bind6(script, six.client(number), [ia(number)], named(flags, label));
  await comes(1, S, "a.example.org.");
  await dns.has("a", six.home(1));
  await comes(2, S, "b");
  await dns.has("b", six.home(2));

  await comes(3, S, "c");
  await dns.hasReverse(six.home(3), "c");
  await script.ask("another name", six.renew(six.client(3), [ia(3)], named(S, "d")));
  await dns.has("c");
  await dns.hasReverse(six.home(3), "d");

  await comes(4, S, "e");
  await dns.hasReverse(six.home(4), "e");
  await script.tell("release", six.release(six.client(4), [ia(4)]));
  await dns.has("e");
  await dns.hasReverse(six.home(4));

  // Somebody has that name.
  await comes(5, S, "a.example.org.");
  // The client does its name itself.
  await comes(6, 0, "f.example.org.");
  await dns.hasReverse(six.home(6), "f");
  // No updates at all.
  await comes(7, 4, "g");
  // One name for two addresses, and a prefix.
  await bind6(script, six.client(8), [ia(8), six.na(2, six.home(18)), six.pd(1)], named(S, "h"));
  await dns.hasReverse(six.home(8), "h");

  await comes(9, S, "i");
  await dns.hasReverse(six.home(9), "i");
  await script.tell("decline", six.decline(six.client(9), [ia(9)]));
  await dns.has("i");
  await dns.hasReverse(six.home(9));

  await comes(10, S, "last");
  await dns.hasReverse(six.home(10), "last");
}

const PAIRS = [
  ["kea", "kea"],
  ["kotare", "kea"],
  ["kea", "kotare"],
  ["kotare", "kotare"],
] as const;

async function allZones<S extends Speech>(stage: Stage<S>, config: object, history: History<S>): Promise<string[][]> {
  const zones: string[][] = [];
  for (const pair of PAIRS) zones.push(await zonesAfter(stage, config, history, pair));
  return zones;
}

/** What the histories leave: five names with an address and a DHCID, six addresses with a PTR and a DHCID. */
const RECORDS = 22;

const isHere = (program: string) => findProgram(program) !== undefined;

describe.skipIf(!isHere("named") || !isHere("kea-dhcp-ddns"))("needs bind9 and kea-dhcp-ddns-server", () => {
  test.skipIf(!isHere("kea-dhcp4"))("DHCPv4: whoever serves and whoever updates, the zones are the same", async () => {
    const [first, ...others] = await allZones(stage4, { subnet4: [LAN] }, history4);
    expect(first).toHaveLength(RECORDS);
    for (const zones of others) expect(zones).toEqual(first);
  });

  test.skipIf(!isHere("kea-dhcp6"))("DHCPv6: whoever serves and whoever updates, the zones are the same", async () => {
    const [first, ...others] = await allZones(stage6, { subnet6: [LAN6] }, history6);
    expect(first).toHaveLength(RECORDS);
    for (const zones of others) expect(zones).toEqual(first);
  });
});
