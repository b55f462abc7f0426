/** What a DHCP server asks of the DNS updater: one name and one address that belong together, or no longer do. */
import type { Seconds } from "../base/clock.ts";

/** Kea's `ddns-conflict-resolution-mode`: what becomes of a name that the DNS knows already. */
export const CONFLICT_RESOLUTION_MODES = [
  /** RFC 4703: only a name that is free, or that the same client holds. */
  "check-with-dhcid",
  /** Any name is taken over; who holds it is noted. */
  "no-check-with-dhcid",
  /** A name that is free or that any client holds, and none that somebody made by hand. */
  "check-exists-with-dhcid",
  /** Any name is taken over, and nobody notes by whom. */
  "no-check-without-dhcid",
] as const;
export type ConflictResolutionMode = (typeof CONFLICT_RESOLUTION_MODES)[number];

export interface NameChangeRequest {
  readonly change: "add" | "remove";
  /** Whether the records at the name are meant (A or AAAA, DHCID). */
  readonly forward: boolean;
  /** Whether the record at the address is meant (PTR). One of both is, at least. */
  readonly reverse: boolean;
  /** RFC 1035 §5.1 text that ends in a dot, in the case it came in. */
  readonly fqdn: string;
  /** IPv4 or IPv6, as `formatIpv4` and `formatIpv6` write it. */
  readonly address: string;
  /** Rdata of the DHCID record (RFC 4701 §3.1): 70 hexadecimal digits, small letters. */
  readonly dhcid: string;
  /** Time to live of the records, not the lifetime of the lease. */
  readonly ttl: Seconds;
  readonly conflictResolutionMode: ConflictResolutionMode;
  /**
   * Asks the updater for a confirmation by this number. A sender numbers its requests upwards from a random start, so
   * that a confirmation meant for an earlier life of it is not taken for one of this.
   */
  readonly confirm?: number | undefined;
}
