/** What a server says of its pair in the log: each thing once, as long as it lasts. */
import type { Surroundings } from "@kotare/extension";
import type { Partner } from "../partner.ts";
import type { State } from "../state.ts";
import { MOST_SKEW } from "../state-machine.ts";
import type { MessageId, Tell, ValuesOf } from "./messages.ts";

/** Seconds between clocks that are warned of, and milliseconds from one warning to the next. */
const SKEW = { warned: 30, period: 60_000 };

export class PairLog {
  readonly #server: string;
  readonly #partnerName: string | undefined;
  readonly #partner: Partner;
  readonly #around: Pick<Surroundings<unknown>, "clock" | "tell">;
  #isInterruptionTold = false;
  #skewToldAt = Number.NEGATIVE_INFINITY;

  constructor(
    server: string,
    partnerName: string | undefined,
    partner: Partner,
    around: Pick<Surroundings<unknown>, "clock" | "tell">,
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
    if (to !== "terminated") return;
    const seconds = Math.abs(skew);
    if (seconds > MOST_SKEW) this.tell("HA_HIGH_CLOCK_SKEW_CAUSES_TERMINATION", { seconds });
    else if (state === "terminated") this.tell("HA_TERMINATED", {});
    else this.tell("HA_LEASE_UPDATE_REJECTS_CAUSED_TERMINATION", { count: rejected });
  }

  /** The partner has answered. */
  heard(): void {
    this.#isInterruptionTold = false;
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
