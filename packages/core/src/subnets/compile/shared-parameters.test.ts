/** Which subnets share their parameters. */
import { expect, test } from "vitest";
import { takeAsAlike } from "../../config/check/alike.ts";
import { Subnet4 } from "../../config/schema/dhcp4/subnet4.ts";
import { Subnet6 } from "../../config/schema/dhcp6/subnet6.ts";
import { SharedParameters } from "./shared-parameters.ts";

function make() {
  const shared = new SharedParameters<{ readonly scarcity: object | undefined }>();
  const of = (entry: object, network?: object, scarcity?: object) =>
    shared.of(Subnet4.parse({ id: 1, subnet: "192.0.2.0/24", ...entry }), network, () => ({ scarcity }));
  return of;
}

test("those that say the same in the same network do, whatever their ids, prefixes, pools, options and contexts are", () => {
  const of = make();
  const other = {
    id: 2,
    subnet: "198.51.100.0/24",
    pools: [{ pool: "198.51.100.0/28" }],
    "option-data": [{ name: "routers", data: "198.51.100.1" }],
    "user-context": { room: 2 },
    interface: "eth1",
  };
  expect(of({ "valid-lifetime": 600 })).toBe(of({ "valid-lifetime": 600, ...other }));
  expect(of({})).not.toBe(of({ "valid-lifetime": 600 }));
  expect(of({})).not.toBe(of({}, { name: "a" }));
});

test("those that are known to say the same do, without a look at what that is", () => {
  const shared = new SharedParameters<{ readonly scarcity: undefined }>();
  const of = (subnet: typeof like) => shared.of(subnet, undefined, () => ({ scarcity: undefined }));
  const like = Subnet4.parse({ id: 1, subnet: "192.0.2.0/24", "valid-lifetime": 600 });
  const [first, second] = [2, 3].map((id) => ({ ...like, id }));
  let looks = 0;
  const watched = new Proxy(second!, {
    ownKeys(target) {
      looks += 1;
      return Reflect.ownKeys(target);
    },
  });
  for (const each of [first!, watched]) takeAsAlike(each, like);
  const parameters = of(first!);
  expect(of(watched)).toBe(parameters);
  expect(looks).toBe(0);
  expect(of(like)).toBe(parameters);
});

test("a key of our own in the context makes another one, and how scarce addresses are is each subnet's", () => {
  const of = make();
  expect(of({})).not.toBe(of({ "user-context": { kotare: { forcerenew: true } } }));
  expect(of({ allocator: "flq" }, undefined, {})).not.toBe(of({ allocator: "flq" }, undefined, {}));
});

const OWN =
  "^(id|subnet|.*pools|option-data|reservations|(client|evaluate-additional|require-client)-classes|interface(-id)?|relay|4o6-.*|metadata|comment|user-context|client-class)$";

test.each([
  ["DHCPv4", Subnet4, { id: 1, subnet: "192.0.2.0/24" }],
  ["DHCPv6", Subnet6, { id: 1, subnet: "2001:db8::/64" }],
] as const)("what a %s subnet hands to its parameters tells them apart", (_, schema, entry) => {
  const plain = schema.parse(entry);
  const shared = new SharedParameters<{ readonly scarcity: undefined }>();
  const of = (subnet: typeof plain) => shared.of(subnet, undefined, () => ({ scarcity: undefined }));
  const keys = Object.keys(plain).concat("valid-lifetime", "ddns-ttl", "store-extended-info", "allocator");
  for (const key of keys.filter((each) => !new RegExp(OWN).test(each))) {
    expect(of({ ...plain, [key]: "another" })).not.toBe(of(plain));
  }
});
