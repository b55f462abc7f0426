/** A family made up to test what carries packets: verbs, transactions, clients and members are bytes, and leases real. Tests only. */
import type { Query } from "@kotare/extension";
import type { MemoryDatagram } from "@kotare/netio/testing/memory-transport";
import type { Datagram } from "@kotare/netio/transports/datagram";
import { DecodeError } from "../../base/decode-error.ts";
import { describeLease4 } from "../../control/commands/lease4/lease4-arguments.ts";
import { LeaseState } from "../../leases/model/lease.ts";
import type { LeaseBatch4 } from "../../leases/model/lease-store4.ts";
import type { Lease4 } from "../../leases/model/lease4.ts";
import { family4 } from "../../leases/testing/test-families.ts";
import type { Attempt } from "../packets/attempt.ts";
import type { Answer, BatchHosts, Drop, GeneralReason, Ingress, PacketPath } from "../packets/packet-path.ts";
import type { PathReporter } from "../packets/report/path-reporter.ts";

/** A client takes a member, is offered one, is shown who holds one, or leaves one. */
export const Verb = { take: 1, offer: 2, show: 3, leave: 4 } as const;
export type Verb = (typeof Verb)[keyof typeof Verb];

export interface ToyMessage {
  readonly verb: number;
  readonly transaction: number;
  readonly client: number;
  readonly member: number;
}

export interface ToyService {
  readonly lifetime: number;
}

export interface ToyAnswer extends Answer {
  readonly lease: Lease4;
  readonly change: "put" | "relyOn" | "discard";
}

export interface ToyDrop extends Drop {
  readonly reason: "elsewhere" | "held" | "free" | "enough" | GeneralReason;
}

export interface ToyTypes {
  address: number;
  lease: Lease4;
  batch: LeaseBatch4;
  hosts: BatchHosts;
  hostDatabase: never;
  service: ToyService;
  message: ToyMessage;
  query: ToyMessage;
  answer: ToyAnswer;
  drop: ToyDrop;
}

/** Served is interface 1. */
export function toyMessage(verb: Verb, transaction: number, client: number, member: number): MemoryDatagram {
  return { payload: Uint8Array.of(verb, transaction, client, member), ifindex: 1, source: client };
}

const drop = (reason: ToyDrop["reason"]): ToyDrop => ({ kind: "drop", reason });
/** The last byte of a name is the client's number. */
export const clientOf = ({ hwaddr }: Lease4): number => hwaddr.at(-1)!;
/** What is nobody's to give: the packet is for another server. */
export const ELSEWHERE = 200;
/** Members that one client may have. */
const MOST = 2;

const show = ({ client }: ToyMessage): Query => ({
  family: 4,
  type: "",
  interface: "toy0",
  label: String(client),
  mac: String(client),
  clientId: undefined,
  classes: new Set(),
  subnetId: undefined,
  relay: undefined,
  source: "192.0.2.1",
  elapsed: 0,
  option: () => undefined,
});

export const toyPath: PacketPath<ToyTypes> = {
  glance: ({ buffer, offset }) => buffer[offset] || undefined,
  nameType: (type) => String(type),
  decode([verb = 0, transaction = 0, client = 0, member = 0]) {
    if (verb === 0) throw new DecodeError("verb", 0, "there is none");
    return { verb, transaction, client, member };
  },
  place: (message) => (message.member >= ELSEWHERE ? drop("elsewhere") : message),
  decide({ verb, client, member }, { service, view, now }) {
    const held = family4.view(view).get(member);
    const holder = held?.state === LeaseState.assigned ? clientOf(held) : undefined;
    if (verb === Verb.show) return held === undefined ? drop("free") : { kind: "reply", lease: held, change: "relyOn" };
    if (verb === Verb.leave) {
      return holder === client ? { kind: "done", lease: held!, change: "discard" } : drop("free");
    }
    if (holder !== undefined && holder !== client) return drop("held");
    const others = family4
      .view(view)
      .heldBy(client)[0]!
      .filter((lease) => family4.memberOf(lease) !== member);
    if (others.length >= MOST) return drop("enough");
    const state = verb === Verb.offer ? LeaseState.offered : LeaseState.assigned;
    const lease = family4.lease(member, { validLifetime: service.lifetime, cltt: now, state }, client);
    return { kind: "reply", lease, change: "put" };
  },
  complete: (query) => query,
  encode({ transaction, client: address }, { kind, lease }, _service, replies) {
    if (kind === "done") return undefined;
    const { buffer, offset } = replies.reserve(4);
    buffer.set([transaction, clientOf(lease), family4.memberOf(lease), lease.validLifetime], offset);
    const to = { ifindex: 1, source: 0, address, port: 1 };
    return { kind: "encoded", buffer, offset, length: 4, to, leftOut: [] };
  },
  change: ({ lease, change }, batch) => batch[change](lease),
  isChecked: ({ change }) => change !== "relyOn",
  isBinding: ({ lease }) => lease.state !== LeaseState.offered,
  transactionOf: ({ transaction }) => transaction,
  isSameClient: (a, b) => a.message.client === b.message.client,
  hold: () => {},
  shown: {
    message: show,
    query: show,
    answer: (_, option) => ({ type: "", leases: [], subnetId: undefined, subnet: undefined, hostname: "", option }),
    option: () => undefined,
    changes: () => [],
    sent: () => () => undefined,
    replyTo: (query) => query,
    kept: (query) => query,
    lease: describeLease4,
    over: () => [],
    edit: (answer) => answer,
  },
  drop,
};

/** Writes down what it is told. */
export class ToyReporter implements PathReporter<ToyTypes> {
  readonly told: string[] = [];
  /** As `3 placed, decided, encoded 3 of 12`: how far attempts came, with the reply as it stands when that is told. */
  readonly attempts: string[] = [];
  count = 0;

  onlyCounts = true;

  beginBatch(): void {}

  received(): void {
    this.count++;
  }

  turnedAway(type: number, { reason }: ToyDrop): void {
    this.count++;
    this.told.push(`type ${type} turned away: ${reason}`);
  }

  attempted({ packet: { message }, query, answer, reply }: Attempt<ToyTypes>): void {
    const steps = [query && "placed", answer && "decided"].filter((step) => step !== undefined);
    const bytes = reply?.buffer.subarray(reply.offset, reply.offset + reply.length);
    if (bytes !== undefined) steps.push(`encoded ${bytes[0]} of ${bytes[1]}`);
    this.attempts.push(`${message.transaction} ${steps.join(", ")}`.trim());
  }

  answered({ transaction }: ToyMessage, _answer: ToyAnswer, error: string | undefined): void {
    this.told.push(`${transaction} answered${error === undefined ? "" : `: ${error}`}`);
  }

  dropped({ transaction }: ToyMessage, _ingress: Ingress<number>, { reason }: ToyDrop): void {
    this.told.push(`${transaction} dropped: ${reason}`);
  }

  undecodable(_datagram: Datagram, _ingress: Ingress<number>, _message: unknown, error: DecodeError): void {
    this.told.push(`undecodable: ${error.message}`);
  }

  extensionFailed({ transaction }: ToyMessage, _ingress: Ingress<number>, _drop: ToyDrop, { message }: Error): void {
    this.told.push(`${transaction} met a fault: ${message}`);
  }

  bug(_ingress: Ingress<number>, packet: Uint8Array, error: unknown): void {
    this.told.push(`${packet[1]} met a bug: ${error}`);
  }

  notServed({ ifindex }: Datagram): void {
    this.told.push(`not served: ${ifindex}`);
  }

  stale(): void {
    this.told.push("stale");
  }

  commitFailed({ message }: Error, count: number): void {
    this.told.push(`commit failed for ${count}: ${message}`);
  }
}
