/** Clients of a silent partner that ask meanwhile: whether these get no answer tells a partner that is gone from a link that is. */
import type { Query } from "@kotare/extension";
import { clientName } from "./client-name.ts";

/** Clients of each kind that are told from each other: who makes up hardware addresses gets no more memory than that. */
const MOST = 65_536;

export class ConnectingClients {
  /** Milliseconds. */
  readonly #patience: number;
  readonly #patient = new Set<string>();
  /** Those of which a message has said that they have asked for too long. */
  readonly #unacked = new Set<string>();
  #analyzed = 0;

  /** @param patience milliseconds for which a client may have asked without an answer */
  constructor(patience: number) {
    this.#patience = patience;
  }

  get count(): number {
    return this.#patient.size + this.#unacked.size;
  }

  get unacked(): number {
    return this.#unacked.size;
  }

  /** Messages, of whichever client. */
  get analyzed(): number {
    return this.#analyzed;
  }

  /** @returns what is new: another client, or that one has asked for too long */
  analyze(query: Query): "client" | "unacked" | undefined {
    this.#analyzed++;
    const client = clientName(query);
    if (this.#unacked.has(client)) return undefined;
    const isUnacked = query.elapsed > this.#patience;
    const those = isUnacked ? this.#unacked : this.#patient;
    if (those.has(client) || those.size >= MOST) return undefined;
    if (isUnacked) this.#patient.delete(client);
    those.add(client);
    return isUnacked ? "unacked" : "client";
  }

  /** The partner was heard. */
  clear(): void {
    this.#patient.clear();
    this.#unacked.clear();
    this.#analyzed = 0;
  }
}
