/** A batch of packets on its way: decode → place → decide → encode → commit → reply. */
import type { Datagram, SendBatch } from "@kotare/netio/datagram";
import type { Clock } from "../base/clock.ts";
import { DecodeError } from "../base/decode-error.ts";
import type { CommitResult, FamilyStore } from "../leases/lease-store.ts";
import type { Waiting } from "./intake.ts";
import type { Drop, Facts, Ingress, PacketPath, PathReporter, PathTypes } from "./packet-path.ts";
import type { ServedInterface } from "./served-interfaces.ts";

export interface PipelineParts<T extends PathTypes> {
  readonly store: FamilyStore<T["lease"], T["batch"]>;
  /** Of the leases. */
  readonly clock: Pick<Clock, "wall">;
  readonly reporter: PathReporter<T>;
  newSendBatch(): SendBatch<T["address"]>;
  /** The interface that a packet came in on, if we serve it. */
  interfaceOf(ifindex: number): ServedInterface<T["address"]> | undefined;
  isOurAddress(address: T["address"]): boolean;
  /** Whether the service is not switched off. */
  isOn(): boolean;
  random(): number;
}

/** What is reported once the batch is durable. */
interface Answered<T extends PathTypes> {
  readonly message: T["message"];
  readonly ingress: Ingress<T["address"]>;
  readonly query: T["query"];
  readonly answer: T["answer"];
}

/** One batch while its packets are decided about. */
interface Round<T extends PathTypes> {
  readonly batch: T["batch"];
  readonly replies: SendBatch<T["address"]>;
  readonly answered: Answered<T>[];
  readonly now: number;
}

export class Pipeline<T extends PathTypes> {
  /** The configuration in force; replaced as a whole by a reload. */
  service: T["service"];
  readonly #path: PacketPath<T>;
  readonly #parts: PipelineParts<T>;
  /** Messages being answered, by transaction: a retransmission need not be answered twice at once. */
  readonly #inFlight = new Map<number, T["query"]>();
  /** How the last batch ends that has changed leases. */
  #lastWrite: Promise<CommitResult> = Promise.resolve({ kind: "durable" });

  constructor(path: PacketPath<T>, service: T["service"], parts: PipelineParts<T>) {
    this.#path = path;
    this.service = service;
    this.#parts = parts;
  }

  /** Serves one batch. Resolves when its replies have left, or are known never to leave; never rejects. */
  async serve(waiting: readonly Waiting<T["address"]>[]): Promise<void> {
    const { store, reporter, clock } = this.#parts;
    reporter.beginBatch();
    const replies = this.#parts.newSendBatch();
    const round: Round<T> = { batch: store.begin(), replies, answered: [], now: Math.floor(clock.wall()) };
    const { answered } = round;
    for (const { datagram } of waiting) this.#answer(datagram, round);
    const result = await this.#commit(round);
    if (result.kind === "durable") {
      const failures = new Map(replies.send().map(({ index, code }) => [index, code]));
      let index = 0;
      for (const { query, answer } of answered) {
        reporter.answered(query, answer, answer.kind === "reply" ? failures.get(index++) : undefined);
      }
    } else {
      replies.discard();
      const dropped = this.#path.drop("commit-failed");
      for (const { message, ingress } of answered) reporter.dropped(message, ingress, dropped);
      reporter.commitFailed(result.error, answered.length);
    }
    for (const { message } of answered) this.#inFlight.delete(this.#path.transactionOf(message));
    for (const { holder } of waiting) holder.done();
  }

  #commit({ batch, answered }: Round<T>): Promise<CommitResult> {
    const own = batch.commit();
    const kinds = answered.map(({ answer }) => this.#path.durability(answer));
    if (kinds.includes("writes")) {
      this.#lastWrite = own;
      return own;
    }
    return kinds.includes("confirms") ? this.#lastWrite : own;
  }

  #answer(datagram: Datagram<T["address"]>, round: Round<T>): void {
    const { reporter } = this.#parts;
    const served = this.#parts.interfaceOf(datagram.ifindex);
    if (served === undefined) {
      reporter.notServed(datagram);
      return;
    }
    const ingress = ingressOf(datagram, served);
    const bytes = datagram.buffer.subarray(datagram.offset, datagram.offset + datagram.length);
    let message: T["message"] | undefined;
    try {
      message = this.#path.decode(bytes, this.service);
      reporter.received(message, ingress);
      const dropped = this.#decide(message, ingress, round);
      if (dropped !== undefined) reporter.dropped(message, ingress, dropped);
    } catch (error) {
      if (error instanceof DecodeError) reporter.undecodable(datagram, ingress, message, error);
      else reporter.bug(ingress, bytes, error);
    }
  }

  /** From the message to its reply in the batch, and to its changes of leases. */
  #decide(message: T["message"], ingress: Ingress<T["address"]>, round: Round<T>): T["drop"] | undefined {
    const path = this.#path;
    const { service } = this;
    if (!this.#parts.isOn()) return path.drop("service-disabled");
    const facts: Facts<T> = {
      service,
      view: round.batch,
      now: round.now,
      random: this.#parts.random(),
      isOurAddress: this.#parts.isOurAddress,
    };
    const query = path.place(message, ingress, facts);
    if (isDrop(query)) return query;
    const transaction = path.transactionOf(message);
    const before = this.#inFlight.get(transaction);
    if (before !== undefined && path.isSameClient(before, query)) return path.drop("duplicate");
    const answer = path.decide(query, facts);
    if (isDrop(answer)) return answer;
    const unfit = answer.kind === "reply" ? path.encode(query, answer, service, round.replies) : undefined;
    if (unfit !== undefined) return unfit;
    path.change(answer, round.batch);
    this.#inFlight.set(transaction, query);
    round.answered.push({ message, ingress, query, answer });
    return undefined;
  }
}

function ingressOf<Address>(datagram: Datagram<Address>, served: ServedInterface<Address>): Ingress<Address> {
  const { macOffset, buffer, source, sourcePort, destination } = datagram;
  const sourceMac = macOffset < 0 ? undefined : buffer.subarray(macOffset, macOffset + 6);
  return { interface: served, source, sourcePort, destination, sourceMac };
}

function isDrop<D extends Drop>(result: object | D): result is D {
  return "kind" in result && result.kind === "drop";
}
