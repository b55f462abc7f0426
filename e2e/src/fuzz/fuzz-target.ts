/** What fuzzing must know of a family. */
import type { Speech, Stage } from "../oracle/speech.ts";
import type { DhcpConfig } from "../subject/server.ts";

/** Sends a message again and again until `isAnswer` knows an answer to it. */
export type Insist<S extends Speech> = (
  query: S["query"],
  isAnswer: (message: S["message"]) => boolean,
) => Promise<S["message"]>;

export interface FuzzTarget<S extends Speech> {
  readonly stage: Stage<S>;
  readonly config: DhcpConfig;
  /** What clients and relays send. */
  readonly corpus: readonly (readonly [S["query"], S["route"]?])[];
  /** Bytes of a message before its options. */
  readonly header: number;
  /** Plays a client whom nothing is wrong with. */
  getServed(insist: Insist<S>): Promise<void>;
}
