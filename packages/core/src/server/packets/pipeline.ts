/** A batch of packets on its way: decode → place → decide → complete → encode → commit → reply. */
import type { SendBatch } from "@kotare/netio/transports/datagram";
import type { Milliseconds } from "../../base/clock.ts";
import { DecodeError } from "../../base/decode-error.ts";
import { sleep } from "../../base/timer.ts";
import type { CommitResult } from "../../leases/model/lease-store.ts";
import type { ServedInterface } from "../interfaces/served-interfaces.ts";
import { type Attempt, bytesOf, ingressOf } from "./attempt.ts";
import type { BatchMeasures } from "./batch-measures.ts";
import type { Waiting } from "./intake.ts";
import type { Arrival, Packet, PacketPath, PathTypes, Unsafe } from "./packet-path.ts";
import { AttemptReporter } from "./report/attempt-reporter.ts";
import type { PathReporter } from "./report/path-reporter.ts";
import { Round, type RoundParts, TRIES } from "./round.ts";
import { LateReplies } from "./waiting/late-replies.ts";
import { ParkingLot } from "./waiting/parking-lot.ts";

export interface PipelineParts<T extends PathTypes>
  extends Pick<RoundParts<T>, "store" | "clock" | "beginHosts" | "newSendBatch" | "isOurAddress" | "isOn"> {
  readonly reporter: PathReporter<T>;
  /** The interface that a packet came in on, if we serve it. */
  interfaceOf(ifindex: number): ServedInterface<T["address"]> | undefined;
  random(): number;
  /** How many packets may wait for facts that take their time. */
  parkedLimit(): number;
  readonly measures: BatchMeasures;
}

const NO_FAILURES: ReadonlyMap<number, string> = new Map();
const SAFE: Unsafe<never> = new Map();

/** How often is looked whether packets have gone their way. */
const SETTLING: Milliseconds = 10;

export class Pipeline<T extends PathTypes> {
  /** The configuration in force; replaced as a whole by a reload. */
  service: T["service"];
  /** The steps, with what extensions contribute to them; replaced with the configuration. */
  path: PacketPath<T>;
  readonly #parts: PipelineParts<T>;
  readonly #roundParts: RoundParts<T>;
  readonly #told: AttemptReporter<T>;
  readonly #late = new LateReplies<T>();
  /**
   * Rounds whose answers are not out yet: a retransmission need not be answered twice at once. One map for all of them,
   * filled and emptied for ever, would leave a chain of outgrown tables that keep one another's packets alive.
   */
  readonly #inFlight: Round<T>[] = [];

  constructor(path: PacketPath<T>, service: T["service"], parts: PipelineParts<T>) {
    this.path = path;
    this.service = service;
    const { reporter, interfaceOf, random, parkedLimit, measures, ...rest } = parts;
    const { store, clock, beginHosts, newSendBatch, isOurAddress, isOn } = rest;
    // In one shape, whoever has given them: V8 compiles for shapes, and rehearses with ours.
    const common = { store, clock, beginHosts, newSendBatch, isOurAddress, isOn };
    this.#parts = { ...common, reporter, interfaceOf, random, parkedLimit, measures };
    this.#told = new AttemptReporter(reporter, path);
    const isInFlight = (packet: Packet<T>) => this.#isInFlight(packet) || (!lot.isEmpty && lot.has(packet, this.path));
    const lot = new ParkingLot(
      () => parkedLimit(),
      this.#told,
      (packets) => void this.#serveAgain(packets),
    );
    const park: RoundParts<T>["park"] = (attempt, from) => lot.park(attempt, from);
    this.#roundParts = { ...common, told: this.#told, isInFlight, park };
  }

  /** Whether a packet is for nobody here: it has been counted then, and nobody wants to know more. */
  turnsAway(datagram: Arrival<T["address"]>): boolean {
    const { reporter, interfaceOf, isOn } = this.#parts;
    if (this.path.turnsAway === undefined || !reporter.onlyCounts || !isOn()) return false;
    const served = datagram.served ?? interfaceOf(datagram.ifindex);
    if (served === undefined) return false;
    try {
      const type = this.path.turnsAway(datagram);
      if (type !== undefined) reporter.turnedAway(type, this.path.drop("extension-drop"));
      return type !== undefined;
    } catch (error) {
      reporter.bug(ingressOf(datagram, served), bytesOf(datagram), error);
      return true;
    }
  }

  /**
   * Serves one batch. Resolves when its replies have left, or are known never to leave. Rejects when the sending of replies
   * has a fault, which is nobody's who asked.
   * @param onStored called where the store is done with it and others are not
   */
  async serve(waiting: readonly Waiting<T["address"]>[], onStored?: () => void): Promise<void> {
    try {
      await this.#run((round) => {
        this.#parts.measures.packets.add(waiting.length);
        for (const { datagram } of waiting) this.#receive(datagram, round);
      }, onStored);
    } finally {
      for (const { holder } of waiting) holder.done();
    }
  }

  /** Packets that have got what they waited for. */
  #serveAgain(packets: readonly Packet<T>[]): Promise<void> {
    return this.#run((round) => {
      for (const packet of packets) round.answer(packet);
    });
  }

  /** @param answer has the round answer packets */
  async #run(answer: (round: Round<T>) => void, onStored?: () => void): Promise<void> {
    const { measures } = this.#parts;
    const late: Promise<void>[] = [];
    let round = this.#begin(true);
    try {
      this.#parts.reporter.beginBatch();
      answer(round);
      for (let tries = 1; ; tries++) {
        let began = 0;
        const result = await round.commit(() => {
          began = measures.now();
        });
        measures.committed(began);
        const lost = result.kind === "taken" ? round.changedBy(result.changes) : [];
        const again = tries < TRIES ? lost : [];
        if (tries === TRIES) this.#told.failed(lost, new Error("other servers were quicker each time"), round.now);
        if (round.asked === undefined || result.kind === "failed") {
          // Nothing comes of the batch then, whatever others say.
          round.asked?.end();
          this.#end(round);
          this.#finish(round, result, lost, SAFE);
        } else late.push(this.#finishLate(round, result, lost));
        if (again.length === 0) break;
        round = this.#begin(false);
        for (const { packet } of again) round.answer(packet);
      }
    } catch (error) {
      round.abandon();
      this.#end(round);
      throw error;
    } finally {
      if (late.length > 0) {
        onStored?.();
        await Promise.all(late);
      }
    }
  }

  /** Later batches go on meanwhile. */
  async #finishLate(round: Round<T>, result: CommitResult, lost: readonly Attempt<T>[]): Promise<void> {
    round.release(lost);
    const unsafe = await this.#late.wait(round.asked!, round.path);
    this.#end(round);
    this.#finish(round, result, lost, unsafe);
  }

  /** Resolves when no packet goes by other steps than those in force, or by another configuration. */
  async settled(): Promise<void> {
    const isFormer = ({ path, service }: Round<T>) => path !== this.path || service !== this.service;
    while (this.#inFlight.some(isFormer)) await sleep(SETTLING);
  }

  #begin(mayRecall: boolean): Round<T> {
    const round = new Round(this.#roundParts, this.path, this.service, mayRecall);
    this.#inFlight.push(round);
    return round;
  }

  #end(round: Round<T>): void {
    const at = this.#inFlight.indexOf(round);
    if (at >= 0) this.#inFlight.splice(at, 1);
  }

  #isInFlight(packet: Packet<T>): boolean {
    const transaction = this.path.transactionOf(packet.message);
    for (const round of this.#inFlight) {
      const other = round.packetOf(transaction);
      if (other !== undefined && this.path.isSameClient(other, packet)) return true;
    }
    return false;
  }

  #receive(datagram: Arrival<T["address"]>, round: Round<T>): void {
    const { reporter, interfaceOf, random } = this.#parts;
    const served = datagram.served ?? interfaceOf(datagram.ifindex);
    if (served === undefined) {
      reporter.notServed(datagram);
      return;
    }
    const ingress = ingressOf(datagram, served);
    const bytes = bytesOf(datagram);
    const started = round.path.now?.();
    let packet: Packet<T>;
    try {
      const message = round.path.decode(bytes, round.service);
      reporter.received(message, ingress);
      packet = { datagram, message, ingress, random: random(), started, known: round.path.newFacts?.() };
    } catch (error) {
      if (error instanceof DecodeError) reporter.undecodable(datagram, ingress, undefined, error);
      else reporter.bug(ingress, bytes, error);
      return;
    }
    round.answer(packet);
  }

  /** @param lost others were quicker with them @param unsafe those that others do not have, and why */
  #finish(round: Round<T>, result: CommitResult, lost: readonly Attempt<T>[], unsafe: Unsafe<T>): void {
    const { answered, replies, now, path } = round;
    if (result.kind === "durable" && unsafe.size === 0) {
      this.#reply(answered, replies, path);
      return;
    }
    if (result.kind === "failed") {
      this.#told.failed(answered, result.error, now);
      replies.discard();
      return;
    }
    const remaining = this.#parts.newSendBatch();
    const kept = answered.filter((each) => {
      if (lost.includes(each)) return false;
      const refusal = unsafe.get(each);
      if (refusal === undefined) return this.#encodeAgain(each, path, remaining);
      if (refusal instanceof Error) this.#told.thrown(each, refusal);
      else this.#told.dropped(each, refusal);
      return false;
    });
    this.#reply(kept, remaining, path);
    replies.discard();
  }

  /** @returns whether what could be encoded before can still be */
  #encodeAgain(attempt: Attempt<T>, path: PacketPath<T>, replies: SendBatch<T["address"]>): boolean {
    try {
      attempt.encode(path, replies);
      const { drop, reply } = attempt;
      if (drop !== undefined) this.#told.dropped(attempt, drop);
      else if (reply !== undefined) replies.add(reply.length, reply.to);
      return drop === undefined;
    } catch (error) {
      this.#told.thrown(attempt, error);
      return false;
    }
  }

  /** Nothing is told before they have left: no line that costs time, or that we cannot write, is between them and the clients. */
  #reply(answered: readonly Attempt<T>[], replies: SendBatch<T["address"]>, path: PacketPath<T>): void {
    const failed = replies.send();
    const failures = failed.length === 0 ? NO_FAILURES : new Map(failed.map(({ index, code }) => [index, code]));
    let index = 0;
    for (const attempt of answered) {
      path.settled?.(attempt);
      this.#told.answered(attempt, attempt.reply === undefined ? undefined : failures.get(index++));
    }
    path.observe?.(answered);
  }
}
