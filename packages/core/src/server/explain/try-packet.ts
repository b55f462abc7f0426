/** Decides about a packet without anything coming of it: for somebody who wants to know what would. */
import { DecodeError } from "../../base/decode-error.ts";
import { ExtensionError } from "../../extensions/extension-error.ts";
import type { ServedInterface } from "../interfaces/served-interfaces.ts";
import { Attempt, bytesOf, ingressOf } from "../packets/attempt.ts";
import type { Arrival, Facts, Packet, PacketPath, PathTypes } from "../packets/packet-path.ts";
import { type RoundParts, TRIES } from "../packets/round.ts";

export interface TrialParts<T extends PathTypes>
  extends Pick<RoundParts<T>, "store" | "beginHosts" | "isOurAddress" | "isOn"> {
  readonly clock: RoundParts<T>["clock"];
  random(): number;
}

export interface Trial<T extends PathTypes> {
  /** `undefined` for a message that cannot be decoded. */
  readonly attempt: Attempt<T> | undefined;
  /** Why there is no answer and no drop: an option or an extension. */
  readonly error: DecodeError | ExtensionError | undefined;
}

/**
 * Takes the steps that `Round` takes, in a batch of its own that is given up. Extensions are asked as they are for a client.
 * @throws where a step has a fault of ours
 */
export async function tryPacket<T extends PathTypes>(
  path: PacketPath<T>,
  service: T["service"],
  parts: TrialParts<T>,
  datagram: Arrival<T["address"]>,
  served: ServedInterface<T["address"]>,
): Promise<Trial<T>> {
  const batch = parts.store.begin();
  let attempt: Attempt<T> | undefined;
  try {
    const packet: Packet<T> = {
      datagram,
      message: path.decode(bytesOf(datagram), service),
      ingress: ingressOf(datagram, served),
      random: parts.random(),
      started: undefined,
      known: path.newFacts?.(),
    };
    attempt = new Attempt(packet, service);
    await decide(attempt, path, parts, batch);
    return { attempt, error: undefined };
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof ExtensionError)) throw error;
    return { attempt, error };
  } finally {
    batch.abandon();
  }
}

async function decide<T extends PathTypes>(
  attempt: Attempt<T>,
  path: PacketPath<T>,
  parts: TrialParts<T>,
  batch: T["batch"],
): Promise<void> {
  const { packet, service } = attempt;
  const { known } = packet;
  if (!parts.isOn()) {
    attempt.drop = path.drop("service-disabled");
    return;
  }
  const hosts = parts.beginHosts(service);
  const facts: Facts<T> = {
    service,
    view: batch,
    hosts,
    now: Math.floor(parts.clock.wall()),
    random: packet.random,
    isOurAddress: (address) => parts.isOurAddress(address),
    known,
  };
  for (let tries = 1; tries <= TRIES; tries++) {
    const missed = batch.missed + hosts.missed;
    try {
      if (attempt.make(path, facts, room, () => false, false)) return;
    } catch (error) {
      // What was decided without what is lacking counts for nothing.
      if (batch.missed + hosts.missed === missed && known?.lacks !== true) throw error;
    }
    await Promise.all([batch.load(), hosts.load(), known && path.load?.([known])]);
  }
  throw new Error("what it takes to decide kept changing");
}

const room = { reserve: (capacity: number) => ({ buffer: new Uint8Array(capacity), offset: 0 }) };
