/** One try at a packet: place → decide → complete → encode. Nothing comes of it yet, so it may be made again. */
import type { Datagram, SendBatch } from "@kotare/netio/transports/datagram";
import type { ServedInterface } from "../interfaces/served-interfaces.ts";
import type {
  Arrival,
  Attempted,
  Drop,
  EncodedReply,
  Facts,
  Ingress,
  Packet,
  PacketPath,
  PathTypes,
} from "./packet-path.ts";

type Replies<T extends PathTypes> = Pick<SendBatch<T["address"]>, "reserve">;

export class Attempt<T extends PathTypes> implements Attempted<T> {
  readonly packet: Packet<T>;
  readonly service: T["service"];
  query: T["query"] | undefined;
  answer: T["answer"] | undefined;
  completed: T["query"] | undefined;
  reply: EncodedReply<T["address"]> | undefined;
  drop: T["drop"] | undefined;

  constructor(packet: Packet<T>, service: T["service"]) {
    this.packet = packet;
    this.service = service;
    this.query = undefined;
    this.answer = undefined;
    this.completed = undefined;
    this.reply = undefined;
    this.drop = undefined;
  }

  /**
   * @param mayRecall as `LeaseBatch.mayRecall`
   * @returns whether it has come to an answer or a drop: not where a look-up has missed. Where it is only a fact of an
   *   extension that is not there, `answer` is what it would be without.
   */
  make(
    path: PacketPath<T>,
    facts: Facts<T>,
    replies: Replies<T>,
    isInFlight: (packet: Packet<T>) => boolean,
    mayRecall: boolean,
  ): boolean {
    const { message, ingress } = this.packet;
    const { view, hosts, known } = facts;
    const { missed, recalled } = view;
    const { missed: missedHosts, recalled: recalledHosts } = hosts;
    view.mayRecall = mayRecall;
    hosts.begin(mayRecall, facts.now);
    this.query = undefined;
    this.answer = undefined;
    if (isInFlight(this.packet)) {
      this.drop = path.drop("duplicate");
      return true;
    }
    const query = path.place(message, ingress, facts);
    if (view.missed > missed || known?.lacks) return false;
    if (hosts.missed > missedHosts) {
      // What it lacks of leases is loaded at the same time, and nothing for extensions: the answer is going to be another.
      if (!isDrop(query)) path.decide(query, { ...facts, known: undefined });
      return false;
    }
    if (!isDrop(query)) this.query = query;
    const answer = isDrop(query) ? query : path.decide(query, facts);
    const made = isDrop(answer) ? undefined : answer;
    // The commit checks what a change is based on, and nothing else does.
    const isChecked = view.recalled === recalled || (made !== undefined && path.isChecked(made));
    // A client may get what it was offered; nothing is offered or refused by what it was offered something else by.
    const isTaken = hosts.recalled === recalledHosts || (made !== undefined && path.isBinding(made));
    if (!isChecked || !isTaken) return this.make(path, facts, replies, isInFlight, false);
    if (view.missed > missed || hosts.missed > missedHosts) return false;
    if (made !== undefined) this.answer = made;
    if (known?.lacks) return false;
    if (isDrop(answer)) this.drop = answer;
    else {
      this.completed = path.complete(query, answer, this.service);
      this.encode(path, replies);
    }
    return true;
  }

  /** Encodes the answer's reply, if it has one. */
  encode(path: PacketPath<T>, replies: Replies<T>): void {
    const reply = path.encode(this.completed!, this.answer!, this.service, replies);
    if (reply !== undefined && isDrop(reply)) this.drop = reply;
    else this.reply = reply;
  }
}

function isDrop<D extends Drop>(result: object | D): result is D {
  return "kind" in result && result.kind === "drop";
}

/** Of a datagram that came, or of a reply. */
export function bytesOf({
  buffer,
  offset,
  length,
}: Pick<Datagram<unknown>, "buffer" | "offset" | "length">): Uint8Array {
  return buffer.subarray(offset, offset + length);
}

/** @param served the interface that it came in on */
export function ingressOf<Address>(datagram: Arrival<Address>, served: ServedInterface<Address>): Ingress<Address> {
  const { macOffset, buffer, source, sourcePort, destination, over6 } = datagram;
  const sourceMac = macOffset < 0 ? undefined : buffer.subarray(macOffset, macOffset + 6);
  return { interface: served, source, sourcePort, destination, sourceMac, over6 };
}
