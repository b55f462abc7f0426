/** Giving leases to the identity associations of a message: what SOLICIT, REQUEST, RENEW and REBIND have in common. */
import { allocateIa6, type Granted6, type IaChoice, type IaQuery } from "@kotare/core/allocate/allocate6";
import { Taken6 } from "@kotare/core/allocate/taken6";
import type { Seconds } from "@kotare/core/base/clock";
import { BuiltIn } from "@kotare/core/classify/built-in-classes";
import type { IdentityAssociation } from "@kotare/core/dhcp6/identity-association";
import type { WritableLease } from "@kotare/core/dhcp6/message-writer6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { encodePdExclude } from "@kotare/core/dhcp6/pd-exclude";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import type { Ipv6Key } from "@kotare/core/ip/ipv6-key";
import { LeaseState, OFFER_HOLD } from "@kotare/core/leases/model/lease";
import { type Lease6, LeaseType6 } from "@kotare/core/leases/model/lease6";
import { type Changes6, type Facts6, type Given6, type IaAnswer, NO_CHANGES6 } from "../path/outcome6.ts";
import { asksFor, type Query6 } from "../path/query6.ts";
import { type ClientName6, nameClient6 } from "./client-name6.ts";
import { computeTeeTimes6, grantLifetimes6, type Lifetimes6, reuseLifetimes6 } from "./lease-terms6.ts";
import { isUnchanged6, makeLease6 } from "./make-lease6.ts";

export interface Assignment {
  /** What is asked for and what is answered, association by association. */
  readonly ias: readonly { readonly asked: IdentityAssociation; readonly answer: IaAnswer }[];
  readonly changes: Changes6;
  readonly name: ClientName6 | undefined;
}

/**
 * @param purpose `offer` writes nothing durable; `lease` does
 * @param wanted the message's associations, or some of them
 */
export function assignIas(
  query: Query6,
  facts: Facts6,
  purpose: "offer" | "lease",
  wanted: readonly IdentityAssociation[],
): Assignment {
  const place = query.places[0];
  const ias = distinctIas(wanted);
  const { classes } = query;
  if (place === undefined || classes.has(BuiltIn.reject)) {
    const answers = ias.map((asked) => ({ asked, answer: nothingFor(asked) }));
    return { ias: answers, changes: NO_CHANGES6, name: undefined };
  }
  const put: Lease6[] = [];
  const ended: Lease6[] = [];
  const reliesOn: Lease6[] = [];
  const { view, now, random } = facts;
  const { places, duid } = query;
  const leases = view.byDuid(duid);
  const allocation = { view, now, random, places, classes, duid, leases, taken: new Taken6() };
  const choices = ias.map((ia) => {
    const asked = { type: leaseTypeOf(ia), iaid: ia.iaid, hints: ia.leases };
    return { ia, asked, choice: allocateIa6(allocation, asked) };
  });
  const named = firstGranted(choices.filter(({ ia }) => ia.code === Option6.iaNa));
  const name = nameClient6(query, named?.place ?? place, named);
  // RFC 4703 §5.3.2: of each family a name has one address in the DNS.
  const other = name && { ...name, forward: false, reverse: false };
  const chosen = choices.map(({ ia, asked, choice }) => {
    const given = choice.granted.map((granted) => {
      const wanted = grantLifetimes6(query, granted.place.subnet.parameters, wishOf(ia, granted.address));
      const { lifetimes, isCached, row } = settle(
        query,
        asked,
        granted,
        granted === named ? name : other,
        now,
        wanted,
        purpose,
      );
      if (row !== undefined) put.push(row);
      if (isCached) reliesOn.push(granted.current!);
      const { place, pool, address, length, reserved, current } = granted;
      return { place, pool, address, length, reserved, current, lifetimes, isCached };
    });
    // An offer ends nothing.
    const over = purpose === "lease" ? choice.ended : [];
    ended.push(...over);
    return { ia, given, over };
  });
  const { parameters } = (firstGranted(choices)?.place ?? place).subnet;
  let shortest = Number.POSITIVE_INFINITY;
  for (const { given } of chosen) {
    for (const { lifetimes } of given) shortest = Math.min(shortest, lifetimes.preferred);
  }
  // Only associations that get something are told the times.
  const tees = computeTeeTimes6(parameters, shortest);
  return {
    ias: chosen.map(({ ia, given, over }) => ({ asked: ia, answer: answer(query, ia, given, over, tees) })),
    changes: { put, remove: ended.map(({ type, address }) => ({ type, address })), reliesOn },
    name,
  };
}

function firstGranted(choices: readonly { readonly choice: IaChoice }[]): Granted6 | undefined {
  return choices.find(({ choice }) => choice.granted.length > 0)?.choice.granted[0];
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
  return [...distinct.values()].map((alike) =>
    alike.length === 1 ? alike[0]! : { ...alike[0]!, leases: alike.flatMap(({ leases }) => leases) },
  );
}

export function leaseTypeOf(ia: IdentityAssociation): LeaseType6 {
  return ia.code === Option6.iaNa ? LeaseType6.address : LeaseType6.prefix;
}

/** The lifetimes that the client would like for an address; its wish for any address counts for the one it gets. */
function wishOf(ia: IdentityAssociation, address: Ipv6Key): Lifetimes6 | undefined {
  return ia.leases.find((lease) => lease.address === address) ?? ia.leases[0];
}

interface Settled extends Pick<Given6, "lifetimes" | "isCached"> {
  /** What the grant leaves in the store; `undefined` where that stays as it is. */
  readonly row: Lease6 | undefined;
}

/** @param wanted what the client gets unless its lease is young enough to be confirmed as it is */
function settle(
  query: Query6,
  ia: IaQuery,
  granted: Granted6,
  name: ClientName6 | undefined,
  now: Seconds,
  wanted: Lifetimes6,
  purpose: "offer" | "lease",
): Settled {
  const { current, place } = granted;
  if (purpose === "lease") {
    const left = current && reuseLifetimes6(place.subnet.parameters, current, wanted, now);
    const row = makeLease6(query, ia, granted, name, now, wanted, LeaseState.assigned);
    if (left !== undefined && isUnchanged6(current!, row)) return { lifetimes: left, isCached: true, row: undefined };
    return { lifetimes: wanted, isCached: false, row };
  }
  // An offer is remembered where there is no lease yet; one that somebody had stays until the REQUEST.
  const isNew = current === undefined || current.state === LeaseState.offered;
  const held = { preferred: OFFER_HOLD, valid: OFFER_HOLD };
  const row = isNew ? makeLease6(query, ia, granted, name, now, held, LeaseState.offered) : undefined;
  return { lifetimes: wanted, isCached: false, row };
}

function writable(query: Query6, { address, length, reserved, pool, lifetimes }: Given6): WritableLease {
  const { preferred, valid } = lifetimes;
  const excluded = reserved === undefined ? pool?.excludedPrefix : reserved.excluded;
  // RFC 6603 §5: only to clients that say in their list of wishes that they know the option.
  const isTold = excluded !== undefined && asksFor(query, Option6.pdExclude);
  return { address, length, preferred, valid, exclude: isTold ? encodePdExclude(length, excluded) : undefined };
}

function answer(
  query: Query6,
  ia: IdentityAssociation,
  given: readonly Given6[],
  over: readonly Lease6[],
  { t1, t2 }: { readonly t1: Seconds; readonly t2: Seconds },
): IaAnswer {
  const { code, iaid } = ia;
  if (given.length === 0) return { ...nothingFor(ia), leases: endedLeases(over) };
  const leases = [...given.map((each) => writable(query, each)), ...endedLeases(over)];
  return { code, iaid, t1, t2, leases, status: undefined, given };
}

/**
 * RFC 8415 §18.3.4: what the client had and must not use any more is told to it with lifetimes of 0. In answer to a
 * first message these are wishes, and no word is lost about them.
 */
function endedLeases(over: readonly Lease6[]): WritableLease[] {
  return over.map(({ address, prefixLength: length }) => ({ address, length, preferred: 0, valid: 0 }));
}

/** An association that gets nothing, and why. */
function nothingFor({ code, iaid }: IdentityAssociation): IaAnswer {
  const status =
    code === Option6.iaNa
      ? { code: StatusCode6.NoAddrsAvail, text: "No address is available." }
      : { code: StatusCode6.NoPrefixAvail, text: "No prefix is available." };
  return { code, iaid, t1: 0, t2: 0, leases: [], status, given: [] };
}
