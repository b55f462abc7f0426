/** One IPv6 lease: an address or a delegated prefix. */
import type { Seconds } from "../../base/clock.ts";
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import type { Lease } from "./lease.ts";

/** Kea's numbers, as they stand in the lease file. */
export const LeaseType6 = { address: 0, prefix: 2 } as const;
export type LeaseType6 = (typeof LeaseType6)[keyof typeof LeaseType6];

/** Where a hardware address in a lease comes from: Kea's `hwaddr_source`. */
export const HwaddrSource = {
  unknown: 0,
  raw: 0x1,
  duid: 0x2,
  linkLocal: 0x4,
  clientLinkAddr: 0x8,
  remoteId: 0x10,
  subscriberId: 0x20,
  cmts: 0x40,
  docsisModem: 0x80,
} as const;
export type HwaddrSource = (typeof HwaddrSource)[keyof typeof HwaddrSource];

export interface Lease6 extends Lease {
  readonly type: LeaseType6;
  /** The address, or the first one of the prefix. */
  readonly address: Ipv6Key;
  /** 128 for an address. */
  readonly prefixLength: number;
  /** Empty for a declined lease: it is nobody's. */
  readonly duid: Uint8Array;
  readonly iaid: number;
  readonly preferredLifetime: Seconds;
  /** Empty when unknown; then the other two are 0. */
  readonly hwaddr: Uint8Array;
  readonly hwtype: number;
  readonly hwaddrSource: HwaddrSource;
}
