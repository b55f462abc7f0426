/** Configuration in a database with Kea's tables, whatever kind it is: what Kea's tools have written there. Tests only. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { atOnce } from "../base/steps.ts";
import { isBrief } from "../base/testing/runs.ts";
import type { TreeTypes } from "../config/edit/config-tree.ts";
import { formatFault } from "../config/fault.ts";
import { parseConfig } from "../config/load/load-config.ts";
import { type ConfigText, scanConfig } from "../config/load/scan.ts";
import { changesOfConfig, documentOfStored } from "../config-database/config-document.ts";
import type { StoredFamily } from "../config-database/config-follower.ts";
import { storedConfig4 } from "../config-database/stored-config4.ts";
import { storedConfig6 } from "../config-database/stored-config6.ts";
import { KEA_RELEASES } from "../leases/database/kea-schema.ts";
import { ConfigGround, type ConfigKind, forAll, insert, subnet4 } from "./testing/config-ground.ts";
import type { HostServer } from "./testing/host-server.ts";

/** Of the documentation of Kea 2.6, and what Kea 3.0 has otherwise; without the password that both refuse. */
function exampleTexts(family: 4 | 6): readonly ConfigText[] {
  const texts = new Map<string, ConfigText>();
  for (const root of ["root", "kea3"]) {
    const cache = join(import.meta.dirname, "../../../../.cache/debian");
    const folder = join(cache, root, `usr/share/doc/kea/examples/kea${family}`);
    for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
      const file = join(folder, name);
      const text = readFileSync(file, "latin1").replace(/("password": *)"1234"/g, '$1"another"');
      if (!texts.has(text)) texts.set(text, { file, text });
    }
  }
  return [...texts.values()];
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param start `undefined` where no such server can be had, or not Kea's own tables
 * @param also more tests, each with empty tables
 */
export function describeDatabaseConfig(
  kind: ConfigKind,
  start: (() => Promise<HostServer>) | undefined,
  also: (ground: () => ConfigGround) => void,
): void {
  describe.skipIf(start === undefined)(`configuration in ${kind.name}, in the tables of Kea ${kind.kea}`, () => {
    let ground: ConfigGround;

    beforeAll(async () => {
      ground = await ConfigGround.start(kind, start!);
    });
    afterAll(() => ground?.stop());

    beforeEach(async () => {
      await ground.empty(4);
      await ground.empty(6);
    });

    it("takes subnets, pools and options of DHCPv4 from their rows", async () => {
      await ground.change(
        4,
        ...subnet4(7, "10.7.0.0/16", {
          valid_lifetime: 600,
          t1_percent: 0.375,
          next_server: kind.ipv4("10.7.0.1"),
          relay: `'["10.7.0.2"]'`,
          [ground.additional]: `'["one"]'`,
          ddns_replace_client_name: 2,
          user_context: `'{"a": [1]}'`,
          [kind.fourOverSix]: "'eth4'",
        }),
        ground.pool4(70, 7, "10.7.0.10", "10.7.0.99"),
        insert("dhcp4_options", {
          code: 6,
          formatted_value: "'10.7.0.53'",
          space: "'dhcp4'",
          dhcp4_subnet_id: 7,
          scope_id: 1,
        }),
        insert("dhcp4_options", { code: 3, value: kind.bytes("0a070001"), space: "'dhcp4'", pool_id: 70, scope_id: 5 }),
      );
      await using followed = await ground.follow(storedConfig4, `"subnet4": [{"id": 1, "subnet": "10.1.0.0/16"}]`);
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
      await ground.change(
        4,
        ...subnet4(1, "10.1.0.0/16"),
        ground.pool4(10, 1, "10.1.0.10", "10.2.0.99"),
        ...subnet4(2, "10.2.0.0/33"),
        ...subnet4(3, "10.3.0.0/16", { valid_lifetime: -1 }),
        ...subnet4(4, "10.4.0.0/16", { [ground.additional]: "'none'" }),
        ...subnet4(5, "10.5.0.0/16"),
        ...subnet4(6, "10.5.0.1/16"),
      );
      await using followed = await ground.follow(storedConfig4, "");
      expect(followed.config.subnet4.map(({ id }) => id)).toEqual([5]);
      expect([...followed.faults].sort()).toEqual([
        'dhcp4_pool.id 10: pool: "10.1.0.10-10.2.0.99" is not inside the subnet 10.1.0.0/16; stay within 10.1.0.0 - 10.1.255.255',
        'dhcp4_subnet.subnet_id 2: subnet: "10.2.0.0/33" is not an IPv4 prefix; write an address and a length from 0 to 32, such as 192.0.2.0/24',
        "dhcp4_subnet.subnet_id 3: valid-lifetime: -1 is too small; it must be at least 1",
        `dhcp4_subnet.subnet_id 4: ${ground.additional} "none" is no JSON list`,
        'dhcp4_subnet.subnet_id 6: subnet: "10.5.0.1/16" is the prefix of another subnet of this server, too; delete one of the two',
      ]);
    });

    it("takes what has changed, and leaves the rest as it is", async () => {
      await ground.change(4, ...subnet4(1, "10.1.0.0/16"), ...subnet4(2, "10.2.0.0/16"), ...subnet4(3, "10.3.0.0/16"));
      await using followed = await ground.follow(storedConfig4, `"subnet4": [{"id": 9, "subnet": "10.9.0.0/16"}]`);
      const { follower, config: first } = followed;
      const asked: string[] = [];
      await follower.load(atOnce, async () => void asked.push("meanwhile"));
      expect(asked).toEqual(["meanwhile"]);
      expect(await follower.update(first, atOnce)).toBeUndefined();
      await ground.change(
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
      const opened = await ground.open(family.tables);
      await using _closing = { [Symbol.asyncDispose]: () => opened.close() };
      // In brief each is tried with one of the schemas.
      const here = exampleTexts(number).filter((_, i) => !isBrief || i % 2 === KEA_RELEASES.indexOf(kind.kea));
      for (const source of here) {
        const { file } = source;
        const loaded = parseConfig<T["config"]>(tree.family, source, { read: () => "" });
        if (loaded.kind === "refused") throw new Error(`${file}: ${loaded.faults.map(formatFault).join("; ")}`);
        const given = scanConfig(source, { read: () => "" }).value as Record<string, Record<string, unknown>>;
        const first = changesOfConfig(tree, loaded.config, given[tree.family.root]!, "all", opened);
        await ground.empty(number);
        await opened.change(first.changes, "a test");
        const stored = await opened.load(["all"]);
        expect(stored.faults).toEqual([]);
        const text = JSON.stringify(documentOfStored(tree, stored));
        const back = parseConfig<T["config"]>(tree.family, { file, text }, { read: () => "" });
        if (back.kind === "refused") throw new Error(`${file}: ${back.faults.map(formatFault).join("; ")}`);
        const map = (JSON.parse(text) as typeof given)[tree.family.root]!;
        const second = changesOfConfig(tree, back.config, map, "all", opened);
        expect([file, ...sorted(tree, second.changes)]).toEqual([file, ...sorted(tree, first.changes)]);
      }
      expect(here.length).toBeGreaterThan(isBrief ? 7 : 15);
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

    also(() => ground);

    it("takes subnets, pools and prefixes of DHCPv6 from their rows", async () => {
      await ground.change(
        6,
        insert("dhcp6_subnet", {
          subnet_id: 7,
          subnet_prefix: "'2001:db8::/48'",
          interface_id: kind.bytes("6162"),
          rapid_commit: "TRUE",
          modification_ts: "CURRENT_TIMESTAMP",
        }),
        insert("dhcp6_subnet_server", forAll("subnet_id", 7)),
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
      await using followed = await ground.follow(storedConfig6, "");
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
