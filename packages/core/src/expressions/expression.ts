/** What an expression of Kea's language becomes: closures over a packet. All values are bytes. */
import type { OptionFamily } from "../options/option-family.ts";
import type { VendorData } from "../options/vendor-space.ts";

/** A packet as expressions see it. */
export interface Subject {
  /** The classes that it is in so far. */
  readonly classes: ReadonlySet<string>;
}

/** What the expression's text has wrong, and where: characters from its beginning. */
export class ExpressionError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** A value that an operator cannot work on, such as three bytes that shall be an address. */
export class EvaluationError extends Error {}

export interface Value<S> {
  readonly kind: "value";
  /** @throws {EvaluationError} */
  evaluate(subject: S): Uint8Array;
  /** What it always is. */
  readonly constant: Uint8Array | undefined;
  /** For an integer that stands in the text. */
  readonly literal?: number;
}

export interface Condition<S> {
  readonly kind: "condition";
  /** @throws {EvaluationError} */
  evaluate(subject: S): boolean;
  /** What must hold before the condition can, if that is an equality with a constant. */
  readonly need?: Need<S> | undefined;
}

export type Expression<S> = Value<S> | Condition<S>;

/** `text == constant`, where the text says the same whenever it is the same. */
export interface Need<S> {
  readonly text: string;
  readonly value: Value<S>;
  readonly constant: Uint8Array;
}

/** A part of an expression that depends on the packet: what the log shows when a client is not in a class. */
export interface Sight<S> {
  readonly text: string;
  /** @throws {EvaluationError} */
  evaluate(subject: S): Uint8Array | boolean;
}

/** What tells the expressions of DHCPv4 from those of DHCPv6. */
export interface ExpressionFamily<S extends Subject> {
  readonly protocol: "DHCPv4" | "DHCPv6";
  readonly options: OptionFamily;
  /** `pkt.iface`, `pkt4.mac`, … */
  readonly fields: ReadonlyMap<string, (subject: S) => Uint8Array>;
  option(subject: S, code: number): Uint8Array | undefined;
  /** The option that `relay4[…]` looks into, where there is one. */
  readonly relayAgent: number | undefined;
  /** The nth relay from the server, or from the client where n is negative: `relay6[n]`; `undefined` in DHCPv4. */
  readonly relay: ((subject: S, n: number) => RelayView | undefined) | undefined;
  /** What all vendors say in an option of vendor classes or options; nothing where it is broken. */
  vendors(subject: S, code: number): readonly VendorData[];
}

export interface RelayView {
  option(code: number): Uint8Array | undefined;
  readonly peeraddr: Uint8Array;
  readonly linkaddr: Uint8Array;
}

export const NO_BYTES = new Uint8Array(0);

/** Where in its text an expression has an error, in words; lines and columns count from 1. */
export function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  const column = before.at(-1)!.length + 1;
  return before.length === 1 ? `at column ${column}` : `in line ${before.length}, column ${column}`;
}
