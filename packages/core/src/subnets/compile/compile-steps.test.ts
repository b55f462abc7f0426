import { expect, it } from "vitest";
import { atOnce } from "../../base/steps.ts";
import { configOf, configOf6 } from "../../config/testing/parse-body.ts";
import { LeaseTable4 } from "../../leases/table/lease-table4.ts";
import { LeaseTable6 } from "../../leases/table/lease-table6.ts";
import { compileSubnets4 } from "./compile-subnets4.ts";
import { compileSubnets6 } from "./compile-subnets6.ts";

/** How a family writes what is compiled, and in how many steps it compiles that. */
interface Family {
  readonly number: number;
  /** @param taken what the former configuration had of it already */
  count(text: string, taken?: "all"): number;
  subnet(id: number, reservations?: string): string;
  readonly reservation: string;
}

const families: readonly Family[] = [
  {
    number: 4,
    count(text, taken) {
      const [config, leases] = [configOf(text), new LeaseTable4(0)];
      const former = taken && atOnce(compileSubnets4(config, leases));
      return [...compileSubnets4(config, leases, former)].length;
    },
    subnet: (id, reservations = "") =>
      `{ "id": ${id}, "subnet": "10.${id}.0.0/24", "reservations": [${reservations}] }`,
    reservation: `{ "hw-address": "01:02:03:04:05:06", "hostname": "h" }`,
  },
  {
    number: 6,
    count(text, taken) {
      const [config, leases] = [configOf6(text), new LeaseTable6(0)];
      const former = taken && atOnce(compileSubnets6(config, leases));
      return [...compileSubnets6(config, leases, former)].length;
    },
    subnet: (id, reservations = "") =>
      `{ "id": ${id}, "subnet": "2001:db8:${id}::/64", "reservations": [${reservations}] }`,
    reservation: `{ "duid": "01:02:03", "hostname": "h" }`,
  },
];

it.each(families)("DHCPv$number: packets come between any two reservations, subnets and classes", (family) => {
  const { number, count, subnet, reservation } = family;
  const nothing = count("");
  const subnets = (...texts: readonly string[]) => `"subnet${number}": [${texts}]`;
  expect(count(subnets(subnet(1), subnet(2))) - nothing).toBe(2);
  expect(count(subnets(subnet(1, reservation), subnet(2))) - nothing).toBe(3);
  expect(count(`"reservations": [${reservation}]`) - nothing).toBe(1);
  const classes = `"client-classes": [{ "name": "a" }, { "name": "b", "test": "member('a')" }]`;
  expect(count(classes) - nothing).toBe(2);
});

it.each(families)("DHCPv$number: and between any hundred subnets that are taken over", ({ number, count, subnet }) => {
  const some = (length: number) => {
    const subnets = Array.from({ length }, (_, i) => subnet(i + 1));
    return count(`"subnet${number}": [${subnets}]`, "all");
  };
  expect([some(100) - some(99), some(200) - some(0)]).toEqual([1, 2]);
});
