/** Fetches the leases of other servers of a pair, and knows whether the partner may have some that were not fetched. */
import type { Surroundings } from "@kotare/extension";
import type { PairLog } from "./control/pair-log.ts";
import type { Connect, Link } from "./link/partner-link.ts";
import type { PairPlace } from "./pair-place.ts";
import type { Relationship } from "./parameters/relationship-schema.ts";
import type { Partner } from "./partner.ts";
import { synchronise } from "./synchronise.ts";

interface Parts {
  readonly relationship: Relationship;
  readonly place: PairPlace;
  readonly around: Pick<Surroundings<unknown>, "clock" | "command" | "family">;
  readonly log: PairLog;
  readonly partner: Partner;
  readonly partnerName: string | undefined;
  readonly link: Link | undefined;
  readonly connect: Connect;
}

export class LeaseFetch {
  readonly #parts: Parts;
  /** What the partner said of untold leases when all of them were last fetched. */
  #fetched: string | undefined;
  /** Whether all of them have been, since the start. */
  #hasFetched = false;
  /** Whether some of them could not be here when they were last fetched: there was no subnet for them. */
  #isPartial = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether the partner, one of ours, may have leases that this server has not fetched. */
  get isBehind(): boolean {
    const { relationship, partner } = this.#parts;
    const { healing } = partner;
    return relationship["sync-leases"] && healing !== undefined && healing.untold !== this.#fetched;
  }

  /** Whether the partner may have leases that this server, which has served alone, has not fetched. */
  get isLacking(): boolean {
    const { relationship, partner } = this.#parts;
    if (partner.healing !== undefined) return this.isBehind;
    // A Kea does not say what it has from before this server's start.
    return partner.hasUnsent || (relationship["sync-leases"] && !this.#hasFetched);
  }

  /** The partner has a lease of which this server knows nothing. */
  doubt(): void {
    this.#fetched = undefined;
  }

  /** A new configuration is in force: it may have the subnets that were lacking. */
  configured(): void {
    if (this.#isPartial) this.doubt();
  }

  /** Rejects when it does not give them. */
  async fromPartner(): Promise<void> {
    const { partner, partnerName } = this.#parts;
    const untold = partner.healing?.untold;
    this.#isPartial = false;
    await this.from(partnerName!);
    this.#fetched = untold;
    this.#hasFetched = true;
  }

  /**
   * Rejects when it does not give them.
   * @param name of another server @param most seconds that its service may be off for a page
   * @returns how many leases were taken over
   */
  async from(name: string, most?: number): Promise<number> {
    const { relationship, place, around, log, partner, partnerName, link: toPartner, connect } = this.#parts;
    const { "this-server-name": serverName, "sync-page-limit": pageLimit, "sync-timeout": limit } = relationship;
    const { family, command, clock } = around;
    const patience = most ?? Math.ceil(limit / 1000);
    const isPartner = name === partnerName;
    const link = isPartner ? toPartner! : connect(relationship.peers.find((peer) => peer.name === name)!, family);
    const began = clock.monotonic();
    log.tell("HA_SYNC_START", { partner: name });
    try {
      const ask: typeof command = (asked, args = {}) => link.ask(asked, args, patience * 1000);
      const ahead = isPartner ? partner.ahead : 0;
      const onLeftOut = () => {
        this.#isPartial ||= isPartner;
      };
      const settings = { family, serverName, pageLimit, patience, ahead, onLeftOut, ...place };
      const count = await synchronise(ask, command, settings);
      const milliseconds = Math.round(clock.monotonic() - began);
      log.tell("HA_SYNC_SUCCESSFUL", { partner: name, count, milliseconds });
      return count;
    } catch (error) {
      log.tell("HA_SYNC_FAILED", { partner: name, error: (error as Error).message });
      throw error;
    } finally {
      if (!isPartner) link.close();
    }
  }
}
