/** The socket between dhcp4d and dhcp6d, as Kea's: over the loopback, from one of two neighbouring ports to the other. */
import { createSocket, type Socket } from "node:dgram";
import { loopbackDrops } from "@kotare/netio/linux/loopback-drops";
import { systemClock } from "../../base/clock.ts";
import { growingPauses } from "../../base/retry.ts";
import { Timer } from "../../base/timer.ts";
import type { Logger } from "../../log/logger.ts";
import type { ServerMessages } from "../messages.ts";
import { UnseenPackets } from "../packets/report/unseen-packets.ts";

const LOOPBACK = "::1";
/** A second of 1,000 exchanges. By default there is room for a tenth of that, and a busy machine keeps us away for as long. */
const BUFFER = 1024 * 1024;

/** To the other daemon. */
export type Peer = Pick<PeerSocket, "isOn" | "configure" | "send" | "check" | typeof Symbol.dispose>;

/** @param onDatagram takes what the other daemon sends */
export type OpenPeer = (onDatagram: (bytes: Uint8Array) => void) => Peer;

export class PeerSocket implements Disposable {
  readonly #family: 4 | 6;
  readonly #log: Logger;
  readonly #messages: ServerMessages;
  readonly #onDatagram: (bytes: Uint8Array) => void;
  readonly #unseen: UnseenPackets;
  #port = 0;
  #socket: Socket | undefined;
  #isConnected = false;
  #failures = 0;
  #retry: Timer | undefined;

  /** @param family whose server has it: DHCPv6's is at the configured port, DHCPv4's at the next one */
  constructor(family: 4 | 6, log: Logger, messages: ServerMessages, onDatagram: (bytes: Uint8Array) => void) {
    this.#family = family;
    this.#log = log;
    this.#messages = messages;
    this.#onDatagram = onDatagram;
    this.#unseen = new UnseenPackets(log, messages);
  }

  /** To be called now and then: tells of datagrams that are lost. @param turnedAway of those that it has given */
  async check(turnedAway = 0): Promise<void> {
    if (!this.#isConnected) return;
    const kernelDrops = turnedAway + (await loopbackDrops(this.#ports.own));
    this.#unseen.check({ kernelDrops, badFrames: 0 }, systemClock.monotonic() / 1000);
  }

  get #ports(): { readonly own: number; readonly peer: number } {
    const [six, four] = [this.#port, this.#port + 1];
    return this.#family === 6 ? { own: six, peer: four } : { own: four, peer: six };
  }

  /** Whether it is wanted. */
  get isOn(): boolean {
    return this.#port !== 0;
  }

  /** @param port Kea's `dhcp4o6-port`: 0 for none */
  configure(port: number): void {
    if (port === this.#port) return;
    this.#close();
    this.#port = port;
    this.#failures = 0;
    if (port !== 0) this.#open();
  }

  /** A datagram that nobody takes is lost, as it would be on any network: the client asks again. */
  send(payload: Uint8Array): void {
    if (this.#isConnected) this.#socket!.send(payload, () => undefined);
  }

  #open(): void {
    const { own, peer } = this.#ports;
    const socket = createSocket("udp6");
    this.#socket = socket;
    socket.on("message", (bytes) => this.#onDatagram(bytes));
    socket.on("error", (error) => {
      // Once it is connected, errors are about a peer that is away.
      if (this.#socket === socket && !this.#isConnected) this.#fail(error, own);
    });
    socket.bind({ address: LOOPBACK, port: own }, () => {
      try {
        socket.setRecvBufferSize(BUFFER);
      } catch {
        // Linux gives what it may; others may refuse so much.
      }
      socket.connect(peer, LOOPBACK, () => {
        this.#isConnected = true;
        this.#failures = 0;
      });
    });
  }

  #fail(error: Error, port: number): void {
    this.#close();
    this.#failures += 1;
    if (this.#failures === 1) this.#log.log(this.#messages.PEER_SOCKET_FAILED, { port, error: error.message });
    this.#retry = Timer.after(growingPauses()(this.#failures)!, () => this.#open()).unref();
  }

  #close(): void {
    this.#retry?.stop();
    this.#socket?.close();
    this.#socket = undefined;
    this.#isConnected = false;
  }

  [Symbol.dispose](): void {
    this.#close();
    this.#port = 0;
  }
}
