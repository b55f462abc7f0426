/** The socket to the DNS updater: datagrams out, confirmations in. */
import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";

export interface UpdaterAddress {
  readonly address: string;
  readonly port: number;
  /** Empty and 0 for any. */
  readonly senderAddress: string;
  readonly senderPort: number;
}

export interface ChannelEvents {
  onDatagram(bytes: Uint8Array): void;
  /** Nobody listens there, or the way there is closed; what was sent lately is lost. */
  onRefusal(error: Error): void;
}

export interface UpdateChannel extends Disposable {
  /** Never waits, and tells of no error here. */
  send(datagram: Uint8Array): void;
}

/** Of a datagram with several requests: what any link carries, or what the loopback does. */
const MOST_BY_LINK = 1200;
const MOST_BY_LOOPBACK = 60_000;

export function mostBytesTo(address: string): number {
  return address === "::1" || address.startsWith("127.") ? MOST_BY_LOOPBACK : MOST_BY_LINK;
}

export function openUpdateChannel(to: UpdaterAddress, events: ChannelEvents): UpdateChannel {
  return new ConnectedSocket(to, events);
}

/** A socket that is connected, so that the kernel tells when nobody listens at the other end. */
class ConnectedSocket implements UpdateChannel {
  readonly #to: UpdaterAddress;
  readonly #events: ChannelEvents;
  #socket: Socket | undefined;
  /** What is sent before there is a connection; `undefined` once there is. */
  #waiting: Uint8Array[] | undefined;

  constructor(to: UpdaterAddress, events: ChannelEvents) {
    this.#to = to;
    this.#events = events;
    this.#open();
  }

  send(datagram: Uint8Array): void {
    if (this.#socket === undefined) this.#open();
    if (this.#waiting !== undefined) this.#waiting.push(datagram);
    else this.#sendOn(this.#socket!, datagram);
  }

  /** A refusal of what was sent before is told to the next who sends, or else comes as an event. */
  #sendOn(socket: Socket, datagram: Uint8Array): void {
    socket.send(datagram, (error) => {
      if (error !== null) this.#events.onRefusal(error);
    });
  }

  #open(): void {
    const { address, port, senderAddress, senderPort } = this.#to;
    const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
    this.#socket = socket;
    this.#waiting = [];
    socket.on("message", (bytes) => this.#events.onDatagram(bytes));
    socket.on("error", (error) => this.#fail(error));
    const from = { port: senderPort, ...(senderAddress === "" ? {} : { address: senderAddress }) };
    socket.bind(from, () => socket.connect(port, address, () => this.#sendWaiting(socket)));
  }

  #sendWaiting(socket: Socket): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const datagram of waiting) this.#sendOn(socket, datagram);
  }

  /** One that never came to be connected is opened anew with the next datagram. */
  #fail(error: Error): void {
    if (this.#waiting !== undefined) this[Symbol.dispose]();
    this.#events.onRefusal(error);
  }

  [Symbol.dispose](): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#waiting = undefined;
  }
}
