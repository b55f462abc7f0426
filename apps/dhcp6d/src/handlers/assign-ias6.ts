/** Giving leases to the identity associations of a message: what SOLICIT, REQUEST, RENEW and REBIND have in common. */

import { allocateIa6, type Granted6, type IaChoice, type IaQuery } from "@kotare/core/allocate/allocate6";
import { mapped } from "@kotare/core/allocate/mapped";
import { Taken6 } from "@kotare/core/allocate/taken6";
import { BuiltIn } from "@kotare/core/classify/built-in-classes";
import type { IaCode, IdentityAssociation } from "@kotare/core/dhcp6/identity-association";
import { Option6 } from "@kotare/core/dhcp6/option6";
import type { Ipv6Key } from "@kotare/core/ip/ipv6-key";
import { LeaseState, OFFER_HOLD } from "@kotare/core/leases/model/lease";
import { type Lease6, LeaseType6 } from "@kotare/core/leases/model/lease6";
import type { Subnet6 } from "@kotare/core/subnets/subnet6";
import type { Terms } from "@kotare/extension";
import { type Changes6, type Facts6, type Given6, type IaAnswer, NO_CHANGES6 } from "../path/outcome6.ts";
import type { Query6 } from "../path/query6.ts";
import { type ClientName6, nameClient6 } from "./client-name6.ts";
import { answerIa, nothingFor } from "./ia-answer6.ts";
import {
  computeTeeTimes6,
  earlierTeeTimes6,
  grantLifetimes6,
  LEFT_TO_CLIENT,
  type Lifetimes6,
  reuseLifetimes6,
  type TeeTimes6,
} from "./lease-terms6.ts";
import { isUnchanged6, makeLease6 } from "./make-lease6.ts";

/** An `offer` writes nothing durable and ends nothing; a `lease` does. */
type Purpose = "offer" | "lease";

export interface Assignment {
  /** What is asked for, and for each of these what is answered. */
  readonly asked: readonly IdentityAssociation[];
  readonly answers: readonly IaAnswer[];
  readonly changes: Changes6;
  readonly name: ClientName6 | undefined;
}

/** An association, and what has been chosen for it. */
interface Chosen {
  readonly ia: IdentityAssociation;
  readonly asked: IaQuery;
  readonly choice: IaChoice;
}

/** What is to be changed, while it is found out. */
interface OpenChanges extends Changes6 {
  readonly put: Lease6[];
  readonly remove: Lease6[];
  readonly reliesOn: Lease6[];
}

/** @param wanted the message's associations, or some of them */
export function assignIas(
  query: Query6,
  facts: Facts6,
  purpose: Purpose,
  wanted: readonly IdentityAssociation[],
): Assignment {
  const place = query.places[0];
  const ias = distinctIas(wanted);
  if (place === undefined || query.classes.has(BuiltIn.reject)) {
    return { asked: ias, answers: mapped(ias, nothingFor), changes: NO_CHANGES6, name: undefined };
  }
  const choices = choose(query, facts, ias);
  // RFC 4703 §5.3.2: of each family a name has one address in the DNS.
  const named = firstGranted(choices, Option6.iaNa);
  const name = nameClient6(query, named?.place ?? place, named, facts.terms);
  const other = name && { ...name, forward: false, reverse: false };
  const changes: OpenChanges = { put: [], remove: [], reliesOn: [] };
  const given = mapped(choices, (chosen) =>
    mapped(chosen.choice.granted, (granted) =>
      settle(query, chosen, granted, granted === named ? name : other, facts, purpose, changes),
    ),
  );
  if (purpose === "lease") for (const { choice } of choices) for (const each of choice.ended) changes.remove.push(each);
  const tees = teeTimesOf(given);
  const answers = mapped(choices, ({ ia, choice }, i) =>
    answerIa(query, ia, given[i]!, purpose === "lease" ? choice.ended : NONE, tees),
  );
  return { asked: ias, answers, changes, name };
}

const NONE: readonly Lease6[] = [];

/** The earliest that a subnet of any lease wants: a client that waited longer could lose that one. */
function teeTimesOf(given: readonly (readonly Given6[])[]): TeeTimes6 {
  let shortest = Number.POSITIVE_INFINITY;
  for (const each of given) for (const { lifetimes } of each) shortest = Math.min(shortest, lifetimes.preferred);
  let tees = LEFT_TO_CLIENT;
  let last: Subnet6 | undefined;
  for (const each of given) {
    for (const { place } of each) {
      if (place.subnet === last) continue;
      last = place.subnet;
      tees = earlierTeeTimes6(tees, computeTeeTimes6(last.parameters, shortest));
    }
  }
  return tees;
}

/** RFC 8415 §4.2: an IAID is unique among a client's associations of a type; what comes twice is one all the same. */
function distinctIas(ias: readonly IdentityAssociation[]): readonly IdentityAssociation[] {
  if (ias.length === 1) return ias;
  const distinct = new Map<number, IdentityAssociation[]>();
  for (const ia of ias) {
    const key = ia.code * 2 ** 32 + ia.iaid;
    const alike = distinct.get(key);
    if (alike === undefined) distinct.set(key, [ia]);
    else alike.push(ia);
  }
  return mapped([...distinct.values()], (alike) =>
    alike.length === 1 ? alike[0]! : { ...alike[0]!, leases: alike.flatMap(({ leases }) => leases) },
  );
}

/** Addresses and prefixes for each association, none of them for two. */
function choose(query: Query6, facts: Facts6, ias: readonly IdentityAssociation[]): readonly Chosen[] {
  const { view, now, random } = facts;
  const { places, classes, duid } = query;
  const leases = view.byDuid(duid);
  const taken = ias.length > 1 ? new Taken6() : undefined;
  const allocation = { view, now, random, places, classes, duid, leases, taken, given: [] };
  return mapped(ias, (ia) => {
    const asked = { type: leaseTypeOf(ia), iaid: ia.iaid, hints: ia.leases };
    return { ia, asked, choice: allocateIa6(allocation, asked) };
  });
}

function firstGranted(choices: readonly Chosen[], code: IaCode): Granted6 | undefined {
  return choices.find(({ ia, choice }) => choice.granted.length > 0 && ia.code === code)?.choice.granted[0];
}

export function leaseTypeOf(ia: IdentityAssociation): LeaseType6 {
  return ia.code === Option6.iaNa ? LeaseType6.address : LeaseType6.prefix;
}

/**
 * For how long the client has it.
 * @param changes is told what the store is to keep
 */
function settle(
  query: Query6,
  { ia, asked }: Chosen,
  granted: Granted6,
  name: ClientName6 | undefined,
  facts: Facts6,
  purpose: Purpose,
  changes: OpenChanges,
): Given6 {
  const { place, pool, address, length, reserved, current, searched } = granted;
  const { now } = facts;
  const { parameters } = place.subnet;
  const lifetimes = lifetimesOf(facts.terms) ?? grantLifetimes6(query, granted, facts, wishOf(ia, address));
  const given = { place, pool, address, length, reserved, current, searched, lifetimes, isCached: false };
  if (purpose === "lease") {
    const row = makeLease6(query, asked, granted, name, facts, lifetimes, LeaseState.assigned);
    const left = current && reuseLifetimes6(parameters, current, lifetimes, now);
    // Young enough to be confirmed as it is.
    if (left !== undefined && isUnchanged6(current!, row)) {
      changes.reliesOn.push(current!);
      return { ...given, lifetimes: left, isCached: true };
    }
    changes.put.push(row);
  } else if (current === undefined || current.state === LeaseState.offered) {
    // An offer is remembered where there is no lease yet; one that somebody had stays until the REQUEST.
    changes.put.push(makeLease6(query, asked, granted, name, facts, HELD, LeaseState.offered));
  }
  return given;
}

/** Of an offer. */
const HELD: Lifetimes6 = { preferred: OFFER_HOLD, valid: OFFER_HOLD };

function lifetimesOf(terms: Terms | undefined): Lifetimes6 | undefined {
  return terms?.lifetime === undefined ? undefined : { preferred: terms.lifetime, valid: terms.lifetime };
}

/** The lifetimes that the client would like for an address; its wish for any address counts for the one it gets. */
function wishOf(ia: IdentityAssociation, address: Ipv6Key): Lifetimes6 | undefined {
  return ia.leases.find((lease) => lease.address === address) ?? ia.leases[0];
}
