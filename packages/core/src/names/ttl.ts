/** How long DNS records of leases may be cached: Kea's `ddns-ttl` keys, else RFC 4702 §5. */
import type { Seconds } from "../base/clock.ts";

/** 0 counts as not given. */
export interface TtlKeys {
  readonly ttl: Seconds | undefined;
  readonly ttlMin: Seconds | undefined;
  readonly ttlMax: Seconds | undefined;
  /** Share of the lease's lifetime. */
  readonly ttlPercent: number | undefined;
}

/** "SHOULD NOT be less than ten minutes … SHOULD be no more than 1/3 of the lease's duration" */
const LEAST: Seconds = 600;
const SHARE = 1 / 3;
/** RFC 2181 §8: more bits a TTL does not have. */
const MOST: Seconds = 0x7fff_ffff;

export function compileTtl({ ttl, ttlMin, ttlMax, ttlPercent }: TtlKeys): (validLifetime: Seconds) => Seconds {
  if (ttl) return () => Math.min(ttl, MOST);
  const least = ttlMin || (ttlPercent ? 0 : LEAST);
  const most = Math.min(ttlMax || MOST, MOST);
  return (validLifetime) => {
    const share = ttlPercent ? Math.round(ttlPercent * validLifetime) : Math.floor(SHARE * validLifetime);
    return Math.min(Math.max(share, least), most);
  };
}
