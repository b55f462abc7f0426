import fc from "fast-check";
import { expect, it } from "vitest";
import { checkDhcp4 } from "../config/dhcp4/check.ts";
import type { Dhcp4Config, Subnet4Config } from "../config/dhcp4-config.ts";
import { Subnet4 } from "../config/schema/dhcp4/subnet4.ts";
import { Subnet6 } from "../config/schema/dhcp6/subnet6.ts";
import { configOf } from "../config/testing/parse-body.ts";
import { AlikeParser } from "./alike-parser.ts";

const few = <Value>(...values: Value[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });

/** Of few values each, good ones and bad ones: so many are alike. */
const said = {
  "valid-lifetime": few<unknown>(600, 900, "long"),
  "user-context": few({ a: 1 }, { a: 2 }),
  "client-classes": few(["a"]),
  "option-data": few([{ code: 3, data: "10.0.0.1" }], []),
};
const pool = (name: string, ...texts: unknown[]) =>
  fc.record({ [name]: fc.constantFrom(...texts), "client-classes": few<unknown>(["b"], 7) });
const subnet = fc.record(
  {
    ...said,
    id: fc.constantFrom<unknown>(1, 2, 3, 0, "4", 4_294_967_295),
    subnet: fc.constantFrom<unknown>("10.0.0.0 / 8", "10.1.0.0/16", 5),
    pools: fc.array(pool("pool", "10.0.0.1 - 10.0.0.9", "10.1.0.0/24", 9), { maxLength: 2 }),
    metadata: few({ "server-tags": ["all"] }, { "server-tags": [] }),
  },
  { requiredKeys: ["id", "subnet"] },
);
const pdPools = fc.array(
  pool("prefix", "2001:db8::", "2001:db9::", 1).map((each) => ({ ...each, "prefix-len": 48, "delegated-len": 64 })),
  { maxLength: 2 },
);

it.each([
  ["DHCPv4", Subnet4, subnet],
  ["DHCPv6", Subnet6, fc.tuple(subnet, pdPools).map(([each, pools]) => ({ ...each, "pd-pools": pools }))],
])("makes of each subnet of %s what the schema makes of it, however many were like it", (_, schema, entries) => {
  fc.assert(
    fc.property(fc.array(entries, { minLength: 5, maxLength: 30 }), (list) => {
      const clean = list.map((entry) => JSON.parse(JSON.stringify(entry)) as Record<string, unknown>);
      const parser = new AlikeParser(schema);
      for (const entry of clean) expect(parser.parse(entry)).toStrictEqual(schema.safeParse(entry).data);
    }),
  );
});

it("takes what subnets say alike from the first of them", () => {
  const parser = new AlikeParser(Subnet4);
  const entry = (id: number) => ({ id, subnet: `10.${id}.0.0/16`, "user-context": { a: 1 }, metadata: {} });
  expect(parser.parse(entry(1))!["user-context"]).toBe(parser.parse(entry(2))!["user-context"]);
});

it("freezes what is alike to the last, so that nobody has to look for the rest", () => {
  const parser = new AlikeParser(Subnet6);
  const pools = [{ pool: "2001:db8::/80", "user-context": { b: { c: 1 } } }];
  const said = { subnet: "2001:db8::/64", "user-context": { a: [1] }, pools, "pd-pools": [] };
  const entry = (id: number) => ({ ...said, id, metadata: { "server-tags": ["all"] } });
  parser.parse(entry(1));
  const thawed: unknown[] = [];
  const look = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    if (!Object.isFrozen(value)) thawed.push(value);
    Object.values(value).forEach(look);
  };
  look(parser.parse(entry(2)));
  expect(thawed).toEqual([]);
});

it("has the same found wrong in each that is alike as in subnets that are like no others", () => {
  const pools = [{ pool: "10.0.0.1-10.0.0.9" }];
  const said = fc.constantFrom(
    { "min-valid-lifetime": 600, pools },
    { "min-valid-lifetime": 1200, pools },
    { relay: { "ip-addresses": ["10.0.0.1", "10.0.0.1"] }, pools },
    { pools: [{ ...pools[0], "ddns-ttl": 9, "ddns-ttl-max": 5 }] },
    { "client-classes": ["unheard-of"], pools },
    { "option-data": [{ name: "routers", data: "10.0.0.1", "client-classes": ["unheard-of"] }], pools },
    { pools: [{ ...pools[0], "client-classes": ["unheard-of"] }] },
    { pools },
  );
  const around = { "valid-lifetime": 1000, "shared-networks": [{ name: "n", "valid-lifetime": 500 }] };
  const config = configOf(JSON.stringify(around).slice(1, -1));
  fc.assert(
    fc.property(fc.array(said, { minLength: 10, maxLength: 20 }), fc.nat(10), (list, outside) => {
      const parser = new AlikeParser(Subnet4);
      const alike = list.map((entry, i) => {
        const clean = JSON.parse(JSON.stringify(entry)) as Record<string, unknown>;
        return parser.parse({
          ...clean,
          id: i + 1,
          subnet: `10.${i}.0.0/16`,
          metadata: {},
        }) as unknown as Subnet4Config;
      });
      const check = (subnets: readonly Subnet4Config[]) => {
        const [network] = config["shared-networks"];
        const networks = [{ ...network!, subnet4: subnets.slice(outside) }];
        const whole: Dhcp4Config = { ...config, subnet4: subnets.slice(0, outside), "shared-networks": networks };
        return checkDhcp4(whole);
      };
      expect(check(alike)).toStrictEqual(check(alike.map((subnet) => ({ ...subnet }))));
    }),
  );
});
