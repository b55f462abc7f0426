/** Scenes of the oracle: a configuration, and the exchanges played on it in order. Families differ in what is said. */
import type { DhcpConfig } from "../subject/server.ts";
import type { Script } from "./script.ts";
import type { Speech } from "./speech.ts";

export interface Exchange<S extends Speech> {
  readonly title: string;
  play(script: Script<S>): Promise<void>;
}

export interface Scene<S extends Speech> {
  readonly title: string;
  readonly config: DhcpConfig;
  readonly exchanges: readonly Exchange<S>[];
  readonly sequel?: Sequel<S>;
}

/** Played after the server was started again on the lease file it left. */
export interface Sequel<S extends Speech> {
  /** Default: as before. */
  readonly config?: DhcpConfig;
  /** Whether the other implementation takes the lease file over. Default false. */
  readonly isHandover?: boolean;
  readonly exchanges: readonly Exchange<S>[];
}

/** An exchange of one message that is answered. */
export function asks<S extends Speech>(title: string, query: S["query"], route?: S["route"]): Exchange<S> {
  return { title, play: async (script) => void (await script.ask("it", query, route)) };
}

/** An exchange of one message that is met with silence, or whose answer the client does not wait for. */
export function tells<S extends Speech>(title: string, query: S["query"], route?: S["route"]): Exchange<S> {
  return { title, play: (script) => script.tell("it", query, route) };
}
