/** Each command that writes a configuration database, against what Kea's API description says of it. Tests only. */
import { describe, expect, it } from "vitest";
import type { TreeTypes } from "../../config/edit/config-tree.ts";
import { parseConfig } from "../../config/load/load-config.ts";
import type { ConfigDatabase } from "../../config-database/config-database.ts";
import type { StoredFamily } from "../../config-database/config-follower.ts";
import { storedConfig4 } from "../../config-database/stored-config4.ts";
import { storedConfig6 } from "../../config-database/stored-config6.ts";
import type { TablesOf } from "../../config-database/tables/config-tables.ts";
import type { RemoteCommand } from "../../control/commands/remote/remote-family.ts";
import { remoteCommands4, remoteCommands6 } from "../../control/commands/remote-commands.ts";

const ALL = { "server-tags": ["all"] };
const OWN = { "server-tags": ["one"] };
const FOUND = { result: 0 };
const EMPTY = { result: 3, arguments: { count: 0 } };

/** Those that are about things of one server, or list what servers have, or say whose something is to be. */
const TAGGED = /-(network|class|subnet)\d-(set|list|get-all)$|-(option-def|global-parameter)\d-|-option\d-global-/;
/** Those of them that want one tag. */
const ONE_TAG = /-(option-def|global-parameter)\d-|-option\d-global-/;

/** @param open an empty database of a family */
export function describeRemoteApi(open: (tables: TablesOf) => Promise<ConfigDatabase>): void {
  describeFamily(storedConfig4, remoteCommands4, open);
  describeFamily(storedConfig6, remoteCommands6, open);
}

function describeFamily<T extends TreeTypes>(
  stored: StoredFamily<T>,
  commands: readonly RemoteCommand<T>[],
  open: (tables: TablesOf) => Promise<ConfigDatabase>,
): void {
  const n = stored.tree.number;

  /** The database, and how a command is given. */
  async function begin() {
    const { family } = stored.tree;
    const loaded = parseConfig(family, { file: "kea.conf", text: `{"${family.root}": {}}` }, { read: () => "" });
    if (loaded.kind === "refused") throw new Error("refused");
    const database = await open(stored.tables);
    const source = { isUsed: true, database, status: () => ({ type: "mysql" }) };
    const context = { config: () => loaded.config, check: (config: T["config"]) => family.check(config), source };
    const asked = new Set<string>();
    const ask = async (name: string, args: object): Promise<Answered> => {
      const command = commands.find((each) => each.name === name);
      if (command === undefined || "takesConfig" in command) throw new Error(name);
      asked.add(name);
      return JSON.parse(JSON.stringify(await command.call(args, context))) as Answered;
    };
    return { ask, asked, [Symbol.asyncDispose]: () => database.close() };
  }

  describe(`commands of DHCPv${n}`, () => {
    it("set, find, list and delete what they are about, and say what is not there", async () => {
      await using given = await begin();
      const { ask, asked } = given;
      const server = { servers: [{ "server-tag": "one" }] };
      expect(await ask(`remote-server${n}-get`, server)).toMatchObject(EMPTY);
      expect(await ask(`remote-server${n}-get-all`, {})).toMatchObject(EMPTY);
      expect(await ask(`remote-server${n}-del`, server)).toMatchObject(EMPTY);
      const described = { servers: [{ "server-tag": "one", description: "first floor" }] };
      expect(await ask(`remote-server${n}-set`, described)).toMatchObject({ ...FOUND, arguments: described });
      expect(await ask(`remote-server${n}-get`, server)).toMatchObject({ ...FOUND, arguments: described });
      expect(await ask(`remote-server${n}-get-all`, {})).toMatchObject({ arguments: { ...described, count: 1 } });

      for (const { prefix, list, one, more, listing, falls } of thingsOf(n)) {
        const which = falls ? { [list]: [one], ...ALL } : { [list]: [one] };
        const all = (tags: object) => ask(`${prefix}-${listing}`, tags);
        expect(await ask(`${prefix}-get`, which)).toMatchObject({ result: 3 });
        expect(await all(ALL)).toMatchObject({ result: 3, arguments: { [list]: [], count: 0 } });
        expect(await ask(`${prefix}-del`, which)).toMatchObject(EMPTY);
        // What is there is replaced.
        for (let i = 0; i < 2; i++) {
          const set = await ask(`${prefix}-set`, { [list]: [{ ...one, ...more }], ...ALL });
          expect(set).toMatchObject({ ...FOUND, arguments: { [list]: [one] } });
        }
        const found = { [list]: [{ ...one, metadata: ALL }], count: 1 };
        expect(await ask(`${prefix}-get`, which)).toMatchObject({ ...FOUND, arguments: found });
        expect(await all(ALL)).toMatchObject({ ...FOUND, arguments: found });
        expect(await all(OWN)).toMatchObject(falls ? { ...FOUND, arguments: found } : { result: 3 });
        if (!falls) expect(await all({ "server-tags": ["one", "all"] })).toMatchObject(FOUND);
        expect(await ask(`${prefix}-set`, { [list]: [{ ...one, ...more }], ...OWN })).toMatchObject(FOUND);
        expect(await all(OWN)).toMatchObject({ arguments: { [list]: [{ ...one, metadata: OWN }] } });
        expect(await ask(`${prefix}-del`, { ...which, ...(falls ? OWN : {}) })).toMatchObject({
          ...FOUND,
          arguments: { count: 1 },
        });
        if (falls) expect(await ask(`${prefix}-del`, which)).toMatchObject({ ...FOUND, arguments: { count: 1 } });
        expect(await ask(`${prefix}-del`, which)).toMatchObject(EMPTY);
      }

      const [time, key] = [{ "renew-timer": 100 }, { parameters: ["renew-timer"] }];
      const globals = `remote-global-parameter${n}`;
      expect(await ask(`${globals}-get`, { ...key, ...ALL })).toMatchObject(EMPTY);
      expect(await ask(`${globals}-get-all`, ALL)).toMatchObject({ ...EMPTY, arguments: { parameters: [] } });
      expect(await ask(`${globals}-set`, { parameters: time, ...ALL })).toMatchObject({
        ...FOUND,
        arguments: { parameters: time, count: 1 },
      });
      const shown = { ...time, metadata: ALL };
      for (const tags of [ALL, OWN]) {
        const one = { ...FOUND, arguments: { parameters: shown, count: 1 } };
        expect(await ask(`${globals}-get`, { ...key, ...tags })).toMatchObject(one);
        const list = { ...FOUND, arguments: { parameters: [shown], count: 1 } };
        expect(await ask(`${globals}-get-all`, tags)).toMatchObject(list);
      }
      await ask(`${globals}-set`, { parameters: { "renew-timer": 50 }, ...OWN });
      expect(await ask(`${globals}-get-all`, OWN)).toMatchObject({
        arguments: { parameters: [{ "renew-timer": 50, metadata: OWN }], count: 1 },
      });
      expect(await ask(`${globals}-del`, { ...key, ...ALL })).toMatchObject({ ...FOUND, arguments: { count: 1 } });
      expect(await ask(`${globals}-del`, { ...key, ...ALL })).toMatchObject(EMPTY);

      const { subnet, places, option } = subnetOf(n);
      const [byId, byPrefix] = [{ subnets: [{ id: subnet.id }] }, { subnets: [{ subnet: subnet.subnet }] }];
      const subnets = `remote-subnet${n}`;
      expect(await ask(`${subnets}-list`, ALL)).toMatchObject({ ...EMPTY, arguments: { subnets: [] } });
      const [inNetwork, alone] = ["level3", null].map((name) => ({
        subnets: [{ ...subnet, "shared-network-name": name }],
      }));
      expect(await ask(`${subnets}-set`, { ...inNetwork!, ...ALL })).toMatchObject({ result: 1 });
      await ask(`remote-network${n}-set`, { "shared-networks": [{ name: "level3" }], ...ALL });
      expect(await ask(`${subnets}-set`, { ...inNetwork!, ...ALL })).toMatchObject({
        ...FOUND,
        arguments: { subnets: [{ id: subnet.id, subnet: subnet.subnet }] },
      });
      const network = { "shared-networks": [{ name: "level3" }] };
      expect(await ask(`remote-network${n}-get`, { ...network, "subnets-include": "full" })).toMatchObject({
        arguments: { "shared-networks": [{ name: "level3", [`subnet${n}`]: [{ id: subnet.id }] }] },
      });
      for (const [place, where] of places) {
        const prefix = `remote-option${n}-${place}`;
        const code = { options: [{ code: option.code, space: `dhcp${n}` }] };
        expect(await ask(`${prefix}-del`, { ...where, ...code })).toMatchObject(EMPTY);
        const set = await ask(`${prefix}-set`, { ...where, options: [option] });
        expect(set).toMatchObject({ ...FOUND, arguments: code });
        const whole = await ask(`${subnets}-get-by-id`, byId);
        const inside = place === "network" ? await ask(`remote-network${n}-get`, network) : whole;
        expect(JSON.stringify(inside.arguments)).toContain(option.data);
        expect(await ask(`${prefix}-del`, { ...where, ...code })).toMatchObject({ ...FOUND, arguments: { count: 1 } });
        expect(JSON.stringify(await ask(`${subnets}-get-by-id`, byId))).not.toContain(option.data);
      }
      for (const [by, which] of [["id", byId] as const, ["prefix", byPrefix] as const]) {
        expect(await ask(`${subnets}-set`, { ...alone!, ...OWN })).toMatchObject(FOUND);
        expect(await ask(`${subnets}-get-by-${by}`, which)).toMatchObject({
          arguments: { count: 1, subnets: [{ id: subnet.id, "shared-network-name": null, metadata: OWN }] },
        });
        expect(await ask(`${subnets}-list`, ALL)).toMatchObject(EMPTY);
        expect(await ask(`${subnets}-list`, OWN)).toMatchObject({ ...FOUND, arguments: { count: 1 } });
        expect(await ask(`${subnets}-del-by-${by}`, which)).toMatchObject({ ...FOUND, arguments: { count: 1 } });
        expect(await ask(`${subnets}-del-by-${by}`, which)).toMatchObject(EMPTY);
        expect(await ask(`${subnets}-get-by-${by}`, which)).toMatchObject({ result: 3 });
      }
      expect([...asked].sort()).toEqual(commands.map(({ name }) => name).sort());
    });

    it("take with a server what is its alone, and leave subnets, networks and classes to nobody", async () => {
      await using given = await begin();
      const { ask } = given;
      const server = { servers: [{ "server-tag": "one" }] };
      const { subnet, option } = subnetOf(n);
      await ask(`remote-server${n}-set`, server);
      await ask(`remote-subnet${n}-set`, { subnets: [{ ...subnet, "shared-network-name": null }], ...OWN });
      await ask(`remote-option${n}-global-set`, { options: [option], ...OWN });
      await ask(`remote-option-def${n}-set`, {
        "option-defs": [{ code: 222, name: "colour", type: "string" }],
        ...OWN,
      });
      await ask(`remote-global-parameter${n}-set`, { parameters: { "renew-timer": 50 }, ...OWN });
      await ask(`remote-global-parameter${n}-set`, { parameters: { "renew-timer": 60 }, ...ALL });
      expect(await ask(`remote-server${n}-del`, server)).toMatchObject({ ...FOUND, arguments: { count: 1 } });
      expect(await ask(`remote-subnet${n}-list`, { "server-tags": [null] })).toMatchObject({
        ...FOUND,
        arguments: { subnets: [{ id: subnet.id, metadata: { "server-tags": [] } }], count: 1 },
      });
      await ask(`remote-server${n}-set`, server);
      expect(await ask(`remote-option${n}-global-get-all`, OWN)).toMatchObject(EMPTY);
      expect(await ask(`remote-option-def${n}-get-all`, OWN)).toMatchObject(EMPTY);
      expect(await ask(`remote-global-parameter${n}-get-all`, OWN)).toMatchObject({
        arguments: { parameters: [{ "renew-timer": 60, metadata: ALL }], count: 1 },
      });
      await ask(`remote-server${n}-del`, server);
    });

    it("want tags where they are needed, of one server where that is said, and refuse them elsewhere", async () => {
      await using given = await begin();
      for (const { name, examples } of commands) {
        const { "server-tags": _, ...args } = { ...(examples[0]!.arguments as Record<string, unknown>) };
        const wrong: unknown[] = TAGGED.test(name) ? [undefined, [], [1], "all"] : [["all"], [null], []];
        if (ONE_TAG.test(name)) wrong.push(["all", "one"], [null]);
        if (/-set$/.test(name) && TAGGED.test(name)) wrong.push([null]);
        for (const tags of wrong) {
          const answer = await given.ask(name, { ...args, ...(tags !== undefined && { "server-tags": tags }) });
          expect([name, tags, answer]).toMatchObject([name, tags, { result: 1 }]);
          expect(answer.text).toContain("server-tags");
        }
      }
    });

    it("refuse a database that is not the one of the configuration, several things at once, and what belongs elsewhere", async () => {
      await using given = await begin();
      for (const { name, examples } of commands) {
        const args = examples[0]!.arguments as Readonly<Record<string, unknown>>;
        const other = { ...args, remote: { type: "postgresql" } };
        expect(await given.ask(name, other)).toMatchObject({ result: 1, text: expect.stringContaining("postgresql") });
        for (const [key, value] of Object.entries(args)) {
          if (!Array.isArray(value) || key === "server-tags") continue;
          expect(await given.ask(name, { ...args, [key]: [] })).toMatchObject({ result: 1 });
          expect(await given.ask(name, { ...args, [key]: [value[0], value[0]] })).toMatchObject({ result: 1 });
        }
      }
      const network = { name: "level3", [`subnet${n}`]: [] };
      expect(await given.ask(`remote-network${n}-set`, { "shared-networks": [network], ...ALL })).toMatchObject({
        result: 1,
        text: expect.stringContaining(`remote-subnet${n}-set`),
      });
    });
  });
}

interface Answered {
  readonly result: number;
  readonly text: string;
  readonly arguments: object;
}

interface Thing {
  readonly prefix: string;
  readonly list: string;
  readonly one: object;
  readonly more?: object;
  readonly listing: "list" | "get-all";
  /** Whether what is for all is a server's, too, which has none of its own. */
  readonly falls: boolean;
}

function thingsOf(n: 4 | 6): readonly Thing[] {
  const space = `dhcp${n}`;
  const { option } = subnetOf(n);
  const { code, ...more } = option;
  return [
    { prefix: `remote-network${n}`, list: "shared-networks", one: { name: "level3" }, listing: "list", falls: false },
    { prefix: `remote-class${n}`, list: "client-classes", one: { name: "phones" }, listing: "get-all", falls: false },
    {
      ...{ prefix: `remote-option-def${n}`, list: "option-defs", listing: "get-all", falls: true },
      ...{ one: { code: 222, space }, more: { name: "colour", type: "string" } },
    },
    {
      ...{ prefix: `remote-option${n}-global`, list: "options", listing: "get-all", falls: true },
      ...{ one: { code, space }, more },
    },
  ];
}

function subnetOf(n: 4 | 6) {
  const [subnet, pool, data] =
    n === 4
      ? (["10.5.0.0/16", "10.5.0.10 - 10.5.0.99", "10.5.0.53"] as const)
      : (["2001:db8:1::/64", "2001:db8:1::10 - 2001:db8:1::ff", "2001:db8:1::53"] as const);
  const prefix = { prefix: "2001:db8:8000::", "prefix-len": 40 };
  const pdPools = { "pd-pools": [{ ...prefix, "delegated-len": 56 }] };
  const places: readonly (readonly [string, object])[] = [
    ["subnet", { subnets: [{ id: 5 }] }],
    ["network", { "shared-networks": [{ name: "level3" }] }],
    ["pool", { pools: [{ pool }] }],
    ...(n === 6 ? [["pd-pool", { "pd-pools": [prefix] }] as const] : []),
  ];
  const option = { code: n === 4 ? 6 : 23, data };
  return { subnet: { id: 5, subnet, pools: [{ pool }], ...(n === 6 && pdPools) }, places, option };
}
