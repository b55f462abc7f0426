/** What a server says of its pair in the log: each thing once, as long as it lasts. */
import type { Surroundings } from "@kotare/extension";
import type { ConnectingClients } from "../clients/connecting-clients.ts";
import { UpdateError } from "../outbox.ts";
import type { Relationship } from "../parameters/relationship-schema.ts";
import type { Partner } from "../partner.ts";
import { type State, serves } from "../state.ts";
import { MOST_SKEW } from "../state-machine.ts";
import type { MessageId, Tell, ValuesOf } from "./messages.ts";

/** Seconds between clocks that are warned of, and milliseconds from one warning to the next. */
const SKEW = { warned: 30, period: 60_000 };

/** Clients that are named while the partner cannot be told: an outage has thousands. */
const MOST_UNTOLD = 100;

export class PairLog {
  readonly #server: string;
  readonly #partnerName: string | undefined;
  readonly #partner: Partner;
  readonly #around: Pick<Surroundings<unknown>, "clock" | "family" | "tell">;
  #isInterruptionTold = false;
  /** Clients of whose leases it was said that the partner does not have them. */
  readonly #untold = new Set<string>();
  #skewToldAt = Number.NEGATIVE_INFINITY;

  constructor(
    server: string,
    partnerName: string | undefined,
    partner: Partner,
    around: Pick<Surroundings<unknown>, "clock" | "family" | "tell">,
  ) {
    this.#server = server;
    this.#partnerName = partnerName;
    this.#partner = partner;
    this.#around = around;
  }

  /** Who the two are goes without saying. */
  tell<Id extends MessageId>(
    id: Id,
    values: Omit<ValuesOf<Id>, "server" | "partner"> & { readonly partner?: string },
  ): void {
    const tell: (...said: Parameters<Tell>) => void = this.#around.tell;
    const names = { server: this.#server, partner: this.#partnerName ?? "nobody" };
    tell(id, { ...names, ...values } as unknown as ValuesOf<MessageId>);
  }

  /** @param rejected clients whose leases the partner has rejected */
  transition(from: State, to: State, served: readonly string[], rejected: number): void {
    const scopes = served.length === 0 ? "no clients" : `clients of ${served.join(" and ")}`;
    const states = { from: from.toUpperCase(), to: to.toUpperCase(), scopes };
    const { state, skew } = this.#partner;
    if (this.#partnerName === undefined) this.tell("HA_STATE_TRANSITION_PASSIVE_BACKUP", states);
    else this.tell("HA_STATE_TRANSITION", { ...states, partner: state.toUpperCase() });
    if (serves(from) !== serves(to)) this.service(to);
    if (to !== "terminated") return;
    const seconds = Math.abs(skew);
    if (seconds > MOST_SKEW) this.tell("HA_HIGH_CLOCK_SKEW_CAUSED_TERMINATION", { seconds });
    else if (state !== "terminated") this.tell("HA_LEASE_UPDATE_REJECTS_CAUSED_TERMINATION", { count: rejected });
    this.tell("HA_TERMINATED", {});
  }

  service(state: State): void {
    this.tell(serves(state) ? "HA_LOCAL_DHCP_ENABLE" : "HA_LOCAL_DHCP_DISABLE", { state: state.toUpperCase() });
  }

  updates(areOn: boolean, state: State): void {
    if (this.#partnerName === undefined) return;
    this.tell(areOn ? "HA_LEASE_UPDATES_ENABLED" : "HA_LEASE_UPDATES_DISABLED", { state: state.toUpperCase() });
  }

  /** The configuration has something that few want. */
  oddities({ peers, ...rest }: Relationship): void {
    const [sends, fetches] = [rest["send-lease-updates"], rest["sync-leases"]];
    if (!sends) this.tell("HA_CONFIG_LEASE_UPDATES_DISABLED", {});
    if (!fetches) this.tell("HA_CONFIG_LEASE_SYNCING_DISABLED", {});
    if (sends !== fetches) this.tell("HA_CONFIG_LEASE_UPDATES_AND_SYNCING_DIFFER", {});
    const own = peers.find(({ name }) => name === this.#server)!;
    if (!own["auto-failover"]) this.tell("HA_CONFIG_AUTO_FAILOVER_DISABLED", {});
  }

  /** The partner does not have a client's lease. */
  untold(client: string, error: Error): void {
    if (this.#untold.size >= MOST_UNTOLD || this.#untold.has(client)) return;
    this.#untold.add(client);
    const id = error instanceof UpdateError ? "HA_LEASE_UPDATE_FAILED" : "HA_LEASE_UPDATE_COMMUNICATIONS_FAILED";
    this.tell(id, { client, error: error.message });
  }

  /** A client of the silent partner asks. @param left how many more of those that have asked for too long it takes */
  connecting(client: string, { unacked }: ConnectingClients, isUnacked: boolean, left: number): void {
    const id = `HA_COMMUNICATION_INTERRUPTED_CLIENT${this.#around.family}` as const;
    if (isUnacked) this.tell(`${id}_UNACKED`, { client, unacked, left });
    else this.tell(id, { client });
  }

  /** The partner has answered. */
  heard(): void {
    this.#isInterruptionTold = false;
    this.#untold.clear();
    const now = this.#around.clock.monotonic();
    const seconds = Math.abs(this.#partner.skew);
    if (seconds <= SKEW.warned || now - this.#skewToldAt < SKEW.period) return;
    this.#skewToldAt = now;
    this.tell("HA_HIGH_CLOCK_SKEW", { seconds });
  }

  /** The partner has said nothing for too long. */
  interrupted(): void {
    if (this.#isInterruptionTold) return;
    this.#isInterruptionTold = true;
    this.tell("HA_COMMUNICATION_INTERRUPTED", {});
  }
}
