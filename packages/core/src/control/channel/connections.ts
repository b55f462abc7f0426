/** The open connections of one socket. Each takes a file descriptor, and files, sockets of packets and leases need theirs. */
import type { Milliseconds } from "../../base/clock.ts";
import { MAX_COMMAND } from "./command-frame.ts";

const MOST = 100;

/** Bytes that all of them may hold. */
const MAX_HELD = 2 * MAX_COMMAND;

export interface Connection {
  /** Who may have made many. */
  readonly source: string;
  /** There is no answer under way that the other end would miss. */
  readonly isIdle: boolean;
  /** Since when, on the process's clock, the other end has taken none of its answer; infinite where it is not waited for. */
  readonly stalledSince: Milliseconds;
  /** Ends it now. */
  giveWay(why: string): void;
}

export class Connections<C extends Connection> {
  /** The one that has been silent the longest first. */
  readonly #all = new Set<C>();
  #held = 0;

  [Symbol.iterator](): Iterator<C> {
    return this.#all.values();
  }

  /** Of too many, one gives way: a thousand silent ones keep nobody out, nor do those who do not read. */
  add(connection: C): void {
    this.#all.add(connection);
    if (this.#all.size <= MOST) return;
    this.#choose(connection).giveWay("too many connections: this one has been silent the longest");
  }

  /** It was not silent just now. */
  touch(connection: C): void {
    if (this.#all.delete(connection)) this.#all.add(connection);
  }

  delete(connection: C): void {
    this.#all.delete(connection);
  }

  /** For a command on its way in, or an answer on its way out. @returns false when all together hold too much */
  hold(bytes: number): boolean {
    if (this.#held + bytes > MAX_HELD) return false;
    this.#held += bytes;
    return true;
  }

  /** Of those who have the most: who comes alone stays. */
  #choose(newest: C): C {
    const counts = new Map<string, number>();
    for (const { source } of this.#all) counts.set(source, (counts.get(source) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const crowd = [...this.#all].filter(({ source }) => counts.get(source) === most);
    return crowd.find((each) => each.isIdle && each !== newest) ?? crowd.reduce(moreStalled);
  }
}

/** The later one where neither is. */
function moreStalled<C extends Connection>(one: C, other: C): C {
  return one.stalledSince < other.stalledSince ? one : other;
}
