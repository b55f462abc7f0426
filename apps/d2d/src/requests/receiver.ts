/** The socket on which DHCP servers' requests come in, and from which confirmations leave. Opened again when it fails. */
import { createSocket, type Socket } from "node:dgram";
import { DecodeError } from "@kotare/core/base/decode-error";
import { growingPauses } from "@kotare/core/base/retry";
import { Timer } from "@kotare/core/base/timer";
import type { Logger } from "@kotare/core/log/logger";
import { decodeRequest, encodeConfirmations, splitRequests } from "@kotare/core/ncr/ncr-datagram";
import { receiving } from "../messages.ts";
import type { Reporter } from "../reporter.ts";
import type { Received } from "./request-queue.ts";

export interface ListenAddress {
  readonly address: string;
  readonly port: number;
}

export interface ReceiverParts {
  readonly log: Logger;
  readonly reporter: Reporter;
  readonly accept: (batch: readonly Received[]) => Promise<void>;
  /** Told when it is heard, and when it is not any more. */
  readonly onChange: () => void;
}

/** Bytes: as much as an ordinary user gets. The kernel counts some 1,280 for a request. */
const RECEIVE_BUFFER = 4 * 1024 * 1024;
const pauses = growingPauses();

interface Sender {
  readonly address: string;
  readonly port: number;
  readonly confirmed: number[];
}

export class Receiver {
  readonly #parts: ReceiverParts;
  #listen: ListenAddress;
  #socket: Socket | undefined;
  #failures = 0;
  #retry: Timer | undefined;
  #batch: Received[] = [];
  /** With what is to be confirmed, by address and port. */
  readonly #senders = new Map<string, Sender>();
  #problem: string | undefined;

  private constructor(listen: ListenAddress, parts: ReceiverParts) {
    this.#listen = listen;
    this.#parts = parts;
  }

  /** Resolves when the socket has been tried once. */
  static async open(listen: ListenAddress, parts: ReceiverParts): Promise<Receiver> {
    const receiver = new Receiver(listen, parts);
    await receiver.#open();
    return receiver;
  }

  /** Why nothing is heard; `undefined` when all is well. */
  get problem(): string | undefined {
    return this.#problem;
  }

  async move(listen: ListenAddress): Promise<void> {
    if (listen.address === this.#listen.address && listen.port === this.#listen.port) return;
    this.#listen = listen;
    this.close();
    await this.#open();
  }

  close(): void {
    this.#retry?.stop();
    this.#socket?.close();
    this.#socket = undefined;
  }

  #open(): Promise<void> {
    const { address, port } = this.#listen;
    const { log, reporter } = this.#parts;
    return new Promise((resolve) => {
      const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
      this.#socket = socket;
      socket.on("error", (error) => {
        if (this.#problem === undefined && this.#failures === 0 && isBound(socket)) reporter.receiveFailed(error);
        this.#failed(error);
        resolve();
      });
      socket.on("message", (bytes, { address: from, port: fromPort }) => this.#takeAll(bytes, from, fromPort));
      socket.bind(port, address, () => {
        enlarge(socket);
        this.#failures = 0;
        this.#problem = undefined;
        log.log(receiving.DHCP_DDNS_QUEUE_MGR_STARTED, { address, port });
        if (!isLoopback(address)) log.log(receiving.DHCP_DDNS_NOT_ON_LOOPBACK, { address });
        this.#parts.onChange();
        resolve();
      });
    });
  }

  #failed(error: Error): void {
    const { address, port } = this.#listen;
    this.#socket?.close();
    this.#socket = undefined;
    const milliseconds = pauses(++this.#failures) ?? 0;
    this.#problem = error.message;
    this.#parts.log.log(receiving.DHCP_DDNS_QUEUE_MGR_START_ERROR, {
      address,
      port,
      error: error.message,
      milliseconds,
    });
    this.#parts.onChange();
    this.#retry = Timer.after(milliseconds, () => void this.#open());
  }

  #takeAll(datagram: Uint8Array, address: string, port: number): void {
    this.#judge(datagram, address, port, () => {
      for (const bytes of splitRequests(datagram)) {
        this.#judge(bytes, address, port, () => this.#take(bytes, address, port));
      }
    });
  }

  /** What cannot be read costs itself. */
  #judge({ length }: Uint8Array, address: string, port: number, take: () => void): void {
    try {
      take();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#parts.reporter.invalid(length, address, port, error.message);
    }
  }

  /** What came in one turn goes to the disk together. */
  #take(bytes: Uint8Array, address: string, port: number): void {
    const request = decodeRequest(bytes);
    const confirm = () => {
      if (request.confirm !== undefined) this.#confirm(request.confirm, address, port);
    };
    if (this.#batch.push({ request, confirm }) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    void this.#parts.accept(batch);
  }

  /** What is confirmed in one turn goes out together. */
  #confirm(number: number, address: string, port: number): void {
    const key = `${address} ${port}`;
    const sender = this.#senders.get(key) ?? { address, port, confirmed: [] };
    sender.confirmed.push(number);
    this.#senders.set(key, sender);
    if (this.#senders.size === 1 && sender.confirmed.length === 1) setImmediate(() => this.#sendConfirmations());
  }

  #sendConfirmations(): void {
    for (const { address, port, confirmed } of this.#senders.values()) {
      // What is lost is asked for again.
      for (const datagram of encodeConfirmations(confirmed)) this.#socket?.send(datagram, port, address, () => {});
    }
    this.#senders.clear();
  }
}

function isBound(socket: Socket): boolean {
  try {
    socket.address();
    return true;
  } catch {
    return false;
  }
}

function enlarge(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER);
  } catch {
    // The kernel's own size will do.
  }
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}
