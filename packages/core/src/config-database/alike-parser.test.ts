import fc from "fast-check";
import { expect, it } from "vitest";
import { Subnet4 } from "../config/schema/dhcp4/subnet4.ts";
import { Subnet6 } from "../config/schema/dhcp6/subnet6.ts";
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
