/** What both servers tell of packets alike: of those that get no answer, and why; and that leases could not be written. */
import type { Datagram } from "@kotare/netio/transports/datagram";
import type { Seconds } from "../../base/clock.ts";
import type { DecodeError } from "../../base/decode-error.ts";
import type { RecentEvents } from "../../control/commands/event/recent-events.ts";
import { traceOf } from "../../daemon/guard-process.ts";
import type { ExtensionError } from "../../extensions/extension-error.ts";
import { extensionMessages } from "../../extensions/messages.ts";
import type { Message } from "../../log/catalogue.ts";
import type { Logger } from "../../log/logger.ts";
import type { Statistic } from "../../stats/statistic.ts";
import type { PacketRecord } from "../explain/packet-record.ts";
import { CommitFailures } from "./commit-failures.ts";
import type { Drop, Ingress, PathTypes } from "./packet-path.ts";
import type { PathReporter } from "./path-reporter.ts";

/** What must be known of packets to tell of them. */
interface ToldTypes extends PathTypes {
  /** `label` is how lines name the client. */
  message: { readonly label: Uint8Array };
  /** `detail` is what the log adds to the reason; empty for nothing. */
  drop: Drop & { readonly reason: string; readonly detail: string };
}

/** Why a packet gets no answer. */
export interface DropEntry<Counter> {
  /** Kea's counter for the cause, beside the one for all drops; `undefined` where it has counted on arrival. */
  readonly statistic: Counter | undefined;
  readonly clause: string;
  readonly words: string;
}

/** How a family calls what is counted and said. */
export interface ReportNames<T extends ToldTypes, Counter> {
  readonly reasons: Readonly<Record<T["drop"]["reason"], DropEntry<Counter>>>;
  readonly counters: {
    readonly received: Counter;
    readonly dropped: Counter;
    readonly undecodable: Counter;
    readonly failed: Counter;
    readonly stale: Counter;
  };
  readonly messages: {
    readonly dropped: Message<
      [
        {
          client: Uint8Array;
          source: T["address"];
          interface: string;
          reason: string;
          words: string;
          clause: string;
          detail: string;
        },
      ]
    >;
    readonly undecodable: Message<[{ length: number; source: T["address"]; interface: string; error: string }]>;
    readonly bug: Message<[{ source: T["address"]; interface: string; error: string; packet: Uint8Array }]>;
    readonly notServed: Message<[{ ifindex: number; source: T["address"] }]>;
    readonly commitFailed: Message<[{ error: string; count: number }]>;
  };
}

/** Whom a packet is from that cannot be read. */
const NOBODY = new Uint8Array(0);

export abstract class PacketReporter<T extends ToldTypes, Counter extends string>
  implements Omit<PathReporter<T>, "onlyCounts" | "turnedAway" | "received" | "attempted" | "answered">
{
  protected readonly log: Logger;
  /** Wall time of the batch that is being reported. */
  protected now: Seconds;
  readonly #global: Readonly<Record<Counter, Statistic>>;
  readonly #wall: () => Seconds;
  readonly #names: ReportNames<T, Counter>;
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
  }

  beginBatch(): void {
    this.now = this.#wall();
  }

  protected count(name: Counter): void {
    this.#global[name].add(1, this.now);
  }

  /** Whether nobody wants to know of what is dropped. */
  protected get isUnwatched(): boolean {
    const { events, record } = this;
    return events?.isWatched !== true && record?.isOn !== true && !this.log.isEnabled(this.#names.messages.dropped);
  }

  protected countDrop(reason: T["drop"]["reason"]): DropEntry<Counter> {
    const { reasons, counters } = this.#names;
    const entry = reasons[reason];
    this.count(counters.dropped);
    if (entry.statistic !== undefined) this.count(entry.statistic);
    return entry;
  }

  dropped(message: T["message"], ingress: Ingress<T["address"]>, drop: T["drop"]): void {
    const { messages } = this.#names;
    const reason: T["drop"]["reason"] = drop.reason;
    const { clause, words } = this.countDrop(reason);
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
    const { counters, messages } = this.#names;
    this.count(counters.dropped);
    this.count(counters.failed);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const { source } = ingress;
    this.log.log(messages.bug, { source, interface: ingress.interface.name, error: text, packet });
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
