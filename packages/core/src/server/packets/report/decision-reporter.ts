/**
 * Debug lines about how a client was served, each under the logger that people name to look for it: alike in both servers.
 * Where a logger shows none of them, its line costs one look at its level.
 */
import { formatHex } from "../../../base/hex.ts";
import { debug, defineMessages } from "../../../log/catalogue.ts";
import { DebugLevel } from "../../../log/levels.ts";
import type { Logger } from "../../../log/logger.ts";

const hosts = defineMessages(
  "hosts",
  {
    GET_ONE_SUBNET_ID_IDENTIFIER_HOST: debug(
      DebugLevel.trace,
      "{client:label}: using subnet id {subnet} and identifier {identifier}, found host",
      "The client has a reservation in that subnet, or a global one.",
    ),
    GET_ONE_SUBNET_ID_IDENTIFIER_NULL: debug(
      DebugLevel.trace,
      "{client:label}: host not found using subnet id {subnet}",
      "None of the client's identifiers that are looked for has a reservation there.",
    ),
  },
  "HOSTS_CFG_",
);

/** @param family `4` or `6`, as in `DHCP4_LEASE_DATA` */
function defineDecisionMessages(family: 4 | 6) {
  const dhcpsrv = defineMessages(
    "dhcpsrv",
    {
      SELECTED: debug(
        DebugLevel.trace,
        "{client:label}: selected subnet {subnet} for packet received over interface {interface}",
        "The first of the subnets from which the client may be served.",
      ),
      NONE: debug(
        DebugLevel.trace,
        "{client:label}: no subnet for packet received over interface {interface}",
        "No subnet is of that interface, of the relay, or for the client's classes.",
      ),
    },
    `DHCPSRV_CFGMGR_SUBNET${family}_`,
  );
  const engine = defineMessages(
    "alloc-engine",
    {
      LEASE_CHOSEN: debug(
        DebugLevel.trace,
        "{client:label}: {lease} in subnet {subnet}: {why}",
        "What the client is offered or given, and where it comes from.",
      ),
    },
    `ALLOC_ENGINE_V${family}_`,
  );
  const prefix = `DHCP${family}_`;
  const leases = defineMessages(
    "leases",
    {
      LEASE_DATA: debug(
        DebugLevel.detail,
        "{client:label}: detailed lease information: {lease}, valid for {lifetime} seconds, subnet {subnet}, pool {pool}",
        "The lease that a reply is about.",
      ),
    },
    prefix,
  );
  const options = defineMessages(
    "options",
    {
      RESPONSE_OPTIONS: debug(
        DebugLevel.detail,
        "{client:label}: the reply has options {codes}; the client asked for {asked}",
        "Codes, in the order of the reply. An option that is asked for and not there is configured for none of the client's scopes.",
      ),
    },
    prefix,
  );
  return { ...dhcpsrv, ...engine, ...leases, ...options };
}

/** Where a client may be served. */
interface Place {
  readonly subnet: { readonly id: number; readonly text: string };
  readonly host: { readonly identifierType: string; readonly identifier: Uint8Array } | undefined;
}

/** A packet whose places are known. */
interface Placed {
  readonly message: { readonly label: Uint8Array };
  readonly ingress: { readonly interface: { readonly name: string } };
  readonly places: readonly Place[];
}

/** A lease that a client is offered or given. */
export interface Chosen {
  /** The address or prefix as text. */
  readonly lease: string;
  readonly place: Place;
  readonly pool: { readonly id: number } | undefined;
  /** Whether it is the client's reservation. */
  readonly isReserved: boolean;
  /** Whether the client had it already. */
  readonly isOwn: boolean;
  readonly lifetime: number;
}

export class DecisionReporter {
  readonly #log: Logger;
  readonly #messages: ReturnType<typeof defineDecisionMessages>;

  constructor(log: Logger, family: 4 | 6) {
    this.#log = log;
    this.#messages = family === 4 ? messages4 : messages6;
  }

  placed({ message, ingress, places }: Placed): void {
    const log = this.#log;
    const { SELECTED, NONE } = this.#messages;
    const { name } = ingress.interface;
    const [place] = places;
    if (log.isEnabled(SELECTED)) {
      if (place === undefined) log.log(NONE, { client: message.label, interface: name });
      else log.log(SELECTED, { client: message.label, subnet: place.subnet.text, interface: name });
    }
    if (place === undefined || !log.isEnabled(hosts.GET_ONE_SUBNET_ID_IDENTIFIER_HOST)) return;
    for (const { subnet, host } of places) {
      const found = { client: message.label, subnet: subnet.id };
      if (host === undefined) log.log(hosts.GET_ONE_SUBNET_ID_IDENTIFIER_NULL, found);
      else {
        const identifier = `${host.identifierType}=${formatHex(host.identifier)}`;
        log.log(hosts.GET_ONE_SUBNET_ID_IDENTIFIER_HOST, { ...found, identifier });
      }
    }
  }

  /** Whether `chosen` tells anything: asked before what it takes is put together. */
  get tellsChosen(): boolean {
    const { LEASE_CHOSEN, LEASE_DATA } = this.#messages;
    return this.#log.isEnabled(LEASE_CHOSEN) || this.#log.isEnabled(LEASE_DATA);
  }

  chosen(client: Uint8Array, { lease, place, pool, isReserved, isOwn, lifetime }: Chosen): void {
    const { LEASE_CHOSEN, LEASE_DATA } = this.#messages;
    const { id, text } = place.subnet;
    const where = isReserved
      ? "reserved for it"
      : pool === undefined
        ? "outside of all pools"
        : `out of pool ${pool.id}`;
    const why = isOwn ? `its own already, ${where}` : where;
    this.#log.log(LEASE_CHOSEN, { client, lease, subnet: text, why });
    this.#log.log(LEASE_DATA, { client, lease, lifetime, subnet: id, pool: pool?.id ?? "none" });
  }

  /** As `tellsChosen`, for `written`. */
  get tellsWritten(): boolean {
    return this.#log.isEnabled(this.#messages.RESPONSE_OPTIONS);
  }

  /** @param codes of the reply @param asked codes that the client has asked for */
  written(client: Uint8Array, codes: Iterable<number>, asked: Iterable<number>): void {
    const { RESPONSE_OPTIONS } = this.#messages;
    this.#log.log(RESPONSE_OPTIONS, { client, codes: [...codes].join(" "), asked: [...asked].join(" ") || "none" });
  }
}

const messages4 = defineDecisionMessages(4);
const messages6 = defineDecisionMessages(6);
