/** A batch of packets on its way: decode → place → load → decide → encode → commit → reply. */
import { DecodeError } from "@kotare/core/base/decode-error";
import { MessageType } from "@kotare/core/dhcp4/message-type";
import { Message4, Option4 } from "@kotare/core/dhcp4/message4";
import { agentOptionsOf } from "@kotare/core/leases/agent-options";
import { LeaseState } from "@kotare/core/leases/lease";
import type { LeaseClock } from "@kotare/core/leases/lease-clock";
import type { CommitResult, LeaseBatch, LeaseStore, LeaseView } from "@kotare/core/leases/lease-store";
import type { Datagram, SendBatch } from "@kotare/netio/datagram";
import { destinationOf, type Ports } from "./destination4.ts";
import { handlers } from "./handlers/index.ts";
import type { Waiting } from "./intake4.ts";
import { type Changes4, type Done4, drop, type Outcome4, type Reply4 } from "./outcome4.ts";
import { placeQuery } from "./place.ts";
import type { Ingress4, Query4, ServedInterface } from "./query4.ts";
import { encodeReply, payloadLimit } from "./reply-encoder.ts";
import type { Reporter4 } from "./reporter4.ts";
import type { Service4 } from "./service4.ts";

export interface PipelineParts4 {
  readonly store: LeaseStore;
  readonly clock: LeaseClock;
  /** Tells what happened: logs and statistics. */
  readonly reporter: Reporter4;
  readonly ports: Ports;
  newSendBatch(): SendBatch;
  /** The interface that a packet came in on, if we serve it. */
  interfaceOf(ifindex: number): ServedInterface | undefined;
  random(): number;
}

/** What is reported once the batch is durable. */
type Answered = { readonly query: Query4; readonly outcome: Reply4 | Done4 };

export class Pipeline4 {
  /** The configuration in force; replaced as a whole by a reload. */
  service: Service4;
  readonly #parts: PipelineParts4;
  /** Messages being answered, by transaction: a retransmission need not be answered twice at once. */
  readonly #inFlight = new Map<number, Query4>();

  /** How the last batch ends that has changed leases. */
  #lastWrite: Promise<CommitResult> = Promise.resolve({ kind: "durable" });

  constructor(service: Service4, parts: PipelineParts4) {
    this.service = service;
    this.#parts = parts;
  }

  /** Serves one batch. Resolves when its replies have left, or are known never to leave; never rejects. */
  async serve(waiting: readonly Waiting[]): Promise<void> {
    const { store, reporter } = this.#parts;
    reporter.beginBatch();
    const batch = store.begin();
    const replies = this.#parts.newSendBatch();
    const answered: Answered[] = [];
    const now = Math.floor(this.#parts.clock.wall());
    for (const { datagram } of waiting) this.#answer(datagram, batch, replies, answered, now);
    const result = await this.#commit(batch, answered);
    if (result.kind === "durable") {
      const failures = new Map(replies.send().map(({ index, code }) => [index, code]));
      let index = 0;
      for (const { query, outcome } of answered) {
        reporter.answered(query, outcome, outcome.kind === "reply" ? failures.get(index++) : undefined);
      }
    } else {
      replies.discard();
      for (const { query } of answered) reporter.dropped(query.message, query.ingress, drop("commit-failed"));
      reporter.commitFailed(result.error, answered.length);
    }
    for (const { query } of answered) this.#inFlight.delete(transactionOf(query.message));
    for (const { holder } of waiting) holder.done();
  }

  #commit(batch: LeaseBatch, answered: readonly Answered[]): Promise<CommitResult> {
    const own = batch.commit();
    if (answered.some(({ outcome }) => isWritten(outcome.changes))) {
      this.#lastWrite = own;
      return own;
    }
    // A lease that is confirmed without being written may have been given in a batch that is not on disk yet.
    return answered.some(isConfirmation) ? this.#lastWrite : own;
  }

  #answer(datagram: Datagram, batch: LeaseBatch, replies: SendBatch, answered: Answered[], now: number): void {
    const { reporter } = this.#parts;
    const served = this.#parts.interfaceOf(datagram.ifindex);
    if (served === undefined) {
      reporter.notServed(datagram);
      return;
    }
    const ingress = ingressOf(datagram, served);
    const bytes = datagram.buffer.subarray(datagram.offset, datagram.offset + datagram.length);
    let message: Message4 | undefined;
    try {
      message = new Message4(bytes, this.service.settings.lenientOptionParsing);
      reporter.received(message, ingress);
      const query = placeQuery(message, ingress, this.service, this.#stashedOptions(message, batch));
      if ("kind" in query) {
        reporter.dropped(message, ingress, query);
        return;
      }
      const outcome = this.#encoded(query, this.#decide(query, batch, now), replies);
      if (outcome.kind === "drop") {
        reporter.dropped(message, ingress, outcome);
        return;
      }
      const { put, remove } = outcome.changes;
      if (remove !== undefined) batch.remove(remove);
      if (put !== undefined) batch.put(put);
      this.#inFlight.set(transactionOf(message), query);
      answered.push({ query, outcome });
    } catch (error) {
      if (error instanceof DecodeError) reporter.undecodable(datagram, ingress, message, error);
      else reporter.bug(ingress, bytes, error);
    }
  }

  #decide(query: Query4, view: LeaseView, now: number): Outcome4 {
    const handler = handlers[query.message.type];
    if (handler === undefined) return drop("unknown-type", `type ${query.message.type}`);
    if (this.#isBeingAnswered(query)) return drop("duplicate");
    const { declineProbation } = this.service.settings;
    return handler(query, { view, now, random: this.#parts.random(), declineProbation });
  }

  /** Encodes a reply behind those before it; what cannot be encoded must not be decided either. */
  #encoded(query: Query4, outcome: Outcome4, replies: SendBatch): Outcome4 {
    if (outcome.kind !== "reply") return outcome;
    const limit = payloadLimit(query);
    const { buffer, offset } = replies.reserve(limit);
    const encoded = encodeReply(query, outcome, this.service.settings, buffer, offset, limit);
    if (encoded === undefined) return drop("too-large");
    this.#parts.reporter.encoded(query, buffer, offset, encoded);
    replies.add(encoded.length, destinationOf(query, outcome, this.#parts.ports));
    return outcome;
  }

  #isBeingAnswered({ message, hwaddr }: Query4): boolean {
    const other = this.#inFlight.get(transactionOf(message));
    return other !== undefined && other.message.giaddr === message.giaddr && Buffer.compare(other.hwaddr, hwaddr) === 0;
  }

  /** Kea's `stash-agent-options`: a client that renews by itself keeps the relay information of its lease. */
  #stashedOptions(message: Message4, view: LeaseView): Uint8Array | undefined {
    if (!this.service.settings.stashAgentOptions || message.type !== MessageType.DHCPREQUEST) return undefined;
    if (message.ciaddr === 0 || message.giaddr !== 0 || message.hasOption(Option4.relayAgentInformation)) {
      return undefined;
    }
    const lease = view.byAddress(message.ciaddr);
    if (lease === undefined || Buffer.compare(lease.hwaddr, message.chaddr) !== 0) return undefined;
    return agentOptionsOf(lease.userContext);
  }
}

function ingressOf(datagram: Datagram, served: ServedInterface): Ingress4 {
  const { macOffset, buffer, source, sourcePort, destination } = datagram;
  const sourceMac = macOffset < 0 ? undefined : buffer.subarray(macOffset, macOffset + 6);
  return { interface: served, source, sourcePort, destination, sourceMac };
}

/** An offer stays in memory. */
function isWritten({ put, remove }: Changes4): boolean {
  return remove !== undefined || (put !== undefined && put.state !== LeaseState.offered);
}

/** An ACK out of the lease cache. */
function isConfirmation({ outcome }: Answered): boolean {
  if (outcome.kind !== "reply" || outcome.type !== MessageType.DHCPACK) return false;
  return outcome.lifetime !== undefined && outcome.changes.put === undefined;
}

/** Transaction id and type in one number. */
function transactionOf(message: Message4): number {
  return message.xid * 256 + message.type;
}
