/**
 * Asks RADIUS who a client is and what it may have. The key of a fact is the request itself, its attributes as bytes, so
 * that `identify` stays pure. What a server has said of a client is kept for its later messages, as Kea keeps it: one that
 * renews by itself has none of the options that relays had added.
 */
import type { Contributions, ExtensionLog, Identity, Query } from "@kotare/extension";
import { latin1 } from "../../base/bytes.ts";
import type { Milliseconds } from "../../base/clock.ts";
import { readable } from "../../base/readable.ts";
import { Timer } from "../../base/timer.ts";
import { decodeRelayAgent } from "../../dhcp4/options/relay-agent.ts";
import { callingStation, nasAddress, nasPort, textAttribute } from "./radius-attributes.ts";
import { Radius } from "./radius-dictionary.ts";
import {
  encodeAccessRequest,
  type RadiusAttribute,
  RadiusCode,
  type RadiusResponse,
  readAttributes,
} from "./radius-packet.ts";
import type { RadiusParameters } from "./radius-parameters.ts";
import type { RadiusService } from "./radius-service.ts";
import { userNameOf } from "./radius-user.ts";
import { decodeIpv4, decodeIpv6, decodeIpv6Prefix } from "./radius-value.ts";

export type AccessFact =
  | { readonly kind: "accepted"; readonly identity: Identity; readonly classes: readonly Uint8Array[] }
  /** `silent`: no server has answered. */
  | { readonly kind: "rejected" | "silent" };

/** Twice the clients that are remembered; of more, those asked about the longest ago are asked about again. */
const MOST_KEPT = 200_000;

/** A message of a client that comes anew is asked about, whatever is kept. */
const BEGINS: ReadonlySet<string> = new Set(["DHCPDISCOVER", "SOLICIT"]);
/** These are answered by what is kept, where there is something; all others need nobody's permission. */
const GO_ON: ReadonlySet<string> = new Set(["DHCPREQUEST", "REQUEST", "RENEW", "REBIND"]);

/** Packets wait for so long, which is less than a fact may take; and so long where there is something else to go by. */
const PATIENCE: Milliseconds = 9000;
const PATIENCE_WITH_KEPT: Milliseconds = 2000;

const SILENT: AccessFact = { kind: "silent" };

/** Its clients get no answer. */
const NOBODY: Identity = { classes: ["DROP"] };

export class RadiusAccess implements Required<Pick<Contributions<AccessFact>, "identify" | "facts">> {
  readonly #parameters: RadiusParameters;
  readonly #family: 4 | 6;
  readonly #service: RadiusService;
  readonly #log: ExtensionLog;
  /** By request. */
  readonly #under = new Map<string, Promise<AccessFact>>();
  /** By user name and port, and by user name alone; the one asked about last at the end. */
  readonly #kept = new Map<string, AccessFact>();
  readonly facts;

  constructor(parameters: RadiusParameters, family: 4 | 6, service: RadiusService, log: ExtensionLog) {
    this.#parameters = parameters;
    this.#family = family;
    this.#service = service;
    this.#log = log;
    this.facts = { isSlow: true, load: (keys: readonly string[]) => this.#load(keys) };
  }

  identify(query: Query, ask: (key: string) => AccessFact | undefined, before: Identity): Identity | undefined {
    const isBegin = BEGINS.has(query.type);
    // Without a subnet there is nothing to get.
    if (!(isBegin || GO_ON.has(query.type)) || query.subnetId === undefined) return undefined;
    const attributes = this.#attributesOf(query, query.subnetId, before);
    if (attributes === undefined) return NOBODY;
    const fact = ask(`${isBegin ? "anew" : "kept"} ${encodeAll(attributes)}`);
    if (fact === undefined) return undefined;
    return fact.kind === "accepted" ? fact.identity : NOBODY;
  }

  /** What the server that let a client in wants to be told with what is reported of it. */
  classesOf(userName: string, port: RadiusAttribute): readonly Uint8Array[] {
    const client = [textAttribute(Radius.userName, userName), port];
    // The port of a subnet that was selected for what the answer says is not the one that was asked about.
    const fact = this.#kept.get(clientKey(client)) ?? this.#kept.get(nameKey(client));
    return fact?.kind === "accepted" ? fact.classes : [];
  }

  async #load(keys: readonly string[]): Promise<ReadonlyMap<string, AccessFact>> {
    const facts = keys.map(async (key): Promise<[string, AccessFact]> => [key, await this.#find(key)]);
    return new Map(await Promise.all(facts));
  }

  #find(key: string): AccessFact | Promise<AccessFact> {
    const [how, request] = [key.slice(0, 4), key.slice(5)];
    const attributes = decodeAll(request);
    const client = clientKey(attributes);
    const kept = this.#kept.get(client);
    if (how === "kept" && kept !== undefined) return kept;
    const asked = this.#under.get(request) ?? this.#askFor(request, attributes);
    // Who was let in before is let in while nobody can be asked.
    const limit = kept === undefined ? PATIENCE : PATIENCE_WITH_KEPT;
    return atLatest(asked, limit, SILENT).then((fact) => (fact.kind === "silent" ? (kept ?? fact) : fact));
  }

  /** What the answer says counts from then on, whoever still waits for it. */
  #askFor(request: string, attributes: readonly RadiusAttribute[]): Promise<AccessFact> {
    const asked = this.#ask(attributes)
      .then((fact) => {
        if (fact.kind !== "silent") this.#keep(attributes, fact);
        return fact;
      })
      .finally(() => this.#under.delete(request));
    this.#under.set(request, asked);
    return asked;
  }

  #keep(attributes: readonly RadiusAttribute[], fact: AccessFact): void {
    for (const key of [nameKey(attributes), clientKey(attributes)]) {
      this.#kept.delete(key);
      if (fact.kind !== "accepted") continue;
      this.#kept.set(key, fact);
      if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    }
  }

  async #ask(attributes: readonly RadiusAttribute[]): Promise<AccessFact> {
    const isProved = this.#parameters["use-message-authenticator"];
    const response = await this.#service.ask((identifier, random, { secret }, local) =>
      encodeAccessRequest(identifier, random, [...attributes, nasAddress(local)], secret, isProved),
    );
    const name = latin1(attributes[0]!.value);
    if (response === undefined) {
      this.#log.debug(`nobody says who ${name} is`);
      return SILENT;
    }
    this.#tellMessages(name, response);
    return factOf(response, this.#family, this.#parameters);
  }

  #tellMessages(name: string, { attributes }: RadiusResponse): void {
    for (const { type, value } of attributes) {
      if (type === Radius.replyMessage) this.#log.info(`of ${name} the server says: ${readable(latin1(value))}`);
    }
  }

  /** In Kea's order. @returns `undefined` for a client that has no name */
  #attributesOf(query: Query, subnetId: number, before: Identity): readonly RadiusAttribute[] | undefined {
    const parameters = this.#parameters;
    const { family, mac } = query;
    const clientId = before.clientId ?? query.clientId;
    const circuitId = family === 4 ? circuitIdIn(query.option(82)) : undefined;
    const name = userNameOf({ mac, clientId, flexId: before.flexId, circuitId }, family, parameters);
    if (name === undefined) return undefined;
    const own = parameters.access.attributes.map(({ type, value }) => ({ type, value: value(query) }));
    return [
      textAttribute(Radius.userName, name),
      ...callingStation(mac, parameters, family),
      ...own.filter(({ value }) => value.length > 0),
      nasPort(subnetId, parameters),
    ];
  }
}

/** What is promised, or `otherwise` where that takes longer. */
async function atLatest<T>(promised: Promise<T>, limit: Milliseconds, otherwise: T): Promise<T> {
  let timer: Timer | undefined;
  const late = new Promise<T>((resolve) => {
    timer = Timer.after(limit, () => resolve(otherwise));
  });
  return await Promise.race([promised, late]).finally(() => timer?.stop());
}

/** @param attributes the name first */
function nameKey(attributes: readonly RadiusAttribute[]): string {
  return encodeAll([attributes[0]!]);
}

/** @param attributes the name first, and the port among the others */
function clientKey(attributes: readonly RadiusAttribute[]): string {
  return encodeAll([attributes[0]!, attributes.findLast(({ type }) => type === Radius.nasPort)!]);
}

type Reselection = Pick<RadiusParameters, "reselect-subnet-address" | "reselect-subnet-pool">;

function factOf({ code, attributes }: RadiusResponse, family: 4 | 6, wanted: Reselection): AccessFact {
  if (code !== RadiusCode.accessAccept) return { kind: "rejected" };
  const reserved: string[] = [];
  const classes: string[] = [];
  for (const { type, value } of attributes) {
    const lease = decodeLease(type, value, family);
    if (lease !== undefined) reserved.push(lease);
    if (type === Radius.framedPool && value.length > 0) classes.push(latin1(value));
  }
  const kept = attributes.filter(({ type }) => type === Radius.class).map(({ value }) => value.slice());
  // In Kea, too, a prefix does not count.
  const address = wanted["reselect-subnet-address"] ? reserved.find((lease) => !lease.includes("/")) : undefined;
  const poolClass = wanted["reselect-subnet-pool"] ? classes[0] : undefined;
  const subnetFor = {
    ...(address !== undefined && { address }),
    ...(poolClass !== undefined && { poolClass }),
  };
  return { kind: "accepted", identity: { reserved, classes, subnetFor }, classes: kept };
}

function decodeLease(type: number, value: Uint8Array, family: 4 | 6): string | undefined {
  if (family === 4) return type === Radius.framedIpAddress ? decodeIpv4(value) : undefined;
  if (type === Radius.framedIpv6Address) return decodeIpv6(value);
  return type === Radius.delegatedIpv6Prefix ? decodeIpv6Prefix(value) : undefined;
}

/** RFC 3046: sub-option 1 of option 82. */
function circuitIdIn(agent: Uint8Array | undefined): Uint8Array | undefined {
  return agent === undefined ? undefined : decodeRelayAgent(agent)?.circuitId;
}

/** One character a byte: a key has to be a text. */
function encodeAll(attributes: readonly RadiusAttribute[]): string {
  return attributes.map(({ type, value }) => String.fromCharCode(type, value.length + 2) + latin1(value)).join("");
}

function decodeAll(attributes: string): readonly RadiusAttribute[] {
  const HEADER = 20;
  return readAttributes(Buffer.concat([Buffer.alloc(HEADER), Buffer.from(attributes, "latin1")])) ?? [];
}
