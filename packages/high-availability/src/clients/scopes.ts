/** Whose clients are whose: a scope is named after the server that its clients belong to. */
import type { Lease, Query } from "@kotare/extension";
import type { Relationship } from "../parameters/relationship-schema.ts";
import { type State, serves, servesAll } from "../state.ts";
import { ownerOf } from "./load-balancing.ts";

/** Messages that are for one of the servers; others are for whoever gets them. */
const DIVIDED: ReadonlySet<string> = new Set([
  "DHCPDISCOVER",
  "DHCPREQUEST",
  "DHCPDECLINE",
  "DHCPRELEASE",
  "DHCPINFORM",
  "SOLICIT",
  "REQUEST",
  "CONFIRM",
  "RENEW",
  "REBIND",
  "RELEASE",
  "DECLINE",
]);

export class Scopes {
  readonly #relationship: Relationship;
  /** The names of the two. */
  readonly #primary: string;
  readonly #secondary: string | undefined;
  readonly #own: string;

  constructor(relationship: Relationship) {
    const nameOf = (...roles: string[]) => relationship.peers.find(({ role }) => roles.includes(role))?.name;
    this.#relationship = relationship;
    this.#primary = nameOf("primary")!;
    this.#secondary = nameOf("secondary", "standby");
    this.#own = relationship["this-server-name"];
  }

  /** Those that this server serves in a state. */
  servedIn(state: State): readonly string[] {
    if (!serves(state)) return [];
    const { mode, peers } = this.#relationship;
    const isOwn = mode === "load-balancing" || this.#own === this.#primary;
    const usual = isOwn ? [this.#own] : [];
    const mayTakeOver = peers.find(({ name }) => name === this.#own)!["auto-failover"];
    if (!servesAll(state) || !mayTakeOver) return usual;
    return mode === "load-balancing" ? [this.#primary, this.#secondary!] : [this.#primary];
  }

  /** Whether a message is for one of the two only. */
  static divides({ type }: Pick<Query, "type">): boolean {
    return DIVIDED.has(type);
  }

  /** The server that a client belongs to; `undefined` for one that says nothing of itself. */
  ownerOf(query: Query): string | undefined {
    return this.#ownerOf(() => keyOf(query));
  }

  /** The server that the client of a lease belongs to; `undefined` for a lease of nobody's. */
  ownerOfLease(lease: Lease): string | undefined {
    return this.#ownerOf(() => keyOfLease(lease));
  }

  #ownerOf(keyOfClient: () => Uint8Array): string | undefined {
    if (this.#relationship.mode !== "load-balancing") return this.#primary;
    const key = keyOfClient();
    if (key.length === 0) return undefined;
    return ownerOf(key) === "primary" ? this.#primary : this.#secondary;
  }
}

function keyOfLease({ duid, "client-id": clientId, "hw-address": mac = "" }: Lease): Uint8Array {
  return Buffer.from((duid ?? clientId ?? mac).replaceAll(":", ""), "hex");
}

function keyOf({ family, clientId, mac }: Query): Uint8Array {
  if (clientId !== undefined && clientId.length > 0) return clientId;
  return family === 4 ? Buffer.from(mac.replaceAll(":", ""), "hex") : new Uint8Array(0);
}
