import fc from "fast-check";
import { expect, it } from "vitest";
import { atOnce } from "../../base/steps.ts";
import { runs } from "../../base/testing/runs.ts";
import { eachSubnet } from "../../config/each-subnet.ts";
import { deepFreeze } from "../../config/load/load-config.ts";
import { configOf, configOf6 } from "../../config/testing/parse-body.ts";
import { LeaseTable4 } from "../../leases/table/lease-table4.ts";
import { LeaseTable6 } from "../../leases/table/lease-table6.ts";
import { compileSubnets4, type Scope4 } from "./compile-subnets4.ts";
import { compileSubnets6 } from "./compile-subnets6.ts";

const globals = `"valid-lifetime": 100, "reservations": [{ "hw-address": "01:02:03:04:05:06", "hostname": "h" }],
  "option-data": [{ "name": "dhcp-server-identifier", "data": "192.0.2.1" }]`;
const start = configOf(globals);

/** A subnet of one of a few shapes. */
const subnetOf = (id: number, shape: number) => `{ "id": ${id}, "subnet": "10.${id}.0.0/24",
  ${shape === 0 ? "" : `"pools": [{ "pool": "10.${id}.0.10-10.${id}.0.${20 + shape}" }],`}
  ${shape < 2 ? "" : `"option-data": [{ "name": "dhcp-server-identifier", "data": "10.${id}.0.${shape}", "client-classes": ["c${shape}"] }],`}
  "reservations": [{ "duid": "01:02:03", "ip-address": "10.${id}.0.${100 + shape}" }] }`;

/** All that a client could notice. */
function seen({ subnets, serverIds, globalHosts }: Scope4) {
  const all = Array.from(subnets.all(), ({ options, hosts, pools, network, parameters, ...subnet }) => ({
    ...subnet,
    parameters: { ...parameters, names: undefined },
    options: [[], ["c2"], ["c3"]].map((classes) => options.under([], { names: new Set(classes), options: [] })),
    reserved: [...hosts.addresses()],
    pools: pools.map(({ first, last }) => [first, last]),
    network: network && [network.name, network.subnets.map(({ id }) => id)],
    found: subnets.byAddress(subnet.prefix.address)?.id,
  }));
  return { all, serverIds: [...serverIds].sort(), hosts: [...globalHosts.addresses()] };
}

it("after any changes of subnets and networks, what is taken over and what is new are as if all were compiled anew", () => {
  // The id of a subnet, where it is to be (nowhere, alone or in a network), and its shape.
  const edit = fc.tuple(fc.nat(5), fc.nat(3), fc.nat(3));
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
      const leases = new LeaseTable4(0);
      const places = new Map<number, { readonly place: number; readonly text: string }>();
      let config = start;
      let scope = atOnce(compileSubnets4(config, leases));
      for (const [id, place, shape] of edits) {
        if (place === 0) places.delete(id);
        else places.set(id, { place, text: subnetOf(id + 1, shape) });
        const listed = (wanted: number) =>
          [...places.values()].flatMap((each) => (each.place === wanted ? [each.text] : [])).join(",");
        const next = configOf(`${globals}, "subnet4": [${listed(1)}], "shared-networks": [
          { "name": "n2", "subnet4": [${listed(2)}] }, { "name": "n3", "valid-lifetime": 7, "subnet4": [${listed(3)}] }]`);
        config = deepFreeze({ ...config, ...sameObjects(config, next) });
        scope = atOnce(compileSubnets4(config, leases, scope));
        expect(seen(scope)).toEqual(seen(atOnce(compileSubnets4(config, leases))));
      }
    }),
    { numRuns: runs(25) },
  );
});

/** The subnets and networks of a configuration; those that say what one said before are that object, wherever it was. */
function sameObjects(former: typeof start, next: typeof start) {
  const keep = <T>(before: readonly T[], after: readonly T[]) =>
    after.map((each) => before.find((one) => JSON.stringify(one) === JSON.stringify(each)) ?? each);
  const subnets = [...eachSubnet(former)] as typeof former.subnet4;
  const networks = next["shared-networks"].map((network) => ({ ...network, subnet4: keep(subnets, network.subnet4) }));
  return { subnet4: keep(subnets, next.subnet4), "shared-networks": keep(former["shared-networks"], networks) };
}

it("what a compilation that was broken off has made is not taken over", () => {
  const leases = new LeaseTable4(0);
  const network = (subnets: string) => `"shared-networks": [{ "name": "n", "subnet4": [${subnets}] }]`;
  const config = configOf(network(`${subnetOf(1, 1)}, ${subnetOf(2, 1)}`));
  const next = configOf(network(`${subnetOf(1, 2)}, ${subnetOf(2, 1)}, ${subnetOf(3, 1)}`));
  const former = atOnce(compileSubnets4(config, leases));
  const later = { ...config, "shared-networks": next["shared-networks"] };
  const count = [...compileSubnets4(later, leases, atOnce(compileSubnets4(config, leases)))].length;
  for (let at = 1; at <= count; at++) {
    const broken = compileSubnets4(later, leases, former);
    for (let i = 0; i < at; i++) broken.next();
    expect(seen(atOnce(compileSubnets4(later, leases, former)))).toEqual(seen(atOnce(compileSubnets4(later, leases))));
    expect(seen(atOnce(compileSubnets4(config, leases, former)))).toEqual(seen(former));
  }
});

it("a subnet that is the same object in the same network is not compiled again", () => {
  const leases = new LeaseTable4(0);
  const config = configOf(`"subnet4": [${subnetOf(1, 1)}, ${subnetOf(2, 1)}]`);
  const former = atOnce(compileSubnets4(config, leases));
  const [first, second] = config.subnet4;
  const next = atOnce(compileSubnets4({ ...config, subnet4: [first!, { ...second! }] }, leases, former));
  expect([1, 2].map((id) => next.subnets.byId(id) === former.subnets.byId(id))).toEqual([true, false]);
  const other = atOnce(compileSubnets4({ ...config, "valid-lifetime": 5 }, leases, former));
  expect([1, 2].map((id) => other.subnets.byId(id) === former.subnets.byId(id))).toEqual([false, false]);
});

it("whether only subnets differ is looked at in a step of its own", () => {
  const config4 = configOf(`"subnet4": [${subnetOf(1, 1)}]`);
  const config6 = configOf6("");
  let looks = 0;
  const look = <T extends object>(config: T, key: keyof T) => {
    const get = () => {
      looks += 1;
      return config[key];
    };
    return Object.defineProperty({ ...config }, key, { get });
  };
  const [leases4, leases6] = [new LeaseTable4(0), new LeaseTable6(0)];
  const former4 = atOnce(compileSubnets4(config4, leases4));
  const former6 = atOnce(compileSubnets6(config6, leases6));
  for (const steps of [
    compileSubnets4(look(config4, "subnet4"), leases4, former4),
    compileSubnets6(look(config6, "subnet6"), leases6, former6),
  ]) {
    steps.next();
    expect(looks).toBe(0);
    steps.next();
    expect(looks).toBeGreaterThan(0);
    looks = 0;
  }
});

it("DHCPv6, too", () => {
  const leases = new LeaseTable6(0);
  const text = (id: number) => `{ "id": ${id}, "subnet": "2001:db8:${id}::/64", "interface-id": "port${id}" }`;
  const config = configOf6(`"subnet6": [${text(1)}, ${text(2)}]`);
  const former = atOnce(compileSubnets6(config, leases));
  const [first, second] = config.subnet6;
  const next = { ...config, subnet6: [first!, { ...second!, "interface-id": "port3" }] };
  const { subnets } = atOnce(compileSubnets6(next, leases, former));
  const found = ["port1", "port2", "port3"].map((port) => subnets.byInterfaceId(port, () => true)?.id);
  expect([subnets.byId(1) === former.subnets.byId(1), found]).toEqual([true, [1, undefined, 2]]);
});

it("subnets are in the order of their ids, wherever they stand", () => {
  const [one, two, three, four, five] = [1, 2, 3, 4, 5].map((id) => subnetOf(id, 1));
  const networks = `"shared-networks": [{ "name": "n1", "subnet4": [${four}] }, { "name": "n2", "subnet4": [${two}, ${five}] }]`;
  for (const alone of [`${three}, ${one}`, `${one}, ${three}`]) {
    const { subnets } = atOnce(compileSubnets4(configOf(`"subnet4": [${alone}], ${networks}`), new LeaseTable4(0)));
    expect(Array.from(subnets.all(), ({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
  }
});
