/** Plays made-up messages through the steps before anybody is served: the first clients would wait while code is compiled. */
import type { Datagram } from "@kotare/netio/transports/datagram";
import type { Clock, Milliseconds } from "../../base/clock.ts";
import type { LeaseStore } from "../../leases/model/lease-store.ts";
import { Attempt } from "./attempt.ts";
import type { Facts, Ingress, PacketPath, PathTypes } from "./packet-path.ts";

/** Messages of clients, and where they would come in. */
export interface Rehearsal<Address> {
  readonly messages: readonly Uint8Array[];
  readonly ingress: Ingress<Address>;
}

interface RehearsalParts<T extends PathTypes> {
  readonly store: Pick<LeaseStore<T["lease"], T["batch"]>, "begin">;
  readonly clock: Pick<Clock, "wall" | "monotonic">;
}

/** Of each message: by then V8 has compiled what is called often. */
const TIMES = 800;
/** A start is not held up for longer, whatever the configuration. */
const LIMIT: Milliseconds = 200;

/** The steps are pure, and no batch is committed: nothing comes of it. */
export function rehearse<T extends PathTypes>(
  { messages, ingress }: Rehearsal<T["address"]>,
  path: PacketPath<T>,
  service: T["service"],
  beginHosts: () => T["hosts"],
  { store, clock }: RehearsalParts<T>,
): void {
  const room = { buffer: new Uint8Array(0x10000), offset: 0 };
  const replies = { reserve: () => room };
  const isOurAddress = (address: T["address"]) => ingress.interface.addresses.includes(address);
  const { source, sourcePort, destination } = ingress;
  const packets = messages.map((bytes): Datagram<T["address"]> => {
    const whole = { buffer: bytes, offset: 0, length: bytes.length, macOffset: -1, received: 0 };
    return { ...whole, ifindex: ingress.interface.index, source, sourcePort, destination };
  });
  const end = clock.monotonic() + LIMIT;
  for (let time = 0; time < TIMES && clock.monotonic() < end; time++) {
    const view = store.begin();
    const random = time / TIMES;
    const facts: Facts<T> = {
      service,
      view,
      hosts: beginHosts(),
      now: Math.floor(clock.wall()),
      random,
      isOurAddress,
      known: undefined,
    };
    try {
      for (const datagram of packets) {
        const message = path.decode(datagram.buffer, service);
        const packet = { datagram, message, ingress, random, known: undefined, started: undefined };
        new Attempt(packet, service).make(path, facts, replies, isAlone, true);
      }
    } catch {
      // Where leases are in a database, what is not loaded may end a step. All else shows when a client asks.
      return;
    } finally {
      view.abandon();
    }
  }
}

const isAlone = () => false;
