/** One server of a pair: runs its state machine, watches its partner, and keeps it told of changes of leases. */
import type { CommandAnswer, Exchange, Identity, Keeper, Lease, Query, Surroundings } from "@kotare/extension";
import { Backups } from "./backups.ts";
import { clientName } from "./clients/client-name.ts";
import { ConnectingClients } from "./clients/connecting-clients.ts";
import { keeperOf, UPKEEP } from "./clients/keeper.ts";
import { Scopes } from "./clients/scopes.ts";
import { PairLog } from "./control/pair-log.ts";
import type { Healing } from "./healing.ts";
import { LeaseFetch } from "./lease-fetch.ts";
import { Heartbeats, SHORTEST_BEAT } from "./link/heartbeats.ts";
import type { Connect, Link, Way } from "./link/partner-link.ts";
import { type Ask, Outbox } from "./outbox.ts";
import type { PairPlace } from "./pair-place.ts";
import { othersIn, pairOf } from "./parameters/pair-rules.ts";
import type { Parameters } from "./parameters/parameters.ts";
import type { Relationship } from "./parameters/relationship-schema.ts";
import { Partner } from "./partner.ts";
import { PartnerUpdates } from "./partner-updates.ts";
import { Pauses } from "./pauses.ts";
import { ServiceSwitch } from "./service-switch.ts";
import { informs, type State, serves } from "./state.ts";
import { nextState, type Pair, type Situation } from "./state-machine.ts";
import { remoteOrigin } from "./synchronise.ts";

/** Milliseconds for an answer, as Kea has it; a partner that may be silent for less has less. */
const PATIENCE = 9000;
/** As much for a heartbeat, over a slow way: it is sent again, by another connection, before the partner counts as gone. */
const SLOW = 2000;

export class PairedServer {
  readonly relationship: Relationship;
  readonly partner: Partner;
  /** The partner's name; none for a server that only has backups, or is one. */
  readonly partnerName: string | undefined;
  readonly log: PairLog;
  readonly leases: LeaseFetch;
  readonly #place: PairPlace;
  readonly #around: Surroundings<Parameters>;
  readonly #pair: Pair;
  readonly #scopes: Scopes;
  readonly #link: Link | undefined;
  readonly updates: PartnerUpdates;
  readonly #backups: Backups;
  readonly #pauses: Pauses;
  readonly #own: string;
  readonly #service: ServiceSwitch;
  readonly #patience: number;
  /** Those that have asked since the partner was last heard. */
  readonly connecting: ConnectingClients;
  #state: State = "waiting";
  /** The one before. */
  #former: State = "waiting";
  #isPaused = false;
  #since: number;
  readonly #born: number;
  /** Those that it serves now. */
  #served: readonly string[] = [];
  readonly #heartbeats: Heartbeats;
  #isSyncing = false;
  /** Whether the partner has fetched all leases, and its next state is of interest. */
  #awaitsReady = false;
  #isStopped = false;

  constructor(relationship: Relationship, place: PairPlace, around: Surroundings<Parameters>, connect: Connect) {
    const { "this-server-name": own, "max-response-delay": silence } = relationship;
    this.connecting = new ConnectingClients(relationship["max-ack-delay"]);
    const { partner, backups } = othersIn(relationship);
    this.relationship = relationship;
    this.partnerName = partner?.name;
    this.#place = place;
    this.#around = around;
    this.#pair = pairOf(relationship);
    this.#patience = Math.min(PATIENCE, Math.max(silence, SHORTEST_BEAT));
    this.#own = own;
    this.#scopes = new Scopes(relationship);
    this.#since = around.clock.monotonic();
    this.#born = around.clock.wall();
    this.partner = new Partner(this.#since);
    this.log = new PairLog(own, this.partnerName, this.partner, around);
    this.#link = partner && connect(partner, around.family);
    const { partner: known, partnerName, log } = this;
    const parts = { relationship, place, around, log, partner: known, partnerName, link: this.#link, connect };
    this.leases = new LeaseFetch(parts);
    const ask: Ask = (...asked) => this.ask(...asked);
    const outbox = new Outbox(around.family, this.#pair.mostDelayed, ask, () => this.partner.ahead);
    this.updates = new PartnerUpdates(outbox, this);
    const telling = { server: own, waits: relationship["wait-backup-ack"], patience: this.#patience };
    this.#backups = new Backups(backups, telling, around, connect);
    this.#service = new ServiceSwitch(around.command);
    this.#heartbeats = new Heartbeats(around, () => void this.#beat());
    this.#pauses = new Pauses(relationship["state-machine"]?.states ?? []);
  }

  /** The state that it was in before. */
  get former(): State {
    return this.#former;
  }

  get state(): State {
    return this.#state;
  }

  get served(): readonly string[] {
    return this.#served;
  }

  /** How many changes wait for the partner, it was not told of, or it has rejected. */
  get counts(): { readonly waiting: number; readonly unsent: number; readonly rejected: number } {
    const { outbox, rejected } = this.updates;
    return { waiting: outbox.waiting, unsent: outbox.unsent, rejected: rejected.count };
  }

  /** A server that starts cannot know what its partner was told. */
  get healing(): Healing {
    return { untold: `${this.#born} ${this.counts.unsent}` };
  }

  /** Milliseconds since the partner was heard. */
  get silence(): number {
    return this.now - this.partner.lastHeard;
  }

  /** Its own time, in seconds. */
  get wall(): number {
    return this.#around.clock.wall();
  }

  get now(): number {
    return this.#around.clock.monotonic();
  }

  get isInterrupted(): boolean {
    // Where nobody listens nobody serves: a standby that does not run needs no waiting for.
    const isGone = this.partner.isRefusing && this.#pair.mode === "hot-standby" && this.#pair.isPrimary;
    return isGone || this.silence > this.relationship["max-response-delay"];
  }

  start(): void {
    const { mode, peers } = this.relationship;
    this.log.tell("HA_SERVICE_STARTED", { mode, role: peers.find(({ name }) => name === this.#own)!.role });
    this.log.oddities(this.relationship);
    this.log.service(this.#state);
    this.#settle();
    this.#step();
  }

  /** Reads files anew. @throws where one cannot be used */
  reload(): void {
    this.#link?.reload();
    this.#backups.reload();
  }

  stop(): void {
    this.#isStopped = true;
    this.#heartbeats.stop();
    this.#link?.close();
    this.#backups.stop();
    if (this.#place.isOnly) this.#service.switch(true);
  }

  /** Gives the partner a command. Rejects where there is none, or no answer. */
  ask(command: string, args: object, way?: Way, patience = this.#patience): Promise<CommandAnswer> {
    const link = this.#link;
    if (link === undefined) return Promise.reject(new Error(`${this.#own} has no partner`));
    return link.ask(command, args, this.#inTime(patience), way);
  }

  /** As `Partner.inTime` has it. */
  #inTime(usual: number): number {
    return this.partner.inTime(usual, this.now, this.relationship["max-response-delay"]);
  }

  /** Whose a message is, and whether it is for this server. */
  identify(query: Query): Identity | undefined {
    const state = this.#state;
    if (!serves(state)) return { drop: `the server is ${state}` };
    if (!Scopes.divides(query)) return undefined;
    const owner = this.#scopes.ownerOf(query);
    if (owner !== undefined && this.#served.includes(owner)) return { classes: [`HA_${owner}`] };
    if (this.isInterrupted) this.#analyze(query);
    return { drop: owner === undefined ? "nobody's client" : `a client of ${owner}` };
  }

  /** A client of the silent partner asks. */
  #analyze(query: Query): void {
    const { connecting } = this;
    const news = connecting.analyze(query);
    if (news === undefined) return;
    const left = Math.max(this.#pair.mostUnacked + 1 - connecting.unacked, 0);
    this.log.connecting(clientName(query), connecting, news === "unacked", left);
    if (news === "unacked") this.#step();
  }

  /** Who ends a lease when its time is over, and tells the DNS of it: who serves its client. */
  keeperOf(lease: Lease): Keeper {
    const { "send-lease-updates": sendsUpdates } = this.relationship;
    const heard = this.wall - this.silence / 1000;
    return keeperOf(lease, this.#scopes, { state: this.#state, served: this.#served, sendsUpdates, heard });
  }

  /** Tells the others. @returns what they do not have, and why */
  async commit(
    exchanges: readonly Exchange[],
    stored: Promise<readonly Exchange[]>,
  ): Promise<ReadonlyMap<Exchange, string>> {
    const unsafe = new Map<Exchange, string>();
    if (!this.relationship["send-lease-updates"]) return unsafe;
    const partner = this.#link === undefined ? [] : this.updates.tell(exchanges, stored);
    const backups = this.#backups.isEmpty ? [] : exchanges.map((exchange) => this.#backups.tell(exchange));
    const [told, copied] = await Promise.all([Promise.all(partner), Promise.all(backups)]);
    for (const [i, exchange] of exchanges.entries()) {
      const why = told[i] ?? copied[i];
      if (why !== undefined) unsafe.set(exchange, why);
    }
    return unsafe;
  }

  /** Whether answers wait for the partner. */
  get informs(): boolean {
    return informs(this.#state, this.#pair.mode);
  }

  /** The partner shows that it lives: what it says of itself is of interest now. */
  wake(): void {
    if (this.#state !== this.#pair.mode || this.partner.state !== this.#pair.mode) this.#beatIn(SHORTEST_BEAT);
  }

  /** From the beginning, whatever is known of the partner. */
  reset(): void {
    this.partner.forget(this.now);
    this.enter("waiting");
    this.#step();
  }

  /** @returns whether its state machine was paused */
  resume(): boolean {
    if (!this.#isPaused) return false;
    this.#isPaused = false;
    this.log.tell("HA_STATE_MACHINE_CONTINUED", {});
    if (this.#state === "syncing") void this.#fetchLeases();
    this.#step();
    return true;
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
    else await this.#around.command("dhcp-enable", this.#remoteOrigin);
  }

  async #fetchLeases(): Promise<void> {
    if (this.#isSyncing || this.#isPaused) return;
    this.#isSyncing = true;
    try {
      await this.leases.fromPartner();
      if (this.#state === "syncing" && !this.#isStopped) this.enter("ready");
    } catch {
      // The next heartbeat tries again.
    } finally {
      this.#isSyncing = false;
    }
    this.#step();
  }

  #beatIn(delay: number): void {
    if (this.#link !== undefined) this.#heartbeats.in(delay);
  }

  async #beat(): Promise<void> {
    // It may have been silent for too long by now.
    if (this.partner.state === "unavailable") this.#step();
    const [began, sent] = [this.now, this.wall];
    try {
      const patience = Math.min(this.#patience, Math.max(this.relationship["max-response-delay"] / 3, SLOW));
      const { arguments: told } = await this.ask("ha-heartbeat", { "server-name": this.#own }, "request", patience);
      this.partner.heard(told, { began, now: this.now }, sent, this.wall);
      this.connecting.clear();
      this.log.heard();
      if (this.#state === "syncing" || (serves(this.#state) && this.leases.isBehind)) void this.#fetchLeases();
    } catch (error) {
      const isFirst = this.partner.state !== "unavailable" && this.#isNews(began);
      if (isFirst) this.log.tell("HA_HEARTBEAT_COMMUNICATIONS_FAILED", { error: (error as Error).message });
      this.#lost(error as Error, began);
    }
    if (this.#isStopped) return;
    this.#step();
    this.#place.onChange();
    if (this.#awaitsReady) void this.#around.command("dhcp-enable", this.#remoteOrigin).catch(() => undefined);
    this.#awaitsReady = false;
    this.#beatIn(this.#inTime(this.relationship["heartbeat-delay"]));
  }

  /** A change could not be told. @param began when it was to be @param client whose it was, if only one's */
  lost(error: Error, began: number, client?: string): void {
    if (client !== undefined && this.#isNews(began)) this.log.untold(client, error);
    this.#lost(error, began);
  }

  /** The partner will not have a client's change. @param isPlaceless because it has no subnet for it */
  conflicts(client: string, error: string, isPlaceless: boolean): void {
    this.log.tell("HA_LEASE_UPDATE_CONFLICT", { client, error });
    if (!isPlaceless) this.leases.doubt();
    this.#step();
  }

  /** @param began when it was asked for what it has not answered */
  #lost(error: Error, began: number): void {
    if (!this.#isNews(began)) return;
    this.partner.lost(error);
    this.#step();
  }

  /** Whether the partner has answered nothing since. */
  #isNews(began: number): boolean {
    return !this.#isStopped && began >= this.partner.lastHeard;
  }

  #step(): void {
    if (this.partner.state === "unavailable" && this.isInterrupted) this.log.interrupted();
    for (let next = this.#next(); next !== this.#state; next = this.#next()) this.enter(next);
  }

  #next(): State {
    const { state, skew, healing } = this.partner;
    const situation: Situation = {
      state: this.#state,
      isPaused: this.#isPaused || this.#isStopped,
      age: this.now - this.#since,
      partner: state,
      isInterrupted: this.isInterrupted,
      unacked: this.connecting.unacked,
      rejected: this.counts.rejected,
      skew: Math.abs(skew),
      hasUnsent: this.leases.isLacking,
      heals: healing !== undefined,
      hasOverflown: this.updates.outbox.hasOverflown,
    };
    return nextState(this.#pair, situation);
  }

  /** For the state machine, and for who asks for maintenance. */
  enter(next: State): void {
    const from = this.#state;
    this.#former = from;
    this.#state = next;
    this.#since = this.now;
    this.#served = this.#scopes.servedIn(next);
    const didInform = informs(from, this.#pair.mode);
    this.log.transition(from, next, this.#served, this.counts.rejected);
    if (didInform !== this.informs) this.log.updates(this.informs, next);
    this.updates.enter(next);
    this.#settle();
    // Kea's stays terminated until it is told.
    if (from === "terminated" && this.partner.state === "terminated") void this.#resetPartner();
    if (from === "communication-recovery") void this.#sendKept(next);
    if (next === "syncing") void this.#fetchLeases();
    if (next === "partner-down") this.#tellNames();
  }

  /** What the partner has given last it may not have told the DNS. */
  #tellNames(): void {
    const since = Math.floor(this.wall - this.silence / 1000) - UPKEEP;
    // Where the DNS is told nothing it is refused.
    void this.#around.command("ddns-resend", { since: Math.max(since, 0) }).catch(() => undefined);
  }

  /** What a new state asks for. */
  #settle(): void {
    if (this.#place.isOnly) this.#service.switch(serves(this.#state));
    this.#isPaused = this.#pauses.pauseIn(this.#state);
    if (this.#isPaused) this.log.tell("HA_STATE_MACHINE_PAUSED", { state: this.#state });
    this.#place.onChange();
    // The partner sees it sooner, if it is one of ours, and asks back.
    this.#beatIn(SHORTEST_BEAT);
  }

  /** What was kept for the partner is sent, or fetched by the partner with all the rest. */
  async #sendKept(next: State): Promise<void> {
    if (next === "waiting") await this.#resetPartner();
    await this.updates.sendKept(next === this.#pair.mode, this.partner.healing !== undefined);
  }

  async #resetPartner(): Promise<void> {
    await this.ask("ha-reset", { "server-name": this.#own }).catch((error: Error) => {
      this.log.tell("HA_RESET_COMMUNICATIONS_FAILED", { error: error.message });
    });
  }

  get #remoteOrigin(): object {
    return remoteOrigin(this.#place.index);
  }
}
