/** How long leases last and when their client comes back (RFC 8415 §21.4, §14.2), by Kea's keys. */
import { isScarce, shortest, timeLeft } from "@kotare/core/allocate/adaptive-lifetime";
import type { Granted6 } from "@kotare/core/allocate/allocate6";
import { reuseLifetime } from "@kotare/core/allocate/lease-cache";
import type { Seconds } from "@kotare/core/base/clock";
import { INFINITE_LIFETIME } from "@kotare/core/leases/model/lease";
import type { LeaseView6 } from "@kotare/core/leases/model/lease-store6";
import { type Lease6, LeaseType6 } from "@kotare/core/leases/model/lease6";
import { admits } from "@kotare/core/subnets/class-guard";
import type { Lifetime } from "@kotare/core/subnets/lifetime";
import type { Scarcity } from "@kotare/core/subnets/scarcity";
import type { Parameters6 } from "@kotare/core/subnets/subnet6";
import type { Query6 } from "../path/query6.ts";

export interface Lifetimes6 {
  readonly preferred: Seconds;
  readonly valid: Seconds;
}

interface Knows {
  readonly view: LeaseView6;
  readonly now: Seconds;
}

/**
 * What a client gets that asks for `asked`, where 0 is no wish. A preferred lifetime of 0, or one that would outlast the
 * valid one, becomes Kea's usual share of that.
 */
export function grantLifetimes6(
  query: Query6,
  granted: Granted6,
  facts: Knows,
  asked: Lifetimes6 | undefined,
): Lifetimes6 {
  const { parameters } = granted.place.subnet;
  const { values } = query.profile;
  const isShort = parameters.scarcity !== undefined && arePrefixesScarce(query, granted, parameters.scarcity, facts);
  const left = timeLeft(granted.current, facts.now);
  const lend = (lifetime: Lifetime, wish: Seconds) => (isShort ? shortest(lifetime, left) : grant(lifetime, wish));
  const valid = lend(values.validLifetime ?? parameters.validLifetime, asked?.valid ?? 0);
  const preferred = lend(values.preferredLifetime ?? parameters.preferredLifetime, asked?.preferred ?? 0);
  const isUsable = preferred > 0 && preferred <= valid;
  return { preferred: isUsable ? preferred : Math.floor(valid * PREFERRED_SHARE), valid };
}

/** As in Kea, of all prefixes of the subnet, not longer than this one, that the client may be given. */
function arePrefixesScarce(
  { classes }: Query6,
  { pool, place, length, current }: Granted6,
  { threshold, counted }: Scarcity,
  { view, now }: Knows,
): boolean {
  if (pool?.type !== LeaseType6.prefix) return false;
  const pools = place.subnet.pdPools.filter(({ guard, range }) => range.length <= length && admits(guard, classes));
  const size = pools.reduce((sum, { range }) => sum + range.size, 0);
  const held = view.held(
    pools.map(({ cursor }) => cursor),
    counted,
    now,
  );
  return isScarce(threshold, { size, held }, current, now);
}

/** As in Kea. */
const PREFERRED_SHARE = 0.625;

function grant(lifetime: Lifetime, asked: Seconds): Seconds {
  return asked === 0 ? lifetime.default : Math.min(Math.max(asked, lifetime.min), lifetime.max);
}

/**
 * As `reuseLifetime`, for both lifetimes; a lease that is no longer preferred is renewed.
 * @param granted what a renewal would give
 */
export function reuseLifetimes6(
  parameters: Parameters6,
  lease: Lease6,
  granted: Lifetimes6,
  now: Seconds,
): Lifetimes6 | undefined {
  const valid = reuseLifetime(parameters, lease, granted.valid, now);
  if (valid === undefined) return undefined;
  const preferred = lease.preferredLifetime - (lease.validLifetime - valid);
  return preferred > 0 && preferred <= granted.preferred ? { preferred, valid } : undefined;
}

/** 0 leaves a time to the client. */
export interface TeeTimes6 {
  readonly t1: Seconds;
  readonly t2: Seconds;
}

export const LEFT_TO_CLIENT: TeeTimes6 = { t1: 0, t2: 0 };

/**
 * T1 and T2 for all associations of a message alike (RFC 8415 §18.2.4), from the shortest preferred lifetime in it.
 * A T1 that is not before T2 is not sent.
 */
export function computeTeeTimes6(parameters: Parameters6, shortestPreferred: Seconds): TeeTimes6 {
  const { renewTimer, rebindTimer, calculateTeeTimes, t1Percent, t2Percent } = parameters;
  const isEndless = shortestPreferred === INFINITE_LIFETIME;
  const share = (percent: number) => (isEndless ? INFINITE_LIFETIME : Math.round(shortestPreferred * percent));
  const t2 = rebindTimer ?? (calculateTeeTimes ? share(t2Percent) : 0);
  const t1 = renewTimer ?? (calculateTeeTimes ? share(t1Percent) : 0);
  return ordered(t1, t2);
}

/** Those that suit both. */
export function earlierTeeTimes6(one: TeeTimes6, other: TeeTimes6): TeeTimes6 {
  return ordered(earlier(one.t1, other.t1), earlier(one.t2, other.t2));
}

function earlier(one: Seconds, other: Seconds): Seconds {
  return one === 0 || other === 0 ? Math.max(one, other) : Math.min(one, other);
}

function ordered(t1: Seconds, t2: Seconds): TeeTimes6 {
  return { t1: t1 < t2 || t1 === INFINITE_LIFETIME ? t1 : 0, t2 };
}
