/** What becomes of a packet: a closed set of values, each of which the pipeline counts, logs and carries out. */

import type { Choice4, Place4 } from "@kotare/core/allocate/allocate4";
import type { Seconds } from "@kotare/core/base/clock";
import type { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import type { Message4 } from "@kotare/core/dhcp4/message4";
import type { HostDatabase4, HostView4 } from "@kotare/core/hosts/database/host-database4";
import type { Ipv4 } from "@kotare/core/ip/ipv4";
import type { LeaseBatch4, LeaseView4 } from "@kotare/core/leases/model/lease-store4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import type { SubnetIndex4 } from "@kotare/core/subnets/select/subnet-index4";
import type { Pool4, Subnet4 } from "@kotare/core/subnets/subnet4";
import type { ClientSecrets } from "@kotare/core/summons/client-secrets";
import type { OptionEdit, Terms } from "@kotare/extension";
import type { ClientName4 } from "../handlers/client-name4.ts";
import type { DropReason4 } from "../report/drop-reasons4.ts";
import type { Nonce4 } from "../summons/force-renew-terms4.ts";
import type { ClassedPacket4, Query4 } from "./query4.ts";
import type { Service4 } from "./service4.ts";

/** Changes of the lease store that must be durable before the reply leaves. */
export interface Changes4 {
  readonly put: Lease4 | undefined;
  readonly remove: Lease4 | undefined;
  /** The client is told of this lease as it stands: out of the lease cache. */
  readonly reliesOn: Lease4 | undefined;
}

export type ReplyType4 = (typeof MessageType4)[
  | "DHCPOFFER"
  | "DHCPACK"
  | "DHCPNAK"
  | "DHCPLEASEUNASSIGNED"
  | "DHCPLEASEUNKNOWN"
  | "DHCPLEASEACTIVE"];

export interface Reply4 {
  readonly kind: "reply";
  readonly type: ReplyType4;
  readonly yiaddr: Ipv4;
  /** Whose options and boot fields the reply carries; `undefined` in a NAK. */
  readonly place: Place4 | undefined;
  readonly pool: Pool4 | undefined;
  /** What option 51 says; `undefined` for no lease: INFORM, NAK. */
  readonly lifetime: Seconds | undefined;
  readonly name: ClientName4 | undefined;
  /** Option 56: why, in a NAK. */
  readonly message: Uint8Array | undefined;
  readonly changes: Changes4;
  /** For the log: how the address was found. */
  readonly choice: Choice4 | undefined;
  /** What a LEASEACTIVE tells of. */
  readonly about?: Pick<Lease4, "address" | "hwaddr"> & {
    /** Option 82, if the lease has it. */
    readonly agentOptions: Uint8Array | undefined;
  };
  /** Where client and server use nonces for FORCERENEW. */
  readonly nonce?: Nonce4 | undefined;
  /** How extensions change its options. */
  readonly edits?: readonly OptionEdit[];
}

/** The message gets no answer, and has done its work: RELEASE, DECLINE, or a DISCOVER that came upon an address in use. */
export interface Done4 {
  readonly kind: "done";
  readonly event: "released" | "declined" | "in-use";
  readonly lease: Lease4;
  readonly changes: Changes4;
}

export interface Drop4 {
  readonly kind: "drop";
  readonly reason: DropReason4;
  /** What the log adds to the reason; empty for nothing. */
  readonly detail: string;
  /** Where there was no address, and for members of which classes. */
  readonly shortage: Shortage4 | undefined;
  /** The packet with its classes, where it could not be placed. */
  readonly packet: ClassedPacket4 | undefined;
}

export interface Shortage4 {
  readonly subnet: Subnet4;
  readonly classes: ReadonlySet<string>;
}

export type Outcome4 = Reply4 | Done4 | Drop4;

/** What a handler may know beside the packet. */
export interface Facts4 {
  readonly view: LeaseView4;
  readonly now: Seconds;
  /** A fresh number in [0, 1). */
  readonly random: number;
  readonly declineProbation: Seconds;
  readonly subnets: SubnetIndex4;
  /** Of clients that can be called; `undefined` where nobody is to be given one. */
  readonly secrets: ClientSecrets | undefined;
  /** What extensions want to be different. */
  readonly terms: Terms | undefined;
}

/** One message type's rule: pure, and as RFC 2131 §4.3 has it. */
export type Handler4 = (query: Query4, facts: Facts4) => Outcome4;

/** The types that packets pass through on their way. */
export interface Path4 {
  address: Ipv4;
  lease: Lease4;
  batch: LeaseBatch4;
  hosts: HostView4;
  hostDatabase: HostDatabase4;
  service: Service4;
  message: Message4;
  query: Query4;
  answer: Reply4 | Done4;
  drop: Drop4;
}

export const NO_CHANGES4: Changes4 = { put: undefined, remove: undefined, reliesOn: undefined };

/** A reply that gives no lease and changes none. @param place whose options it carries */
export function leaselessReply4(type: ReplyType4, place: Place4 | undefined): Reply4 {
  return {
    kind: "reply",
    type,
    yiaddr: 0,
    place,
    pool: undefined,
    lifetime: undefined,
    name: undefined,
    message: undefined,
    changes: NO_CHANGES4,
    choice: undefined,
  };
}

export function drop4(reason: DropReason4, detail = "", shortage?: Shortage4): Drop4 {
  return { kind: "drop", reason, detail, shortage, packet: undefined };
}
