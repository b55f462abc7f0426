import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ConfigFamily } from "../config-family.ts";
import { eachSubnet } from "../each-subnet.ts";
import { parseConfig } from "../load/load-config.ts";
import { configOf, configOf6 } from "../testing/parse-body.ts";
import { type ConfigTree, type TreeTypes, tree4, tree6 } from "./config-tree.ts";
import { addDelta, removeDelta } from "./delta.ts";

/** The subnet 1 after a part of it was added or taken out, without what is as if it were not said. */
function change<T extends TreeTypes>(
  tree: ConfigTree<T>,
  config: T["config"],
  make: typeof addDelta<T>,
  given: Readonly<Record<string, unknown>>,
) {
  const [subnet] = tree.subnetsOf(config);
  const read = tree.subnetSchema.parse({ id: 1, subnet: subnet!.subnet, ...given });
  return make(tree, config, subnet!, read, given);
}

const config = configOf(`
  "option-def": [{ "name": "own", "code": 222, "type": "string" }],
  "subnet4": [{ "id": 1, "subnet": "10.1.0.0/24", "renew-timer": 10, "client-class": "a", "interface": "eth0",
    "pools": [
      { "pool": "10.1.0.10 - 10.1.0.20", "pool-id": 5, "option-data": [{ "name": "routers", "data": "10.1.0.1" }] },
      { "pool": "10.1.0.32/28" }],
    "option-data": [{ "name": "routers", "data": "10.1.0.1", "always-send": true }, { "name": "own", "data": "x" }],
    "reservations": [{ "hw-address": "1a:1b:1c:1d:1e:1f", "ip-address": "10.1.0.77" }],
    "user-context": { "name": "lab", "a": { "x": 1, "y": 2 }, "list": [1, 2] } }]`);
const [before] = config.subnet4;
const add = (given: Readonly<Record<string, unknown>>) => change(tree4, config, addDelta, given);
const remove = (given: Readonly<Record<string, unknown>>) => change(tree4, config, removeDelta, given);

describe("what is added to a subnet", () => {
  it("changes nothing else", () => {
    expect(add({})).toEqual(before);
    expect(add({ "valid-lifetime": 9 })).toEqual({ ...before, "valid-lifetime": 9 });
  });

  it("a pool is the same however its addresses are written; of it only what is given changes", () => {
    const { pools } = add({ pools: [{ pool: "10.1.0.32-10.1.0.47", "pool-id": 7 }, { pool: "10.1.0.60/31" }] });
    expect(pools).toEqual([
      before!.pools[0],
      { ...before!.pools[1], pool: "10.1.0.32-10.1.0.47", "pool-id": 7 },
      expect.objectContaining({ "pool-id": 0 }),
    ]);
  });

  it("an option is replaced as a whole, by its name or its code", () => {
    const given = [
      { code: 3, data: "10.1.0.2" },
      { code: 222, data: "y" },
      { name: "domain-name", data: "d" },
    ];
    expect(add({ "option-data": given })["option-data"]).toMatchObject([
      { code: 3, data: "10.1.0.2", "always-send": false },
      { code: 222, data: "y" },
      { name: "domain-name" },
    ]);
  });

  it("lists get what they lack, also under an older key, and maps of the operator's own are merged", () => {
    const made = add({ "client-class": "b", "user-context": { a: { y: 3, z: 4 }, list: [2, 3] } });
    expect(made["client-classes"]).toEqual(["a", "b"]);
    expect(made["user-context"]).toEqual({ name: "lab", a: { x: 1, y: 3, z: 4 }, list: [1, 2, 3] });
  });
});

describe("what is taken out of a subnet", () => {
  it("changes nothing else; names of the subnet are no part of it", () => {
    expect(remove({})).toEqual(before);
    const { "renew-timer": _, ...rest } = before!;
    expect(remove({ "renew-timer": 77, subnet: "10.9.0.0/24" })).toEqual(rest);
  });

  it("a pool of which nothing else is said goes; of others goes what is said, and the pool stays", () => {
    const whole = { pool: "10.1.0.32-10.1.0.47" };
    const part = { pool: "10.1.0.10-10.1.0.20", "pool-id": 1, "option-data": [{ code: 3 }] };
    expect(remove({ pools: [whole, part, { pool: "10.1.0.90/32" }] }).pools).toEqual([
      { ...before!.pools[0], "pool-id": 0, "option-data": [] },
    ]);
  });

  it("options go whatever their value, entries of lists and of maps where they are the same", () => {
    const made = remove({
      "option-data": [{ name: "routers", data: "9.9.9.9" }, { code: 222 }, { name: "domain-name" }],
      "client-classes": ["a", "z"],
      "user-context": { name: "", a: { x: 7 }, list: [1] },
      interface: "",
    });
    expect(made).toMatchObject({ "option-data": [], "client-classes": [], "user-context": { a: { y: 2 }, list: [2] } });
    expect(["name" in (made["user-context"] ?? {}), made.interface]).toEqual([false, undefined]);
  });
});

it("pools of prefixes are known by their three numbers", () => {
  const pool = { prefix: "2001:db8:100::", "prefix-len": 40, "delegated-len": 56 };
  const config6 = configOf6(
    `"subnet6": [{ "id": 1, "subnet": "2001:db8::/64", "pd-pools": [${JSON.stringify(pool)}] }]`,
  );
  const same = { ...pool, prefix: "2001:DB8:100:0::", "excluded-prefix": "2001:db8:100::", "excluded-prefix-len": 64 };
  const given = { "pd-pools": [same, { ...pool, "delegated-len": 60 }] };
  expect(change(tree6, config6, addDelta, given)["pd-pools"]).toMatchObject([
    { "delegated-len": 56, "excluded-prefix-len": 64 },
    { "delegated-len": 60, "excluded-prefix-len": 0 },
  ]);
  expect(change(tree6, config6, removeDelta, { "pd-pools": [pool] })["pd-pools"]).toEqual([]);
});

describe("what has been read means the same when it is read again", () => {
  const examples = new URL("../../../../../deploy/examples/", import.meta.url);

  it.each(readdirSync(examples).filter((name) => name.endsWith(".conf")))("%s", (name) => {
    const text = readFileSync(new URL(name, examples), "latin1");
    const tree = text.includes('"Dhcp4"') ? tree4 : text.includes('"Dhcp6"') ? tree6 : undefined;
    if (tree === undefined) return;
    const loaded = parseConfig(tree.family as ConfigFamily<typeof config>, { file: name, text }, { read: () => "" });
    if (loaded.kind === "refused") throw new Error(name);
    for (const { reservations: _, ...subnet } of eachSubnet(loaded.config)) {
      const { reservations: __, ...again } = tree.subnetSchema.parse(subnet);
      expect(again).toEqual(subnet);
    }
  });
});
