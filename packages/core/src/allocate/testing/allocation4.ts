/** Clients and the leases in memory of one subnet or two, and who gets what of them, as text. Tests only. */
import { expect } from "vitest";
import { atOnce } from "../../base/steps.ts";
import { configOf } from "../../config/testing/parse-body.ts";
import { formatIpv4, type Ipv4, parseIpv4 } from "../../ip/ipv4.ts";
import { LeaseState } from "../../leases/model/lease.ts";
import type { Lease4 } from "../../leases/model/lease4.ts";
import { LeaseTable4 } from "../../leases/table/lease-table4.ts";
import { compileSubnets4 } from "../../subnets/compile/compile-subnets4.ts";
import { type AllocationQuery4, type Choice4, chooseAck4, chooseOffer4, type Place4 } from "../allocate4.ts";
import { ME, NOW } from "./clients.ts";

export const at = (last: number, third = 2): Ipv4 => parseIpv4(`192.0.${third}.${last}`)!;
export const hwaddrOf = (client: number) => Uint8Array.of(0xa0, client);
export const clientIdOf = (client: number) => Uint8Array.of(0xc0, client);

/** Of three addresses: .10, .11 and .12. */
export const POOL4 = '"pools": [{ "pool": "192.0.2.10-192.0.2.12" }]';
export const POOL4_OF_3 = '"pools": [{ "pool": "192.0.3.10-192.0.3.11" }]';
export const reservation = (last: number, client: number = ME) =>
  `{ "hw-address": "a0:0${client}", "ip-address": "192.0.2.${last}" }`;

export class Allocation4 {
  readonly leases = new LeaseTable4(NOW);
  readonly places: Place4[];
  client: number = ME;

  /** @param keys of one subnet, 192.0.2.0/24; or of two in one shared network */
  constructor(keys: string, ...keysOf3: readonly string[]) {
    const subnets = [`{ "id": 2, "subnet": "192.0.2.0/24", ${keys} }`];
    for (const more of keysOf3) subnets.push(`{ "id": 3, "subnet": "192.0.3.0/24", ${more} }`);
    const scope = atOnce(
      compileSubnets4(configOf(`"shared-networks": [{ "name": "n", "subnet4": [${subnets}] }]`), this.leases),
    );
    this.places = [...scope.subnets.all()].map((subnet) => ({ subnet, host: undefined, hosts: subnet.hosts }));
  }

  give(last: number, client: number, change: Partial<Lease4> = {}): Lease4 {
    const lease: Lease4 = {
      address: at(last),
      hwaddr: hwaddrOf(client),
      clientId: clientIdOf(client),
      validLifetime: 100,
      cltt: NOW - 10,
      subnetId: 2,
      poolId: 0,
      state: LeaseState.assigned,
      fqdnFwd: false,
      fqdnRev: false,
      hostname: "",
      userContext: "",
      ...change,
    };
    this.leases.put(lease);
    return this.leases.byAddress(lease.address)!;
  }

  query(change: Partial<AllocationQuery4> = {}): AllocationQuery4 {
    const identifiers = [{ type: "hw-address", key: String.fromCharCode(0xa0, this.client) }] as const;
    return {
      now: NOW,
      view: this.leases,
      places: this.places.map((place) => ({ ...place, host: place.subnet.hosts.find(identifiers) })),
      classes: new Set(),
      hwaddr: hwaddrOf(this.client),
      clientId: clientIdOf(this.client),
      requested: 0,
      random: 0,
      ...change,
    };
  }

  offer(change: Partial<AllocationQuery4> = {}): string {
    return show(chooseOffer4(this.query(change)));
  }

  ack(last: number, change: Partial<AllocationQuery4> = {}): string {
    return show(chooseAck4(this.query({ requested: last === 0 ? 0 : at(last), ...change })));
  }
}

/** As `2.10`, with what else is special about it. */
function show(choice: Choice4 | string): string {
  if (typeof choice === "string") return choice;
  const { place, address, pool, current, replaces, conflict, searched } = choice;
  const short = (ip: Ipv4) => formatIpv4(ip).slice("192.0.".length);
  expect(place.subnet.id).toBe((address >>> 8) & 0xff);
  return [
    short(address),
    pool === undefined ? "outside" : [],
    current === undefined ? [] : `of ${current.hwaddr[1]}`,
    replaces === undefined ? [] : `for ${short(replaces.address)}`,
    conflict ? "conflict" : [],
    searched === undefined ? [] : "searched",
  ]
    .flat()
    .join(" ");
}
