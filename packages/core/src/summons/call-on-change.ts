/** Has clients come back when a new configuration, or a changed reservation, may give them something else. */
import type { Seconds } from "../base/clock.ts";
import { type Lease, LeaseState } from "../leases/model/lease.ts";
import type { Found } from "../leases/model/lease-store.ts";
import { callAll } from "./campaign.ts";
import { type ChangedReservation, ChangedReservations, type ClientKeys } from "./changed-reservations.ts";
import { changedSubnets, type Gifts, giftsOf } from "./changed-subnets.ts";
import { PACE, type Summoner } from "./summoner.ts";

type AnyLease = Lease & { readonly address: number | string };

export interface CallOnChangeParts<L extends AnyLease> {
  readonly summoner: Summoner<L>;
  page(after: L["address"] | undefined, limit: number): Found<L>;
  /** What a lease knows its client by. */
  readonly keyOf: ClientKeys<L>;
  /** Of the lease clock. */
  now(): Seconds;
  /** Told when clients are going to be called. @param subnets of how many */
  onBegin(subnets: number): void;
}

/** As much of a configuration as it looks at. */
interface CallingConfig {
  readonly "user-context"?:
    | { readonly kotare?: { readonly "call-on-change"?: boolean | undefined } | undefined }
    | undefined;
}

/** A companion of the server. */
export class CallOnChange<L extends AnyLease> {
  readonly #list: "subnet4" | "subnet6";
  readonly #parts: CallOnChangeParts<L>;
  #former: Gifts | undefined;
  #calling = Promise.resolve();
  /** Those whose clients the next campaign is for. */
  #reservations: ChangedReservations<L> | undefined;

  constructor(list: "subnet4" | "subnet6", parts: CallOnChangeParts<L>) {
    this.#list = list;
    this.#parts = parts;
  }

  update(): void {}

  /** The configuration is in force already. */
  configure(config: CallingConfig): void {
    const isOn = config["user-context"]?.kotare?.["call-on-change"] === true;
    const former = this.#former;
    const gifts = isOn ? giftsOf(config, this.#list) : undefined;
    this.#former = gifts;
    if (gifts === undefined || former === undefined) return;
    const changed = changedSubnets(former, gifts);
    if (changed.size === 0) return;
    this.#parts.onBegin(changed.size);
    // One after the other: the pace is that of all together.
    this.#calling = this.#calling.then(() => this.#call(({ subnetId }) => changed.has(subnetId)));
  }

  /** A command has changed it in a host database. Of many that change together the leases are gone through once. */
  reservationChanged(change: ChangedReservation): void {
    if (this.#former === undefined) return;
    if (this.#reservations === undefined) {
      this.#reservations = new ChangedReservations(this.#parts.keyOf);
      this.#calling = this.#calling.then(() => {
        const reservations = this.#reservations!;
        this.#reservations = undefined;
        return this.#call((lease) => reservations.areAbout(lease));
      });
    }
    this.#reservations.add(change);
  }

  async #call(isConcerned: (lease: L) => boolean): Promise<void> {
    const { summoner, page, now } = this.#parts;
    const isMeant = (lease: L) => lease.state === LeaseState.assigned && isConcerned(lease);
    const call = (lease: L) => summoner.call(lease, "renew");
    // Leases that cannot be read now are of clients that renew some time.
    await callAll<L>({ page, isMeant, call, now, signal: summoner.ending }, PACE).catch(() => undefined);
  }

  async stop(): Promise<void> {
    await this.#calling;
  }
}
