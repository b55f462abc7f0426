/** What `db` does to a database, whatever kind it is. Tests only. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isBrief } from "../base/testing/runs.ts";
import { KEA_RELEASES, type KeaRelease } from "../leases/database/kea-schema.ts";
import { type AuditKind, expectSameAudit, type Query } from "./config-routines.contract.ts";
import type { DatabaseAdmin } from "./database-admin.ts";
import { CONFIG_SCHEMA } from "./schema/config-schema.ts";

/** A server of the kind, started for these tests. */
export interface AdminSubject {
  /** A new database. @param sql what is in it, if anything */
  createDatabase(name: string, sql: string): Promise<void>;
  open(name: string): Promise<DatabaseAdmin>;
  query(name: string, sql: string): Promise<readonly Record<string, unknown>[]>;
  /** What is done in one connection. */
  inSession(name: string, work: (query: Query) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Words of the kind's own. */
interface AdminKind extends AuditKind {
  readonly name: string;
  /** What Kea 3.0's schema is called. */
  readonly kea30: string;
  /** What Kea's own scripts make; `undefined` where they cannot be had. */
  keaSchema(kea: KeaRelease): string | undefined;
  /** Statements that each describe a side of a schema, with whatever Kea has in it. */
  readonly catalogue: readonly string[];
  /** Statements that each describe a side of a schema, whatever its parts are called. */
  readonly facts: readonly string[];
  /** Where what Kea makes (`-`) and what we make (`+`) is not the same, and why. Each is there with one release at least. */
  readonly differences: readonly (readonly [line: RegExp, reason: string])[];
  /** Lets Kea's tables be written without a revision. */
  readonly withoutAudit: string;

  /** Why a database is not made in one that has a table `lease6`. */
  readonly refusal: string;
  /** Makes the statistics of subnets untrue. */
  readonly falsify: string;
  /** What an IPv6 address is to the column. */
  address6(text: string): string;
  /** Removes the trigger that counts changes of `lease6`. */
  readonly dropTrigger: string;
}

/** @param start `undefined` where no such server can be had */
export function describeDatabaseAdmin(kind: AdminKind, start: (() => Promise<AdminSubject>) | undefined): void {
  describe.skipIf(start === undefined)(`db, on ${kind.name}`, () => {
    let server: AdminSubject;
    let databases = 0;

    beforeAll(async () => {
      server = await start!();
    });
    afterAll(() => server.stop());

    async function withAdmin(sql: string, work: (admin: DatabaseAdmin, name: string) => Promise<void>): Promise<void> {
      const name = `admin${databases++}`;
      await server.createDatabase(name, sql);
      const admin = await server.open(name);
      await work(admin, name).finally(() => admin.close());
    }

    const VERSIONS = { "2.6": "22.2", "3.0": kind.kea30 };

    it.each(KEA_RELEASES)("makes a schema for Kea %s that is as it must be, once", (kea) =>
      withAdmin("", async (admin) => {
        expect(await admin.version()).toBeUndefined();
        await admin.init(kea);
        expect(await admin.version()).toBe(VERSIONS[kea]);
        expect(await admin.check()).toEqual([]);
      }),
    );

    /** All of it as text, with tables of ours only if `isOurs`. */
    async function catalogueOf(name: string, isOurs: boolean): Promise<readonly string[]> {
      const lines: string[] = [];
      for (const statement of kind.catalogue) {
        for (const row of await server.query(name, statement)) lines.push(JSON.stringify(Object.values(row)));
      }
      return lines.filter((line) => isOurs || !line.includes("kotare")).sort();
    }

    async function factsOf(name: string): Promise<ReadonlySet<string>> {
      const facts = new Set<string>();
      for (const statement of kind.facts) {
        for (const row of await server.query(name, statement)) facts.add(Object.values(row).map(String).join(" "));
      }
      return facts;
    }

    /** What has no reason. @param used the reasons that something has */
    async function unexplained(kea: string, ours: string, used: Set<RegExp>): Promise<readonly string[]> {
      const [theirs, made] = [await factsOf(kea), await factsOf(ours)];
      const lines = [
        ...[...theirs].filter((each) => !made.has(each)).map((each) => `- ${each}`),
        ...[...made].filter((each) => !theirs.has(each)).map((each) => `+ ${each}`),
      ];
      return lines.filter((line) => {
        const [reason] = kind.differences.find(([pattern]) => pattern.test(line)) ?? [];
        if (reason !== undefined) used.add(reason);
        return reason === undefined;
      });
    }

    async function upgradeToKea30(admin: DatabaseAdmin): Promise<void> {
      await admin.upgrade();
      for (const { run, size } of await admin.planKea30()) {
        let done = 0;
        await run(() => done++);
        expect(done).toBe(size);
      }
    }

    /** Each step is broken off in its middle, or after each number of statements, before it is gone on with. */
    async function upgradeInPieces(admin: DatabaseAdmin): Promise<void> {
      let last = "";
      let at = 0;
      for (let [step] = await admin.planKea30(); step !== undefined; [step] = await admin.planKea30()) {
        const { version, size } = step;
        if (version !== last) at = isBrief ? Math.ceil(size / 2) : 1;
        else at = isBrief ? size + 1 : at + 1;
        last = version;
        let done = 0;
        const broken = step.run(() => {
          if (++done === at) throw new Error("broken off");
        });
        await broken.catch(({ message }: Error) => expect(message).toBe("broken off"));
      }
    }

    it("takes ours of Kea 2.6 to what it makes for Kea 3.0", () =>
      withAdmin("", (upgraded, upgradedName) =>
        withAdmin("", async (made, madeName) => {
          await upgraded.init("2.6");
          await upgradeToKea30(upgraded);
          await made.init("3.0");
          expect(await catalogueOf(upgradedName, true)).toEqual(await catalogueOf(madeName, true));
          expect(await upgraded.version()).toBe(kind.kea30);
          const counts: string[] = [];
          expect(await upgraded.check((done, total) => counts.push(`${done} of ${total}`))).toEqual([]);
          expect(counts).toEqual(["1 of 4", "2 of 4", "3 of 4", "4 of 4"]);
          expect(await upgraded.planKea30()).toEqual([]);
        }),
      ));

    it.skipIf(kind.keaSchema("3.0") === undefined)(
      "makes what Kea makes, and takes Kea 2.6's own to Kea 3.0's, however often that is broken off",
      () =>
        withAdmin(kind.keaSchema("2.6")!, (upgraded, upgradedName) =>
          withAdmin(kind.keaSchema("3.0")!, async (made, madeName) => {
            const used = new Set<RegExp>();
            await withAdmin("", async (ours, oursName) => {
              await ours.init("2.6");
              expect(await unexplained(upgradedName, oursName, used)).toEqual([]);
              await upgradeToKea30(ours);
              expect(await unexplained(madeName, oursName, used)).toEqual([]);
              await server.inSession(madeName, (theirs) =>
                server.inSession(oursName, (own) => expectSameAudit(kind, theirs, own)),
              );
            });
            expect(kind.differences.filter(([line]) => !used.has(line))).toEqual([]);
            const names = ["plain", 'with "quotes"', ""];
            const networks = names.map((name, i) => `(${i + 2}, 'n${i}', '${name}', CURRENT_TIMESTAMP)`);
            await server.query(
              upgradedName,
              `${kind.withoutAudit};
            INSERT INTO dhcp4_shared_network (id, name, client_class, modification_ts) VALUES ${networks.join(", ")}`,
            );
            await upgraded.upgrade();
            await upgradeInPieces(upgraded);
            expect(await catalogueOf(upgradedName, false)).toEqual(await catalogueOf(madeName, false));
            const classes = await server.query(
              upgradedName,
              "SELECT client_classes FROM dhcp4_shared_network WHERE id > 1 ORDER BY id",
            );
            expect(classes.map((row) => row["client_classes"])).toEqual([
              '[ "plain" ]',
              String.raw`[ "with \"quotes\"" ]`,
              null,
            ]);
            const revisions = await server.query(upgradedName, "SELECT * FROM dhcp4_audit_revision");
            expect(revisions).toEqual([]);
            expect(await upgraded.check()).toEqual([]);
            await made.upgrade();
            expect(await made.check()).toEqual([]);
          }),
        ),
    );

    it("is upgraded by one at a time: who comes second finds nothing left to do", () =>
      withAdmin("", async (first, name) => {
        await first.init("2.6");
        await first.close();
        const admins = [await server.open(name), await server.open(name)] as const;
        const upgraded = admins.map(async (admin) => {
          const steps = await admin.planKea30();
          for (const { run } of steps) await run();
          await admin.close();
          return steps.length;
        });
        const [one, other] = await Promise.all(upgraded);
        expect([one, other].sort()).toEqual([0, Math.max(one!, other!)]);
        expect(one! + other!).toBeGreaterThan(0);
      }));

    it("is made whole, or not at all where there is something", () =>
      withAdmin("CREATE TABLE lease6 (mine INT)", async (admin) => {
        await expect(admin.init("2.6")).rejects.toThrow(kind.refusal);
        expect(await admin.version()).toBeUndefined();
      }));

    it("finds what is missing, and adds what is ours", () =>
      withAdmin("", async (admin, name) => {
        await admin.init("2.6");
        await server.query(name, "DROP TABLE kotare_clients_lease4");
        expect(await admin.check()).toEqual(["there is no table kotare_clients_lease4"]);
        await admin.upgrade();
        expect(await admin.check()).toEqual([]);
      }));

    it.each(KEA_RELEASES)(
      "replaces what an earlier version of ours has made for Kea %s, and adds what it did not make",
      (kea) =>
        withAdmin("", async (admin, name) => {
          await admin.init(kea);
          const whole = await catalogueOf(name, true);
          const { tables, optionTables } = CONFIG_SCHEMA;
          const later = ["dhcp6_options", "dhcp4_options", "ipv6_reservations", "hosts", "host_identifier_type"];
          const names = [
            ...optionTables.map((each) => each.name),
            ...later,
            ...tables.map((each) => each.name).reverse(),
          ];
          for (const table of [...names, "ddns_replace_client_name_types"]) {
            await server.query(name, `DROP TABLE IF EXISTS ${table}`);
          }
          expect(await admin.check()).toEqual([
            ...["hosts", "ipv6_reservations", "dhcp4_options", "dhcp6_options"].map(
              (table) => `there is no table ${table}`,
            ),
            "there are no tables of configuration",
          ]);
          await server.query(name, "DROP TABLE kotare_clients_lease4");
          await server.query(name, "CREATE TABLE kotare_claims_lease4 (scope INT)");
          await admin.upgrade();
          expect(await admin.check()).toEqual([]);
          await expect(server.query(name, "SELECT * FROM kotare_claims_lease4")).rejects.toThrow(/exist/);
          expect(await catalogueOf(name, true)).toEqual(whole);
        }),
    );

    it("counts leases by subnet, pool and class as they come, change and go", () =>
      withAdmin("", async (admin, name) => {
        await admin.init("2.6");
        const classes = (...names: string[]) => `'${JSON.stringify({ ISC: { "client-classes": names } })}'`;
        const run = (sql: string) => server.query(name, sql);
        const columns = "(address, subnet_id, pool_id, state, user_context)";
        await run(`INSERT INTO lease4 ${columns} VALUES (1, 7, 1, 0, ${classes("a", "b")}), (2, 7, 1, 0, ${classes("a")}),
        (3, 7, 2, 1, ${classes("a")}), (4, 8, 1, 0, NULL)`);
        await run(`UPDATE lease4 SET pool_id = 2, user_context = ${classes("b")} WHERE address = 2`);
        await run("UPDATE lease4 SET state = 2 WHERE address = 4");
        await run("DELETE FROM lease4 WHERE address = 3");
        const counted = async (sql: string) =>
          (await run(sql)).map((row) =>
            Object.values(row).map((value) => (Number.isNaN(Number(value)) ? value : Number(value))),
          );
        expect(
          await counted("SELECT subnet_id, state, leases FROM lease4_stat WHERE leases > 0 ORDER BY 1, 2"),
        ).toEqual([[7, 0, 2]]);
        expect(
          await counted(
            "SELECT subnet_id, pool_id, state, leases FROM lease4_pool_stat WHERE leases > 0 ORDER BY 1, 2, 3",
          ),
        ).toEqual([
          [7, 1, 0, 1],
          [7, 2, 0, 1],
        ]);
        expect(await counted("SELECT client_class, leases FROM lease4_stat_by_client_class ORDER BY 1")).toEqual([
          ["a", 1],
          ["b", 2],
        ]);
        expect(await admin.check()).toEqual([]);

        const limits = { "client-classes": [{ name: "b", "address-limit": 3 }], subnet: { id: 7, "address-limit": 2 } };
        const reached = async (of: object) => {
          const [row] = await run(`SELECT checkLease4Limits('${JSON.stringify({ ISC: { limits: of } })}') AS words`);
          return row!["words"];
        };
        expect(await reached(limits)).toBe("address-limit 2 for subnet ID 7, current lease count 2");
        expect(await reached({ "client-classes": [{ name: "b", "address-limit": 2 }] })).toBe(
          'address-limit 2 for client class "b", current lease count 2',
        );
        expect(await reached({ ...limits, subnet: { id: 8, "address-limit": 1 } })).toBe("");
      }));

    it.each(KEA_RELEASES)("counts leases of DHCPv6 by their type, too, for Kea %s", (kea) =>
      withAdmin("", async (admin, name) => {
        await admin.init(kea);
        const run = (sql: string) => server.query(name, sql);
        const classes = (...names: string[]) => `'${JSON.stringify({ ISC: { "client-classes": names } })}'`;
        const address = (last: number) => kind.address6(`2001:db8::${last}`);
        const columns = "(address, lease_type, subnet_id, pool_id, state, user_context)";
        await run(`INSERT INTO lease6 ${columns} VALUES (${address(1)}, 0, 7, 1, 0, ${classes("a")}),
        (${address(2)}, 2, 7, 1, 0, ${classes("a")}), (${address(3)}, 2, 7, 2, 1, NULL), (${address(4)}, 0, 8, 1, 0, NULL)`);
        await run(`UPDATE lease6 SET pool_id = 2, user_context = ${classes("b")} WHERE address = ${address(2)}`);
        await run(`UPDATE lease6 SET state = 2 WHERE address = ${address(4)}`);
        await run(`DELETE FROM lease6 WHERE address = ${address(3)}`);
        const counted = async (keys: string, table: string) => {
          const rows = await run(`SELECT ${keys}, leases FROM ${table} WHERE leases > 0 ORDER BY 1, 2, 3`);
          return rows.map((row) =>
            Object.values(row).map((value) => (value === "a" || value === "b" ? value : Number(value))),
          );
        };
        expect(await counted("subnet_id, lease_type, state", "lease6_stat")).toEqual([
          [7, 0, 0, 1],
          [7, 2, 0, 1],
        ]);
        expect(await counted("subnet_id, pool_id, lease_type, state", "lease6_pool_stat")).toEqual([
          [7, 1, 0, 0, 1],
          [7, 2, 2, 0, 1],
        ]);
        expect(await counted("client_class, lease_type", "lease6_stat_by_client_class")).toEqual([
          ["a", 0, 1],
          ["b", 2, 1],
        ]);
        expect(await admin.check()).toEqual([]);
        if (kea === "2.6") return;
        await run(`INSERT INTO lease6 (address, lease_type, subnet_id, state) VALUES (${address(5)}, 0, 7, 4)`);
        expect(await counted("subnet_id, lease_type, state", "lease6_stat")).toContainEqual([7, 0, 4, 1]);
        expect(await admin.check()).toEqual([]);
        await run(`UPDATE lease6 SET state = 3 WHERE address = ${address(5)}`);
        expect(await admin.check()).toEqual([]);
        expect(await counted("subnet_id, lease_type, state", "lease6_stat")).not.toContainEqual([7, 0, 4, 1]);
      }),
    );

    it("finds that nothing counts any more", () =>
      withAdmin("", async (admin, name) => {
        await admin.init("2.6");
        await server.query(name, kind.dropTrigger);
        expect(await admin.check()).toEqual([
          "table lease6 has no trigger for UPDATE, and its statistics will not stay true",
        ]);
      }));

    it("tells of pools whose free addresses Kea keeps in the database", () =>
      withAdmin("", async (admin, name) => {
        await admin.init("3.0");
        await server.query(name, "CREATE TABLE flq_pool4 (id INT)");
        expect(await admin.check()).toEqual([]);
        await server.query(name, "INSERT INTO flq_pool4 VALUES (1)");
        expect(await admin.check()).toEqual([
          expect.stringContaining("flq_pool4 has pools of Kea's allocator shared-flq"),
        ]);
      }));

    it("finds statistics that are not true", () =>
      withAdmin("", async (admin, name) => {
        await admin.init("2.6");
        await server.query(
          name,
          "INSERT INTO lease4 (address, subnet_id, state) VALUES (1, 7, 0), (2, 7, 1), (3, 7, 2)",
        );
        await server.query(name, "UPDATE lease4 SET state = 1 WHERE address = 3");
        await server.query(name, "DELETE FROM lease4 WHERE address = 1");
        expect(await admin.check()).toEqual([]);
        await server.query(name, kind.falsify);
        expect(await admin.check()).toContain("lease4_stat does not say what is in lease4");
        await server.query(name, "DELETE FROM lease4_pool_stat");
        expect(await admin.check()).toEqual([
          "lease4_stat does not say what is in lease4",
          "lease4_pool_stat does not say what is in lease4",
        ]);
      }));

    it("refuses schemas that it does not know in words", () =>
      withAdmin("", async (admin, name) => {
        await admin.init("2.6");
        for (const version of ["21.0", "22.0", "22.3", "23.1", "36.0"]) {
          const [number, minor] = version.split(".");
          await server.query(name, `UPDATE schema_version SET version = ${number}, minor = ${minor}`);
          const words = `schema ${version}, and this program knows 22.2 to 3`;
          await expect(admin.upgrade()).rejects.toThrow(words);
          await expect(admin.planKea30()).rejects.toThrow(words);
        }
      }));
  });
}
