/** All relationships of a server: one, or as a hub one for each group of its subnets. */
import type { Exchange, Identity, Keeper, Lease, Query, Surroundings } from "@kotare/extension";
import { Scopes } from "./clients/scopes.ts";
import type { Connect } from "./link/partner-link.ts";
import { PairedServer } from "./paired-server.ts";
import type { Parameters } from "./parameters/parameters.ts";
import { serves } from "./state.ts";

export class Relationships {
  readonly servers: readonly PairedServer[];
  /** By the number of a subnet that says whose it is. */
  readonly #bySubnet = new Map<number, PairedServer>();
  /** In milliseconds of a clock that does not jump: those whose partners fetch leases. */
  readonly #pausedUntil = new Map<PairedServer, number>();

  /** @throws where a subnet names a server that is none */
  constructor(around: Surroundings<Parameters, string | undefined>, connect: Connect) {
    const all = around.parameters["high-availability"];
    const onChange = () => around.announce(this.servers.map(describe).join(", "));
    this.servers = all.map((relationship, index) => {
      const has = (subnetId: number) => this.#of(subnetId) === this.servers[index];
      return new PairedServer(relationship, { index, isOnly: all.length === 1, has, onChange }, around, connect);
    });
    if (all.length < 2) return;
    const { subnets, networks } = around.contexts;
    for (const [subnetId, name] of [...networks, ...subnets]) {
      const server = this.servers.find(({ relationship }) => relationship.peers.some((peer) => peer.name === name));
      if (name !== undefined && server === undefined) throw new Error(`subnet ${subnetId}: no peer is called ${name}`);
      if (server !== undefined) this.#bySubnet.set(subnetId, server);
    }
  }

  start(): void {
    for (const server of this.servers) server.start();
  }

  identify(query: Query): Identity | undefined {
    const [only, ...others] = this.servers;
    if (others.length === 0) return only!.identify(query);
    if (!Scopes.divides(query)) return undefined;
    const { subnetId } = query;
    const server = subnetId === undefined ? undefined : this.#of(subnetId);
    if (server === undefined) return { drop: "it belongs to none of the relationships" };
    const isPaused = server.now < (this.#pausedUntil.get(server) ?? 0);
    return isPaused ? { drop: "the partner fetches leases" } : server.identify(query);
  }

  /** Messages for a primary that its standby hears. Of several relationships, each packet's subnet says which one is asked. */
  turnsAway(type: string): boolean {
    const [only, ...others] = this.servers;
    if (others.length > 0 || !Scopes.divides({ type })) return false;
    const { state, served, isInterrupted } = only!;
    return serves(state) && served.length === 0 && !isInterrupted;
  }

  /** Tells partners. @returns what they do not have, and why */
  async commit(
    exchanges: readonly Exchange[],
    stored: Promise<readonly Exchange[]>,
  ): Promise<ReadonlyMap<Exchange, string>> {
    const [only, ...others] = this.servers;
    if (others.length === 0) return only!.commit(exchanges, stored);
    const refused = await Promise.all(
      this.servers.map((server) => {
        const own = exchanges.filter(({ changes }) => this.#of(changes[0]!.lease["subnet-id"]) === server);
        return own.length === 0 ? new Map<Exchange, string>() : server.commit(own, stored);
      }),
    );
    return new Map(refused.flatMap((each) => [...each]));
  }

  /**
   * A Kea that fetches leases has the service switched off meanwhile, and does not say who it is. It is one of those that do not
   * work beside this server now; the clients of the others are served.
   * @returns false where that is no answer: all of the service is meant
   */
  onPartnerSwitch(isOn: boolean, seconds = Number.POSITIVE_INFINITY): boolean {
    if (this.servers.length < 2) return false;
    if (isOn) {
      this.#pausedUntil.clear();
      return true;
    }
    const fetching = this.servers.filter(({ partner }) => partner.mayFetch);
    for (const server of fetching) this.#pausedUntil.set(server, server.now + seconds * 1000);
    return fetching.length > 0;
  }

  /** Who looks after a lease. One in no relationship is this server's. */
  keeperOf(lease: Lease): Keeper {
    return this.#of(lease["subnet-id"])?.keeperOf(lease) ?? "this";
  }

  /** Where no subnet says whose it is, or there is one relationship, it is the first one's. */
  #of(subnetId: number): PairedServer | undefined {
    return this.#bySubnet.size === 0 ? this.servers[0] : this.#bySubnet.get(subnetId);
  }
}

function describe({ relationship, state, partnerName, partner, isInterrupted }: PairedServer): string {
  const pair = `${relationship["this-server-name"]} ${state}`;
  if (partnerName === undefined) return pair;
  return `${pair}, ${partnerName} ${isInterrupted ? "silent" : partner.state}`;
}
