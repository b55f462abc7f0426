/** Leases in a database: real clients, Kea on the same tables, several servers at once, and a database that goes away. */

import { join } from "node:path";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { ip } from "@kotare/testkit/payloads";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crowdBehind } from "../../src/bench/family4.ts";
import { Client4 } from "../../src/clients/client4.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { type Host, Lab, type Network } from "../../src/lab/lab.ts";
import { delay, findProgram } from "../../src/lab/program.ts";
import { acknowledgedLeases, LEASES, loadCommand } from "../../src/load/load.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { type DatabaseServer, databaseKinds } from "../../src/subject/database-server.ts";
import { Server, type Subject } from "../../src/subject/server.ts";
import { isThorough } from "../../src/subject/thorough.ts";
import { getServed } from "../../src/wire/dora.ts";
import { type Option, optionOf } from "../../src/wire/message4.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const MAC = "02:00:00:00:0c:01";
const CONFIG = {
  subnet4: [{ id: 1, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.1.0 - 10.0.255.250" }] }],
};

/** Relays of either subnet are of one network. */
const SHARED_NETWORK = {
  "shared-networks": [
    {
      name: "both",
      subnet4: [0, 1].map((part) => ({
        id: 1 + part,
        subnet: `10.${part}.0.0/16`,
        pools: [{ pool: `10.${part}.1.0 - 10.${part}.255.250` }],
      })),
    },
  ],
};

/** Leases that each of several servers has acknowledged before one dies: which of its clients wait for that is up to the machine. */
const SHARE = 100;

interface Stage {
  readonly lab: Lab;
  readonly lan: Network;
  readonly clients: Host;
  /** A server at 10.0.0.`number`; other subnets take the place of those of `CONFIG`. */
  start(subject?: Subject, number?: number, subnets?: object): Promise<Server>;
}

describe.each(databaseKinds)("$name", ({ package: debian, start: startServer, keaSchema }) => {
  describe.skipIf(startServer === undefined)(`needs ${debian}`, () => {
    let databases: DatabaseServer;
    let count = 0;

    beforeAll(async () => {
      databases = await startServer!();
    });
    afterAll(() => databases.stop());

    /** @param schema ours unless given */
    async function stage(schema: string | undefined, play: (stage: Stage) => Promise<void>): Promise<void> {
      await databases.create(`leases${++count}`, schema);
      await using lab = new Lab();
      const lan = lab.network();
      const clients = lab.host("clients");
      clients.attach(lan, "eth0", "10.0.0.9/15");
      const hosts = new Map<number, Host>();
      await play({
        lab,
        lan,
        clients,
        start(subject = "kotare", number = 1, subnets = CONFIG) {
          const host = hosts.get(number) ?? lab.host(`server${number}`);
          if (!hosts.has(number)) host.attach(lan, "eth0", `10.0.0.${number}/15`);
          hosts.set(number, host);
          const name = `leases${count}`;
          const kea = databases.keaSettings(name);
          const { settings, under } = subject === "kea" ? kea : { settings: databases.settings(name), under: [] };
          const folder = join(lab.folder, `${subject}${number}`);
          const config = { "valid-lifetime": 4000, ...subnets, "lease-database": settings };
          return Server.start(subject, host, config, { folder, under });
        },
      });
    }

    const rows = (sql: string) => databases.query(`leases${count}`, sql);

    /** Hardware addresses by address. */
    async function held(): Promise<Map<string, string>> {
      const found = await rows(`SELECT address, ${databases.hex("hwaddr")} AS mac FROM lease4 WHERE state = 0`);
      return new Map(found.map(({ address, mac }) => [formatIpv4(Number(address)), String(mac)]));
    }

    describe("leases", () => {
      test("a client gets, renews and gives back a lease that stands in Kea's table", () =>
        stage(keaSchema, async ({ lab, lan, start }) => {
          await using server = await start();
          const host = lab.host("client");
          host.attach(lan, "udhcpc", undefined, MAC);
          await using client = new Client4(drivers4.udhcpc, lab, host, "udhcpc");
          const { address } = await client.bound();
          expect(await held()).toEqual(new Map([[address, MAC.replaceAll(":", "")]]));
          const [statistics] = await rows("SELECT subnet_id, leases FROM lease4_stat WHERE state = 0");
          expect([statistics?.["subnet_id"], statistics?.["leases"]].map(Number)).toEqual([1, 1]);
          await client.driver.release(client);
          await server.program.waitFor(/DHCP4_RELEASE/);
          expect(await held()).toEqual(new Map());
        }));
    });

    describe.skipIf(findProgram("kea-dhcp4") === undefined)("needs kea-dhcp4-server", () => {
      test.each([["Kea's own schema", keaSchema] as const, ["ours", undefined] as const])(
        "on %s, Kea goes on with our leases and we with Kea's",
        (_, schema) =>
          stage(schema, async ({ clients, start }) => {
            using probe = await Probe4.open(clients, "eth0");
            const given: string[] = [];
            for (const [subject, last] of [
              ["kotare", 1],
              ["kea", 2],
              ["kotare", 3],
            ] as const) {
              const server = await start(subject);
              // Those of before get what they had.
              for (let number = 1; number <= last; number++) {
                const ack = await getServed(probe, `02:00:00:00:00:0${number}`);
                given[number] ??= ack.yiaddr;
                expect(ack.yiaddr).toBe(given[number]);
              }
              await server.program.stop();
            }
            expect(new Set((await held()).keys())).toEqual(new Set(given.slice(1)));
            const [counted, ...others] = await rows("SELECT state, leases FROM lease4_stat");
            expect([counted?.["state"], counted?.["leases"]].map(Number)).toEqual([0, 3]);
            expect(others).toEqual([]);
          }),
      );
    });

    test.each([4, 6] as const)("lease%i-wipe empties a subnet, and then all", async (family) => {
      await databases.create(`leases${++count}`);
      await using lab = new Lab();
      const host = lab.host("server", { ipv6: true });
      const socket = join(lab.folder, "control");
      const prefixes = family === 4 ? ["10.1.0.0/16", "10.2.0.0/16"] : ["2001:db8:1::/48", "2001:db8:2::/48"];
      const config = {
        [`subnet${family}`]: prefixes.map((subnet, i) => ({ id: 1 + i, subnet })),
        "control-socket": { "socket-type": "unix", "socket-name": socket },
        "lease-database": databases.settings(`leases${count}`),
      };
      await using _server = await Server.start("kotare", host, config, { family, folder: join(lab.folder, "server") });
      const ask = async (command: string, args: object) => JSON.parse(await sendCommand(socket, command, args));
      const wipe = (id: number) => ask(`lease${family}-wipe`, { "subnet-id": id });
      for (const [subnet, last] of [
        [1, 5],
        [1, 6],
        [2, 5],
      ] as const) {
        const client =
          family === 4
            ? { "hw-address": `02:00:00:00:0${subnet}:0${last}` }
            : { duid: `00:01:00:0${last}`, iaid: subnet };
        const address = family === 4 ? `10.${subnet}.0.${last}` : `2001:db8:${subnet}::${last}`;
        expect(
          await ask(`lease${family}-add`, { "subnet-id": subnet, "ip-address": address, ...client }),
        ).toMatchObject({ result: 0 });
      }
      const held = () => rows(`SELECT subnet_id FROM lease${family}`);
      const counted = () => rows(`SELECT subnet_id, leases FROM lease${family}_stat WHERE leases > 0`);
      expect(await wipe(1)).toMatchObject({ result: 0, text: expect.stringContaining("Deleted 2 ") });
      expect([await held(), await counted()].map((found) => found.map((row) => Number(row["subnet_id"])))).toEqual([
        [2],
        [2],
      ]);
      expect(await wipe(0)).toMatchObject({ result: 0, text: expect.stringContaining("Deleted 1 ") });
      expect([await held(), await counted()]).toEqual([[], []]);
      expect(await wipe(0)).toMatchObject({ result: 3 });
    });

    test("a declined address that still owes the DNS a name is free again after its probation", () =>
      stage(undefined, async ({ clients, start }) => {
        await using _server = await start("kotare", 1, {
          subnet4: [{ id: 1, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.1.1 - 10.0.1.1" }] }],
          "dhcp-ddns": { "enable-updates": true },
          "ddns-qualifying-suffix": "example.org",
          "ddns-replace-client-name": "always",
          "decline-probation-period": 1,
          "expired-leases-processing": { "reclaim-timer-wait-time": 1 },
        });
        using probe = await Probe4.open(clients, "eth0");
        const ack = await getServed(probe, MAC);
        const options: Option[] = [
          [53, Uint8Array.of(4)],
          [50, ip(ack.yiaddr)],
          [54, optionOf(ack, 54)!],
        ];
        probe.send({ mac: MAC, options });
        const owing = "SELECT state FROM lease4 WHERE user_context LIKE '%ddns-owed%'";
        const states = async () => (await rows(owing)).map(({ state }) => Number(state));
        await expect.poll(states, { timeout: 60_000 }).toEqual([2]);
        expect((await getServed(probe, "02:00:00:00:0c:02")).yiaddr).toBe(ack.yiaddr);
      }));

    test("a database that goes away is waited for, and clients are served again when it is back", () =>
      stage(undefined, async ({ clients, start }) => {
        await using server = await start();
        using probe = await Probe4.open(clients, "eth0");
        const before = await getServed(probe, MAC);
        await databases.halt();
        await expect(getServed(probe, "02:00:00:00:00:02", 1500)).rejects.toThrow("got no OFFER");
        await server.program.waitFor(/DHCPSRV_LEASE_DATABASE_LOST/);
        await databases.resume();
        await getServed(probe, "02:00:00:00:00:02", 60_000);
        await server.program.waitFor(/DHCPSRV_LEASE_DATABASE_RECOVERED/);
        expect((await getServed(probe, MAC)).yiaddr).toBe(before.yiaddr);
        expect((await held()).size).toBe(2);
      }));

    // Both kinds have it with all clients.
    if (isThorough || debian === databaseKinds[0]!.package)
      describe("four servers", () => {
        test("of four servers on a shared network one dies: nobody ever has two addresses, and who was given one keeps it", () =>
          stage(undefined, async ({ lab, lan, start }) => {
            const sockets = [1, 2, 3, 4].map((number) => join(lab.folder, `control${number}`));
            const servers = await Promise.all(
              sockets.map((path, i) => {
                const control = { "socket-type": "unix", "socket-name": path };
                return start("kotare", 1 + i, { ...SHARED_NETWORK, "control-socket": control });
              }),
            );
            // The same clients at all servers at once, by relays in one subnet and in the other.
            const hosts = servers.map((_server, i) => lab.host(`relay${i}`));
            const loads = hosts.map((host, i) => {
              const relay = `10.${i % 2}.0.${10 + i}`;
              host.attach(lan, "eth0", `${relay}/15`);
              const crowd = crowdBehind(relay, `10.0.0.${1 + i}`);
              return host.start(
                loadCommand({ rate: 150, seconds: 8, clients: 500, more: [...LEASES, "--patience", "4000"], crowd }),
              );
            });
            let areOver = false;
            const over = Promise.all(loads.map(({ exited }) => exited)).finally(() => {
              areOver = true;
            });
            const twice = "SELECT hwaddr FROM lease4 WHERE state = 0 GROUP BY hwaddr HAVING COUNT(*) > 1";
            // When all have had a share in it.
            const given = async (socket: string) => {
              const answer = JSON.parse(await sendCommand(socket, "statistic-get", { name: "pkt4-ack-sent" }));
              return Number(answer.arguments["pkt4-ack-sent"][0][0]);
            };
            const death = expect
              .poll(async () => Math.min(...(await Promise.all(sockets.map(given)))), { timeout: 60_000 })
              .toBeGreaterThan(SHARE)
              .then(() => servers[0]!.program.stop("SIGKILL"));
            while (!areOver) {
              expect(await rows(twice)).toEqual([]);
              await delay(20);
            }
            await Promise.all([over, death]);
            const acknowledged = loads.map(({ lines }) => acknowledgedLeases(lines));
            expect(acknowledged.flat().length).toBeGreaterThan(2 * SHARE);
            const holders = new Set((await held()).values());
            const clients = acknowledged.flat().map(({ clientId }) => clientId.slice(3).replaceAll(":", ""));
            expect(clients.filter((mac) => !holders.has(mac))).toEqual([]);
          }));
      });
  });
});
