/** What dhcp4d has of DHCPv4 over DHCPv6: queries that the DHCPv6 server passes on, and their answers on their way back. */
import type { Interface } from "@kotare/netio/interfaces/interface";
import type { Batch, SendBatch, Transport, TransportStats } from "@kotare/netio/transports/datagram";
import type { Clock } from "../../base/clock.ts";
import { DecodeError } from "../../base/decode-error.ts";
import { MessageType6 } from "../../dhcp6/message-type6.ts";
import { Message6 } from "../../dhcp6/message6.ts";
import { Option6 } from "../../dhcp6/option6.ts";
import { type Ipv4, LIMITED_BROADCAST } from "../../ip/ipv4.ts";
import type { Logger } from "../../log/logger.ts";
import type { ServedInterface } from "../interfaces/served-interfaces.ts";
import type { ServerMessages } from "../messages.ts";
import type { Arrival } from "../packets/packet-path.ts";
import type { Companion, Doors } from "../server-family.ts";
import { DeliveringBatch } from "./delivering-batch.ts";
import { encodeOver6Response, readOver6 } from "./over6-messages.ts";
import { type OpenPeer, type Peer, PeerSocket } from "./peer-socket.ts";

/** RFC 7341 §6.3: without DHCPv6 the client would have sent it by unicast. */
const UNICAST_FLAG = 0x80_0000;
/** As many as wait for their turn elsewhere. */
const QUEUE_LIMIT = 2048;

/** An interface of the host. */
type Link = Pick<Interface, "index" | "name" | "mtu" | "mac" | "loopback" | "ipv4">;

export class Tunnel4 implements Companion<{ readonly "dhcp4o6-port": number }, unknown, Ipv4>, Transport<Ipv4> {
  readonly stats: TransportStats = { kernelDrops: 0, fragments: 0, badFrames: 0, otherVlan: 0, sendErrors: 0 };
  readonly #socket: Peer;
  readonly #log: Logger;
  readonly #messages: ServerMessages;
  readonly #clock: Pick<Clock, "monotonic">;
  #present: ReadonlyMap<number, Link> = new Map();
  #doors: Doors<Ipv4> | undefined;
  #queue: Arrival<Ipv4>[] = [];
  #onReadable: () => void = () => undefined;
  #isPaused = false;
  #isAnnouncing = false;

  /** @param open a stage's own */
  constructor(log: Logger, messages: ServerMessages, clock: Pick<Clock, "monotonic">, open?: OpenPeer) {
    const take = (bytes: Uint8Array) => this.#take(bytes);
    this.#socket = open?.(take) ?? new PeerSocket(4, log, messages, take);
    this.#log = log;
    this.#messages = messages;
    this.#clock = clock;
  }

  get isOn(): boolean {
    return this.#socket.isOn;
  }

  open(doors: Doors<Ipv4>): void {
    this.#doors = doors;
    doors.serve(this);
  }

  update(present: ReadonlyMap<number, Link>): void {
    this.#present = present;
  }

  configure(config: { readonly "dhcp4o6-port": number }): void {
    this.#socket.configure(config["dhcp4o6-port"]);
  }

  check(): void {
    void this.#socket.check(this.stats.kernelDrops);
  }

  async stop(): Promise<void> {
    this[Symbol.dispose]();
  }

  start(onReadable: () => void): void {
    this.#onReadable = onReadable;
  }

  receive(limit: number): Batch<Ipv4> | undefined {
    const datagrams = this.#queue.splice(0, limit);
    return datagrams.length === 0 ? undefined : { datagrams, release: () => undefined };
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    // What has come meanwhile is not announced by what comes next only.
    if (this.#queue.length > 0) this.#announce();
  }

  newSendBatch(): SendBatch<Ipv4> {
    return new DeliveringBatch(undefined);
  }

  #take(bytes: Uint8Array): void {
    try {
      const arrival = this.#read(bytes);
      if (this.#queue.length === QUEUE_LIMIT) this.stats.kernelDrops += 1;
      else this.#queue.push(arrival);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#log.log(this.#messages.PEER_BAD_PACKET, { length: bytes.length, error: error.message });
    }
    this.#announce();
  }

  /** The kernel gives all that waits one after the other: they are served together. */
  #announce(): void {
    if (this.#isAnnouncing || this.#isPaused) return;
    this.#isAnnouncing = true;
    setImmediate(() => {
      this.#isAnnouncing = false;
      if (!this.#isPaused) this.#onReadable();
    });
  }

  #read(bytes: Uint8Array): Arrival<Ipv4> {
    const query = new Message6(bytes);
    const { way, payload } = readOver6(query, MessageType6.DHCPV4_QUERY);
    const { interfaceName, source } = way;
    const served = this.#interface(interfaceName);
    if (served === undefined)
      throw new DecodeError("option 17", query.start, `names interface ${interfaceName}, which is not here`);
    const isUnicast = (query.transactionId & UNICAST_FLAG) !== 0;
    const [own] = served.addresses;
    return {
      buffer: payload,
      offset: 0,
      length: payload.length,
      ifindex: served.index,
      source: 0,
      sourcePort: way.sourcePort,
      destination: isUnicast && own !== undefined ? own : LIMITED_BROADCAST,
      macOffset: -1,
      received: this.#clock.monotonic(),
      served,
      over6: {
        clues: { source, interfaceName, interfaceId: interfaceIdOf(query) },
        answer: (message) => {
          const response = encodeOver6Response(query, way, message);
          if (response !== undefined) this.#socket.send(response);
          return response !== undefined;
        },
      },
    };
  }

  /** The one that the query came in on. Its addresses are ours to be known by; where it has none any other of ours is. */
  #interface(name: string): ServedInterface<Ipv4> | undefined {
    const links = [...this.#present.values()];
    const link = links.find((each) => each.name === name);
    if (link === undefined) return undefined;
    const { index, mtu, mac } = link;
    const known = this.#doors?.served(name);
    if (known !== undefined) return known;
    const others = links.filter(({ loopback }) => !loopback).flatMap(({ ipv4 }) => ipv4);
    const addresses = (link.ipv4.length > 0 ? link.ipv4 : others).map(({ address }) => address);
    return { index, name, mtu, mac, addresses };
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }
}

/** Of the relay nearest to the client that says one. */
function interfaceIdOf({ relays }: Message6): string | undefined {
  return relays.findLast((relay) => relay.hasOption(Option6.interfaceId))?.optionKey(Option6.interfaceId);
}
