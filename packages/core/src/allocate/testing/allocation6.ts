/** Clients and the leases in memory of one subnet or two, and who gets what of them, as text. Tests only. */
import { expect } from "vitest";
import { atOnce } from "../../base/steps.ts";
import { configOf6 } from "../../config/testing/parse-body.ts";
import { formatIpv6Key, type Ipv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";
import { LeaseState } from "../../leases/model/lease.ts";
import { HwaddrSource, type Lease6, LeaseType6 } from "../../leases/model/lease6.ts";
import { LeaseTable6 } from "../../leases/table/lease-table6.ts";
import { compileSubnets6 } from "../../subnets/compile/compile-subnets6.ts";
import { type AllocationQuery6, allocateIa6, type IaQuery, type Place6 } from "../allocate6.ts";
import { Taken6 } from "../taken6.ts";
import { ME, NOW } from "./clients.ts";

export const key = (text: string): Ipv6Key => parseIpv6Key(text)!;
export const duidOf = (client: number) => Uint8Array.of(0, 3, client);

/** As `2::10` for 2001:db8:2::10, and `9:100::/56` for 2001:db8:9:100::/56. */
export const PREFIX = "2001:db8:";
export function parse(text: string): { address: Ipv6Key; length: number } {
  const [address, length = "128"] = text.split("/");
  return { address: key(PREFIX + address), length: Number(length) };
}
export function format(address: Ipv6Key, length: number): string {
  const short = formatIpv6Key(address).slice(PREFIX.length);
  return length === 128 ? short : `${short}/${length}`;
}

/** Three addresses. */
export const POOL6 = `"pools": [{ "pool": "${PREFIX}2::10-${PREFIX}2::12" }]`;
export const POOL6_OF_3 = `"pools": [{ "pool": "${PREFIX}3::10-${PREFIX}3::11" }]`;
/** Prefixes of a length from a /54 each: four of 56 bits. */
export const pdPool = (number: number, length: number, more = "") =>
  `{ "prefix": "${PREFIX}${number}::", "prefix-len": 54, "delegated-len": ${length} ${more} }`;
export const PD = `"pd-pools": [${pdPool(8, 56)}]`;
export const reserve = (leases: string, client: number = ME) => `{ "duid": "00:03:0${client}", ${leases} }`;

/** What is asked for one association of a message that may have more. */
type OneOfSeveral = AllocationQuery6 & { readonly taken: Taken6 };

export class Allocation6 {
  readonly leases = new LeaseTable6(NOW);
  readonly places: Place6[];
  client: number = ME;

  /** @param keys of one subnet, 2001:db8:2::/64; or of two in one shared network */
  constructor(keys: string, ...keysOf3: readonly string[]) {
    const subnets = [`{ "id": 2, "subnet": "${PREFIX}2::/64", ${keys} }`];
    for (const more of keysOf3) subnets.push(`{ "id": 3, "subnet": "${PREFIX}3::/64", ${more} }`);
    const body = `"shared-networks": [{ "name": "n", "subnet6": [${subnets}] }]`;
    const scope = atOnce(compileSubnets6(configOf6(body), this.leases));
    this.places = [...scope.subnets.all()].map((subnet) => ({ subnet, host: undefined, hosts: subnet.hosts }));
  }

  give(text: string, client: number, change: Partial<Lease6> = {}): void {
    const { address, length } = parse(text);
    this.leases.put({
      type: length === 128 ? LeaseType6.address : LeaseType6.prefix,
      address,
      prefixLength: length,
      duid: duidOf(client),
      iaid: 1,
      preferredLifetime: 50,
      validLifetime: 100,
      cltt: NOW - 10,
      subnetId: 2,
      poolId: 0,
      state: LeaseState.assigned,
      fqdnFwd: false,
      fqdnRev: false,
      hostname: "",
      userContext: "",
      hwaddr: new Uint8Array(0),
      hwtype: 0,
      hwaddrSource: HwaddrSource.unknown,
      ...change,
    });
  }

  query(change: Partial<OneOfSeveral> = {}): OneOfSeveral {
    const identifiers = [{ type: "duid", key: String.fromCharCode(0, 3, this.client) }] as const;
    const duid = duidOf(this.client);
    return {
      now: NOW,
      view: this.leases,
      places: this.places.map((place) => ({ ...place, host: place.subnet.hosts.find(identifiers) })),
      classes: new Set(),
      duid,
      leases: this.leases.byDuid(duid),
      random: 0,
      taken: new Taken6(),
      given: [],
      ...change,
    };
  }

  /** What an association for addresses gets, that names some. */
  ask(hints = "", query: OneOfSeveral = this.query(), iaid = 1): string {
    return show(query, { type: LeaseType6.address, iaid, hints: hints.split(" ").filter(Boolean).map(parse) });
  }

  /** The same of one for prefixes. */
  delegate(hints = "", query = this.query(), iaid = 1): string {
    return show(query, { type: LeaseType6.prefix, iaid, hints: hints.split(" ").filter(Boolean).map(parse) });
  }
}

/** As `2::10 2::11 ended 2::12`, with what else is special about each. */
function show(query: OneOfSeveral, ia: IaQuery): string {
  const { granted, ended } = allocateIa6(query, ia);
  const shown = granted.map(({ place, pool, address, length, reserved, current, searched }) => {
    if (ia.type === LeaseType6.address && pool !== undefined) {
      expect(formatIpv6Key(address)).toMatch(new RegExp(`^${PREFIX}${place.subnet.id}::`));
    }
    expect(query.taken.has(address, length)).toBe(true);
    return [
      format(address, length),
      pool === undefined ? "outside" : [],
      reserved === undefined ? [] : "reserved",
      current === undefined ? [] : `of ${current.duid[2] ?? "nobody"}`,
      searched === undefined ? [] : "searched",
    ]
      .flat()
      .join(" ");
  });
  const gone = ended.map(({ address, prefixLength }) => format(address, prefixLength));
  return [...(shown.length === 0 ? ["nothing"] : shown), ...gone.map((each) => `ended ${each}`)].join(", ");
}
