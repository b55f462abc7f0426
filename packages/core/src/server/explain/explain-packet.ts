/** What would become of a packet that somebody has given, and why. */
import type { Explanation } from "../../control/explanation.ts";
import type { GivenPacket } from "../../control/given-packet.ts";
import type { ServedInterface } from "../interfaces/served-interfaces.ts";
import type { Attempt } from "../packets/attempt.ts";
import type { Arrival, PacketPath, PathTypes } from "../packets/packet-path.ts";
import { type TrialParts, tryPacket } from "./try-packet.ts";

/** A service that tells where packets' subnets are looked for. */
export interface Watched<T extends PathTypes> {
  readonly service: T["service"];
  /** A packet is decided about anew. */
  begin(): void;
  explain(attempt: Attempt<T>): Explanation;
}

/** How a family explains. */
export interface ExplainRules<T extends PathTypes> {
  watch(service: T["service"]): Watched<T>;
  parseAddress(text: string): T["address"] | undefined;
  /** Where a packet comes from and goes to that says nothing else. */
  usualWay(payload: Uint8Array, served: ServedInterface<T["address"]>): Way<T["address"]>;
}

export interface Way<Address> {
  readonly source: Address;
  readonly sourcePort: number;
  readonly destination: Address;
  /** Of the frame. */
  readonly mac: Uint8Array;
}

export interface ExplainParts<T extends PathTypes> extends TrialParts<T> {
  /** Without what extensions contribute. */
  readonly path: PacketPath<T>;
  extend(path: PacketPath<T>): PacketPath<T>;
  readonly service: T["service"];
  /** The first one where no name is given; `undefined` where it is not served. */
  served(name: string | undefined): ServedInterface<T["address"]> | undefined;
}

/** @throws Error in words, where the packet cannot come so */
export async function explainPacket<T extends PathTypes>(
  rules: ExplainRules<T>,
  parts: ExplainParts<T>,
  given: GivenPacket,
): Promise<Explanation> {
  const served = parts.served(given.interface);
  if (served === undefined) {
    throw new Error(
      given.interface === undefined ? "no interface is served" : `interface ${given.interface} is not served`,
    );
  }
  const watched = rules.watch(parts.service);
  const { place } = parts.path;
  const path = parts.extend({
    ...parts.path,
    place(message, ingress, facts, identity) {
      watched.begin();
      if (given.classes.length === 0) return place(message, ingress, facts, identity);
      return place(message, ingress, facts, { ...identity, classes: [...given.classes, ...(identity?.classes ?? [])] });
    },
  });
  const arrival = arrivalOf(rules, given, served);
  const { attempt, error } = await tryPacket(path, watched.service, parts, arrival, served);
  if (attempt === undefined)
    return { outcome: `no answer: the message cannot be decoded: ${error?.message}`, sections: [], reply: undefined };
  const explanation = watched.explain(attempt);
  return error === undefined
    ? explanation
    : { ...explanation, outcome: `no answer: ${error.message}`, reply: undefined };
}

function arrivalOf<T extends PathTypes>(
  rules: ExplainRules<T>,
  { payload, source, sourcePort, destination, mac }: GivenPacket,
  served: ServedInterface<T["address"]>,
): Arrival<T["address"]> {
  const usual = rules.usualWay(payload, served);
  const frameMac = mac ?? usual.mac;
  return {
    buffer: Buffer.concat([payload, frameMac]),
    offset: 0,
    length: payload.length,
    ifindex: served.index,
    source: addressOf(rules, source) ?? usual.source,
    sourcePort: sourcePort ?? usual.sourcePort,
    destination: addressOf(rules, destination) ?? usual.destination,
    macOffset: frameMac.length === 6 ? payload.length : -1,
    received: performance.now(),
  };
}

function addressOf<T extends PathTypes>(
  { parseAddress }: ExplainRules<T>,
  text: string | undefined,
): T["address"] | undefined {
  if (text === undefined) return undefined;
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address of this protocol`);
  return address;
}
