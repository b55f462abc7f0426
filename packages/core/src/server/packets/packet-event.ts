/** What comes of a packet, as extensions see it: each part is made when it is looked at. */
import type { Answer, Exchange, Lease, LeaseChange, Query, Times } from "@kotare/extension";
import type { Milliseconds } from "../../base/clock.ts";
import { bytesOf } from "./attempt.ts";
import type { Attempted, PathTypes, Shown } from "./packet-path.ts";

interface Parts<T extends PathTypes> {
  /** With all classes. */
  readonly query: T["query"];
  readonly answer: T["answer"];
  /** The reply; `undefined` for none. */
  readonly sent: Uint8Array | undefined;
  readonly service: T["service"];
  readonly times: Times | undefined;
}

export class PacketEvent<T extends PathTypes> implements Exchange {
  readonly kind = "exchange";
  #held: Parts<T> | undefined;
  readonly #shown: Shown<T>;
  #query: Query | undefined;
  #answer: Answer | undefined;
  #changes: readonly LeaseChange[] | undefined;

  private constructor(parts: Parts<T>, shown: Shown<T>) {
    this.#held = parts;
    this.#shown = shown;
  }

  /** @param attempt one that has come to an answer @param left when that had left, where somebody wants to know */
  static of<T extends PathTypes>(attempt: Attempted<T>, shown: Shown<T>, left?: Milliseconds): PacketEvent<T> {
    const { packet, completed, query, answer, reply, service } = attempt;
    const { datagram, started } = packet;
    const sent = reply && bytesOf(reply);
    const isTimed = started !== undefined && left !== undefined;
    const times = isTimed ? { received: datagram.received, started, completed: left } : undefined;
    return new PacketEvent({ query: completed ?? query!, answer: answer!, sent, service, times }, shown);
  }

  get #parts(): Parts<T> {
    if (this.#held === undefined) throw new Error("what came of a packet is looked at when its answer has left");
    return this.#held;
  }

  /** Nothing that is still to be made of the packet can be from now on: its memory is used again. */
  end(): void {
    this.#held = undefined;
    this.#query = undefined;
    this.#answer = undefined;
  }

  get times(): Times | undefined {
    return this.#parts.times;
  }

  get query(): Query {
    this.#query ??= this.#shown.query(this.#parts.query, this.#parts.service);
    return this.#query;
  }

  get answer(): Answer {
    const { answer, sent } = this.#parts;
    this.#answer ??= this.#shown.answer(answer, sent === undefined ? () => undefined : this.#shown.sent(sent));
    return this.#answer;
  }

  get reply(): Query | undefined {
    const { query, sent, service } = this.#parts;
    return sent && this.#shown.query(this.#shown.replyTo(query, sent), service);
  }

  get changes(): readonly LeaseChange[] {
    this.#changes ??= this.#shown.changes(this.#parts.query, this.#parts.answer);
    return this.#changes;
  }

  /** Leases that were over when their addresses were given, as they were. */
  get over(): readonly Lease[] {
    const { query, answer } = this.#parts;
    return this.#shown.over(query, answer).map((lease) => this.#shown.lease(lease));
  }

  /** The same event, which outlives the memory of the packet and of its reply. */
  keep(): PacketEvent<T> {
    const { query, sent } = this.#parts;
    const kept = new PacketEvent({ ...this.#parts, query: this.#shown.kept(query), sent: sent?.slice() }, this.#shown);
    // Leases that are put have their client's identifiers from the packet.
    kept.#changes = this.changes.map(({ kind, lease, row, before }) => ({ kind, lease, row, before }));
    return kept;
  }
}
