/** DHCPv6 through whole frames beside the UDP sockets: a ring holds bursts, and frames have MAC addresses. */

import { type Address6, readAddress6 } from "../../frames/address6.ts";
import { decodeFrame6, ETHERTYPE_IPV6 } from "../../frames/frame6.ts";
import type { Interface, InterfaceWatch } from "../../interfaces/interface.ts";
import type { SystemError } from "../../system-error.ts";
import type { Batch, SendBatch, TransportStats } from "../datagram.ts";
import { IDLE_SEND_BATCHES, OutgoingBatch } from "../outgoing-batch.ts";
import { Pool } from "../pool.ts";
import { ReceivedDatagram6 } from "../received-batch.ts";
import { type Endpoint6, SERVER_GROUPS, type Transport6, type Udp6Sockets } from "../udp/udp6-sockets.ts";
import { openUdp6 } from "../udp/udp6-transport.ts";
import type { FrameChannel, FrameDecoder } from "./frame-channel.ts";
import { openFrameChannel } from "./open-frame-channel.ts";
import { RawWire6 } from "./raw6-wire.ts";

/** ARP hardware types whose frames begin with an Ethernet header. */
const ETHERNET = 1;
const LOOPBACK = 772;

/**
 * The channel takes the datagrams of Ethernet frames; the sockets join the groups, send, and receive what the channel leaves by
 * its filter: datagrams longer than 1280 bytes with their headers, which may come in fragments, those with extension headers,
 * and everything on other links. Nothing is received twice, and `macOffset` is -1 for what comes through the sockets.
 * @param watch whose `interfaces` say which addresses are ours: to be up to date when `claim` and `refresh` are called.
 * @throws EPERM without CAP_NET_RAW, on Linux.
 */
export function openRaw6(port: number, watch: Pick<InterfaceWatch, "interfaces">): Transport6 {
  return new FrameTransport6(port, watch, openUdp6(port), (decodeFrame, stats) =>
    openFrameChannel(ETHERTYPE_IPV6, port, ReceivedDatagram6, decodeFrame, stats),
  );
}

export class FrameTransport6 implements Transport6 {
  readonly #counts: TransportStats = { kernelDrops: 0, fragments: 0, badFrames: 0, otherVlan: 0, sendErrors: 0 };
  readonly #frames: FrameChannel<Address6>;
  readonly #sockets: Udp6Sockets<number>;
  readonly #sendBatches: Pool<OutgoingBatch<Address6>>;
  readonly #watch: Pick<InterfaceWatch, "interfaces">;
  /** The endpoints that frames are received on. */
  readonly #inFrames = new Map<Disposable, Endpoint6>();
  /** What is sent to us, by interface; `undefined` when it has to be found out anew. */
  #wanted: ReadonlyMap<number, Wanted> | undefined;
  #paused = false;
  /** Whether a socket has something; it is not asked before, for that would be a system call for each socket. */
  #socketsWait = false;
  #socketsFirst = false;

  constructor(
    port: number,
    watch: Pick<InterfaceWatch, "interfaces">,
    sockets: Udp6Sockets<number>,
    openChannel: (decodeFrame: FrameDecoder<ReceivedDatagram6>, stats: TransportStats) => FrameChannel<Address6>,
  ) {
    this.#watch = watch;
    this.#frames = openChannel((buffer, start, size, verifyUdp, datagram) => {
      const kind = decodeFrame6(buffer, start, size, verifyUdp, datagram);
      return kind === "datagram" && !this.#isForUs(datagram) ? "stranger" : kind;
    }, this.#counts);
    this.#sockets = sockets;
    const wire = new RawWire6(this.#frames, sockets, port, this.#counts);
    this.#sendBatches = new Pool(() => new OutgoingBatch(wire, this.#sendBatches), IDLE_SEND_BATCHES);
  }

  #isForUs(datagram: ReceivedDatagram6): boolean {
    this.#wanted ??= wantedBy(this.#inFrames.values(), this.#watch.interfaces);
    const wanted = this.#wanted.get(datagram.ifindex);
    if (wanted === undefined) return false;
    const { destination } = datagram;
    return wanted.some((addresses) => addresses.has(destination));
  }

  claim(endpoint: Endpoint6): Disposable {
    const hasFrames = hasEthernetHeader(this.#watch.interfaces.get(endpoint.ifindex));
    const claim = this.#sockets.claim(endpoint, hasFrames);
    let attached: Disposable | undefined;
    try {
      if (hasFrames) attached = this.#frames.attach(endpoint.ifindex, endpoint.name);
    } catch (error) {
      claim[Symbol.dispose]();
      throw error;
    }
    if (hasFrames) this.#inFrames.set(claim, endpoint);
    this.#wanted = undefined;
    return {
      [Symbol.dispose]: () => {
        attached?.[Symbol.dispose]();
        claim[Symbol.dispose]();
        this.#inFrames.delete(claim);
        this.#wanted = undefined;
      },
    };
  }

  refresh(): readonly SystemError[] {
    this.#wanted = undefined;
    return this.#sockets.refresh();
  }

  /** The kernel counts what the sockets' filter leaves to the channel as dropped by them: their losses are not known. */
  get stats(): TransportStats {
    const { badFrames } = this.#sockets.stats;
    const frames = this.#frames.stats;
    return { ...frames, badFrames: frames.badFrames + badFrames };
  }

  start(onReadable: () => void): void {
    this.#frames.start(onReadable);
    this.#sockets.start(() => {
      this.#socketsWait = true;
      // They are watched while the owner pauses too, but called for once.
      if (this.#paused) this.#sockets.pause();
      else onReadable();
    });
  }

  pause(): void {
    this.#paused = true;
    this.#frames.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#frames.resume();
    // Calls again for what waits still.
    this.#sockets.resume();
  }

  receive(limit: number): Batch<Address6> | undefined {
    this.#socketsFirst = !this.#socketsFirst;
    return this.#socketsFirst
      ? (this.#receiveFromSockets(limit) ?? this.#frames.receive(limit))
      : (this.#frames.receive(limit) ?? this.#receiveFromSockets(limit));
  }

  #receiveFromSockets(limit: number): Batch<Address6> | undefined {
    if (!this.#socketsWait) return undefined;
    const batch = this.#sockets.receive(limit);
    if (batch === undefined) {
      this.#socketsWait = false;
      this.#sockets.resume();
    }
    return batch;
  }

  newSendBatch(): SendBatch<Address6> {
    return this.#sendBatches.take().open();
  }

  [Symbol.dispose](): void {
    this.#frames[Symbol.dispose]();
    this.#sockets[Symbol.dispose]();
  }
}

/** The destinations that are ours on one interface: those of every interface, and those of this one. */
type Wanted = readonly ReadonlySet<Address6>[];

/** What the kernel's sockets receive for these endpoints. */
function wantedBy(
  endpoints: Iterable<Endpoint6>,
  interfaces: ReadonlyMap<number, Interface>,
): ReadonlyMap<number, Wanted> {
  const everywhere = new Set(SERVER_GROUPS.map(toAddress6));
  for (const link of interfaces.values()) addSettled(everywhere, link, false);
  const wanted = new Map<number, Wanted>();
  for (const { ifindex } of endpoints) {
    const link = interfaces.get(ifindex);
    if (link !== undefined) wanted.set(ifindex, [everywhere, addSettled(new Set(), link, true)]);
  }
  return wanted;
}

/** Adds either the link-local addresses of the interface or all others; those that are tentative nobody may use yet. */
function addSettled(addresses: Set<Address6>, link: Interface, linkLocal: boolean): Set<Address6> {
  for (const { address, tentative } of link.ipv6) {
    if (!tentative && isLinkLocal(address) === linkLocal) addresses.add(toAddress6(address));
  }
  return addresses;
}

function toAddress6(address: Uint8Array): Address6 {
  return readAddress6(address, 0);
}

/** RFC 4291 §2.5.6: fe80::/10. */
function isLinkLocal(address: Uint8Array): boolean {
  return address[0] === 0xfe && ((address[1] as number) & 0xc0) === 0x80;
}

function hasEthernetHeader(link: Interface | undefined): boolean {
  return link?.type === ETHERNET || link?.type === LOOPBACK;
}
