/** `db` and `leases`: Kea runs on a database that we have made, its statistics stay true, and leases move to where they are wanted. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client4 } from "../../src/clients/client4.ts";
import { Client6, LAN } from "../../src/clients/client6.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { drivers6 } from "../../src/clients/drivers6.ts";
import { type Host, Lab, run } from "../../src/lab/lab.ts";
import { delay, findProgram } from "../../src/lab/program.ts";
import { type DatabaseServer, databaseKinds } from "../../src/subject/database-server.ts";
import { type Family, findDaemon, ourDaemon, Server, type Subject } from "../../src/subject/server.ts";
import { isThorough, shareOf } from "../../src/subject/thorough.ts";

const MAC = "02:00:00:00:0c:01";
const SUBNETS = {
  4: { subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10 - 10.0.0.99" }] }] },
  6: {
    subnet6: [
      {
        id: 1,
        subnet: "2001:db8:1::/64",
        interface: "eth0",
        pools: [{ pool: "2001:db8:1::100 - 2001:db8:1::1ff" }],
        "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
      },
    ],
  },
};

describe.each(databaseKinds)("$name", (kind) => {
  const { package: debian, start: startServer, keaSchema, kea30Schema } = kind;
  describe.skipIf(startServer === undefined)(`needs ${debian}`, () => {
    let databases: DatabaseServer;
    let count = 0;

    beforeAll(async () => {
      databases = await startServer!();
    });
    afterAll(() => databases.stop());

    // Eight starts of the tool.
    test.skipIf(!isThorough || kea30Schema === undefined)(
      "an upgrade that is killed in each of its steps goes on until the schema is Kea 3.0's, with all that was there",
      async () => {
        await databases.create("killed", keaSchema!);
        await databases.create("kea30", kea30Schema!);
        const verb = kind.name === "MariaDB" ? "CALL" : "SELECT";
        await databases.query(
          "killed",
          `${verb} createAuditRevisionDHCP4(CURRENT_TIMESTAMP, 'all', 'rows', TRUE); ${ROWS}`,
        );
        await using lab = new Lab();
        const file = join(lab.folder, "killed.conf");
        writeFileSync(file, JSON.stringify({ Dhcp4: { "lease-database": databases.settings("killed") } }));
        const ours = (...words: readonly string[]) => run(ourDaemon(4), "db", ...words, "-c", file);
        ours("upgrade");
        const before = await readRows(databases, "killed", "client_class");
        let starts = 0;
        while (!(await isUpgraded(file))) starts++;
        expect(starts).toBeGreaterThan(5);
        expect(ours("check")).toMatch(/ is as it must be\n$/);
        expect(await columnsOf(databases, "killed")).toEqual(await columnsOf(databases, "kea30"));
        const after = await readRows(databases, "killed", "client_classes");
        expect(after).toEqual(before.replace('"plain"', '"[ \\"plain\\" ]"'));
      },
    );

    describe.each<Family>([4, 6])("DHCPv%i", (family) => {
      const needed = [findDaemon("kea", family), findProgram("dhcpcd")];

      /** A configuration file of one database with what the script makes, and what starts servers with it. */
      async function stage(script: string, play: (stage: Stage) => Promise<void>): Promise<void> {
        const name = `tools${++count}`;
        await databases.create(name, script);
        await using lab = new Lab();
        const lan = lab.network();
        const host = lab.host("server", { ipv6: family === 6 });
        host.attach(lan, "eth0", family === 4 ? "10.0.0.1/24" : "2001:db8:1::1/64");
        const config = (database: object, file: string) => {
          writeFileSync(join(lab.folder, file), JSON.stringify({ [`Dhcp${family}`]: { "lease-database": database } }));
          return join(lab.folder, file);
        };
        // Kea takes a lease file in its own folder only.
        const folder = join(lab.folder, "run");
        const leaseFile = join(folder, "leases.csv");
        const client = lab.host("client", { ipv6: family === 6 });
        if (family === 6) client.attach(lab.network(), LAN);
        const device = `tools${lab.id}`;
        client.attach(lan, device, undefined, MAC);
        await play({
          lab,
          leaseFile,
          tables: config(databases.settings(name), "tables.conf"),
          file: config({ type: "memfile", name: leaseFile }, "file.conf"),
          query: (sql) => databases.query(name, sql),
          ours: (...words) => run(ourDaemon(family), ...words),
          start(subject, onFile) {
            const ours = onFile ? { type: "memfile", name: leaseFile, "lfc-interval": 0 } : databases.settings(name);
            const database = subject === "kea" && !onFile ? databases.keaSettings(name) : { settings: ours, under: [] };
            const options = { family, folder, under: database.under };
            return Server.start(subject, host, { ...SUBNETS[family], "lease-database": database.settings }, options);
          },
          serve: () => (family === 4 ? serve4(lab, client, device) : serve6(lab, client, device)),
        });
      }

      test("a database that is not there is told of in words", async () => {
        await using lab = new Lab();
        const file = join(lab.folder, "nosuch.conf");
        const database = { ...databases.settings("nosuch"), "retry-on-startup": false };
        writeFileSync(file, JSON.stringify({ [`Dhcp${family}`]: { "lease-database": database } }));
        const words = /[Uu]nknown database 'nosuch'|database "nosuch" does not exist/;
        for (const command of [
          ["db", "version"],
          ["leases", "export", join(lab.folder, "leases.csv")],
        ]) {
          expect(() => run(ourDaemon(family), ...command, "-c", file)).toThrow(words);
        }
        const host = lab.host("server", { ipv6: family === 6 });
        const options = { family, folder: join(lab.folder, "run") };
        const started = Server.start("kotare", host, { "lease-database": database }, options);
        await expect(started).rejects.toThrow(/before it ended .*"code":1/);
        await expect(started).rejects.toThrow(words);
      });

      describe.skipIf(needed.includes(undefined))("needs Kea and dhcpcd-base", () => {
        const makers: readonly (readonly [string, string])[] = [
          ["db init", "SELECT 1"],
          ["kea-admin", keaSchema!],
        ];
        test.each(shareOf(makers, databaseKinds.indexOf(kind) + (family === 4 ? 0 : 1), 2))(
          "Kea and we serve a client on what %s has made, and the client keeps its lease where it is moved to",
          (maker, script) =>
            stage(script, async ({ lab, leaseFile, tables, file, query, ours, start, serve }) => {
              if (maker === "db init") {
                expect(ours("db", "init", "-c", tables)).toBe("schema 22.2 has been made\n");
              } else {
                expect(() => ours("db", "check", "-c", tables)).toThrow("there is no table kotare_clients_lease4");
                for (const action of ["version", "upgrade"]) expect(ours("db", action, "-c", tables)).toBe("22.2\n");
                expect(ours("db", "check", "-c", tables)).toBe("schema 22.2 is as it must be\n");
              }
              expect(() => ours("db", "init", "-c", tables)).toThrow("it has schema 22.2 already");
              const kea = await start("kea", false);
              const given = await serve();
              await kea.program.stop();
              const statistics = await query(`SELECT leases FROM lease${family}_pool_stat WHERE state = 0`);
              expect(statistics.map(({ leases }) => Number(leases))).toEqual(family === 4 ? [1] : [1, 1]);
              expect(ours("db", "check", "-c", tables)).toBe("schema 22.2 is as it must be\n");

              const kotare = await start("kotare", false);
              // Beside service: the client finds what has been imported.
              const exported = join(lab.folder, "exported.csv");
              expect(ours("leases", "export", "-c", tables, exported)).toBe(
                `${given.length} leases are in ${exported}\n`,
              );
              await query(`DELETE FROM lease${family}`);
              expect(ours("leases", "import", "-c", tables, exported)).toBe(
                `${given.length} leases were imported, 0 were there already\n`,
              );
              expect(await serve()).toEqual(given);
              await kotare.program.stop();
              expect(ours("db", "check", "-c", tables)).toBe("schema 22.2 is as it must be\n");

              ours("leases", "import", "-c", file, exported);
              expect(readFileSync(leaseFile, "latin1")).toBe(readFileSync(exported, "latin1"));
              const moved = await start("kea", true);
              // And back: what has come since is newer, and leases know whole seconds.
              await delay(1000);
              expect(await serve()).toEqual(given);
              await moved.program.stop();
              expect(ours("leases", "import", "-c", tables, leaseFile)).toBe(
                `${given.length} leases were imported, 0 were there already\n`,
              );
              expect(ours("leases", "import", "-c", tables, leaseFile)).toBe(
                `0 leases were imported, ${given.length} were there already\n`,
              );
              expect(() => ours("leases", "import", "-c", tables, exported)).toThrow("is newer or as new, and stays");
            }),
        );
      });
    });
  });
});

/** What was there before an upgrade. */
const ROWS = `INSERT INTO lease4 (address, valid_lifetime, subnet_id, state, hostname) VALUES (1, 60, 7, 0, 'one'), (2, 60, 7, 1, 'two');
  INSERT INTO hosts (host_id, dhcp_identifier, dhcp_identifier_type, dhcp4_subnet_id, hostname) VALUES (1, 'abcdef', 0, 7, 'host');
  INSERT INTO dhcp4_shared_network (id, name, client_class, modification_ts) VALUES (2, 'n', 'plain', CURRENT_TIMESTAMP)`;

async function readRows(databases: DatabaseServer, name: string, column: string): Promise<string> {
  const statements = [
    "SELECT address, hostname, state FROM lease4 ORDER BY address",
    "SELECT subnet_id, state, leases FROM lease4_stat ORDER BY state",
    "SELECT hostname FROM hosts",
    `SELECT name, ${column} AS classes FROM dhcp4_shared_network ORDER BY id`,
  ];
  const rows = await Promise.all(statements.map((sql) => databases.query(name, sql)));
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? Number(value) : value));
}

/** Those of Kea. */
async function columnsOf(databases: DatabaseServer, name: string): Promise<readonly string[]> {
  const rows = await databases.query(
    name,
    `SELECT table_name AS tab, column_name AS col, data_type AS typ, is_nullable AS nul FROM information_schema.columns
      WHERE table_schema NOT IN ('information_schema', 'mysql', 'sys', 'performance_schema', 'pg_catalog')
        AND (table_schema = '${name}' OR table_schema = 'public') AND table_name NOT LIKE 'kotare%'`,
  );
  return rows.map((row) => Object.values(row).join(" ")).sort();
}

/** Kills `db upgrade` when it has begun its second step. @returns whether it was done before */
async function isUpgraded(file: string): Promise<boolean> {
  const child = spawn(ourDaemon(4), ["db", "upgrade", "--kea", "3.0", "-c", file]);
  let text = "";
  let errors = "";
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  child.stdout.on("data", (data: Buffer) => {
    text += data.toString();
    if ((text.match(/^\d+\.0: .*$/gm) ?? []).length > 1) child.kill("SIGKILL");
  });
  const [code, signal] = await once(child, "close");
  if (signal === null && code !== 0) throw new Error(errors);
  return signal === null;
}

interface Stage {
  readonly lab: Lab;
  readonly leaseFile: string;
  /** Configurations whose leases are in the database, and in a lease file. */
  readonly tables: string;
  readonly file: string;
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Runs our daemon with a sub-command to its end. */
  ours(...words: readonly string[]): string;
  start(subject: Subject, onFile: boolean): Promise<Server>;
  /** What the client is given, anew. */
  serve(): Promise<readonly string[]>;
}

async function serve4(lab: Lab, host: Host, device: string): Promise<readonly string[]> {
  await using client = new Client4(drivers4.dhcpcd, lab, host, device);
  return [(await client.bound()).address];
}

async function serve6(lab: Lab, host: Host, device: string): Promise<readonly string[]> {
  const wish = { addresses: 1, prefix: true };
  await using client = new Client6(drivers6.dhcpcd, lab, host, device, `00:03:00:01:${MAC}`, wish);
  await client.served();
  return [...client.addresses, ...client.prefixes];
}
