/** A batch of packets on its way: decode → place → decide → encode → commit → reply. */
import type { Datagram, SendBatch } from "@kotare/netio/datagram";
import type { Clock } from "../base/clock.ts";
import { DecodeError } from "../base/decode-error.ts";
import type { CommitResult, FamilyStore } from "../leases/lease-store.ts";
import { CommitFailures } from "./commit-failures.ts";
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

interface Packet<T extends PathTypes> {
  readonly datagram: Datagram<T["address"]>;
  readonly message: T["message"];
  readonly ingress: Ingress<T["address"]>;
}

/** What is reported once the batch is durable. */
interface Answered<T extends PathTypes> extends Packet<T> {
  readonly query: T["query"];
  readonly answer: T["answer"];
  /** Changes of leases in the batch so far, its own included. */
  readonly changes: number;
}

/** Packets while they are decided about: those of a batch that came in, or the few of it that have to be again. */
interface Round<T extends PathTypes> {
  readonly batch: T["batch"];
  readonly replies: SendBatch<T["address"]>;
  readonly answered: Answered<T>[];
  /** Those of `answered`, by transaction. */
  readonly queries: Map<number, T["query"]>;
  /** Packets that cannot be decided about before leases have been loaded. */
  unloaded: Packet<T>[];
  readonly service: T["service"];
  readonly now: number;
  /** Whether what is remembered of clients may be tried: not again where it was wrong. */
  readonly mayRecall: boolean;
}

/** Loads for one decision, and decisions for one packet. What needs more chases leases that others keep changing. */
const TRIES = 5;

export class Pipeline<T extends PathTypes> {
  /** The configuration in force; replaced as a whole by a reload. */
  service: T["service"];
  readonly #path: PacketPath<T>;
  readonly #parts: PipelineParts<T>;
  /**
   * Rounds whose answers are not out yet: a retransmission need not be answered twice at once. One map for all of them,
   * filled and emptied for ever, would leave a chain of outgrown tables that keep one another's packets alive.
   */
  readonly #inFlight: Round<T>[] = [];
  readonly #failures = new CommitFailures();
  /** How the last batch ends that has changed leases. */
  #lastWrite: Promise<CommitResult> = Promise.resolve({ kind: "durable" });

  constructor(path: PacketPath<T>, service: T["service"], parts: PipelineParts<T>) {
    this.#path = path;
    this.service = service;
    this.#parts = parts;
  }

  /** Serves one batch. Resolves when its replies have left, or are known never to leave; never rejects. */
  async serve(waiting: readonly Waiting<T["address"]>[]): Promise<void> {
    this.#parts.reporter.beginBatch();
    let round = this.#begin(true);
    for (const { datagram } of waiting) this.#receive(datagram, round);
    for (let tries = 1; ; tries++) {
      if (round.unloaded.length > 0) await this.#load(round);
      const again = this.#finish(round, await this.#commit(round), tries < TRIES);
      if (again.length === 0) break;
      round = this.#begin(false);
      for (const packet of again) this.#answer(packet.datagram, packet.message, packet.ingress, round);
    }
    for (const { holder } of waiting) holder.done();
  }

  #begin(mayRecall: boolean): Round<T> {
    const round: Round<T> = {
      batch: this.#parts.store.begin(),
      replies: this.#parts.newSendBatch(),
      answered: [],
      queries: new Map(),
      unloaded: [],
      service: this.service,
      now: Math.floor(this.#parts.clock.wall()),
      mayRecall,
    };
    this.#inFlight.push(round);
    return round;
  }

  #receive(datagram: Datagram<T["address"]>, round: Round<T>): void {
    const { reporter } = this.#parts;
    const served = this.#parts.interfaceOf(datagram.ifindex);
    if (served === undefined) {
      reporter.notServed(datagram);
      return;
    }
    const ingress = ingressOf(datagram, served);
    let message: T["message"];
    try {
      message = this.#path.decode(bytesOf(datagram), round.service);
      reporter.received(message, ingress);
    } catch (error) {
      this.#reportThrown(error, datagram, undefined, ingress);
      return;
    }
    this.#answer(datagram, message, ingress, round);
  }

  #answer(
    datagram: Datagram<T["address"]>,
    message: T["message"],
    ingress: Ingress<T["address"]>,
    round: Round<T>,
  ): void {
    const { missed } = round.batch;
    try {
      const dropped = this.#decide(datagram, message, ingress, round, round.mayRecall);
      if (dropped !== undefined) this.#parts.reporter.dropped(message, ingress, dropped);
    } catch (error) {
      if (round.batch.missed > missed) round.unloaded.push({ datagram, message, ingress });
      else this.#reportThrown(error, datagram, message, ingress);
    }
  }

  /** From the message to its reply in the batch, and to its changes of leases. @param mayRecall as `FamilyBatch.mayRecall` */
  #decide(
    datagram: Datagram<T["address"]>,
    message: T["message"],
    ingress: Ingress<T["address"]>,
    round: Round<T>,
    mayRecall: boolean,
  ): T["drop"] | undefined {
    const path = this.#path;
    const { service, batch, now } = round;
    const { missed, recalled } = batch;
    batch.mayRecall = mayRecall;
    if (!this.#parts.isOn()) return path.drop("service-disabled");
    const facts: Facts<T> = {
      service,
      view: batch,
      now,
      random: this.#parts.random(),
      isOurAddress: this.#parts.isOurAddress,
    };
    const query = path.place(message, ingress, facts);
    if (batch.missed === missed) {
      const transaction = path.transactionOf(message);
      if (!isDrop(query) && this.#isInFlight(transaction, query)) return path.drop("duplicate");
      const answer = isDrop(query) ? query : path.decide(query, facts);
      // The commit checks what a change is based on, and nothing else does.
      const isChecked = batch.recalled === recalled || (!isDrop(answer) && path.durability(answer) === "writes");
      if (!isChecked) return this.#decide(datagram, message, ingress, round, false);
      if (batch.missed === missed) {
        if (isDrop(answer)) return answer;
        const unfit = answer.kind === "reply" ? path.encode(query, answer, service, round.replies) : undefined;
        if (unfit !== undefined) return unfit;
        path.change(answer, batch);
        round.queries.set(transaction, query);
        round.answered.push({ datagram, message, ingress, query, answer, changes: batch.size });
        return undefined;
      }
    }
    round.unloaded.push({ datagram, message, ingress });
    return undefined;
  }

  #isInFlight(transaction: number, query: T["query"]): boolean {
    for (const { queries } of this.#inFlight) {
      const other = queries.get(transaction);
      if (other !== undefined && this.#path.isSameClient(other, query)) return true;
    }
    return false;
  }

  /** Loads what decisions lack and takes them again: they are pure, so nothing has come of the first attempt. */
  async #load(round: Round<T>): Promise<void> {
    const { batch } = round;
    for (let tries = 1; round.unloaded.length > 0; tries++) {
      const packets = round.unloaded;
      try {
        if (tries > TRIES) throw new Error("what it takes to decide kept changing");
        await batch.load();
      } catch (error) {
        this.#dropAll(packets, error, round.now);
        round.unloaded = [];
        return;
      }
      round.unloaded = [];
      for (const { datagram, message, ingress } of packets) this.#answer(datagram, message, ingress, round);
    }
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

  /** @returns the packets that have to be decided about again, because others were quicker */
  #finish(round: Round<T>, result: CommitResult, mayTryAgain: boolean): readonly Packet<T>[] {
    const { answered, replies } = round;
    this.#inFlight.splice(this.#inFlight.indexOf(round), 1);
    if (result.kind === "durable") {
      this.#reply(answered, replies);
      return [];
    }
    replies.discard();
    if (result.kind === "failed") {
      this.#dropAll(answered, result.error, round.now);
      return [];
    }
    const lost = answered.filter((each, i) => this.#hasLost(each, answered[i - 1]?.changes ?? 0, result.changes));
    const kept = answered.filter((each) => !lost.includes(each));
    const remaining = this.#parts.newSendBatch();
    for (const { query, answer } of kept) {
      if (answer.kind === "reply") this.#path.encode(query, answer, round.service, remaining);
    }
    this.#reply(kept, remaining);
    if (mayTryAgain) return lost;
    this.#dropAll(lost, new Error("other servers were quicker each time"), round.now);
    return [];
  }

  /** Whether one of the answer's changes has not been made, or a lease that it confirms may not be what it was. */
  #hasLost({ answer, changes }: Answered<T>, before: number, taken: ReadonlySet<number>): boolean {
    for (let change = before; change < changes; change++) if (taken.has(change)) return true;
    return this.#path.durability(answer) === "confirms";
  }

  #reply(answered: readonly Answered<T>[], replies: SendBatch<T["address"]>): void {
    const failures = new Map(replies.send().map(({ index, code }) => [index, code]));
    let index = 0;
    for (const { query, answer } of answered) {
      this.#parts.reporter.answered(query, answer, answer.kind === "reply" ? failures.get(index++) : undefined);
    }
  }

  #dropAll(packets: readonly Packet<T>[], error: unknown, now: number): void {
    const { reporter } = this.#parts;
    const dropped = this.#path.drop("commit-failed");
    for (const { message, ingress } of packets) reporter.dropped(message, ingress, dropped);
    const cause = error instanceof Error ? error : new Error(String(error));
    const told = this.#failures.add(packets.length, cause.message, now);
    if (told > 0) reporter.commitFailed(cause, told);
  }

  #reportThrown(
    error: unknown,
    datagram: Datagram<T["address"]>,
    message: T["message"] | undefined,
    ingress: Ingress<T["address"]>,
  ): void {
    const { reporter } = this.#parts;
    if (error instanceof DecodeError) reporter.undecodable(datagram, ingress, message, error);
    else reporter.bug(ingress, bytesOf(datagram), error);
  }
}

function bytesOf({ buffer, offset, length }: Datagram<unknown>): Uint8Array {
  return buffer.subarray(offset, offset + length);
}

function ingressOf<Address>(datagram: Datagram<Address>, served: ServedInterface<Address>): Ingress<Address> {
  const { macOffset, buffer, source, sourcePort, destination } = datagram;
  const sourceMac = macOffset < 0 ? undefined : buffer.subarray(macOffset, macOffset + 6);
  return { interface: served, source, sourcePort, destination, sourceMac };
}

function isDrop<D extends Drop>(result: object | D): result is D {
  return "kind" in result && result.kind === "drop";
}
