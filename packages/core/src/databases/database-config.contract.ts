/** Configuration in a database with Kea's tables, whatever kind it is: what Kea's tools have written there. Tests only. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RetrySchedule } from "../base/retry.ts";
import { growingPauses } from "../base/retry.ts";
import { atOnce } from "../base/steps.ts";
import type { TreeTypes } from "../config/edit/config-tree.ts";
import { formatFault } from "../config/fault.ts";
import { parseConfig } from "../config/load/load-config.ts";
import { scanConfig } from "../config/load/scan.ts";
import { LeaseDatabase } from "../config/schema/databases.ts";
import type { ConfigDatabase } from "../config-database/config-database.ts";
import { changesOfConfig, documentOfStored } from "../config-database/config-document.ts";
import { ConfigFollower, type StoredFamily } from "../config-database/config-follower.ts";
import { storedConfig4 } from "../config-database/stored-config4.ts";
import { storedConfig6 } from "../config-database/stored-config6.ts";
import type { TablesOf } from "../config-database/tables/config-tables.ts";
import type { KeaRelease } from "../leases/database/kea-schema.ts";
import type { HostServer } from "./database-hosts.contract.ts";
import { type DatabaseSettings, databaseSettings } from "./database-settings.ts";
import type { ConnectionEvent } from "./reconnecting.ts";

interface ConfigKind {
  readonly name: string;
  /** Whose tables they are. */
  readonly kea: KeaRelease;
  /** A statement after which changes in the same text are one revision. */
  beginRevision(family: 4 | 6): string;
  bytes(hex: string): string;
  /** What a column of addresses is given. */
  ipv4(text: string): string;
  /** An end of a pool of DHCPv6. */
  readonly fourOverSix: string;
  open(
    name: string,
    tables: TablesOf,
    settings: DatabaseSettings,
    schedule: RetrySchedule,
    report: (event: ConnectionEvent) => void,
  ): Promise<ConfigDatabase>;
}

const NAME = "config_database";

/** Of Kea's documentation. */
const EXAMPLES = join(import.meta.dirname, "../../../../.cache/debian/root/usr/share/doc/kea/examples");

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const TABLES = [
  ...["options_server", "options", "pool", "subnet_server", "subnet", "shared_network_server", "shared_network"],
  ...["global_parameter_server", "global_parameter", "option_def_server", "option_def"],
  ...[
    "client_class_server",
    "client_class_dependency",
    "client_class_order",
    "client_class",
    "audit",
    "audit_revision",
  ],
];

/**
 * @param start `undefined` where no such server can be had, or not Kea's own tables
 * @param also more tests, with an empty database of DHCPv4
 */
export function describeDatabaseConfig(
  kind: ConfigKind,
  start: (() => Promise<HostServer>) | undefined,
  also?: (open: () => Promise<ConfigDatabase>) => void,
): void {
  describe.skipIf(start === undefined)(`configuration in ${kind.name}, in the tables of Kea ${kind.kea}`, () => {
    const additional = kind.kea === "2.6" ? "require_client_classes" : "evaluate_additional_classes";
    let server: HostServer;

    beforeAll(async () => {
      server = await start!();
      await server.createDatabase(NAME);
    });
    afterAll(() => server?.stop());

    const open = (tables: TablesOf) => {
      const settings = databaseSettings(LeaseDatabase.parse({ ...server.local, name: NAME }));
      return kind.open("the database", tables, settings, growingPauses(1), () => {});
    };

    type Row = Record<string, string | number | null>;
    /** One revision. */
    const change = (family: 4 | 6, ...statements: readonly string[]) =>
      server.query(NAME, [kind.beginRevision(family), ...statements].join(";\n"));
    const insert = (table: string, row: Row) =>
      `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).map(String).join(", ")})`;
    const server1 = (link: string, id: number | string) => ({
      [link]: id,
      server_id: 1,
      modification_ts: "CURRENT_TIMESTAMP",
    });
    const subnet4 = (id: number, prefix: string, more: Row = {}) => [
      insert("dhcp4_subnet", {
        subnet_id: id,
        subnet_prefix: `'${prefix}'`,
        modification_ts: "CURRENT_TIMESTAMP",
        ...more,
      }),
      insert("dhcp4_subnet_server", server1("subnet_id", id)),
    ];
    const pool4 = (id: number, subnet: number, start: string, end: string) =>
      insert("dhcp4_pool", {
        id,
        start_address: kind.ipv4(start),
        end_address: kind.ipv4(end),
        subnet_id: subnet,
        modification_ts: "CURRENT_TIMESTAMP",
      });

    async function empty(family: 4 | 6) {
      const tables = family === 6 ? ["pd_pool", ...TABLES] : TABLES;
      await change(family, ...tables.map((table) => `DELETE FROM dhcp${family}_${table}`));
      await server.query(NAME, `DELETE FROM dhcp${family}_audit; DELETE FROM dhcp${family}_audit_revision`);
    }

    beforeEach(async () => {
      await empty(4);
      await empty(6);
    });

    /** @param body of the file */
    async function follow<T extends TreeTypes>(family: StoredFamily<T>, body: string) {
      const database = await open(family.tables);
      const { root } = family.tree.family;
      const file = { file: "kea.conf", text: `{"${root}": {${body}}}` };
      const loaded = parseConfig<T["config"]>(family.tree.family, file, { read: () => "" });
      if (loaded.kind === "refused") throw new Error(JSON.stringify(loaded.faults));
      const follower = new ConfigFollower(
        family,
        (config) => family.tree.family.check(config),
        database,
        "Own ",
        loaded.config,
      );
      const followed = await follower.load(atOnce);
      followed.accept();
      return { ...followed, follower, [Symbol.asyncDispose]: () => database.close() };
    }

    it("takes subnets, pools and options of DHCPv4 from their rows", async () => {
      await change(
        4,
        ...subnet4(7, "10.7.0.0/16", {
          valid_lifetime: 600,
          t1_percent: 0.375,
          next_server: kind.ipv4("10.7.0.1"),
          relay: `'["10.7.0.2"]'`,
          [additional]: `'["one"]'`,
          ddns_replace_client_name: 2,
          user_context: `'{"a": [1]}'`,
          [kind.fourOverSix]: "'eth4'",
        }),
        pool4(70, 7, "10.7.0.10", "10.7.0.99"),
        insert("dhcp4_options", {
          code: 6,
          formatted_value: "'10.7.0.53'",
          space: "'dhcp4'",
          dhcp4_subnet_id: 7,
          scope_id: 1,
        }),
        insert("dhcp4_options", { code: 3, value: kind.bytes("0a070001"), space: "'dhcp4'", pool_id: 70, scope_id: 5 }),
      );
      await using followed = await follow(storedConfig4, `"subnet4": [{"id": 1, "subnet": "10.1.0.0/16"}]`);
      expect(followed.faults).toEqual([]);
      expect(followed.config.subnet4.map(({ id }) => id)).toEqual([1, 7]);
      expect(followed.config.subnet4[1]).toMatchObject({
        subnet: "10.7.0.0/16",
        "valid-lifetime": 600,
        "t1-percent": 0.375,
        "next-server": "10.7.0.1",
        relay: { "ip-addresses": ["10.7.0.2"] },
        "evaluate-additional-classes": ["one"],
        "ddns-replace-client-name": "when-present",
        "user-context": { a: [1] },
        "4o6-interface": "eth4",
        metadata: { "server-tags": ["all"] },
        "option-data": [{ code: 6, data: "10.7.0.53", "csv-format": true }],
        pools: [{ pool: "10.7.0.10-10.7.0.99", "option-data": [{ code: 3, data: "0A070001", "csv-format": false }] }],
      });
    });

    it("leaves out what is wrong, with its row, and takes the rest", async () => {
      await change(
        4,
        ...subnet4(1, "10.1.0.0/16"),
        pool4(10, 1, "10.1.0.10", "10.2.0.99"),
        ...subnet4(2, "10.2.0.0/33"),
        ...subnet4(3, "10.3.0.0/16", { valid_lifetime: -1 }),
        ...subnet4(4, "10.4.0.0/16", { [additional]: "'none'" }),
        ...subnet4(5, "10.5.0.0/16"),
        ...subnet4(6, "10.5.0.1/16"),
      );
      await using followed = await follow(storedConfig4, "");
      expect(followed.config.subnet4.map(({ id }) => id)).toEqual([5]);
      expect([...followed.faults].sort()).toEqual([
        'dhcp4_pool.id 10: pool: "10.1.0.10-10.2.0.99" is not inside the subnet 10.1.0.0/16; stay within 10.1.0.0 - 10.1.255.255',
        'dhcp4_subnet.subnet_id 2: subnet: "10.2.0.0/33" is not an IPv4 prefix; write an address and a length from 0 to 32, such as 192.0.2.0/24',
        "dhcp4_subnet.subnet_id 3: valid-lifetime: -1 is too small; it must be at least 1",
        `dhcp4_subnet.subnet_id 4: ${additional} "none" is no JSON list`,
        'dhcp4_subnet.subnet_id 6: subnet: "10.5.0.1/16" is the prefix of another subnet of this server, too; delete one of the two',
      ]);
    });

    it("takes what has changed, and leaves the rest as it is", async () => {
      await change(4, ...subnet4(1, "10.1.0.0/16"), ...subnet4(2, "10.2.0.0/16"), ...subnet4(3, "10.3.0.0/16"));
      await using followed = await follow(storedConfig4, `"subnet4": [{"id": 9, "subnet": "10.9.0.0/16"}]`);
      const { follower, config: first } = followed;
      expect(await follower.update(first, atOnce)).toBeUndefined();
      await change(
        4,
        "UPDATE dhcp4_subnet SET valid_lifetime = 77 WHERE subnet_id = 2",
        "DELETE FROM dhcp4_subnet WHERE subnet_id = 3",
        ...subnet4(4, "10.4.0.0/16"),
      );
      const second = await follower.update(first, atOnce);
      second!.accept();
      const subnets = second!.config.subnet4;
      expect(subnets.map(({ id, "valid-lifetime": time }) => [id, time])).toEqual([
        [9, undefined],
        [1, undefined],
        [2, 77],
        [4, undefined],
      ]);
      expect(subnets[1]).toBe(first.subnet4[1]);
      expect(await follower.update(second!.config, atOnce)).toBeUndefined();
    });

    it.each([
      [4, storedConfig4],
      [6, storedConfig6],
    ] as const)("gives back what it was given of each of Kea's examples of DHCPv%i", async (number, family) => {
      await comesBack(number, family as StoredFamily<TreeTypes>);
    });

    async function comesBack<T extends TreeTypes>(number: 4 | 6, family: StoredFamily<T>) {
      const { tree } = family;
      const opened = await open(family.tables);
      await using _closing = { [Symbol.asyncDispose]: () => opened.close() };
      const folder = join(EXAMPLES, `kea${number}`);
      let count = 0;
      for (const file of existsSync(folder) ? readdirSync(folder) : []) {
        const source = { file, text: readFileSync(join(folder, file), "latin1") };
        const loaded = parseConfig<T["config"]>(tree.family, source, { read: () => "" });
        if (loaded.kind === "refused") continue;
        const given = scanConfig(source, { read: () => "" }).value as Record<string, Record<string, unknown>>;
        const first = changesOfConfig(tree, loaded.config, given[tree.family.root]!, "all", opened);
        await empty(number);
        await opened.change(first.changes, "a test");
        const stored = await opened.load(["all"]);
        expect(stored.faults).toEqual([]);
        const text = JSON.stringify(documentOfStored(tree, stored));
        const back = parseConfig<T["config"]>(tree.family, { file, text }, { read: () => "" });
        if (back.kind === "refused") throw new Error(`${file}: ${back.faults.map(formatFault).join("; ")}`);
        const map = (JSON.parse(text) as typeof given)[tree.family.root]!;
        const second = changesOfConfig(tree, back.config, map, "all", opened);
        expect([file, ...sorted(tree, second.changes)]).toEqual([file, ...sorted(tree, first.changes)]);
        count++;
      }
      expect(count).toBeGreaterThan(15);
    }

    /** In one order, and pools in one spelling; maps of the global scope as a file gives them. */
    function sorted<T extends TreeTypes>(tree: StoredFamily<T>["tree"], changes: readonly object[]): readonly string[] {
      const spell = (key: string, value: unknown) =>
        key === "pool"
          ? tree.formatPool(String(value))
          : isMap(value)
            ? Object.fromEntries(Object.entries(value).sort())
            : value;
      return changes.map((each) => JSON.stringify(each, spell)).sort();
    }

    also?.(() => open(storedConfig4.tables));

    it("takes subnets, pools and prefixes of DHCPv6 from their rows", async () => {
      await change(
        6,
        insert("dhcp6_subnet", {
          subnet_id: 7,
          subnet_prefix: "'2001:db8::/48'",
          interface_id: kind.bytes("6162"),
          rapid_commit: "TRUE",
          modification_ts: "CURRENT_TIMESTAMP",
        }),
        insert("dhcp6_subnet_server", server1("subnet_id", 7)),
        insert("dhcp6_pool", {
          id: 1,
          start_address: "'2001:db8::10'",
          end_address: "'2001:db8::20'",
          subnet_id: 7,
          modification_ts: "CURRENT_TIMESTAMP",
        }),
        insert("dhcp6_pd_pool", {
          id: 2,
          prefix: "'2001:db8:8000::'",
          prefix_length: 40,
          delegated_prefix_length: 56,
          excluded_prefix_length: 0,
          subnet_id: 7,
          modification_ts: "CURRENT_TIMESTAMP",
        }),
        insert("dhcp6_options", {
          code: 23,
          formatted_value: "'2001:db8::1'",
          space: "'dhcp6'",
          pd_pool_id: 2,
          scope_id: 6,
        }),
      );
      await using followed = await follow(storedConfig6, "");
      expect(followed.faults).toEqual([]);
      expect(followed.config.subnet6).toMatchObject([
        {
          id: 7,
          "interface-id": "ab",
          "rapid-commit": true,
          pools: [{ pool: "2001:db8::10-2001:db8::20" }],
          "pd-pools": [
            { prefix: "2001:db8:8000::", "prefix-len": 40, "delegated-len": 56, "option-data": [{ code: 23 }] },
          ],
        },
      ]);
    });
  });
}
