/** Leases in a database: real clients, Kea on the same tables, several servers at once, and a database that goes away. */
import { join } from "node:path";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crowdBehind } from "./src/bench/family4.ts";
import { acknowledgedLeases, perfdhcpCommand } from "./src/bench/perfdhcp.ts";
import { Client } from "./src/clients/client.ts";
import { drivers } from "./src/clients/drivers.ts";
import { type Host, Lab, type Network } from "./src/lab/lab.ts";
import { delay, findProgram } from "./src/lab/program.ts";
import { type DatabaseServer, databaseServers } from "./src/subject/database-server.ts";
import { keaPgsqlSchema } from "./src/subject/kea-schema.ts";
import { Server, type Subject } from "./src/subject/server.ts";
import { getServed } from "./src/wire/dora.ts";
import { Probe } from "./src/wire/probe.ts";

const MAC = "02:00:00:00:0c:01";
const CONFIG = {
  "valid-lifetime": 4000,
  subnet4: [{ id: 1, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.1.0 - 10.0.255.250" }] }],
};

const keaSchema = keaPgsqlSchema();

interface Stage {
  readonly lab: Lab;
  readonly lan: Network;
  readonly clients: Host;
  /** A server at 10.0.0.`number`. */
  start(subject?: Subject, number?: number): Promise<Server>;
}

describe.each(Object.entries(databaseServers))("%s", (kind, startServer) => {
  describe.skipIf(startServer === undefined)("needs the database", () => {
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
      clients.attach(lan, "eth0", "10.0.0.9/16");
      const hosts = new Map<number, Host>();
      await play({
        lab,
        lan,
        clients,
        start(subject = "kotare", number = 1) {
          const host = hosts.get(number) ?? lab.host(`server${number}`);
          if (!hosts.has(number)) host.attach(lan, "eth0", `10.0.0.${number}/16`);
          hosts.set(number, host);
          const name = `leases${count}`;
          const kea = databases.keaSettings(name);
          const { settings, under } = subject === "kea" ? kea : { settings: databases.settings(name), under: [] };
          const folder = join(lab.folder, `${subject}${number}`);
          return Server.start(subject, host, { ...CONFIG, "lease-database": settings }, { folder, under });
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
        stage(kind === "PostgreSQL" ? keaSchema : undefined, async ({ lab, lan, start }) => {
          await using server = await start();
          const host = lab.host("client");
          host.attach(lan, "udhcpc", undefined, MAC);
          await using client = new Client(drivers.udhcpc, lab, host, "udhcpc");
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
      test.each([
        // Kea's script for MySQL is one for the program mysql, with commands of that.
        ...(kind === "PostgreSQL" ? [["Kea's own schema", keaSchema] as const] : []),
        ["ours", undefined] as const,
      ])("on %s, Kea goes on with our leases and we with Kea's", (_, schema) =>
        stage(schema, async ({ clients, start }) => {
          using probe = await Probe.open(clients, "eth0");
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

    test("a database that goes away is waited for, and clients are served again when it is back", () =>
      stage(undefined, async ({ clients, start }) => {
        await using server = await start();
        using probe = await Probe.open(clients, "eth0");
        const before = await getServed(probe, MAC);
        await databases.halt();
        await expect(getServed(probe, "02:00:00:00:00:02", 1500)).rejects.toThrow("got no OFFER");
        await server.program.waitFor(/DHCPSRV_LEASE_DATABASE_LOST/);
        await databases.resume();
        await getServed(probe, "02:00:00:00:00:02", 15_000);
        await server.program.waitFor(/DHCPSRV_LEASE_DATABASE_RECOVERED/);
        expect((await getServed(probe, MAC)).yiaddr).toBe(before.yiaddr);
        expect((await held()).size).toBe(2);
      }));

    describe.skipIf(findProgram("perfdhcp") === undefined)("needs kea-admin", () => {
      test("two servers on one segment and one that dies: nobody has two addresses, no address has two clients", () =>
        stage(undefined, async ({ lab, lan, clients, start }) => {
          const dying = await start("kotare", 1);
          await using _other = await start("kotare", 2);
          const load = { rate: 300, seconds: 6, clients: 1_000, more: ["-x", "l"] };
          const other = lab.host("other-clients");
          other.attach(lan, "eth0", "10.0.0.10/16");
          // The same clients, at both servers at once.
          const loads = [
            clients.start(perfdhcpCommand({ ...load, crowd: crowdBehind("10.0.0.9", "10.0.0.1") })),
            other.start(perfdhcpCommand({ ...load, crowd: crowdBehind("10.0.0.10", "10.0.0.2") })),
          ];
          await delay(3000);
          await dying.program.stop("SIGKILL");
          for (const each of loads) await each.exited;
          const acknowledged = loads.flatMap(({ lines }) => acknowledgedLeases(lines));
          expect(acknowledged.length).toBeGreaterThan(500);
          const leases = await held();
          const holders = new Set(leases.values());
          expect(holders.size).toBe(leases.size);
          // Whoever was given one by each of the servers has kept the one that came last.
          const given = acknowledged.map(({ clientId }) => clientId.slice(3).replaceAll(":", ""));
          expect(given.filter((mac) => !holders.has(mac))).toEqual([]);
        }));
    });
  });
});
