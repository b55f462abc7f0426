/** Takes connections of those who may ask for leases, beside service, by the configuration in force. */
import { createServer, type Server, type Socket } from "node:net";
import { isDeepStrictEqual } from "node:util";
import type { Clock, Seconds } from "../../base/clock.ts";
import { growingPauses } from "../../base/retry.ts";
import { Timer } from "../../base/timer.ts";
import { type Metric, single } from "../../control/metrics/metric.ts";
import { requesterTest } from "../../extensions/lease-query/lease-query-parameters.ts";
import type { Lease } from "../../leases/model/lease.ts";
import type { LeaseWatcher } from "../../leases/model/lease-store.ts";
import type { Logger } from "../../log/logger.ts";
import type { Companion } from "../server-family.ts";
import { LeaseFeed } from "./lease-feed.ts";
import { leasequeryMessages } from "./messages.ts";
import type { QueryFamily } from "./queries.ts";
import type { RelayIndex } from "./relay-index.ts";
import { Requester } from "./requester.ts";
import { type LeasequeryConfig, type LeasequerySettings, leasequerySettings } from "./settings.ts";
import { MOST_AT_A_TIME, SharedPace } from "./shared-pace.ts";
import { upgradeToTls } from "./tls-upgrade.ts";

/** What the server has of leases. */
export interface StoreParts<Store> {
  readonly store: Store;
  readonly leaseClock: Pick<Clock, "wall">;
  readonly log: Logger;
}

export interface ListenerParts<L extends Lease> {
  readonly number: 4 | 6;
  readonly family: QueryFamily<L>;
  readonly store: {
    watch(watcher: LeaseWatcher<L>): void;
    /** Where it finds leases by relay itself. */
    readonly marked?: unknown;
  };
  readonly relays: RelayIndex<L>;
  readonly log: Logger;
  now(): Seconds;
}

const NOTHING: ReadonlySet<number> = new Set();

export class QueryListener<L extends Lease, Service> implements Companion<LeasequeryConfig, Service> {
  readonly #parts: ListenerParts<L>;
  readonly #feed: LeaseFeed<L>;
  #service: Service | undefined;
  readonly #pace = new SharedPace();
  readonly #requesters = new Map<Requester<L>, string>();
  #settings: LeasequerySettings | undefined;
  #server: Server | undefined;
  #failures = 0;
  #retry: Timer | undefined;
  readonly #counts = { refused: 0, queries: 0, leases: 0 };

  constructor(parts: ListenerParts<L>) {
    this.#parts = parts;
    this.#feed = new LeaseFeed((lease) => parts.family.keyOf(lease), parts.now);
    parts.store.watch(this.#feed);
    if (parts.store.marked === undefined) parts.store.watch(parts.relays);
  }

  /** What is in force: there is some before anybody is let in. */
  get service(): Service {
    return this.#service!;
  }

  /** As `max-leases-per-fetch`, if packets need not wait for so many. */
  get pageSize(): number {
    return Math.min(this.#settings?.pageSize ?? 1, MOST_AT_A_TIME);
  }

  get withheld(): ReadonlySet<number> {
    return this.#settings?.withheld ?? NOTHING;
  }

  update(): void {
    // An address that has come is found by the next try.
  }

  configure(config: LeasequeryConfig, service: Service): void {
    this.#service = service;
    const settings = leasequerySettings(config, this.#parts.number);
    if (isDeepStrictEqual(settings, this.#settings)) return;
    this.#close();
    this.#settings = settings;
    this.#failures = 0;
    const { relays, family, store } = this.#parts;
    relays.switch(settings?.hasRelayIds === true && store.marked === undefined, () => family.everything());
    this.#feed.switch(settings?.history);
    if (settings !== undefined) this.#open(settings);
  }

  async stop(): Promise<void> {
    this.#close();
  }

  metrics(): readonly Metric[] {
    if (this.#settings === undefined) return [];
    const { refused, queries, leases } = this.#counts;
    return [
      single("gauge", "kotare_leasequery_connections", "Connections of requesters.", this.#requesters.size),
      single("counter", "kotare_leasequery_refused_total", "Connections that were refused.", refused),
      single("counter", "kotare_leasequery_queries_total", "Messages that came by these connections.", queries),
      single("counter", "kotare_leasequery_leases_total", "Leases that were told by these connections.", leases),
    ];
  }

  #open(settings: LeasequerySettings): void {
    const { address, port } = settings;
    const server = createServer({ noDelay: true }, (socket) => this.#take(socket, settings));
    this.#server = server;
    server.on("error", (error) => this.#fail(error, settings));
    server.listen({ host: address, port }, () => {
      this.#failures = 0;
      this.#parts.log.log(leasequeryMessages.LEASE_QUERY_LISTENING, { address, port });
    });
  }

  #fail(error: Error, settings: LeasequerySettings): void {
    this.#server?.close();
    this.#server = undefined;
    this.#failures += 1;
    if (this.#failures === 1) {
      const { address, port } = settings;
      this.#parts.log.log(leasequeryMessages.LEASE_QUERY_LISTENER_FAILED, { address, port, error: error.message });
    }
    this.#retry = Timer.after(growingPauses()(this.#failures)!, () => this.#open(settings)).unref();
  }

  #take(socket: Socket, settings: LeasequerySettings): void {
    const source = socket.remoteAddress ?? "";
    const why = this.#whyNot(source, settings);
    if (why !== undefined) {
      this.#counts.refused += 1;
      this.#parts.log.log(leasequeryMessages.BULK_LEASE_QUERY_REJECTED_CONNECTION, { source, why });
      socket.destroy();
      return;
    }
    const onFault = (fault: string) =>
      this.#parts.log.log(leasequeryMessages.BULK_LEASE_QUERY_INVALID_REQUEST, { source, why: fault });
    const requester: Requester<L> = new Requester(socket, {
      ...this.#parts,
      feed: this.#feed,
      pace: this.#pace,
      rules: settings.rules,
      secure: (plain, onSecure) => upgradeToTls(plain, settings.tls!, onSecure, onFault),
      onTold: (count) => (this.#counts.leases += count),
      onQuery: () => (this.#counts.queries += 1),
      onFault,
      onClose: () => this.#requesters.delete(requester),
    });
    this.#requesters.set(requester, source);
  }

  /** As in Kea, the last place is for a requester that has none. */
  #whyNot(source: string, { requesters, maxConnections }: LeasequerySettings): string | undefined {
    if (!requesterTest(requesters, this.#parts.number)(source)) return "it is none of the requesters";
    const sources = [...this.#requesters.values()];
    if (sources.length >= maxConnections) return "there are as many connections as max-requester-connections allows";
    const isLast = sources.length + 1 === maxConnections && maxConnections > 1;
    return isLast && sources.every((each) => each === source)
      ? "the last connection is for another requester"
      : undefined;
  }

  #close(): void {
    this.#retry?.stop();
    this.#server?.close();
    this.#server = undefined;
    for (const requester of this.#requesters.keys()) requester.close();
  }
}
