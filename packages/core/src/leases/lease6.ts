/** One IPv6 lease, an address or a delegated prefix, as Kea's lease file and SQL tables know it. */
import type { Seconds } from "../base/clock.ts";
import type { Ipv6Key } from "../ip/ipv6-key.ts";
import type { LeaseState } from "./lease4.ts";

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

export interface Lease6 {
  readonly type: LeaseType6;
  /** The address, or the first one of the prefix. */
  readonly address: Ipv6Key;
  /** 128 for an address. */
  readonly prefixLength: number;
  /** Empty for a declined lease: it is nobody's. */
  readonly duid: Uint8Array;
  readonly iaid: number;
  readonly preferredLifetime: Seconds;
  readonly validLifetime: Seconds;
  /** Client last transmission time, whole seconds of the lease clock. */
  readonly cltt: Seconds;
  readonly subnetId: number;
  readonly poolId: number;
  readonly state: LeaseState;
  readonly fqdnFwd: boolean;
  readonly fqdnRev: boolean;
  readonly hostname: string;
  /** Empty when unknown. */
  readonly hwaddr: Uint8Array;
  readonly hwtype: number;
  readonly hwaddrSource: HwaddrSource;
  /** JSON text as Kea writes it; empty for none. */
  readonly userContext: string;
}
