/** Leases, as the daemons' commands give them. */
import type { Service } from "../session.ts";

export type Family = 4 | 6;

export const SERVICE_OF: { readonly [F in Family]: Service } = { 4: "dhcp4", 6: "dhcp6" };

/** Of both families; what only one has may be missing. */
export interface Lease {
  readonly "ip-address": string;
  /** Of IPv6: `IA_NA` or `IA_PD`. */
  readonly type?: string;
  readonly "prefix-len"?: number;
  readonly "hw-address"?: string;
  readonly "client-id"?: string;
  readonly duid?: string;
  readonly iaid?: number;
  readonly hostname: string;
  readonly "subnet-id": number;
  readonly "pool-id"?: number;
  readonly state: number;
  /** Unix time of the client's last message. */
  readonly cltt: number;
  /** Seconds. */
  readonly "valid-lft": number;
  readonly "preferred-lft"?: number;
  readonly "fqdn-fwd": boolean;
  readonly "fqdn-rev": boolean;
  readonly "user-context"?: object;
}

const FOREVER = 0xffff_ffff;
const STATES = ["assigned", "declined", "expired", "released", "registered"];

/** A prefix with its length. */
export function formatAddress(lease: Lease): string {
  return lease.type === "IA_PD" ? `${lease["ip-address"]}/${lease["prefix-len"]}` : lease["ip-address"];
}

export function formatState({ state }: Lease): string {
  return STATES[state] ?? `state ${state}`;
}

/** Unix time; infinite where the lease is. */
export function endOf({ cltt, "valid-lft": length }: Lease): number {
  return length === FOREVER ? Number.POSITIVE_INFINITY : cltt + length;
}

/** What tells the client best: its hardware address, else its DUID or its identifier. */
export function clientOf(lease: Lease): string {
  return lease["hw-address"] || lease.duid || lease["client-id"] || "";
}
