/**
 * Serves made-up clients on a stage before anybody is served, and goes on in the time that nobody needs: the first clients
 * would wait while code is compiled.
 */
import { setImmediate as immediate } from "node:timers/promises";
import type { Batch, Destination, SendBatch, TransportStats } from "@kotare/netio/transports/datagram";
import { OutgoingBatch, type Wire } from "@kotare/netio/transports/outgoing-batch";
import { Pool } from "@kotare/netio/transports/pool";
import type { Clock, Milliseconds } from "../../base/clock.ts";
import type { GoOn, SpareTime } from "../../daemon/main-loop/spare-time.ts";
import type { LeaseStore } from "../../leases/model/lease-store.ts";
import type { ServedInterface } from "../interfaces/served-interfaces.ts";
import { BatchMeasures } from "./batch-measures.ts";
import { Intake, type IntakeRules } from "./intake.ts";
import type { PacketPath, PathTypes } from "./packet-path.ts";
import { Pipeline } from "./pipeline.ts";
import type { PathReporter } from "./report/path-reporter.ts";

/** A small server like the one that starts: with leases in memory only, and with statistics and a log of nobody. */
export interface Stage<T extends PathTypes> {
  readonly service: T["service"];
  readonly store: Pick<LeaseStore<T["lease"], T["batch"]>, "begin" | "close">;
  readonly reporter: PathReporter<T>;
  readonly path: PacketPath<T>;
  readonly urgencyOf: IntakeRules["urgencyOf"];
  beginHosts(service: T["service"]): T["hosts"];
  /** Where the clients' messages come in. */
  readonly interface: ServedInterface<T["address"]>;
  readonly wire: NoWire<T["address"]>;
  /** Of the wire, as the service has it of its sockets. */
  newSendBatch(): SendBatch<T["address"]>;
  /** How many clients there is room for. */
  readonly room: number;
  /** Of which clients take another one each time. */
  readonly ways: readonly Way<T["address"]>[];
}

/** How clients speak with the server. */
export interface Way<Address> {
  /** What a client sends, one after the other. @param reply to the message before, without bytes for the first */
  readonly messages: readonly ((client: number, reply: Uint8Array) => Uint8Array)[];
  receive(messages: readonly Uint8Array[]): Batch<Address>;
  /** Replies that another daemon has helped with; absent where there is none. */
  takeAnswers?(): Promise<readonly Uint8Array[]>;
}

/** At a time, as in a batch of a server that has some work. */
const CLIENTS = 8;
/** Then the first ones come again. More than have room in one leaf of what orders leases by address. */
const MOST_CLIENTS = 640;
/** A start is not held up for longer, whatever the configuration. */
const LIMIT: Milliseconds = 140;
/** Of messages, for each of two servers, in spare time as well. By then V8 has compiled what is called often. */
const BATCHES = 375;

const NOTHING = new Uint8Array(0);
const BATCH = { limit: 64, bytes: 24 * 1024 };

/**
 * Nothing comes of it. A fault of it is no reason not to start: it shows, and is told, when a client asks.
 * @returns goes on with it
 */
export async function rehearse<T extends PathTypes>(
  openStage: () => Promise<Stage<T> | undefined>,
  clock: Pick<Clock, "wall" | "monotonic">,
): Promise<GoOn> {
  try {
    const [stage, second] = [await openStage(), await openStage()];
    if (stage === undefined || second === undefined) return nothing;
    const play = alternating(played(stage, clock), played(second, clock, other));
    let left = LIMIT;
    while (left > 0) {
      const began = clock.monotonic();
      if ((await play.next()).done === true) return nothing;
      left -= clock.monotonic() - began;
      // A database answers meanwhile.
      await immediate();
    }
    return (spare) => goOn(play, spare);
  } catch {
    return nothing;
  }
}

async function nothing(): Promise<void> {}

/** Another function that does the same. */
function other<Given extends unknown[], Result>(work: (...given: Given) => Result): (...given: Given) => Result {
  return (...given) => work(...given);
}

/** V8 compiles what it has seen of one server for that server only, and throws it away at the first packet of another one. */
async function* alternating(...plays: readonly AsyncGenerator<void, void>[]): AsyncGenerator<void, void> {
  try {
    for (;;)
      for (const play of plays)
        if ((await play.next()).done === true) return;
        else yield;
  } finally {
    for (const play of plays) await play.return();
  }
}

async function goOn(play: AsyncGenerator<void>, spare: SpareTime): Promise<void> {
  try {
    while (await spare()) if ((await play.next()).done === true) return;
    await play.return(undefined);
  } catch {}
}

/**
 * Each step is one message of some clients; the last one follows when a client got no reply.
 * @param as what is made of the functions that the server calls
 */
async function* played<T extends PathTypes>(
  stage: Stage<T>,
  clock: Pick<Clock, "wall" | "monotonic">,
  as: typeof other = (work) => work,
): AsyncGenerator<void, void> {
  const { service, store, reporter, path, urgencyOf, beginHosts, wire, ways } = stage;
  const rules = { turnsAway: as(() => false), urgencyOf, isKnown: as(() => true), mixes: as(() => true) };
  const intake = new Intake<T["address"]>(clock, rules, () => {});
  const pipeline = new Pipeline(path, service, {
    store,
    clock,
    reporter,
    beginHosts,
    newSendBatch: as(() => stage.newSendBatch()),
    interfaceOf: as(() => stage.interface),
    isOurAddress: as((address: T["address"]) => stage.interface.addresses.includes(address)),
    isOn: as(() => true),
    random: as(() => 0.5),
    parkedLimit: () => 0,
    measures: new BatchMeasures(clock),
  });
  const crowd = Math.min(stage.room, MOST_CLIENTS);
  let batches = 0;
  try {
    for (let round = 0, first = 0; ; round++, first += CLIENTS) {
      if (first + CLIENTS > crowd) first = 0;
      const way = ways[round % ways.length]!;
      let replies: readonly Uint8Array[] = Array.from({ length: CLIENTS }, () => NOTHING);
      for (const message of way.messages) {
        intake.add(way.receive(replies.map((reply, i) => message(first + i, reply))));
        await pipeline.serve(intake.take(BATCH.limit, BATCH.bytes));
        replies = (await way.takeAnswers?.()) ?? wire.takeSent();
        if (replies.length < CLIENTS || ++batches === BATCHES) return;
        yield;
      }
    }
  } finally {
    await store.close();
  }
}

/** Leads nowhere. */
export class NoWire<Address> implements Wire<Address> {
  readonly headroom = 0;
  readonly stats: TransportStats = { kernelDrops: 0, fragments: 0, badFrames: 0, otherVlan: 0, sendErrors: 0 };
  readonly #batches: Pool<OutgoingBatch<Address>> = new Pool(() => new OutgoingBatch(this, this.#batches), CLIENTS);
  #sent: Uint8Array[] = [];

  newSendBatch(): OutgoingBatch<Address> {
    return this.#batches.take().open();
  }

  takeSent(): readonly Uint8Array[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  writeHeaders(buffer: Uint8Array, offset: number, length: number, _to: Destination<Address>): number {
    this.#sent.push(buffer.slice(offset, offset + length));
    return 0;
  }

  transmit(_buffer: Uint8Array, _rows: Int32Array, _from: number, count: number): number {
    return count;
  }
}
