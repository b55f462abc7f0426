/**
 * What is the family's own on a packet's way through the server; `Pipeline` takes the steps, for whole batches. All but
 * `change` may be taken again, so they neither count nor log: what there is to tell is in what they return.
 */
import type {
  Identity,
  LeaseChange,
  Offered,
  OptionEdit,
  Query,
  Answer as ShownAnswer,
  Lease as ShownLease,
  Terms,
} from "@kotare/extension";
import type { Datagram, Destination, SendBatch } from "@kotare/netio/transports/datagram";
import type { Milliseconds, Seconds } from "../../base/clock.ts";
import type { PacketFacts } from "../../extensions/packet-facts.ts";
import type { HostDatabase } from "../../hosts/database/host-database.ts";
import type { HostView } from "../../hosts/database/host-view.ts";
import type { Lease } from "../../leases/model/lease.ts";
import type { LeaseBatch } from "../../leases/model/lease-store.ts";
import type { Over6 } from "../dhcp4o6/over6.ts";
import type { ServedInterface } from "../interfaces/served-interfaces.ts";

/** A packet as it came, by a frame or over DHCPv6. */
export interface Arrival<Address> extends Datagram<Address> {
  /** Where it did not come by a frame of an interface that we serve. */
  readonly served?: ServedInterface<Address>;
  readonly over6?: Over6;
}

/** What is looked at of a packet before it is decoded. */
export type Glanced = Pick<Datagram<unknown>, "buffer" | "offset" | "length">;

/** How a packet came in. */
export interface Ingress<Address> {
  readonly interface: ServedInterface<Address>;
  readonly source: Address;
  readonly sourcePort: number;
  readonly destination: Address;
  /** Source MAC address of the frame; `undefined` when the transport does not see frames. */
  readonly sourceMac: Uint8Array | undefined;
  /** Where it came over DHCPv6. */
  readonly over6?: Over6 | undefined;
}

/** A message, and how it came in. */
export interface Received<T extends PathTypes> {
  readonly message: T["message"];
  readonly ingress: Ingress<T["address"]>;
}

/** The message gets no answer, and why. */
export interface Drop {
  readonly kind: "drop";
}

/** The message has been decided about; `reply` goes back to the client, `done` needs no answer. */
export interface Answer {
  readonly kind: "reply" | "done";
}

/** The reservations as one batch sees them. */
export type BatchHosts = Pick<
  HostView<never, never, never>,
  "missed" | "recalled" | "begin" | "load" | "settle" | "end"
>;

/** The types that a family's packets pass through. */
export interface PathTypes {
  address: number | string;
  lease: Lease;
  batch: LeaseBatch<Lease>;
  hosts: BatchHosts;
  hostDatabase: Pick<HostDatabase<never, never, never>, "close" | "peek" | "name" | "isUp">;
  /** The configuration in force, compiled. */
  service: object;
  message: object;
  /** A message and what it and the configuration say about it. */
  query: object;
  answer: Answer;
  drop: Drop;
}

/** What a step may know of the world. */
export interface Facts<T extends PathTypes> {
  readonly service: T["service"];
  readonly view: T["batch"];
  readonly hosts: T["hosts"];
  /** Lease time, whole seconds. */
  readonly now: Seconds;
  /** A fresh number in [0, 1). */
  readonly random: number;
  /** Whether the address is one that we serve on now. */
  isOurAddress(address: T["address"]): boolean;
  /** What extensions have found out for this packet; `undefined` where none finds out anything. */
  readonly known: PacketFacts | undefined;
}

/** Why a message of any family may get no answer. */
export type GeneralReason =
  | "duplicate"
  | "commit-failed"
  | "service-disabled"
  | "extension-drop"
  | "extension-failed"
  | "parked-full";

/** A reply that stands at `buffer[offset]`, in the room that `SendBatch.reserve` gave, and where it is to go. */
export interface EncodedReply<Address> {
  readonly kind: "encoded";
  readonly buffer: Uint8Array;
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  readonly to: Destination<Address>;
  /** Codes of options that found no room. */
  readonly leftOut: readonly number[];
}

/** Finds the first option of a code. */
type OptionReader = ShownAnswer["option"];

/** How extensions see what passes through the steps, and what becomes of it if they want it otherwise. */
export interface Shown<T extends PathTypes> {
  /** Before it is placed. @param subnetId where it would be placed */
  message(
    message: T["message"],
    ingress: Ingress<T["address"]>,
    service: T["service"],
    subnetId: () => number | undefined,
  ): Query;
  query(query: T["query"], service: T["service"]): Query;
  /** @param option what the reply has of a code */
  answer(answer: T["answer"], option: OptionReader): ShownAnswer;
  lease(lease: T["lease"]): ShownLease;
  /** Of leases, without offers. */
  changes(query: T["query"], answer: T["answer"]): readonly LeaseChange[];
  /** Leases that were over when the answer gave their addresses to somebody, or to their clients again. */
  over(query: T["query"], answer: T["answer"]): readonly T["lease"][];
  /** Of the reply that the answer is going to be. */
  option(code: number, query: T["query"], answer: T["answer"], service: T["service"]): Uint8Array | undefined;
  /** Of a reply that has been encoded. @param bytes its own from now on */
  sent(bytes: Uint8Array): OptionReader;
  /** A reply that has been encoded, as if it had come the query's way. @param bytes its own from now on */
  replyTo(query: T["query"], bytes: Uint8Array): T["query"];
  /** The same query, with bytes of its own. */
  kept(query: T["query"]): T["query"];
  /** What is known of an address that is offered; absent where nobody asks about that. */
  offered?(query: T["query"], answer: T["answer"], now: Seconds): Offered | undefined;
  /** The answer, whose reply has its options changed. */
  edit(answer: T["answer"], edits: readonly OptionEdit[]): T["answer"];
}

/** A message as it came in. */
export interface Packet<T extends PathTypes> {
  readonly datagram: Arrival<T["address"]>;
  readonly message: T["message"];
  readonly ingress: Ingress<T["address"]>;
  /** In [0, 1): the same in each attempt. */
  readonly random: number;
  /** When it was first looked at; `undefined` where nobody wants to know. */
  readonly started: Milliseconds | undefined;
  /** What extensions have found out for it. */
  readonly known: PacketFacts | undefined;
}

/** What each step has come to, for the steps behind it and to be told; `undefined` where it did not come so far. */
export interface Attempted<T extends PathTypes> {
  readonly packet: Packet<T>;
  /** The configuration that it goes by. */
  readonly service: T["service"];
  readonly query: T["query"] | undefined;
  readonly answer: T["answer"] | undefined;
  /** The query with all classes. */
  readonly completed: T["query"] | undefined;
  readonly reply: EncodedReply<T["address"]> | undefined;
  /** Why the packet gets no answer, though there may be one. */
  readonly drop: T["drop"] | undefined;
}

/** Packets that may not be answered, though their changes are durable in the store: a drop, or the fault of an extension. */
export type Unsafe<T extends PathTypes> = ReadonlyMap<Attempted<T>, T["drop"] | Error>;

/** Others that were asked to have what a batch's packets change. */
export interface Asked<T extends PathTypes> {
  /** Those of the packets that they were asked about. */
  readonly attempts: readonly Attempted<T>[];
  /** Never rejects. */
  readonly unsafe: Promise<Unsafe<T>>;
  /** The memory of the packets is used again: who still looks at them is told so. */
  end(): void;
}

/** `decode`, `place` and `decide` throw `DecodeError` where an option that decides about the packet is broken. */
export interface PacketPath<T extends PathTypes> {
  /** The type of a message at a glance; `undefined` where it takes a closer look: `decode` may find fault with it. */
  glance(datagram: Glanced): number | undefined;
  nameType(type: number): string;
  /** Of which type a message is that is for nobody here, at a glance; absent where extensions never say so. */
  turnsAway?(datagram: Glanced): number | undefined;
  decode(bytes: Uint8Array, service: T["service"]): T["message"];
  /**
   * Is it for us, where does it belong, which classes and reservations does it have.
   * @param identity what extensions say of who sent it
   */
  place(
    message: T["message"],
    ingress: Ingress<T["address"]>,
    facts: Facts<T>,
    identity?: Identity,
  ): T["query"] | T["drop"];
  /** @param terms what extensions want to be different, where they have seen the answer without */
  decide(query: T["query"], facts: Facts<T>, terms?: Terms): T["answer"] | T["drop"];
  /** The query with the classes that come when it is known what the client gets; the same one where none do. */
  complete(query: T["query"], answer: T["answer"], service: T["service"]): T["query"];
  /**
   * Encodes a reply to a completed query into room of `replies`, which it may reserve only: a reply joins the others when its changes of leases are
   * made, and not before. `undefined` where the answer has none.
   */
  encode(
    query: T["query"],
    answer: T["answer"],
    service: T["service"],
    replies: Pick<SendBatch<T["address"]>, "reserve">,
  ): EncodedReply<T["address"]> | T["drop"] | undefined;
  /** Carries the answer's changes over to the leases, and says on which it relies as they are. */
  change(answer: T["answer"], batch: T["batch"]): void;
  /** Whether the commit finds out if anything was otherwise than the answer has it: it changes leases and relies on none. */
  isChecked(answer: T["answer"]): boolean;
  /** Whether it changes leases or relies on them: it is no offer, nor a refusal. */
  isBinding(answer: T["answer"]): boolean;
  /** Equal for a message and its retransmissions, and hardly ever for other messages. */
  transactionOf(message: T["message"]): number;
  /** Whether two messages of one transaction are the same client's. */
  isSameClient(a: Received<T>, b: Received<T>): boolean;
  /** What becomes of an offer whose address somebody else has; absent where nobody finds that out. */
  declineOffer?(answer: T["answer"], facts: Facts<T>): T["answer"];
  /** Keeps others from what an answer offers, in memory only, while it is not decided yet. */
  hold(answer: T["answer"], batch: T["batch"]): void;
  /** A clock that no one sets, for how long packets take; absent where nobody wants to know. */
  now?(): Milliseconds;
  /** What extensions find out for one packet is kept there; absent where none finds out anything. */
  newFacts?(): PacketFacts;
  /** Asks extensions for what packets lack. Never rejects. */
  load?(packets: readonly PacketFacts[]): Promise<void>;
  /** Whether `commit` waits for other hosts. */
  readonly commitsElsewhere?: boolean;
  /**
   * Has extensions keep what a batch's packets change, beside the store's commit; absent where none does.
   * @param stored resolves with those whose changes the store has made durable
   * @returns `undefined` where they change nothing
   */
  commit?(answered: readonly Attempted<T>[], stored: Promise<readonly Attempted<T>[]>): Asked<T> | undefined;
  /**
   * What was decided about a packet stands: its leases are durable, or it gets no answer. Then nobody need decide about it
   * again. Absent where nobody keeps anything of it. Must not throw: it may be called when the reply has left.
   */
  settled?(attempt: Attempted<T>): void;
  /** Of a batch's packets, when their replies have left; absent where nobody wants to know. Must not throw. */
  observe?(answered: readonly Attempted<T>[]): void;
  readonly shown: Shown<T>;
  drop(reason: GeneralReason, detail?: string): T["drop"];
}
