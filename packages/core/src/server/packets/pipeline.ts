/** A batch of packets on its way: decode → place → decide → encode → commit → reply. */
import type { Datagram, SendBatch } from "@kotare/netio/transports/datagram";
import type { Clock } from "../../base/clock.ts";
import { DecodeError } from "../../base/decode-error.ts";
import type { Lease } from "../../leases/model/lease.ts";
import type { CommitResult, FamilyBatch, FamilyStore } from "../../leases/model/lease-store.ts";
import type { ServedInterface } from "../interfaces/served-interfaces.ts";
import { CommitFailures } from "./commit-failures.ts";
import type { Waiting } from "./intake.ts";
import type { Drop, Facts, Ingress, PacketPath, PathReporter, PathTypes } from "./packet-path.ts";

export interface PipelineParts<T extends PathTypes> {
  readonly store: Pick<FamilyStore<T["lease"], T["batch"]>, "begin">;
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

/** What is carried out once the batch is durable. */
interface Answered<T extends PathTypes> extends Packet<T> {
  readonly query: T["query"];
  readonly answer: T["answer"];
  /** Changes of leases in the batch so far, its own included. */
  readonly changes: number;
}

/** Packets while they are decided about: those of a batch that came in, or the few of it that have to be again. */
interface Round<T extends PathTypes> {
  batch: T["batch"];
  /** Of packets in `answered` only. */
  replies: SendBatch<T["address"]>;
  /** Packets whose changes are in `batch`, all of them. */
  answered: Answered<T>[];
  /** Those of `answered`, by transaction. */
  readonly queries: Map<number, T["query"]>;
  /** Whether some of a packet's changes may be in `batch` and others not. */
  isHalfMade: boolean;
  /** Packets that cannot be decided about before leases have been loaded. */
  unloaded: Packet<T>[];
  readonly service: T["service"];
  /** Lease time, whole seconds, when `batch` began. */
  now: number;
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

  constructor(path: PacketPath<T>, service: T["service"], parts: PipelineParts<T>) {
    this.#path = path;
    this.service = service;
    this.#parts = parts;
  }

  /**
   * Serves one batch. Resolves when its replies have left, or are known never to leave. Rejects when the reporter or the
   * sending of replies has a fault, which is nobody's who asked.
   */
  async serve(waiting: readonly Waiting<T["address"]>[]): Promise<void> {
    let round = this.#begin(true);
    try {
      this.#parts.reporter.beginBatch();
      for (const { datagram } of waiting) this.#receive(datagram, round);
      for (let tries = 1; ; tries++) {
        if (round.unloaded.length > 0) await this.#load(round);
        const result = await commit(round.batch);
        this.#end(round);
        const again = this.#finish(round, result, tries < TRIES);
        if (again.length === 0) break;
        round = this.#begin(false);
        for (const packet of again) this.#answer(packet, round);
      }
    } catch (error) {
      round.batch.abandon();
      throw error;
    } finally {
      this.#end(round);
      for (const { holder } of waiting) holder.done();
    }
  }

  #begin(mayRecall: boolean): Round<T> {
    const round: Round<T> = {
      batch: this.#parts.store.begin(),
      replies: this.#parts.newSendBatch(),
      answered: [],
      queries: new Map(),
      isHalfMade: false,
      unloaded: [],
      service: this.service,
      now: Math.floor(this.#parts.clock.wall()),
      mayRecall,
    };
    this.#inFlight.push(round);
    return round;
  }

  #end(round: Round<T>): void {
    const at = this.#inFlight.indexOf(round);
    if (at >= 0) this.#inFlight.splice(at, 1);
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
    this.#answer({ datagram, message, ingress }, round);
  }

  #answer(packet: Packet<T>, round: Round<T>): void {
    const { batch } = round;
    const { missed } = batch;
    const { datagram, message, ingress } = packet;
    try {
      const dropped = this.#decide(packet, round, round.mayRecall);
      if (dropped !== undefined) this.#parts.reporter.dropped(message, ingress, dropped);
    } catch (error) {
      if (round.isHalfMade) this.#restart(round);
      else if (batch.missed > missed) {
        round.unloaded.push(packet);
        return;
      }
      this.#reportThrown(error, datagram, message, ingress);
    }
  }

  /**
   * From the message to its changes of leases, and to its reply beside those of the batch: a reply is among them only when
   * all of its packet's changes are in the batch. A fault on the way there has changed nothing, or the round is half made.
   * @param mayRecall as `FamilyBatch.mayRecall`
   */
  #decide(packet: Packet<T>, round: Round<T>, mayRecall: boolean): T["drop"] | undefined {
    const path = this.#path;
    const { datagram, message, ingress } = packet;
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
      const isChecked = batch.recalled === recalled || (!isDrop(answer) && path.isChecked(answer));
      if (!isChecked) return this.#decide(packet, round, false);
      if (batch.missed === missed) {
        if (isDrop(answer)) return answer;
        const reply = path.encode(query, answer, service, round.replies);
        if (reply !== undefined && isDrop(reply)) return reply;
        round.isHalfMade = true;
        path.change(answer, batch);
        if (reply !== undefined) round.replies.add(reply.length, reply.to);
        round.queries.set(transaction, query);
        round.answered.push({ datagram, message, ingress, query, answer, changes: batch.size });
        round.isHalfMade = false;
        return undefined;
      }
    }
    round.unloaded.push(packet);
    return undefined;
  }

  /** After a fault amid a packet's changes: its batch is given up as a whole, and the others in it are decided about again. */
  #restart(round: Round<T>): void {
    const { batch, replies, answered } = round;
    round.isHalfMade = false;
    replies.discard();
    round.replies = this.#parts.newSendBatch();
    round.answered = [];
    round.queries.clear();
    round.batch = this.#parts.store.begin();
    round.now = Math.floor(this.#parts.clock.wall());
    batch.abandon();
    for (const packet of answered) this.#answer(packet, round);
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
    for (let tries = 1; round.unloaded.length > 0; tries++) {
      const packets = round.unloaded;
      try {
        if (tries > TRIES) throw new Error("what it takes to decide kept changing");
        await round.batch.load();
      } catch (error) {
        this.#dropAll(packets, error, round.now);
        round.unloaded = [];
        return;
      }
      round.unloaded = [];
      for (const packet of packets) this.#answer(packet, round);
    }
  }

  /** @returns the packets that have to be decided about again, because others were quicker */
  #finish(round: Round<T>, result: CommitResult, mayTryAgain: boolean): readonly Packet<T>[] {
    const { answered, replies } = round;
    if (result.kind === "durable") {
      this.#reply(answered, replies);
      return [];
    }
    replies.discard();
    if (result.kind === "failed") {
      this.#dropAll(answered, result.error, round.now);
      return [];
    }
    const lost = answered.filter(({ changes }, i) => hasAny(result.changes, answered[i - 1]?.changes ?? 0, changes));
    const kept = answered.filter((each) => !lost.includes(each));
    const remaining = this.#parts.newSendBatch();
    this.#reply(
      kept.filter((each) => this.#encodeAgain(each, round.service, remaining)),
      remaining,
    );
    if (mayTryAgain) return lost;
    this.#dropAll(lost, new Error("other servers were quicker each time"), round.now);
    return [];
  }

  /** @returns whether what could be encoded before can still be */
  #encodeAgain(packet: Answered<T>, service: T["service"], replies: SendBatch<T["address"]>): boolean {
    const { query, answer, datagram, message, ingress } = packet;
    try {
      const reply = this.#path.encode(query, answer, service, replies);
      if (reply !== undefined && isDrop(reply)) {
        this.#parts.reporter.dropped(message, ingress, reply);
        return false;
      }
      if (reply !== undefined) replies.add(reply.length, reply.to);
      return true;
    } catch (error) {
      this.#reportThrown(error, datagram, message, ingress);
      return false;
    }
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
    const cause = asError(error);
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

async function commit(batch: FamilyBatch<Lease>): Promise<CommitResult> {
  try {
    return await batch.commit();
  } catch (error) {
    batch.abandon();
    return { kind: "failed", error: asError(error) };
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function hasAny(numbers: ReadonlySet<number>, from: number, to: number): boolean {
  for (let number = from; number < to; number++) if (numbers.has(number)) return true;
  return false;
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
