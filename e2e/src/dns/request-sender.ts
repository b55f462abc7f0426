/** A DHCP server's end of the way to the DNS updater: sends requests, and again until they are confirmed. */

import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import { decodeConfirmation, encodeRequest } from "@kotare/core/ncr/ncr-datagram";
import { delay } from "../lab/program.ts";
import { UPDATER_PORT } from "./updater.ts";

interface Outstanding {
  readonly datagram: Uint8Array;
  sent: number;
}

/** Milliseconds after which a request is sent again. */
const AGAIN = 300;

export class RequestSender implements Disposable {
  readonly #socket = createSocket("udp4");
  readonly #outstanding = new Map<number, Outstanding>();
  readonly #port: number;
  #next = randomInt(2 ** 40);
  #wake: (() => void) | undefined;

  constructor(port = UPDATER_PORT) {
    this.#port = port;
    this.#socket.on("message", (bytes) => {
      for (const number of decodeConfirmation(bytes)) this.#outstanding.delete(number);
      this.#wake?.();
    });
    // A refused datagram shows up here: the updater is down for a moment.
    this.#socket.on("error", () => {});
  }

  /** Sends all of them, with at most `window` in flight. Resolves when all are confirmed. */
  async send(requests: readonly NameChangeRequest[], window = 500): Promise<void> {
    const waiting = [...requests].reverse();
    while (waiting.length > 0 || this.#outstanding.size > 0) {
      while (waiting.length > 0 && this.#outstanding.size < window) this.#sendFirst(waiting.pop()!);
      const now = performance.now();
      for (const each of this.#outstanding.values()) {
        if (now - each.sent > AGAIN) this.#transmit(each);
      }
      await Promise.race([
        delay(50),
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
      ]);
    }
  }

  /** As Kea does: once, and nobody confirms. */
  sendOnce(request: NameChangeRequest): void {
    this.#socket.send(encodeRequest(request, Date.now() / 1000), this.#port, "127.0.0.1");
  }

  /** Bytes that are no request. */
  sendRaw(bytes: Uint8Array): void {
    this.#socket.send(bytes, this.#port, "127.0.0.1");
  }

  #sendFirst(request: NameChangeRequest): void {
    const confirm = this.#next++;
    const outstanding = { datagram: encodeRequest({ ...request, confirm }, Date.now() / 1000), sent: 0 };
    this.#outstanding.set(confirm, outstanding);
    this.#transmit(outstanding);
  }

  #transmit(outstanding: Outstanding): void {
    outstanding.sent = performance.now();
    this.#socket.send(outstanding.datagram, this.#port, "127.0.0.1", () => {});
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
