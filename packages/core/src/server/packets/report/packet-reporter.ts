/** What both servers tell of packets alike: that they came, that some get no answer and why, and that leases could not be written. */
import type { Datagram } from "@kotare/netio/transports/datagram";
import type { Seconds } from "../../../base/clock.ts";
import type { DecodeError } from "../../../base/decode-error.ts";
import type { RecentEvents } from "../../../control/commands/event/recent-events.ts";
import { traceOf } from "../../../daemon/guard-process.ts";
import type { ExtensionError } from "../../../extensions/extension-error.ts";
import { extensionMessages } from "../../../extensions/messages.ts";
import type { Logger } from "../../../log/logger.ts";
import type { Statistic } from "../../../stats/statistic.ts";
import type { PacketRecord } from "../../explain/packet-record.ts";
import type { Ingress } from "../packet-path.ts";
import { CommitFailures } from "./commit-failures.ts";
import type { PathReporter } from "./path-reporter.ts";
import type { DropEntry, ReportNames, ToldTypes } from "./report-names.ts";

/** Whom a packet is from that cannot be read. */
const NOBODY = new Uint8Array(0);

export abstract class PacketReporter<T extends ToldTypes, Counter extends string>
  implements Omit<PathReporter<T>, "attempted" | "answered">
{
  protected readonly log: Logger;
  /** Wall time of the batch that is being reported. */
  protected now: Seconds;
  readonly #global: Readonly<Record<Counter, Statistic>>;
  readonly #wall: () => Seconds;
  readonly #names: ReportNames<T, Counter>;
  /** Of every packet: what counts it is at hand. */
  readonly #received: Statistic;
  readonly #receivedTypes: ReadonlyMap<number, Statistic>;
  readonly #sent: Statistic;
  readonly #sentTypes: ReadonlyMap<number, Statistic>;
  readonly #failures = new CommitFailures();
  /** Is told of each packet without an answer. */
  events: Pick<RecentEvents<T["lease"]>, "isWatched" | "dropped"> | undefined;

  /** Is shown each attempt that counts, while it is on. */
  record: Pick<PacketRecord<T>, "isOn" | "add"> | undefined;

  constructor(
    log: Logger,
    global: Readonly<Record<Counter, Statistic>>,
    wall: () => Seconds,
    names: ReportNames<T, Counter>,
  ) {
    this.log = log;
    this.now = wall();
    this.#global = global;
    this.#wall = wall;
    this.#names = names;
    const { counters, receivedTypes, sentTypes } = names;
    const countersOf = (types: ReadonlyMap<number, Counter>) =>
      new Map(Array.from(types, ([type, name]) => [type, global[name]]));
    this.#received = global[counters.received];
    this.#receivedTypes = countersOf(receivedTypes);
    this.#sent = global[counters.sent];
    this.#sentTypes = countersOf(sentTypes);
  }

  beginBatch(): void {
    this.now = this.#wall();
  }

  protected count(name: Counter): void {
    this.#global[name].add(1, this.now);
  }

  #countReceived(type: number): void {
    this.#received.add(1, this.now);
    const counter = this.#receivedTypes.get(type);
    if (counter === undefined) this.count(this.#names.counters.unknown);
    else counter.add(1, this.now);
  }

  protected countSent(type: number): void {
    this.#sent.add(1, this.now);
    this.#sentTypes.get(type)?.add(1, this.now);
  }

  /** A fault of ours or of the kernel has cost the packet its answer. */
  protected countFailed(): void {
    const { counters } = this.#names;
    this.count(counters.dropped);
    this.count(counters.failed);
  }

  get onlyCounts(): boolean {
    const { events, record, log } = this;
    const { dropped, label, received, data } = this.#names.messages;
    return (
      events?.isWatched !== true &&
      record?.isOn !== true &&
      !log.isEnabled(dropped) &&
      !log.isEnabled(label) &&
      !log.isEnabled(received) &&
      !log.isEnabled(data)
    );
  }

  turnedAway(type: number, drop: T["drop"]): void {
    // Nothing was reported of a batch before.
    this.beginBatch();
    this.#countReceived(type);
    this.#countDrop(drop.reason);
  }

  received(message: T["message"], ingress: Ingress<T["address"]>): void {
    this.#countReceived(message.type);
    const { log } = this;
    const { nameType, describe, messages } = this.#names;
    if (log.isEnabled(messages.label)) log.log(messages.label, { client: message.label });
    if (log.isEnabled(messages.received)) {
      log.log(messages.received, {
        client: message.label,
        type: nameType(message.type),
        source: ingress.source,
        port: ingress.sourcePort,
        destination: ingress.destination,
        interface: ingress.interface.name,
      });
    }
    if (log.isEnabled(messages.data)) log.log(messages.data, { client: message.label, packet: describe(message) });
  }

  #countDrop(reason: T["drop"]["reason"]): DropEntry<Counter> {
    const { reasons, counters } = this.#names;
    const entry = reasons[reason];
    this.count(counters.dropped);
    if (entry.statistic !== undefined) this.count(entry.statistic);
    return entry;
  }

  dropped(message: T["message"], ingress: Ingress<T["address"]>, drop: T["drop"]): void {
    const { messages } = this.#names;
    const reason: T["drop"]["reason"] = drop.reason;
    const { clause, words } = this.#countDrop(reason);
    this.#tell(message, ingress, drop.detail === "" ? words : `${words}: ${drop.detail}`);
    if (!this.log.isEnabled(messages.dropped)) return;
    this.log.log(messages.dropped, {
      client: message.label,
      source: ingress.source,
      interface: ingress.interface.name,
      reason,
      words,
      clause,
      detail: drop.detail,
    });
  }

  undecodable(
    { length }: Datagram<T["address"]>,
    ingress: Ingress<T["address"]>,
    message: T["message"] | undefined,
    { message: error }: DecodeError,
  ): void {
    const { counters, messages } = this.#names;
    if (message === undefined) this.count(counters.received);
    this.count(counters.dropped);
    this.count(counters.undecodable);
    this.#tell(message, ingress, error);
    if (!this.log.isEnabled(messages.undecodable)) return;
    const { source } = ingress;
    this.log.log(messages.undecodable, { length, source, interface: ingress.interface.name, error });
  }

  extensionFailed(message: T["message"], ingress: Ingress<T["address"]>, drop: T["drop"], error: ExtensionError): void {
    this.dropped(message, ingress, drop);
    const trace = traceOf(error.cause);
    const count = this.#failures.add(1, error.message, this.now);
    if (count > 0) this.log.log(extensionMessages.EXTENSION_FAILED, { name: error.extension, count, trace });
  }

  #tell(message: T["message"] | undefined, { interface: { name } }: Ingress<T["address"]>, why: string): void {
    if (this.events?.isWatched !== true) return;
    this.events.dropped({ client: message?.label ?? NOBODY, interface: name, why });
  }

  bug(ingress: Ingress<T["address"]>, packet: Uint8Array, error: unknown): void {
    this.countFailed();
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const { source } = ingress;
    this.log.log(this.#names.messages.bug, { source, interface: ingress.interface.name, error: text, packet });
  }

  notServed({ ifindex, source }: Datagram<T["address"]>): void {
    this.log.log(this.#names.messages.notServed, { ifindex, source });
  }

  stale(): void {
    const { counters } = this.#names;
    this.count(counters.received);
    this.count(counters.dropped);
    this.count(counters.stale);
  }

  commitFailed(error: Error, count: number): void {
    this.log.log(this.#names.messages.commitFailed, { error: error.message, count });
  }
}
