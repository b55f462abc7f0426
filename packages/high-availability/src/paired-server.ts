/** One server of a pair: runs its state machine, watches its partner, and keeps it told of changes of leases. */
import type { Exchange, Identity, Query, Surroundings } from "@kotare/extension";
import { Outbox } from "./outbox.ts";
import type { Parameters, Peer, Relationship } from "./parameters.ts";
import { Partner } from "./partner.ts";
import type { PartnerLink } from "./partner-link.ts";
import { Scopes } from "./scopes.ts";
import { type State, serves } from "./state.ts";
import { nextState, type Pair, type Situation } from "./state-machine.ts";
import { REMOTE_ORIGIN, synchronise } from "./synchronise.ts";

/** Milliseconds for an answer, as Kea has it; a partner that may be silent for less has less. */
const PATIENCE = 9000;
/** Heartbeats are not closer to each other, whatever happens. */
const SHORTEST_BEAT = 100;
/** This server's own switch of the service. */
const LOCAL_ORIGIN = { "origin-id": 1000 };

/** How commands get to a partner. */
export type Link = Pick<PartnerLink, "ask" | "close" | "reload">;
export type Connect = (peer: Peer, family: 4 | 6) => Link;

export class PairedServer {
  readonly relationship: Relationship;
  readonly partner: Partner;
  readonly #around: Surroundings<Parameters>;
  readonly #pair: Pair;
  readonly #scopes: Scopes;
  readonly #link: Link;
  readonly #outbox: Outbox;
  readonly #patience: number;
  /** The partner's clients that have tried for too long, since it was last heard. */
  readonly #unacked = new Set<string>();
  #state: State = "waiting";
  #since: number;
  /** Those that it serves now. */
  #served: readonly string[] = [];
  #beating: { stop(): void } | undefined;
  #lastBeat = Number.NEGATIVE_INFINITY;
  #isSyncing = false;
  /** Whether the partner has fetched all leases, and its next state is of interest. */
  #awaitsReady = false;
  #isStopped = false;
  /** Switches of the service, one after the other. */
  #switched: Promise<unknown> = Promise.resolve();

  constructor(relationship: Relationship, around: Surroundings<Parameters>, connect: Connect) {
    const { mode, peers, "this-server-name": own, "max-response-delay": silence } = relationship;
    this.relationship = relationship;
    this.#around = around;
    this.#pair = {
      mode: mode === "hot-standby" ? mode : "load-balancing",
      isPrimary: this.#peer(own).role === "primary",
      syncs: relationship["sync-leases"],
      mostUnacked: relationship["max-unacked-clients"],
      mostDelayed: mode === "hot-standby" ? 0 : (relationship["delayed-updates-limit"] ?? 100),
      mostRejected: relationship["max-rejected-lease-updates"],
    };
    this.#patience = Math.min(PATIENCE, Math.max(silence, SHORTEST_BEAT));
    this.#scopes = new Scopes(relationship);
    this.#since = around.clock.monotonic();
    this.partner = new Partner(this.#since);
    this.#link = connect(peers.find(({ name }) => name !== own)!, around.family);
    this.#outbox = new Outbox(around.family, this.#pair.mostDelayed, (command, args) => this.#ask(command, args));
  }

  get state(): State {
    return this.#state;
  }

  get served(): readonly string[] {
    return this.#served;
  }

  get unsent(): number {
    return this.#outbox.unsent;
  }

  get unacked(): number {
    return this.#unacked.size;
  }

  /** Milliseconds since the partner was heard. */
  get silence(): number {
    return this.#now - this.partner.lastHeard;
  }

  /** Its own time, in seconds. */
  get wall(): number {
    return this.#around.clock.wall();
  }

  get #now(): number {
    return this.#around.clock.monotonic();
  }

  get isInterrupted(): boolean {
    // Where nobody listens nobody serves: a standby that does not run needs no waiting for.
    const isGone = this.partner.isRefusing && this.#pair.mode === "hot-standby" && this.#pair.isPrimary;
    return isGone || this.silence > this.relationship["max-response-delay"];
  }

  start(): void {
    this.#switchService();
    this.#beatIn(SHORTEST_BEAT);
  }

  /** Reads files anew. @throws where one cannot be used */
  reload(): void {
    this.#link.reload();
  }

  stop(): void {
    this.#isStopped = true;
    this.#beating?.stop();
    this.#link.close();
  }

  /** Whose a message is, and whether it is for this server. */
  identify(query: Query): Identity | undefined {
    const state = this.#state;
    if (!serves(state)) return { drop: `the server is ${state}` };
    if (!Scopes.divides(query)) return undefined;
    const owner = this.#scopes.ownerOf(query);
    if (owner !== undefined && this.#served.includes(owner)) return { classes: [`HA_${owner}`] };
    if (this.isInterrupted) this.#countUnacked(query);
    return { drop: owner === undefined ? "nobody's client" : `a client of ${owner}` };
  }

  #countUnacked(query: Query): void {
    if (query.elapsed <= this.relationship["max-ack-delay"]) return;
    this.#unacked.add(`${query.mac} ${Buffer.from(query.clientId ?? []).toString("hex")}`);
    this.#step();
  }

  /** Tells the partner. @returns what it does not have, and why */
  async commit(exchanges: readonly Exchange[]): Promise<ReadonlyMap<Exchange, string>> {
    const unsafe = new Map<Exchange, string>();
    if (!this.relationship["send-lease-updates"]) return unsafe;
    const sendings = exchanges.map(async (exchange) => {
      const why = await this.#tell(exchange);
      if (why !== undefined) unsafe.set(exchange, why);
    });
    await Promise.all(sendings);
    return unsafe;
  }

  async #tell(exchange: Exchange): Promise<string | undefined> {
    if (!this.#informs) return this.#outbox.keep(exchange, this.#state === "communication-recovery");
    try {
      const { rejected } = await this.#outbox.send(exchange);
      if (rejected !== undefined) this.#step();
      return rejected;
    } catch (error) {
      this.#lost(error as Error);
      // It may have turned out that nobody needs the partner any longer.
      if (!this.#informs) return this.#outbox.keep(exchange, this.#state === "communication-recovery");
      return `the partner cannot be told: ${(error as Error).message}`;
    }
  }

  /** Whether answers wait for the partner. */
  get #informs(): boolean {
    return this.#state === this.#pair.mode || this.#state === "partner-in-maintenance";
  }

  /** The partner shows that it lives: what it says of itself is of interest now. */
  wake(): void {
    if (this.#state !== this.#pair.mode || this.partner.state !== this.#pair.mode) this.#beatIn(SHORTEST_BEAT);
  }

  /** From the beginning, whatever is known of the partner. */
  reset(): void {
    this.partner.forget(this.#now);
    this.#enter("waiting");
    this.#beatIn(SHORTEST_BEAT);
  }

  /** Other scopes than those of the state, until the next one. */
  serve(scopes: readonly string[]): void {
    this.#served = scopes;
  }

  /** The partner has fetched all leases: it may be answered for again. */
  async syncCompleted(): Promise<void> {
    // What is changed before the partner is known to be ready would not be told it.
    this.#awaitsReady = this.#state === "partner-down";
    if (this.#awaitsReady) this.#beatIn(SHORTEST_BEAT);
    else await this.#around.command("dhcp-enable", REMOTE_ORIGIN);
  }

  /** @returns how many leases were taken over; rejects when the partner does not give them */
  async synchronise(): Promise<number> {
    const { "this-server-name": serverName, "sync-page-limit": pageLimit, "sync-timeout": limit } = this.relationship;
    const ask = (command: string, args: object) => this.#link.ask(command, args, limit);
    const settings = { family: this.#around.family, serverName, pageLimit, patience: Math.ceil(limit / 1000) };
    return await synchronise(ask, this.#around.command, settings);
  }

  async #fetchLeases(): Promise<void> {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    const { log } = this.#around;
    try {
      const taken = await this.synchronise();
      log.info(`${this.#partnerName} has given its leases; ${taken} were newer than here`);
      if (this.#state === "syncing") this.#enter("ready");
    } catch (error) {
      log.warn(`${this.#partnerName} does not give its leases: ${(error as Error).message}`);
    } finally {
      this.#isSyncing = false;
    }
    this.#step();
  }

  async #beat(): Promise<void> {
    this.#lastBeat = this.#now;
    const { "this-server-name": name, "heartbeat-delay": delay } = this.relationship;
    try {
      const { arguments: told } = await this.#ask("ha-heartbeat", { "server-name": name });
      this.partner.heard(told, this.#now, this.wall);
      this.#unacked.clear();
      if (this.#state === "syncing") void this.#fetchLeases();
    } catch (error) {
      this.#lost(error as Error);
    }
    this.#beating = undefined;
    if (this.#isStopped) return;
    this.#step();
    if (this.#awaitsReady) void this.#around.command("dhcp-enable", REMOTE_ORIGIN).catch(() => undefined);
    this.#awaitsReady = false;
    if (this.#state !== "terminated") this.#beatIn(delay);
  }

  /** At the latest; not sooner after the last one than is good. */
  #beatIn(delay: number): void {
    if (this.#isStopped) return;
    const due = Math.max(delay, this.#lastBeat + SHORTEST_BEAT - this.#now);
    this.#beating?.stop();
    this.#beating = this.#around.after(due, () => void this.#beat());
  }

  #lost(error: Error): void {
    if (this.#isStopped) return;
    if (this.partner.state !== "unavailable")
      this.#around.log.warn(`${this.#partnerName} cannot be reached: ${error.message}`);
    this.partner.lost(error);
    this.#step();
  }

  #step(): void {
    for (let next = this.#next(); next !== this.#state; next = this.#next()) this.#enter(next);
  }

  #next(): State {
    const { state, hasUnsent, skew } = this.partner;
    const situation: Situation = {
      state: this.#state,
      age: this.#now - this.#since,
      partner: state,
      isInterrupted: this.isInterrupted,
      unacked: this.#unacked.size,
      rejected: this.#outbox.rejected,
      skew: Math.abs(skew),
      hasUnsent,
      hasOverflown: this.#outbox.hasOverflown,
    };
    return nextState(this.#pair, situation);
  }

  #enter(next: State): void {
    const from = this.#state;
    this.#state = next;
    this.#since = this.#now;
    this.#served = this.#scopes.servedIn(next);
    const scopes = this.#served.length === 0 ? "no clients" : `clients of ${this.#served.join(" and ")}`;
    this.#around.log.info(`${from} → ${next}; serves ${scopes}; the partner is ${this.partner.state}`);
    this.#switchService();
    if (from === "communication-recovery") void this.#sendKept(next);
    if (next === "syncing") void this.#fetchLeases();
    // The partner sees it sooner, if it is one of ours, and asks back.
    this.#beatIn(SHORTEST_BEAT);
  }

  /** What was kept for the partner is sent, or fetched by the partner with all the rest. */
  async #sendKept(next: State): Promise<void> {
    if (next === "waiting")
      await this.#ask("ha-reset", { "server-name": this.relationship["this-server-name"] }).catch(() => undefined);
    if (next !== this.#pair.mode) return this.#outbox.clear();
    try {
      await this.#outbox.sendKept();
    } catch (error) {
      this.#lost(error as Error);
    }
  }

  /** For `status-get`, and for packets of which nothing is asked here. */
  #switchService(): void {
    const name = serves(this.#state) ? "dhcp-enable" : "dhcp-disable";
    const { command } = this.#around;
    // While the daemon starts nobody takes commands.
    this.#switched = this.#switched.then(() => command(name, LOCAL_ORIGIN)).catch(() => undefined);
  }

  #ask(command: string, args: object) {
    return this.#link.ask(command, args, this.#patience);
  }

  get #partnerName(): string {
    return this.relationship.peers.find(({ name }) => name !== this.relationship["this-server-name"])!.name;
  }

  #peer(name: string) {
    return this.relationship.peers.find((peer) => peer.name === name)!;
  }
}
