/** Who speaks to a server in the scenes of the oracle, where, and what is heard. */
import type { Host, Lab } from "../lab/lab.ts";
import type { DhcpConfig, Family } from "../subject/server.ts";
import type { Frame } from "../wire/frame.ts";

/** The types of a family: what is sent, how it travels, what comes back. */
export interface Speech {
  query: unknown;
  route: unknown;
  message: { readonly xid: number };
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
