/** Scenes of the oracle: a configuration, and the exchanges played on it in order. Families differ in what is said. */
import type { Host, Lab } from "../lab/lab.ts";
import type { DhcpConfig, Family } from "../subject/server.ts";
import type { Frame } from "../wire/frame.ts";
import type { Script } from "./script.ts";

/** The types of a family: what is sent, how it travels, what comes back. */
export interface Speech {
  query: unknown;
  route: unknown;
  message: { readonly xid: number };
}

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

/** One answer: the frame, and the message inside. */
export interface Answer<S extends Speech> {
  readonly frame: Frame;
  readonly message: S["message"];
}

/** Field name → value as text; an unanswered step has no fields. */
export type Fields = Readonly<Record<string, string>>;

/** Client and relay, who do exactly what they are told. */
export interface Voice<S extends Speech> extends Disposable {
  /** @param spoil changes the encoded message on its way */
  send(query: S["query"], xid: number, route?: S["route"], spoil?: (payload: Uint8Array) => Uint8Array): void;
  /** The next answer, whichever exchange it belongs to; `undefined` when none comes within `timeout` milliseconds. */
  next(timeout: number): Promise<Answer<S> | undefined>;
}

/** Where a family's scenes are played. */
export interface Stage<S extends Speech> {
  readonly family: Family;
  /** Stands under each scene's configuration. */
  readonly config: DhcpConfig;
  /** What every server answers, whatever came before: then silence about that is meant. */
  readonly ping?: S["query"];
  /** Stands for an answer that did not come. */
  readonly silence: S["message"];
  /** Plugs the server in: its interface is `eth0`. */
  plugIn(lab: Lab): { readonly server: Host; readonly clients: Host };
  open(clients: Host): Promise<Voice<S>>;
  /** Every field of an answer under a name of its own, the frame's addresses included. */
  fieldsOf(answer: Answer<S>): Fields;
}

/** An exchange of one message that is answered. */
export function asks<S extends Speech>(title: string, query: S["query"], route?: S["route"]): Exchange<S> {
  return { title, play: async (script) => void (await script.ask("it", query, route)) };
}

/** An exchange of one message that is met with silence, or whose answer the client does not wait for. */
export function tells<S extends Speech>(title: string, query: S["query"], route?: S["route"]): Exchange<S> {
  return { title, play: (script) => script.tell("it", query, route) };
}
