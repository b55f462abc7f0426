/** d2d and real DNS servers that take only signed updates. */
import { join } from "node:path";
import { CONFLICT_RESOLUTION_MODES, type NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import { describe, expect, test } from "vitest";
import { Client4 } from "../../src/clients/client4.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { NameServer, type NameServerMake, programOf } from "../../src/dns/name-server.ts";
import { RequestSender } from "../../src/dns/request-sender.ts";
import { add, FORWARD, REVERSE4, REVERSE6, remove } from "../../src/dns/requests.ts";
import { DnsUpdater, type UpdaterOptions } from "../../src/dns/updater.ts";
import { Lab, run } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { Server, type Subject } from "../../src/subject/server.ts";

const ZONES = [FORWARD, REVERSE4, REVERSE6];

interface Stage {
  readonly lab: Lab;
  readonly dns: NameServer;
  readonly updater: DnsUpdater;
  readonly sender: RequestSender;
}

async function stage(
  play: (stage: Stage) => Promise<void>,
  { make = "bind", ...options }: { make?: NameServerMake } & Partial<UpdaterOptions> = {},
): Promise<void> {
  await using lab = new Lab();
  await using dns = await NameServer.start({ make, folder: join(lab.folder, "dns"), zones: ZONES });
  await using updater = await DnsUpdater.start({
    folder: join(lab.folder, "d2"),
    forward: [FORWARD],
    reverse: [REVERSE4, REVERSE6],
    servers: [dns],
    ...options,
  });
  using sender = new RequestSender();
  await play({ lab, dns, updater, sender });
}

/** Waits until the updater has said something about so many requests. */
async function settle({ updater }: Stage, count: number): Promise<void> {
  const over = /DHCP_DDNS_(?:ADD|REMOVE)_(?:SUCCEEDED|FAILED)|_MATCH_ERROR/;
  const end = performance.now() + 60_000;
  while (updater.program.lines.filter((line) => over.test(line)).length < count) {
    if (performance.now() > end) throw new Error(`not settled:\n${updater.program.output.slice(-3000)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Answer<T> {
  readonly arguments: T;
}

/** By the names of statistics: the last value and its time. */
type Samples = Readonly<Record<string, readonly [readonly [value: number, time: string]]>>;

async function allRecords(dns: NameServer): Promise<string[]> {
  return (await Promise.all(ZONES.map((zone) => dns.records(zone)))).flat();
}

const makes: readonly NameServerMake[] = ["bind", "knot"];

describe.each(makes)("%s", (make) => {
  describe.skipIf(findProgram(programOf(make)) === undefined)(`needs ${make === "bind" ? "bind9" : "knot"}`, () => {
    test("a name comes, moves and goes, forward and reverse, in both families", () =>
      stage(
        async (here) => {
          const { dns, sender } = here;
          await sender.send([add("h", "10.0.0.1", 1), add("six", "2001:db8::6", 6)]);
          await settle(here, 2);
          expect(dns.ask(`h.${FORWARD}`, "A")).toEqual(["10.0.0.1"]);
          expect(dns.askReverse("10.0.0.1")).toEqual([`h.${FORWARD}.`]);
          expect(dns.ask(`six.${FORWARD}`, "AAAA")).toEqual(["2001:db8::6"]);
          expect(dns.askReverse("2001:db8::6")).toEqual([`six.${FORWARD}.`]);

          await sender.send([remove("h", "10.0.0.1", 1), add("h", "10.0.0.2", 1)]);
          await settle(here, 4);
          expect(dns.ask(`h.${FORWARD}`, "A")).toEqual(["10.0.0.2"]);
          expect(dns.askReverse("10.0.0.1")).toEqual([]);

          await sender.send([remove("h", "10.0.0.2", 1), remove("six", "2001:db8::6", 6)]);
          await settle(here, 6);
          expect(await allRecords(dns)).toEqual([]);
        },
        { make },
      ));

    test("dual stack: the name stays while one of the addresses does", () =>
      stage(
        async (here) => {
          const { dns, sender } = here;
          await sender.send([add("both", "10.0.0.1", 1)]);
          await sender.send([add("both", "2001:db8::1", 1)]);
          await settle(here, 2);
          expect(dns.ask(`both.${FORWARD}`, "A")).toEqual(["10.0.0.1"]);
          expect(dns.ask(`both.${FORWARD}`, "AAAA")).toEqual(["2001:db8::1"]);
          await sender.send([remove("both", "10.0.0.1", 1)]);
          await settle(here, 3);
          expect(dns.ask(`both.${FORWARD}`, "A")).toEqual([]);
          expect(dns.ask(`both.${FORWARD}`, "AAAA")).toEqual(["2001:db8::1"]);
          expect(dns.ask(`both.${FORWARD}`, "DHCID")).toHaveLength(1);
        },
        { make },
      ));
  });
});

/** What clients do to one another, step by step; Kea's updater must leave the same zones. */
function scenario(mode: NameChangeRequest["conflictResolutionMode"]): readonly NameChangeRequest[] {
  const rest = { conflictResolutionMode: mode };
  return [
    add("a", "10.0.0.1", 1, rest),
    // Another client wants the same name, then its own.
    add("a", "10.0.0.2", 2, rest),
    add("b", "10.0.0.2", 2, rest),
    // The same client again, at another address.
    add("a", "10.0.0.3", 1, rest),
    // Made by hand.
    add("ns", "10.0.0.4", 4, rest),
    // Both families.
    add("dual", "10.0.0.5", 5, rest),
    add("dual", "2001:db8::5", 5, rest),
    add("c", "10.0.0.6", 6, rest),
    remove("c", "10.0.0.6", 6, rest),
    add("fwd", "10.0.0.7", 7, { ...rest, reverse: false }),
    add("rev", "10.0.0.8", 8, { ...rest, forward: false }),
    add("d", "10.0.0.9", 9, rest),
    remove("e", "10.0.0.9", 9, rest),
  ];
}

describe.skipIf(findProgram("named") === undefined)("needs bind9", () => {
  describe.skipIf(findProgram("kea-dhcp-ddns") === undefined)("needs kea-dhcp-ddns-server", () => {
    test.each(CONFLICT_RESOLUTION_MODES)(
      "%s: after the same history the zones are as with Kea's updater",
      async (mode) => {
        const zones: string[][] = [];
        const subjects: readonly Subject[] = ["kea", "kotare"];
        for (const subject of subjects) {
          await stage(
            async (here) => {
              for (const [i, request] of scenario(mode).entries()) {
                here.sender.sendOnce(request);
                await settle(here, i + 1);
              }
              zones.push(await allRecords(here.dns));
            },
            { subject },
          );
        }
        expect(zones[0]!.length).toBeGreaterThan(5);
        expect(zones[1]).toEqual(zones[0]);
      },
    );

    test("RFC 4703 §5.5: no address keeps a name that it has no more; with Kea's updater it does", async () => {
      const left: string[][] = [];
      const subjects: readonly Subject[] = ["kea", "kotare"];
      for (const subject of subjects) {
        await stage(
          async (here) => {
            const history = [add("dual", "10.0.0.5", 5), add("dual", "2001:db8::5", 5), remove("dual", "10.0.0.5", 5)];
            for (const [i, request] of history.entries()) {
              here.sender.sendOnce(request);
              await settle(here, i + 1);
            }
            left.push(here.dns.askReverse("10.0.0.5"));
          },
          { subject },
        );
      }
      expect(left).toEqual([[`dual.${FORWARD}.`], []]);
    });

    test("commands and statistics have Kea's names, and the same numbers after the same requests", async () => {
      const found: unknown[] = [];
      const subjects: readonly Subject[] = ["kea", "kotare"];
      for (const subject of subjects) {
        await stage(
          async (here) => {
            here.sender.sendOnce(add("h", "10.0.0.1", 1));
            here.sender.sendOnce(add("x", "10.0.0.2", 2, { fqdn: "x.elsewhere." }));
            here.sender.sendRaw(Buffer.from([0, 1, 0x7b]));
            await settle(here, 2);
            const socket = join(here.lab.folder, "d2/control");
            const commands: Answer<string[]> = JSON.parse(await sendCommand(socket, "list-commands"));
            const statistics: Answer<Samples> = JSON.parse(await sendCommand(socket, "statistic-get-all"));
            const numbers = Object.entries(statistics.arguments).map(([name, [[value]]]) => `${name} ${value}`);
            found.push([commands.arguments, numbers.sort()]);
          },
          { subject, extra: { "control-socket": { "socket-type": "unix", "socket-name": "control" } } },
        );
      }
      expect(found[1]).toEqual(found[0]);
    });

    describe.skipIf(findProgram("kea-dhcp4") === undefined)("needs kea-dhcp4-server", () => {
      describe.skipIf(findProgram("udhcpc") === undefined)("needs udhcpc", () => {
        test("Kea's DHCP server, which confirms nothing, is heard: the name comes with the lease and goes with it", async () => {
          await using lab = new Lab();
          const lan = lab.network();
          run("ip", "address", "add", "10.0.0.250/16", "dev", lan.bridge);
          const host = lab.host("server");
          host.attach(lan, "eth0", "10.0.0.1/16");
          const clients = lab.host("client");
          clients.attach(lan, "eth0");
          await using dns = await NameServer.start({ folder: join(lab.folder, "dns"), zones: ZONES });
          await using _updater = await DnsUpdater.start({
            folder: join(lab.folder, "d2"),
            forward: [FORWARD],
            reverse: [REVERSE4],
            servers: [dns],
            extra: { "ip-address": "10.0.0.250" },
          });
          const config = {
            "dhcp-ddns": { "enable-updates": true, "server-ip": "10.0.0.250" },
            "ddns-qualifying-suffix": FORWARD,
            subnet4: [{ id: 1, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.1.0-10.0.1.99" }] }],
          };
          await using _kea = await Server.start("kea", host, config, { folder: join(lab.folder, "kea") });
          await using client = new Client4(drivers4.udhcpc, lab, clients, "eth0");
          const { address } = await client.bound();
          const ask = () => [dns.ask(`laptop.${FORWARD}`, "A"), dns.askReverse(address)];
          await expect.poll(ask, { timeout: 60_000 }).toEqual([[address], [`laptop.${FORWARD}.`]]);
          await client.driver.release(client);
          await expect.poll(ask, { timeout: 60_000 }).toEqual([[], []]);
        });
      });
    });
  });
});
