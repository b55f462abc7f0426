/** Which addresses and prefixes an association gets, straight from the leases in memory. */
import { describe, expect, it } from "vitest";
import { atOnce } from "../base/steps.ts";
import type { Ipv6Key } from "../ip/ipv6-key.ts";
import { LeaseLimits } from "../leases/limits/lease-limits.ts";
import { LeaseState } from "../leases/model/lease.ts";
import { type Lease6, LeaseType6 } from "../leases/model/lease6.ts";
import type { Place6 } from "./allocate6.ts";
import { Taken6 } from "./taken6.ts";
import {
  Allocation6,
  duidOf,
  format,
  key,
  PD,
  POOL6,
  POOL6_OF_3,
  PREFIX,
  parse,
  pdPool,
  reserve,
} from "./testing/allocation6.ts";
import { ME, NOW, OTHER, THIRD } from "./testing/clients.ts";

const { declined, offered, reclaimed, registered } = LeaseState;

describe("an association for addresses", () => {
  it("keeps what it has, before it gets what it asks for, before it gets any", () => {
    const network = new Allocation6(POOL6);
    expect(network.ask()).toBe("2::10 searched");
    expect(network.ask("2::12")).toBe("2::12");
    network.give("2::11", ME);
    expect(network.ask("2::12")).toBe("2::11 of 1");
    network.give("2::12", ME);
    expect(network.ask()).toBe("2::12 of 1, 2::11 of 1");
    expect(network.ask("", network.query(), 2)).toBe("2::10 searched");
    expect(network.delegate("2::11")).toBe("nothing");
  });

  it("keeps the last of what is over, where it has nothing else", () => {
    const network = new Allocation6(POOL6);
    network.give("2::10", ME, { cltt: NOW - 200 });
    network.give("2::12", ME, { cltt: NOW - 100 });
    expect(network.ask()).toBe("2::12 of 1, ended 2::10");
    network.give("2::11", ME, { cltt: NOW - 99 });
    expect(network.ask()).toBe("2::11 of 1, ended 2::12, ended 2::10");
    const offering = new Allocation6(POOL6);
    offering.give("2::12", ME, { state: offered });
    offering.give("2::11", ME, { state: reclaimed });
    expect(offering.ask()).toBe("2::11 of 1");
  });

  it("does not keep what is declined, registered, or of a subnet that it is not in", () => {
    const network = new Allocation6(POOL6);
    network.give("2::11", ME, { state: declined });
    network.give("2::12", ME, { state: registered });
    network.give("2::50", ME, { subnetId: 9 });
    expect(network.ask()).toBe("2::10 searched");
    expect(network.ask("2::11")).toBe("2::10 searched");
    expect(network.ask("2::12")).toBe("2::10 searched");
    network.give("2::11", ME, { state: declined, cltt: NOW - 100 });
    expect(network.ask("2::11")).toBe("2::11 of 1");
  });

  it("does not keep what is outside of the pools, in one that is not for it, or reserved for somebody else", () => {
    const keys = `"pools": [{ "pool": "${PREFIX}2::10-${PREFIX}2::10", "client-classes": ["c"] }, { "pool": "${PREFIX}2::11-${PREFIX}2::13" }]`;
    const network = new Allocation6(
      `${keys}, "reservations": [${reserve(`"ip-addresses": ["${PREFIX}2::13"]`, OTHER)}]`,
    );
    for (const each of ["2::50", "2::10", "2::13"]) network.give(each, ME);
    expect(network.ask()).toBe("2::11 searched, ended 2::13, ended 2::10, ended 2::50");
    expect(network.ask("2::10 2::13 2::12")).toBe("2::12, ended 2::13, ended 2::10, ended 2::50");
    const inClass = network.query({ classes: new Set(["c"]) });
    expect(network.ask("", inClass)).toBe("2::10 of 1, ended 2::13, ended 2::50");
  });

  it.each<[string, Partial<Lease6>, string]>([
    ["was given up", { state: reclaimed }, "2::11 of 2"],
    ["is over this very second", { cltt: NOW - 100 }, "2::11 of 2"],
    ["has a second left", { cltt: NOW - 99 }, "2::10 searched"],
    ["is on offer", { state: offered }, "2::10 searched"],
    ["is of another association of the client", { duid: duidOf(ME), iaid: 2 }, "2::10 searched"],
    ["is of another client's association of that number", { duid: duidOf(THIRD) }, "2::10 searched"],
  ])("that asks for what %s", (_, change, expected) => {
    const network = new Allocation6(POOL6);
    network.give("2::11", OTHER, change);
    expect(network.ask("2::11")).toBe(expected);
  });

  it("gets what nobody has had in any subnet, before what is over", () => {
    const network = new Allocation6(POOL6, POOL6_OF_3);
    for (const last of [10, 11, 12]) network.give(`2::${last}`, OTHER, { cltt: NOW - 1000, iaid: last });
    expect(network.ask()).toBe("3::10 searched");
    for (const last of [10, 11]) network.give(`3::${last}`, THIRD, { subnetId: 3, iaid: last });
    expect(network.ask()).toMatch(/^2::1[012] of 2 searched$/);
    for (const last of [10, 11, 12]) network.give(`2::${last}`, OTHER);
    expect(network.ask()).toBe("nothing");
  });

  it("gets nothing from a pool that is not for it", () => {
    const network = new Allocation6(`"pools": [{ "pool": "${PREFIX}2::10-${PREFIX}2::10", "client-classes": ["c"] }]`);
    expect(network.ask()).toBe("nothing");
    expect(network.ask("2::10")).toBe("nothing");
    expect(network.ask("", network.query({ classes: new Set(["c"]) }))).toBe("2::10 searched");
  });

  it("begins where the allocator does", () => {
    const begin = (keys: string, random: number) => {
      const network = new Allocation6(`${POOL6}, ${keys}`);
      return network.ask("", network.query({ random }));
    };
    expect(begin('"allocator": "random"', 0.9)).toBe("2::12 searched");
    expect(begin('"allocator": "iterative", "pd-allocator": "random"', 0.9)).toBe("2::10 searched");
    const delegate = (keys: string) => {
      const network = new Allocation6(`${PD}, ${keys}`);
      return network.delegate("", network.query({ random: 0.9 }));
    };
    expect(delegate('"pd-allocator": "random"')).toBe("8:300::/56 searched");
    expect(delegate('"allocator": "random"')).toBe("8::/56 searched");
  });

  it("gets nothing that another of the same message gets", () => {
    const network = new Allocation6(POOL6);
    const query = network.query();
    expect(network.ask("2::11", query)).toBe("2::11");
    expect(network.ask("2::11", query, 2)).toBe("2::10 searched");
    expect(network.ask("", query, 3)).toBe("2::12 searched");
    expect(network.ask("", query, 4)).toBe("nothing");
    const renewing = new Allocation6(POOL6);
    renewing.give("2::10", ME);
    const taken = new Taken6();
    taken.add(parse("2::10"));
    expect(renewing.ask("", renewing.query({ taken }))).toBe("2::11 searched, ended 2::10");
  });
});

describe("reservations", () => {
  const addresses = (...last: number[]) => `"ip-addresses": [${last.map((each) => `"${PREFIX}2::${each}"`)}]`;
  const prefixes = (...all: string[]) => `"prefixes": [${all.map((each) => `"${PREFIX}${each}"`)}]`;

  it("go first, one for each association, and end what it has elsewhere", () => {
    const network = new Allocation6(`${POOL6}, "reservations": [${reserve(addresses(99, 11))}]`);
    network.give("2::10", ME);
    const query = network.query();
    expect(network.ask("2::10", query)).toBe("2::99 outside reserved, ended 2::10");
    expect(network.ask("", query, 2)).toBe("2::11 reserved");
    expect(network.ask("", query, 3)).toBe("2::12 searched");
  });

  it("that an association has already it has all of, and no other", () => {
    const network = new Allocation6(`${POOL6}, "reservations": [${reserve(addresses(99, 11, 98))}]`);
    network.give("2::11", ME);
    network.give("2::98", ME);
    expect(network.ask()).toBe("2::11 reserved of 1, 2::98 outside reserved of 1");
    network.give("2::11", ME, { state: reclaimed });
    network.give("2::98", ME, { state: reclaimed });
    expect(network.ask()).toBe("2::99 outside reserved");
  });

  it("that somebody else has wait", () => {
    const network = new Allocation6(`${POOL6}, "reservations": [${reserve(addresses(11, 99))}]`);
    network.give("2::11", OTHER);
    expect(network.ask()).toBe("2::99 outside reserved");
    network.give("2::99", OTHER);
    expect(network.ask()).toBe("2::10 searched");
  });

  it("are of the association's kind, of the link for addresses, and from anywhere for prefixes", () => {
    const network = new Allocation6(
      `${POOL6}, ${PD}, "reservations": [${reserve(`${addresses(11)}, ${prefixes("8:100::/56", "77::/48")}`)}]`,
      POOL6_OF_3,
    );
    const query = network.query();
    expect(network.delegate("", query)).toBe("8:100::/56 reserved");
    expect(network.delegate("", query, 2)).toBe("77::/48 outside reserved");
    expect(network.delegate("", query, 3)).toBe("8::/56 searched");
    expect(network.ask("", query)).toBe("2::11 reserved");
    const { host } = network.query().places[0]!;
    const [, three] = network.places as [Place6, Place6];
    expect(network.ask("", network.query({ places: [{ ...three, host }] }))).toBe("3::10 searched");
    expect(network.delegate("", network.query({ places: [{ ...three, host }] }))).toBe("8:100::/56 outside reserved");
  });

  it("out of pools only: those in pools are nobody's", () => {
    const keys = `"reservations-out-of-pool": true, "reservations": [${reserve(addresses(11, 99))}]`;
    const network = new Allocation6(`${POOL6}, ${keys}`);
    expect(network.ask()).toBe("2::99 outside reserved");
    network.client = OTHER;
    expect(network.ask("2::11")).toBe("2::11");
  });

  it("not in the subnet: they keep nobody away", () => {
    const keys = `"reservations-in-subnet": false, "reservations": [${reserve(addresses(11))}]`;
    const network = new Allocation6(`${POOL6}, ${keys}`);
    network.client = OTHER;
    expect(network.ask("2::11")).toBe("2::11");
    expect(new Allocation6(`${POOL6}, "reservations": [${reserve(addresses(11), OTHER)}]`).ask("2::11")).toBe(
      "2::10 searched",
    );
  });

  it("of a prefix wait while somebody has part of it, and the client's own part gives way", () => {
    const network = new Allocation6(`${PD}, "reservations": [${reserve(prefixes("8::/54"))}]`);
    expect(network.delegate()).toBe("8::/54 reserved");
    network.give("8:200::/56", ME);
    expect(network.delegate()).toBe("8::/54 reserved, ended 8:200::/56");
    network.give("8:300::/56", OTHER);
    expect(network.delegate()).toBe("8:200::/56 of 1");
  });

  it("of a database are asked about as members are found, where they keep anybody away", () => {
    const asked: string[] = [];
    const hosts = {
      areLeftOut: false,
      isReservedForOther: (reserved: string) => reserved === `0 ${key(`${PREFIX}2::10`)}`,
      firstFree(candidates: () => Iterable<Ipv6Key>, keyOf: (address: Ipv6Key) => string) {
        const all = [...candidates()];
        asked.push(...all.map((each) => keyOf(each).slice(0, 2) + format(each, 128)));
        return all[1];
      },
    };
    const all = (keys: string) => {
      const made = new Allocation6(`${POOL6}, ${keys}`);
      const places = made.places.map((place) => ({ ...place, hosts: hosts as unknown as Place6["hosts"] }));
      return { made, query: made.query({ places }) };
    };
    const plain = all('"valid-lifetime": 100');
    expect(plain.made.ask("2::10", plain.query)).toBe("2::11 searched");
    expect(plain.made.ask("", plain.query, 2)).toBe("2::12 searched");
    expect(asked).toEqual(["0 2::10", "0 2::11", "0 2::12", "0 2::10", "0 2::12"]);
    for (const keys of ['"reservations-in-subnet": false', '"reservations-out-of-pool": true']) {
      const other = all(keys);
      expect(other.made.ask("2::10", other.query)).toBe("2::10");
      expect(other.made.ask("", all(keys).query)).toBe("2::10 searched");
    }
    expect(asked).toHaveLength(5);
  });
});

describe("an association for prefixes", () => {
  const ALL = `"pd-pools": [${[pdPool(6, 60), pdPool(7, 58), pdPool(8, 56), pdPool(9, 64)]}]`;

  it("gets the length that it asks for, else the next wider one, else the next narrower", () => {
    const network = new Allocation6(ALL);
    expect(network.delegate()).toBe("6::/60 searched");
    expect(network.delegate("0::/0")).toBe("6::/60 searched");
    expect(network.delegate("77::/56")).toBe("8::/56 searched");
    expect(network.delegate("77::/59")).toBe("7::/58 searched");
    expect(network.delegate("77::/63")).toBe("6::/60 searched");
    expect(network.delegate("77::/48")).toBe("8::/56 searched");
    expect(network.delegate("0::/0 77::/64")).toBe("9::/64 searched");
    const few = new Allocation6(`"pd-pools": [${[pdPool(9, 64), pdPool(8, 56, ', "client-classes": ["c"]')]}]`);
    expect(few.delegate("77::/56")).toBe("9::/64 searched");
    expect(few.delegate("8:100::/56")).toBe("9::/64 searched");
    expect(few.delegate("77::/56", few.query({ classes: new Set(["c"]) }))).toBe("8::/56 searched");
  });

  it("gets the prefix that it asks for, the one around it, or the first in it", () => {
    const network = new Allocation6(ALL);
    expect(network.delegate("8:200::/56")).toBe("8:200::/56");
    expect(network.delegate("8:210::/60")).toBe("6::/60 searched");
    const one = new Allocation6(PD);
    expect(one.delegate("8:210::/60")).toBe("8:200::/56");
    expect(one.delegate("8:200::/55")).toBe("8:200::/56");
    expect(one.delegate("8:200::/56 8:100::/56")).toBe("8:200::/56");
    one.give("8:200::/56", OTHER);
    expect(one.delegate("8:200::/56 8:100::/56")).toBe("8:100::/56");
    expect(one.delegate("8:210::/60")).toBe("8::/56 searched");
  });

  it("gets nothing that shares addresses with what somebody has, and does not come back to what does", () => {
    const network = new Allocation6(PD);
    network.give("8:210::/60", OTHER);
    expect(network.delegate("8:200::/56")).toBe("8::/56 searched");
    network.give("8:200::/56", ME, { cltt: NOW - 100 });
    expect(network.delegate()).toBe("8::/56 searched, ended 8:200::/56");
    network.give("8:200::/56", ME);
    expect(network.delegate()).toBe("8:200::/56 of 1");
    const query = network.query();
    query.taken.add(parse("8::/60"));
    query.taken.add(parse("8:200::/60"));
    expect(network.delegate("8::/56", query)).toBe("8:100::/56 searched, ended 8:200::/56");
    const addresses = new Allocation6(POOL6);
    addresses.give("2::10", ME, { cltt: NOW - 100 });
    addresses.give("2::/64", OTHER);
    expect(addresses.ask()).toBe("2::10 of 1");
  });

  it("looks into the pools of prefixes only, each in the order of the configuration", () => {
    const network = new Allocation6(`${POOL6}, "pd-pools": [${[pdPool(9, 56), pdPool(8, 56)]}]`);
    for (const each of ["9::/56", "9:100::/56", "9:200::/56", "9:300::/56"]) network.give(each, OTHER);
    expect(network.delegate()).toBe("8::/56 searched");
    expect(network.delegate("77::/56")).toBe("8::/56 searched");
    expect(network.delegate("2::10")).toBe("8::/56 searched");
  });
});

describe("where a limit is reached", () => {
  function limited(most: number, type: LeaseType6 = LeaseType6.address, of: string | number = 2) {
    const network = new Allocation6(`"pools": [{ "pool": "${PREFIX}2::10-${PREFIX}2::14" }], ${PD}`, POOL6_OF_3);
    network.give(type === LeaseType6.address ? "2::12" : "8:300::/56", OTHER, {
      userContext: '{ "ISC": { "client-classes": ["c"] } }',
    });
    atOnce(network.leases.limit(new LeaseLimits([{ of, type, most }])));
    return network;
  }

  it("nothing new is given, of that kind", () => {
    expect(limited(1).ask()).toBe("nothing");
    expect(limited(1).ask("2::11")).toBe("nothing");
    expect(limited(1).delegate()).toBe("8::/56 searched");
    expect(limited(1, LeaseType6.prefix).delegate()).toBe("nothing");
    expect(limited(2).ask()).toBe("2::10 searched");
    const classed = limited(1, LeaseType6.address, "c");
    expect(classed.ask("", classed.query({ classes: new Set(["c"]) }))).toBe("nothing");
    expect(classed.ask()).toBe("2::10 searched");
  });

  it("the associations of one message count together", () => {
    const network = limited(3);
    const query = network.query();
    expect([1, 2, 3].map((iaid) => network.ask("", query, iaid))).toEqual([
      "2::10 searched",
      "2::11 searched",
      "nothing",
    ]);
    expect(query.given).toEqual([{ subnetId: 2, type: LeaseType6.address, classes: query.classes, count: 2 }]);
    expect(network.delegate("", query, 4)).toBe("8::/56 searched");
    expect(query.given.map(({ type, count }) => [type, count])).toEqual([
      [LeaseType6.address, 2],
      [LeaseType6.prefix, 1],
    ]);
  });

  it("who has a lease keeps it; what is over is a new one, and what ends makes room", () => {
    const network = limited(1);
    network.give("2::10", ME);
    expect(network.ask()).toBe("2::10 of 1");
    for (const change of [{ cltt: NOW - 100 }, { state: reclaimed }, { state: offered }]) {
      const over = limited(1);
      over.give("2::10", ME, change);
      over.give("2::11", THIRD);
      expect(over.ask("2::10")).not.toContain("2::10 of 1");
    }
    const moved = limited(2);
    moved.give("2::50", ME);
    expect(moved.ask()).toBe("2::10 searched, ended 2::50");
  });
});
