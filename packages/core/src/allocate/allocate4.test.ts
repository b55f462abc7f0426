/** Which address a client gets, straight from the leases in memory: what the handlers' tests see only through a server. */
import { describe, expect, it } from "vitest";
import { atOnce } from "../base/steps.ts";
import { formatIpv4, type Ipv4 } from "../ip/ipv4.ts";
import { LeaseLimits } from "../leases/limits/lease-limits.ts";
import { LeaseState } from "../leases/model/lease.ts";
import type { Lease4 } from "../leases/model/lease4.ts";
import { LeaseType6 } from "../leases/model/lease6.ts";
import { type AllocationQuery4, findOwnLease4, type Place4 } from "./allocate4.ts";
import { Allocation4, at, clientIdOf, hwaddrOf, POOL4, POOL4_OF_3, reservation } from "./testing/allocation4.ts";
import { ME, NOW, OTHER, THIRD } from "./testing/clients.ts";

const { declined, offered, reclaimed } = LeaseState;

describe("an offer", () => {
  it("is of what the client has, before what it asks for, before any", () => {
    const network = new Allocation4(POOL4);
    expect(network.offer()).toBe("2.10 searched");
    expect(network.offer({ requested: at(12) })).toBe("2.12");
    network.give(11, ME);
    expect(network.offer({ requested: at(12) })).toBe("2.11 of 1");
  });

  it("is of what was reserved, and ends what the client has elsewhere", () => {
    const network = new Allocation4(`${POOL4}, "reservations": [${reservation(11)}]`);
    expect(network.offer({ requested: at(12) })).toBe("2.11");
    network.give(12, ME);
    expect(network.offer()).toBe("2.11 for 2.12");
    network.client = OTHER;
    expect(network.offer()).toBe("2.10 searched");
    expect(network.offer({ requested: at(11) })).toBe("2.10 searched");
  });

  it("of what was reserved outside of all pools is of no pool", () => {
    expect(new Allocation4(`${POOL4}, "reservations": [${reservation(99)}]`).offer()).toBe("2.99 outside");
  });

  it("is of something else while somebody has what is reserved", () => {
    const network = new Allocation4(`${POOL4}, "reservations": [${reservation(11)}]`);
    network.give(11, OTHER);
    expect(network.offer()).toBe("2.10 conflict searched");
    expect(network.offer({ requested: at(12) })).toBe("2.12 conflict");
    network.give(12, ME);
    expect(network.offer()).toBe("2.12 of 1 conflict");
  });

  it.each<[string, Partial<Lease4>, string]>([
    ["was given up", { state: reclaimed }, "2.11 of 2"],
    ["is over this very second", { cltt: NOW - 100 }, "2.11 of 2"],
    ["has a second left", { cltt: NOW - 99 }, "2.10 searched"],
    ["is on offer to somebody", { state: offered }, "2.10 searched"],
    ["is on probation", { state: declined }, "2.10 searched"],
    ["has been on probation", { state: declined, cltt: NOW - 100 }, "2.11 of 2"],
  ])("of an address asked for that %s", (_, change, expected) => {
    const network = new Allocation4(POOL4);
    network.give(11, OTHER, change);
    expect(network.offer({ requested: at(11) })).toBe(expected);
  });

  it("is not of a lease that names the client and was declined", () => {
    const network = new Allocation4(POOL4);
    network.give(11, ME, { state: declined });
    expect(network.offer()).toBe("2.10 for 2.11 searched");
  });

  it("is not of a lease outside of the pools, nor in a pool that is not for the client any more", () => {
    const outside = new Allocation4(POOL4);
    outside.give(50, ME);
    expect(outside.offer()).toBe("2.10 for 2.50 searched");
    const guarded = new Allocation4(
      '"pools": [{ "pool": "192.0.2.10-192.0.2.10", "client-classes": ["c"] }, { "pool": "192.0.2.11-192.0.2.12" }]',
    );
    guarded.give(10, ME);
    expect(guarded.offer()).toBe("2.11 for 2.10 searched");
    expect(guarded.offer({ classes: new Set(["c"]) })).toBe("2.10 of 1");
    expect(guarded.offer({ requested: at(10) })).toBe("2.11 for 2.10 searched");
  });

  it("is of what nobody has had in any subnet, before what is over", () => {
    const network = new Allocation4(POOL4, POOL4_OF_3);
    for (const last of [10, 11, 12]) network.give(last, OTHER + last, { cltt: NOW - 1000 - last });
    expect(network.offer()).toBe("3.10 searched");
    for (const last of [10, 11]) network.give(last, THIRD, { address: at(last, 3), subnetId: 3 });
    expect(network.offer()).toMatch(/^2\.1[012] of 1[234] searched$/);
    for (const last of [10, 11, 12]) network.give(last, OTHER);
    expect(network.offer()).toBe("no-free-address");
  });

  it("comes from the pools that are for the client; where there is none, that is the reason", () => {
    const network = new Allocation4('"pools": [{ "pool": "192.0.2.10-192.0.2.10", "client-classes": ["c"] }]');
    expect(network.offer()).toBe("no-pool");
    expect(network.offer({ classes: new Set(["c"]) })).toBe("2.10 searched");
    expect(new Allocation4('"valid-lifetime": 100').offer()).toBe("no-pool");
  });

  it("is the next one of an allocator that goes on, and any of one that does not", () => {
    const network = new Allocation4(`${POOL4}, "allocator": "random"`);
    expect([0, 0.4, 0.9].map((random) => network.offer({ random }))).toEqual([
      "2.10 searched",
      "2.11 searched",
      "2.12 searched",
    ]);
    const iterative = new Allocation4(POOL4);
    expect(iterative.offer({ random: 0.9 })).toBe("2.10 searched");
  });

  it("is of the other subnet of the network that the client's lease is in", () => {
    const network = new Allocation4(POOL4, POOL4_OF_3);
    network.give(11, ME, { address: at(11, 3), subnetId: 3 });
    expect(network.offer()).toBe("3.11 of 1");
    expect(network.offer({ places: network.places.slice(0, 1) })).toBe("2.10 searched");
  });
});

describe("an address that is asked for in a REQUEST", () => {
  it("is what was offered, or what the client has", () => {
    const network = new Allocation4(POOL4);
    network.give(11, ME, { state: offered });
    expect(network.ack(11)).toBe("2.11 of 1");
    network.give(11, ME);
    expect(network.ack(11)).toBe("2.11 of 1");
    expect(network.ack(12)).toBe("2.12 for 2.11");
    network.client = OTHER;
    expect(network.ack(11)).toBe("in-use");
    expect(network.ack(50)).toBe("unknown-address");
  });

  it("need not be named: then it is the reserved one, the client's own, or any", () => {
    const network = new Allocation4(`${POOL4}, "reservations": [${reservation(11)}]`);
    expect(network.ack(0)).toBe("2.11");
    network.client = OTHER;
    expect(network.ack(0)).toBe("2.10 searched");
    network.give(12, OTHER);
    expect(network.ack(0)).toBe("2.12 of 2");
  });

  it("is somebody else's by a reservation", () => {
    const network = new Allocation4(`${POOL4}, "reservations": [${reservation(11)}]`, POOL4_OF_3);
    network.client = OTHER;
    expect(network.ack(11)).toBe("reserved-for-other");
    expect(network.ack(10)).toBe("2.10");
  });

  it("is not another one than what is reserved, unless somebody has that", () => {
    const network = new Allocation4(`${POOL4}, "reservations": [${reservation(11)}]`);
    expect(network.ack(11)).toBe("2.11");
    expect(network.ack(10)).toBe("reserved-elsewhere");
    network.give(11, OTHER);
    expect(network.ack(10)).toBe("2.10");
    expect(network.ack(50)).toBe("unknown-address");
    expect(network.ack(11)).toBe("in-use");
  });

  it("is free with a lease of a subnet that the client is not in, if that is over or its own", () => {
    const network = new Allocation4(POOL4);
    network.give(11, ME, { subnetId: 9 });
    expect(network.ack(11)).toBe("2.11 of 1");
    network.give(11, OTHER, { subnetId: 9 });
    expect(network.ack(11)).toBe("in-use");
    expect(network.ack(11, { places: [] })).toBe("in-use");
  });
});

describe("reservations", () => {
  it("out of pools only: those in pools are nobody's, and their addresses anybody's", () => {
    const network = new Allocation4(
      `${POOL4}, "reservations-out-of-pool": true, "reservations": [${reservation(11)}, ${reservation(99, OTHER)}]`,
    );
    expect(network.offer()).toBe("2.10 searched");
    expect(network.ack(11)).toBe("2.11");
    expect(network.ack(99)).toBe("reserved-for-other");
    network.client = OTHER;
    expect(network.offer()).toBe("2.99 outside");
    network.client = THIRD;
    expect(network.ack(11)).toBe("2.11");
  });

  it("not in the subnet: they keep nobody away", () => {
    const network = new Allocation4(`${POOL4}, "reservations-in-subnet": false, "reservations": [${reservation(11)}]`);
    network.client = OTHER;
    expect(network.ack(11)).toBe("2.11");
    expect(network.offer({ requested: at(11) })).toBe("2.11");
  });

  it("of another subnet, global ones for instance, count where their address fits", () => {
    const network = new Allocation4(`${POOL4}, "reservations": [${reservation(11)}]`, POOL4_OF_3);
    const { host } = network.query().places[0]!;
    const [two, three] = network.places as [Place4, Place4];
    expect(network.offer({ places: [{ ...three, host }] })).toBe("3.10 searched");
    expect(
      network.offer({
        places: [
          { ...three, host },
          { ...two, host },
        ],
      }),
    ).toBe("2.11");
    expect(network.offer({ places: [{ ...two, host: { ...host!, address: 0 } }] })).toBe("2.10 searched");
  });

  it("of a database are asked about as addresses are found, where they keep anybody away", () => {
    const asked: string[] = [];
    const hosts = {
      areLeftOut: false,
      isReservedForOther: () => false,
      firstFree(candidates: () => Iterable<Ipv4>, keyOf: (address: Ipv4) => Ipv4) {
        const all = [...candidates()].map(keyOf);
        asked.push(...all.map(formatIpv4));
        return all[1];
      },
    };
    const offerWith = (keys: string) => {
      const network = new Allocation4(`${POOL4}, ${keys}`);
      const places = network.places.map((place) => ({ ...place, hosts: hosts as unknown as Place4["hosts"] }));
      return network.offer({ places });
    };
    expect(offerWith('"valid-lifetime": 100')).toBe("2.11 searched");
    expect(asked).toEqual(["192.0.2.10", "192.0.2.11", "192.0.2.12"]);
    expect(offerWith('"reservations-in-subnet": false')).toBe("2.10 searched");
    expect(offerWith('"reservations-out-of-pool": true')).toBe("2.10 searched");
    expect(asked).toHaveLength(3);
  });
});

describe("RFC 2131 §4.2: whose a lease is", () => {
  const own = (network: Allocation4, change: Partial<AllocationQuery4> = {}) =>
    findOwnLease4(network.query(change))?.address ?? 0;

  it("is said by the client identifier, where both sides have one", () => {
    const network = new Allocation4(POOL4);
    network.give(10, ME, { hwaddr: hwaddrOf(THIRD) });
    expect(own(network)).toBe(at(10));
    expect(network.ack(10)).toBe("2.10 of 3");
    const other = new Allocation4(POOL4);
    other.give(10, ME, { clientId: clientIdOf(THIRD) });
    expect(own(other)).toBe(0);
    expect(other.ack(10)).toBe("in-use");
  });

  it("is said by the hardware address, where one side has no identifier", () => {
    const network = new Allocation4(POOL4);
    network.give(10, ME, { clientId: undefined });
    expect(own(network)).toBe(at(10));
    expect(network.ack(10)).toBe("2.10 of 1");
    network.give(10, ME);
    expect(own(network, { clientId: undefined })).toBe(at(10));
    expect(own(network, { clientId: undefined, hwaddr: hwaddrOf(THIRD) })).toBe(0);
    expect(network.ack(10, { clientId: undefined, hwaddr: hwaddrOf(THIRD) })).toBe("in-use");
    expect(network.ack(10, { clientId: undefined, hwaddr: new Uint8Array(0) })).toBe("in-use");
    network.give(10, ME, { clientId: undefined, hwaddr: new Uint8Array(0), state: declined });
    expect(network.ack(10, { clientId: undefined, hwaddr: new Uint8Array(0) })).toBe("in-use");
  });

  it("is said by the hardware address alone without match-client-id, if there is one", () => {
    const network = new Allocation4(`${POOL4}, "match-client-id": false`);
    network.give(10, ME, { clientId: clientIdOf(THIRD) });
    expect(own(network)).toBe(at(10));
    expect(network.ack(10)).toBe("2.10 of 1");
    const other = new Allocation4(`${POOL4}, "match-client-id": false`);
    other.give(10, ME, { hwaddr: hwaddrOf(THIRD) });
    expect(own(other)).toBe(0);
    expect(own(other, { hwaddr: new Uint8Array(0) })).toBe(at(10));
    expect(other.ack(10, { hwaddr: new Uint8Array(0) })).toBe("2.10 of 3");
  });

  it("counts before what it is only offered, and nothing of a subnet that it is not in", () => {
    const network = new Allocation4(POOL4);
    network.give(10, ME, { state: offered });
    expect(own(network)).toBe(at(10));
    expect(own(network, { clientId: undefined })).toBe(at(10));
    network.give(11, ME, { clientId: undefined });
    expect(own(network)).toBe(at(11));
    network.give(11, ME, { clientId: undefined, state: offered });
    expect(own(network)).toBe(at(10));
    network.give(12, ME);
    expect(own(network)).toBe(at(12));
    const elsewhere = new Allocation4(POOL4);
    elsewhere.give(10, ME, { subnetId: 9 });
    expect(own(elsewhere)).toBe(0);
    expect(own(elsewhere, { clientId: undefined })).toBe(0);
  });
});

describe("where a limit is reached", () => {
  function limited(most: number, of: string | number = 2) {
    const network = new Allocation4(POOL4, POOL4_OF_3);
    network.give(12, OTHER, { userContext: '{ "ISC": { "client-classes": ["c"] } }' });
    atOnce(network.leases.limit(new LeaseLimits([{ of, type: LeaseType6.address, most }])));
    return network;
  }

  it("nothing new is given, and nothing elsewhere in the network", () => {
    expect(limited(1).offer()).toBe("limit-reached");
    expect(limited(1).ack(11)).toBe("limit-reached");
    expect(limited(2).offer()).toBe("2.10 searched");
    expect(limited(1).ack(50)).toBe("unknown-address");
    expect(limited(1, "c").offer()).toBe("2.10 searched");
    expect(limited(1, "c").offer({ classes: new Set(["c"]) })).toBe("limit-reached");
  });

  it("who has a lease keeps it, or changes it for another", () => {
    const network = limited(1);
    network.give(10, ME);
    expect(network.ack(10)).toBe("2.10 of 1");
    const changing = limited(2);
    changing.give(10, ME);
    expect(changing.ack(11)).toBe("2.11 for 2.10");
    expect(limited(1).ack(12)).toBe("in-use");
  });

  it.each<[string, Partial<Lease4>]>([
    ["is over", { cltt: NOW - 100 }],
    ["is only on offer", { state: offered }],
    ["has been given up", { state: reclaimed }],
  ])("a lease that %s is a new one", (_, change) => {
    const network = limited(1);
    network.give(10, ME, change);
    // What is over, and not reclaimed yet, is counted still: its end makes room for it.
    network.give(11, THIRD);
    expect(network.ack(10)).toBe("limit-reached");
  });
});
