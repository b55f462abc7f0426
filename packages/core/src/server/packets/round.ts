/** Packets while they are decided about: those of a batch that came in, or the few of it that have to be again. */
import type { SendBatch } from "@kotare/netio/transports/datagram";
import type { Clock, Seconds } from "../../base/clock.ts";
import type { CommitResult, LeaseStore } from "../../leases/model/lease-store.ts";
import { Attempt } from "./attempt.ts";
import type { Asked, Facts, Packet, PacketPath, PathTypes } from "./packet-path.ts";
import type { AttemptReporter } from "./report/attempt-reporter.ts";

export interface RoundParts<T extends PathTypes> {
  readonly told: AttemptReporter<T>;
  readonly store: Pick<LeaseStore<T["lease"], T["batch"]>, "begin">;
  /** Of the leases. */
  readonly clock: Pick<Clock, "wall">;
  /** The reservations, for one round. */
  beginHosts(service: T["service"]): T["hosts"];
  newSendBatch(): SendBatch<T["address"]>;
  isOurAddress(address: T["address"]): boolean;
  /** Whether the service is not switched off. */
  isOn(): boolean;
  /** Takes a packet that waits for something that takes its time. */
  park(attempt: Attempt<T>, path: PacketPath<T>): void;
  /** Whether such a message of the same client is being answered. */
  isInFlight(packet: Packet<T>): boolean;
}

/** Loads for one decision, and decisions for one packet. What needs more chases leases that others keep changing. */
export const TRIES = 5;

export class Round<T extends PathTypes> {
  readonly path: PacketPath<T>;
  readonly service: T["service"];
  readonly #parts: RoundParts<T>;
  /** Whether what is remembered of clients may be tried: not again where it was wrong. */
  readonly #mayRecall: boolean;
  #batch: T["batch"];
  readonly #hosts: T["hosts"];
  /** Lease time, whole seconds, when the batch began. */
  #now: Seconds;
  /** Of packets in `answered` only. */
  #replies: SendBatch<T["address"]>;
  /** Packets whose changes are in the batch, all of them. */
  #answered: Attempt<T>[] = [];
  /** For each of them the changes in the batch so far, its own included. */
  #changes: number[] = [];
  /** Theirs, by transaction. */
  readonly #packets = new Map<number, Packet<T>>();
  /** Whether some of a packet's changes may be in the batch and others not. */
  #isHalfMade = false;
  /** Packets that cannot be decided about before leases have been loaded. */
  #unloaded: Attempt<T>[] = [];
  /** Parked ones whose answers are held in the batch. */
  readonly #held: Attempt<T>[] = [];
  #asked: Asked<T> | undefined;

  constructor(parts: RoundParts<T>, path: PacketPath<T>, service: T["service"], mayRecall: boolean) {
    this.#parts = parts;
    this.path = path;
    this.service = service;
    this.#mayRecall = mayRecall;
    this.#batch = parts.store.begin();
    this.#hosts = parts.beginHosts(service);
    this.#replies = parts.newSendBatch();
    this.#now = Math.floor(parts.clock.wall());
  }

  get now(): Seconds {
    return this.#now;
  }

  get replies(): SendBatch<T["address"]> {
    return this.#replies;
  }

  get answered(): readonly Attempt<T>[] {
    return this.#answered;
  }

  /** Who else has to have what is changed, once `commit` has resolved; `undefined` where nobody has. */
  get asked(): Asked<T> | undefined {
    return this.#asked;
  }

  /** The packet of that transaction that it answers. */
  packetOf(transaction: number): Packet<T> | undefined {
    return this.#packets.get(transaction);
  }

  /**
   * From the message to its changes of leases, and to its reply beside those of the batch: a reply is among them only when
   * all of its packet's changes are in the batch. A fault on the way there has changed nothing, or the round is half made.
   */
  answer(packet: Packet<T>): void {
    const { told } = this.#parts;
    const before = this.#missed;
    const attempt = new Attempt(packet, this.service);
    try {
      if (!this.#attempt(attempt)) this.#wait(attempt);
      else if (attempt.drop !== undefined) {
        this.path.settled?.(attempt);
        told.dropped(attempt, attempt.drop);
      } else this.#change(attempt);
    } catch (error) {
      if (!this.#isHalfMade && (this.#missed > before || packet.known?.lacks)) {
        this.#wait(attempt);
        return;
      }
      told.thrown(attempt, error);
      if (this.#isHalfMade) this.#restart();
    }
  }

  get #missed(): number {
    return this.#batch.missed + this.#hosts.missed;
  }

  #attempt(attempt: Attempt<T>): boolean {
    const { path } = this;
    const { isOn, isOurAddress, isInFlight } = this.#parts;
    if (!isOn()) {
      attempt.drop = path.drop("service-disabled");
      return true;
    }
    const { random, known } = attempt.packet;
    const facts: Facts<T> = {
      service: this.service,
      view: this.#batch,
      hosts: this.#hosts,
      now: this.#now,
      random,
      isOurAddress,
      known,
    };
    return attempt.make(path, facts, this.#replies, isInFlight, this.#mayRecall);
  }

  /** For what it lacks: with its batch, or parked, while nobody else is offered what it is going to be. */
  #wait(attempt: Attempt<T>): void {
    if (attempt.packet.known?.lacksSlow !== true) {
      this.#unloaded.push(attempt);
      return;
    }
    if (attempt.answer !== undefined) {
      this.path.hold(attempt.answer, this.#batch);
      this.#held.push(attempt);
    }
    this.#parts.park(attempt, this.path);
  }

  #change(attempt: Attempt<T>): void {
    const { path } = this;
    const { reply } = attempt;
    this.#isHalfMade = true;
    path.change(attempt.answer!, this.#batch);
    this.#hosts.settle(path.isBinding(attempt.answer!));
    if (reply !== undefined) this.#replies.add(reply.length, reply.to);
    this.#packets.set(path.transactionOf(attempt.packet.message), attempt.packet);
    this.#answered.push(attempt);
    this.#changes.push(this.#batch.size);
    this.#isHalfMade = false;
  }

  /** After a fault amid a packet's changes: its batch is given up as a whole, and the others in it are decided about again. */
  #restart(): void {
    this.#answerAll(this.#takeBack());
  }

  #answerAll(packets: readonly Packet<T>[]): void {
    if (this.#batch.size === 0) for (const { answer } of this.#held) this.path.hold(answer!, this.#batch);
    for (const packet of packets) this.answer(packet);
  }

  /** Gives up the batch for a new one. @returns the packets whose changes were in it */
  #takeBack(): readonly Packet<T>[] {
    const [batch, answered] = [this.#batch, this.#answered];
    this.#isHalfMade = false;
    this.#replies.discard();
    this.#replies = this.#parts.newSendBatch();
    this.#answered = [];
    this.#changes = [];
    this.#packets.clear();
    this.#batch = this.#parts.store.begin();
    this.#now = Math.floor(this.#parts.clock.wall());
    batch.abandon();
    return answered.map(({ packet }) => packet);
  }

  /** Loads what decisions lack. @returns packets to decide about again: that is pure, so nothing has come of the first attempts */
  async #load(tries: number): Promise<readonly Packet<T>[]> {
    const lacking = this.#unloaded;
    // A store that has all leases at hand takes the changes of one batch after the other: none is open while others are made.
    const others = this.#batch.missed === 0 && this.#batch.size > 0 ? this.#takeBack() : [];
    this.#unloaded = [];
    try {
      if (tries > TRIES) throw new Error("what it takes to decide kept changing");
      await this.#fetch(lacking);
    } catch (error) {
      this.#parts.told.failed(lacking, asError(error), this.#now);
      return others;
    }
    return [...others, ...lacking.map(({ packet }) => packet)];
  }

  /** Leases, reservations and facts at the same time. */
  async #fetch(lacking: readonly Attempt<T>[]): Promise<void> {
    const known = lacking.flatMap(({ packet }) => packet.known ?? []);
    const facts = known.length === 0 ? undefined : this.path.load?.(known);
    await Promise.all([this.#batch.load(), this.#hosts.load(), facts]);
  }

  /**
   * Loads what is lacking, then commits: with nothing in between, as other rounds make their changes then.
   * @param onLoaded called when it is about to commit
   * @returns when it is known what has become of the changes in the store; others may still be `asked`
   */
  async commit(onLoaded: () => void): Promise<CommitResult> {
    for (let tries = 1; this.#unloaded.length > 0; tries++) this.#answerAll(await this.#load(tries));
    this.#hosts.end();
    onLoaded();
    const stored = this.#store();
    if (this.path.commit !== undefined) this.#askElsewhere(stored.then((result) => this.#storedBy(result)));
    return stored;
  }

  #askElsewhere(stored: Promise<readonly Attempt<T>[]>): void {
    const { answered } = this;
    try {
      this.#asked = this.path.commit!(answered, stored);
    } catch (error) {
      const unsafe = new Map(answered.map((attempt) => [attempt, asError(error)]));
      this.#asked = { attempts: answered, unsafe: Promise.resolve(unsafe), end: () => {} };
    }
  }

  #storedBy(result: CommitResult): readonly Attempt<T>[] {
    if (result.kind !== "taken") return result.kind === "durable" ? this.#answered : [];
    const lost = this.changedBy(result.changes);
    return this.#answered.filter((attempt) => !lost.includes(attempt));
  }

  async #store(): Promise<CommitResult> {
    try {
      return await this.#batch.commit();
    } catch (error) {
      this.abandon();
      return { kind: "failed", error: asError(error) };
    }
  }

  abandon(): void {
    this.#batch.abandon();
  }

  /** These packets are answered elsewhere. */
  release(attempts: readonly Attempt<T>[]): void {
    for (const { packet } of attempts) this.#packets.delete(this.path.transactionOf(packet.message));
  }

  /** Those of `answered` that one of these changes was for. */
  changedBy(changes: ReadonlySet<number>): readonly Attempt<T>[] {
    const ends = this.#changes;
    return this.#answered.filter((_, i) => hasAny(changes, ends[i - 1] ?? 0, ends[i]!));
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function hasAny(numbers: ReadonlySet<number>, from: number, to: number): boolean {
  for (let number = from; number < to; number++) if (numbers.has(number)) return true;
  return false;
}
