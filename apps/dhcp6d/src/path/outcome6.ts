/** What becomes of a packet: a closed set of values, each of which the pipeline counts, logs and carries out. */

import type { Granted6, Place6 } from "@kotare/core/allocate/allocate6";
import type { Seconds } from "@kotare/core/base/clock";
import type { IaCode } from "@kotare/core/dhcp6/identity-association";
import type { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import type { WritableLease } from "@kotare/core/dhcp6/message-writer6";
import type { Message6 } from "@kotare/core/dhcp6/message6";
import type { Status6 } from "@kotare/core/dhcp6/option-index6";
import type { HostDatabase6, HostView6 } from "@kotare/core/hosts/database/host-database6";
import type { Ipv6Key } from "@kotare/core/ip/ipv6-key";
import type { LeaseBatch6, LeaseView6 } from "@kotare/core/leases/model/lease-store6";
import type { Lease6 } from "@kotare/core/leases/model/lease6";
import type { SubnetIndex6 } from "@kotare/core/subnets/select/subnet-index6";
import type { ClientSecrets } from "@kotare/core/summons/client-secrets";
import type { OptionEdit, Terms } from "@kotare/extension";
import type { ClientName6 } from "../handlers/client-name6.ts";
import type { Lifetimes6 } from "../handlers/lease-terms6.ts";
import type { DropReason6 } from "../report/drop-reasons6.ts";
import type { Reconfigure6 } from "../summons/reconfigure-terms6.ts";
import type { ClassedPacket6, Query6 } from "./query6.ts";
import type { Service6 } from "./service6.ts";

/** Changes of the lease store that must be durable before the reply leaves. */
export interface Changes6 {
  readonly put: readonly Lease6[];
  readonly remove: readonly Lease6[];
  /** The client is told of these leases as they stand: out of the lease cache. */
  readonly reliesOn: readonly Lease6[];
}

/** What an association gets, and on which terms. */
export interface Given6 extends Granted6 {
  readonly lifetimes: Lifetimes6;
  /** Confirmed out of the lease cache: nothing is written. */
  readonly isCached: boolean;
}

/** One identity association of the reply. */
export interface IaAnswer {
  readonly code: IaCode;
  readonly iaid: number;
  readonly t1: Seconds;
  readonly t2: Seconds;
  readonly leases: readonly WritableLease[];
  readonly status: Status6 | undefined;
  /** For the log and the statistics. */
  readonly given: readonly Given6[];
}

/** An address that its host has chosen itself. */
export interface Registered6 extends WritableLease {
  /** What was registered there until now, by whomever. */
  readonly former: Lease6 | undefined;
}

export interface Reply6 {
  /** `done` where somebody else is to answer. */
  readonly kind: "reply" | "done";
  readonly type: (typeof MessageType6)["ADVERTISE" | "REPLY" | "DHCPV4_QUERY" | "LEASEQUERY_REPLY" | "ADDR_REG_REPLY"];
  readonly ias: readonly IaAnswer[];
  /** Of the whole message. */
  readonly status: Status6 | undefined;
  readonly isRapid: boolean;
  /** Whose options the reply carries; `undefined` for a message that is only about a status. */
  readonly place: Place6 | "global" | undefined;
  readonly name: ClientName6 | undefined;
  readonly changes: Changes6;
  /** What the client gives up, as it was. */
  readonly gaveUp?: readonly Lease6[];
  /** Where client and server are willing to use RECONFIGURE. */
  readonly reconfigure?: Reconfigure6 | undefined;
  /** What the host has registered. */
  readonly registered?: Registered6;
  /** Of a LEASEQUERY-REPLY: what was asked for, in options behind the status. */
  readonly told?: Uint8Array;
  readonly event:
    | "offered"
    | "leased"
    | "confirmed"
    | "released"
    | "declined"
    | "informed"
    | "registered"
    | "passed-on"
    | "told";
  /** How extensions change its options. */
  readonly edits?: readonly OptionEdit[];
}

export interface Drop6 {
  readonly kind: "drop";
  readonly reason: DropReason6;
  /** What the log adds to the reason; empty for nothing. */
  readonly detail: string;
  /** The packet with its classes, where it could not be placed. */
  readonly packet: ClassedPacket6 | undefined;
}

export type Outcome6 = Reply6 | Drop6;

/** What a handler may know beside the packet. */
export interface Facts6 {
  readonly view: LeaseView6;
  readonly now: Seconds;
  /** A fresh number in [0, 1). */
  readonly random: number;
  readonly declineProbation: Seconds;
  readonly allowsRegistration: boolean;
  readonly subnets: SubnetIndex6;
  /** Lengths of prefixes that are delegated, the longest first: what a LEASEQUERY by address looks for. */
  readonly prefixLengths: readonly number[];
  /** Of clients that accept RECONFIGURE; `undefined` where nobody is to be given one. */
  readonly secrets: ClientSecrets | undefined;
  /** What extensions want to be different. */
  readonly terms: Terms | undefined;
}

/** A reply that is about no lease of its receiver. */
export function leaselessReply6(
  type: Reply6["type"],
  event: Reply6["event"],
  status: Status6 | undefined,
  place: Reply6["place"],
): Reply6 {
  return { kind: "reply", type, ias: [], status, isRapid: false, place, name: undefined, changes: NO_CHANGES6, event };
}

/** One message type's rule: pure, and as RFC 8415 §18.3 has it. */
export type Handler6 = (query: Query6, facts: Facts6) => Outcome6;

/** The types that packets pass through on their way. */
export interface Path6 {
  address: Ipv6Key;
  lease: Lease6;
  batch: LeaseBatch6;
  hosts: HostView6;
  hostDatabase: HostDatabase6;
  service: Service6;
  message: Message6;
  query: Query6;
  answer: Reply6;
  drop: Drop6;
}

export const NO_CHANGES6: Changes6 = { put: [], remove: [], reliesOn: [] };

export function drop6(reason: DropReason6, detail = ""): Drop6 {
  return { kind: "drop", reason, detail, packet: undefined };
}
