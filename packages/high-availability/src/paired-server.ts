/** One server of a pair: runs its state machine, watches its partner, and keeps it told of changes of leases. */
import type { CommandAnswer, Exchange, Identity, Keeper, Lease, Query, Surroundings } from "@kotare/extension";
import { Backups } from "./backups.ts";
import { ConnectingClients } from "./clients/connecting-clients.ts";
import { Scopes } from "./clients/scopes.ts";
import { PairLog } from "./control/pair-log.ts";
import type { Healing } from "./healing.ts";
import { LeaseFetch } from "./lease-fetch.ts";
import type { Connect, Link } from "./link/partner-link.ts";
import { Outbox } from "./outbox.ts";
import type { PairPlace } from "./pair-place.ts";
import { othersIn, pairOf } from "./parameters/pair-rules.ts";
import type { Parameters, Relationship } from "./parameters/parameters.ts";
import { Partner } from "./partner.ts";
import { PartnerUpdates } from "./partner-updates.ts";
import { Pauses } from "./pauses.ts";
import { ServiceSwitch } from "./service-switch.ts";
import { type State, serves } from "./state.ts";
import { nextState, type Pair, type Situation } from "./state-machine.ts";
import { remoteOrigin } from "./synchronise.ts";

/** Milliseconds for an answer, as Kea has it; a partner that may be silent for less has less. */
const PATIENCE = 9000;
/** In so many seconds a server has ended a lease whose time is over, and told the DNS of what it has given. */
const UPKEEP = 60;
/** Heartbeats are not closer to each other, whatever happens. */
const SHORTEST_BEAT = 100;

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
  #beating: { stop(): void } | undefined;
  #lastBeat = Number.NEGATIVE_INFINITY;
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
    this.#scopes = new Scopes(relationship);
    this.#since = around.clock.monotonic();
    this.#born = around.clock.wall();
    this.partner = new Partner(this.#since);
    this.log = new PairLog(own, this.partnerName, this.partner, around);
    this.#link = partner && connect(partner, around.family);
    const { partner: known, partnerName, log } = this;
    const parts = { relationship, place, around, log, partner: known, partnerName, link: this.#link, connect };
    this.leases = new LeaseFetch(parts);
    const ask = (command: string, args: object) => this.ask(command, args);
    const outbox = new Outbox(around.family, this.#pair.mostDelayed, ask, () => this.partner.ahead);
    this.updates = new PartnerUpdates(outbox, this);
    const telling = { server: own, waits: relationship["wait-backup-ack"], patience: this.#patience };
    this.#backups = new Backups(backups, telling, around, connect);
    this.#service = new ServiceSwitch(around.command);
    this.#pauses = new Pauses(relationship["state-machine"]?.states ?? []);
  }

  get #own(): string {
    return this.relationship["this-server-name"];
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
    this.#beating?.stop();
    this.#link?.close();
    this.#backups.stop();
  }

  /** Gives the partner a command. Rejects where there is none, or no answer. */
  ask(command: string, args: object): Promise<CommandAnswer> {
    const link = this.#link;
    if (link === undefined) return Promise.reject(new Error(`${this.#own} has no partner`));
    return link.ask(command, args, this.#patience);
  }

  /** Whose a message is, and whether it is for this server. */
  identify(query: Query): Identity | undefined {
    const state = this.#state;
    if (!serves(state)) return { drop: `the server is ${state}` };
    if (!Scopes.divides(query)) return undefined;
    const owner = this.#scopes.ownerOf(query);
    if (owner !== undefined && this.#served.includes(owner)) return { classes: [`HA_${owner}`] };
    if (this.isInterrupted && this.connecting.analyze(query)) this.#step();
    return { drop: owner === undefined ? "nobody's client" : `a client of ${owner}` };
  }

  /** Who ends a lease when its time is over, and tells the DNS of it: who serves its client. */
  keeperOf(lease: Lease): Keeper {
    const state = this.#state;
    if (this.#pair.alone === "backup") return "other";
    // Its leases may be older than the partner's.
    if (!serves(state)) return "unknown";
    const owner = this.#scopes.ownerOfLease(lease);
    if (owner === undefined || this.#served.includes(owner)) return "this";
    // Both have the same database, from which the other one has to remove it.
    if (!this.relationship["send-lease-updates"]) return "unknown";
    if (state === "terminated") return "other";
    // A partner that is gone may not have ended it.
    const heard = this.wall - this.silence / 1000;
    return lease.cltt + lease["valid-lft"] < heard - UPKEEP ? "other" : "unknown";
  }

  /** Tells the others. @returns what they do not have, and why */
  async commit(
    exchanges: readonly Exchange[],
    stored: Promise<readonly Exchange[]>,
  ): Promise<ReadonlyMap<Exchange, string>> {
    const unsafe = new Map<Exchange, string>();
    if (!this.relationship["send-lease-updates"]) return unsafe;
    const partner = this.#link === undefined ? [] : this.updates.tell(exchanges, stored);
    const sendings = exchanges.map(async (exchange, i) => {
      const backups = this.#backups.isEmpty ? undefined : this.#backups.tell(exchange);
      const why = (await partner[i]) ?? (await backups);
      if (why !== undefined) unsafe.set(exchange, why);
    });
    await Promise.all(sendings);
    return unsafe;
  }

  /** Whether answers wait for the partner. */
  get informs(): boolean {
    return this.#state === this.#pair.mode || this.#state === "partner-in-maintenance";
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
      if (this.#state === "syncing") this.enter("ready");
    } catch {
      // The next heartbeat tries again.
    } finally {
      this.#isSyncing = false;
    }
    this.#step();
  }

  async #beat(): Promise<void> {
    const [began, sent] = [this.now, this.wall];
    this.#lastBeat = began;
    const delay = this.relationship["heartbeat-delay"];
    try {
      const { arguments: told } = await this.ask("ha-heartbeat", { "server-name": this.#own });
      this.partner.heard(told, this.now, sent, this.wall);
      this.connecting.clear();
      this.log.heard();
      if (this.#state === "syncing" || (serves(this.#state) && this.leases.isBehind)) void this.#fetchLeases();
    } catch (error) {
      this.#lost("HA_HEARTBEAT_COMMUNICATIONS_FAILED", error as Error, began);
    }
    this.#beating = undefined;
    if (this.#isStopped) return;
    this.#step();
    this.#place.onChange();
    if (this.#awaitsReady) void this.#around.command("dhcp-enable", this.#remoteOrigin).catch(() => undefined);
    this.#awaitsReady = false;
    this.#beatIn(delay);
  }

  /** At the latest; not sooner after the last one than is good. */
  #beatIn(delay: number): void {
    if (this.#isStopped || this.#link === undefined) return;
    const due = Math.max(delay, this.#lastBeat + SHORTEST_BEAT - this.now);
    this.#beating?.stop();
    this.#beating = this.#around.after(due, () => void this.#beat());
  }

  /** A change could not be told. @param began when it was to be */
  lost(error: Error, began: number): void {
    this.#lost("HA_LEASE_UPDATE_COMMUNICATIONS_FAILED", error, began);
  }

  /** The partner will not have a client's change. @param isPlaceless because it has no subnet for it */
  conflicts(client: string, error: string, isPlaceless: boolean): void {
    this.log.tell("HA_LEASE_UPDATE_CONFLICT", { client, error });
    if (!isPlaceless) this.leases.doubt();
    this.#step();
  }

  /** @param began when it was asked for what it has not answered */
  #lost(
    id: "HA_HEARTBEAT_COMMUNICATIONS_FAILED" | "HA_LEASE_UPDATE_COMMUNICATIONS_FAILED",
    error: Error,
    began: number,
  ): void {
    // It may have answered something else since.
    if (this.#isStopped || began < this.partner.lastHeard) return;
    if (this.partner.state !== "unavailable") this.log.tell(id, { error: error.message });
    this.missed(error);
    this.#step();
  }

  /** An attempt to reach the partner has failed. */
  missed(error: Error): void {
    this.partner.lost(error);
    if (this.isInterrupted) this.log.interrupted();
  }

  #step(): void {
    for (let next = this.#next(); next !== this.#state; next = this.#next()) this.enter(next);
  }

  #next(): State {
    const { state, hasUnsent, skew, healing } = this.partner;
    const situation: Situation = {
      state: this.#state,
      isPaused: this.#isPaused,
      age: this.now - this.#since,
      partner: state,
      isInterrupted: this.isInterrupted,
      unacked: this.connecting.unacked,
      rejected: this.counts.rejected,
      skew: Math.abs(skew),
      hasUnsent: healing === undefined ? hasUnsent : this.leases.isBehind,
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
    this.log.transition(from, next, this.#served, this.counts.rejected);
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
