/** What of a family's messages may cost more than their length says: the material of `fuzz --cost`. */
import type { Speech, Stage } from "../oracle/speech.ts";
import type { DhcpConfig } from "../subject/server.ts";
import type { Option } from "../wire/message4.ts";

/** So many of something, in options: few pools have as much, few readers as much patience. */
export interface Piece {
  readonly name: string;
  options(count: number): readonly Option[];
}

export interface LongMessages<S extends Speech> {
  readonly stage: Stage<S>;
  /** With as many of the things that packets are compared with, or asked for, as a test has use for. */
  readonly config: DhcpConfig;
  readonly pieces: readonly Piece[];
  /** What a client usually says: what a byte may cost is a multiple of what one of it costs. */
  readonly usual: S["query"];
  /** Of message types that are answered, the one with this number, counted from 0 and around. */
  message(type: number, options: readonly Option[]): S["query"];
}

/** `piece(7)`, seven times. */
export function each(count: number, piece: (index: number) => Option): readonly Option[] {
  return Array.from({ length: count }, (_, index) => piece(index));
}
