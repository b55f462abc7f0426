/** Asks the servers of one service, one after the other, until one answers in its time. */
import { randomBytes, randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { ExtensionLog } from "@kotare/extension";
import type { Milliseconds } from "../../base/clock.ts";
import { Timer } from "../../base/timer.ts";
import { decodeResponse, type RadiusResponse } from "./radius-packet.ts";

export interface RadiusServer {
  /** Resolved. */
  readonly address: string;
  readonly port: number;
  readonly secret: Uint8Array;
}

export interface RadiusRules {
  readonly servers: readonly RadiusServer[];
  /** Where requests are sent from; `undefined` leaves it to the kernel. */
  readonly bindAddress: string | undefined;
  readonly timeout: Milliseconds;
  /** How often a request is sent again before the next server has its turn. */
  readonly retries: number;
  /** For so long a server that has not answered comes last. */
  readonly deadTime: Milliseconds;
  /** The codes of answers. */
  readonly answers: readonly number[];
  /** Whether answers must have a Message-Authenticator. */
  readonly isProved: boolean;
}

/** @param local our address on the way to the server, which says who asks @param random 16 bytes */
export type EncodeRequest = (identifier: number, random: Uint8Array, server: RadiusServer, local: string) => Uint8Array;

export class RadiusService {
  readonly #rules: RadiusRules;
  readonly #log: ExtensionLog;
  /** When each of those that do not answer was last waited for, on the process's clock. */
  readonly #silent = new Map<RadiusServer, Milliseconds>();
  readonly #under = new Set<AbortController>();

  constructor(rules: RadiusRules, log: ExtensionLog) {
    this.#rules = rules;
    this.#log = log;
  }

  /** Never rejects for what servers do. @returns `undefined` where none has answered @throws RangeError what `encode` throws */
  async ask(encode: EncodeRequest): Promise<RadiusResponse | undefined> {
    const stop = new AbortController();
    this.#under.add(stop);
    try {
      for (const server of this.#inOrder()) {
        const response = await this.#askServer(server, encode, stop.signal);
        if (stop.signal.aborted) return undefined;
        this.#note(server, response !== undefined);
        if (response !== undefined) return response;
      }
      return undefined;
    } finally {
      this.#under.delete(stop);
    }
  }

  /** What is under way comes to its end without an answer. */
  stop(): void {
    for (const stop of this.#under) stop.abort();
  }

  #inOrder(): readonly RadiusServer[] {
    const { servers, deadTime } = this.#rules;
    const now = performance.now();
    const isDead = (server: RadiusServer) => now < (this.#silent.get(server) ?? Number.NEGATIVE_INFINITY) + deadTime;
    return [...servers.filter((server) => !isDead(server)), ...servers.filter(isDead)];
  }

  #note(server: RadiusServer, hasAnswered: boolean): void {
    const wasSilent = this.#silent.has(server);
    const name = `${server.address} port ${server.port}`;
    if (hasAnswered) {
      if (this.#silent.delete(server)) this.#log.info(`server ${name} answers again`);
      return;
    }
    this.#silent.set(server, performance.now());
    if (!wasSilent) this.#log.warn(`server ${name} does not answer: is it up, and is the secret the same there?`);
  }

  /** A socket for each request: nobody can guess its port, and the kernel takes only what comes from the server. */
  async #askServer(
    server: RadiusServer,
    encode: EncodeRequest,
    signal: AbortSignal,
  ): Promise<RadiusResponse | undefined> {
    // Nothing can be sent there, and Node throws where it is tried.
    if (server.port === 0) return undefined;
    const { answers, bindAddress, isProved, retries, timeout } = this.#rules;
    const socket = createSocket(isIPv6(server.address) ? "udp6" : "udp4");
    return await new Promise<RadiusResponse | undefined>((resolve, reject) => {
      let timer: Timer | undefined;
      const end = (response?: RadiusResponse) => {
        timer?.stop();
        signal.removeEventListener("abort", stop);
        socket.close();
        resolve(response);
      };
      const stop = () => end();
      signal.addEventListener("abort", stop, { once: true });
      // A port where nobody listens, a network that is down: another server may be better.
      socket.on("error", stop);
      socket.bind({ port: 0, ...(bindAddress !== undefined && { address: bindAddress }) }, () => {
        socket.connect(server.port, server.address, (...failed: Error[]) => {
          if (failed.length > 0) {
            end();
            return;
          }
          let bytes: Uint8Array;
          try {
            bytes = encode(randomInt(256), randomBytes(16), server, socket.address().address);
          } catch (error) {
            end();
            reject(error as Error);
            return;
          }
          socket.on("message", (message) => {
            const response = decodeResponse(message, { bytes, secret: server.secret }, answers, isProved);
            if (typeof response !== "string") end(response);
            else this.#log.debug(`an answer of ${server.address} port ${server.port} is passed over: ${response}`);
          });
          // The same each time, as RFC 2865 §2.5 wants it.
          const send = (left: number) => {
            socket.send(bytes);
            timer = Timer.after(timeout, () => (left > 0 ? send(left - 1) : end()));
          };
          send(retries);
        });
      });
    });
  }
}
