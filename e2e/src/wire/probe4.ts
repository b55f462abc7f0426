/** A DHCPv4 client and relay that does exactly what it is told, and shows every answer as it stood on the wire. */
import { buildMessage4, type Message4Fields } from "@kotare/testkit/build-message4";
import type { Host } from "../lab/lab.ts";
import { BROADCAST_MAC, type Frame } from "./frame.ts";
import { Inbox } from "./inbox.ts";
import { decodeMessage4, type Message4, type Option } from "./message4.ts";
import { Wire } from "./wire.ts";

/** One answer: the frame, and the message inside. */
export interface Answer4 {
  readonly frame: Frame;
  readonly message: Message4;
}

/** How the frame travels; default: as a client without an address sends, by broadcast. */
export interface Route4 {
  readonly sourceMac?: string;
  readonly destinationMac?: string;
  readonly source?: string;
  readonly destination?: string;
  readonly sourcePort?: number;
}

/** What is sent. */
export interface Query4 extends Omit<Message4Fields, "chaddr" | "type" | "end"> {
  readonly mac: string;
  readonly options: readonly Option[];
}

let lastXid = 0x4b6f_0000;

export function encodeQuery4({ mac, ...fields }: Query4): Uint8Array {
  return buildMessage4({ ...fields, chaddr: mac });
}

export class Probe4 implements Disposable {
  readonly #wire: Wire;
  readonly #answers = new Inbox<Answer4>();

  private constructor(wire: Wire) {
    this.#wire = wire;
    wire.listen((frame, sent) => {
      if (sent || frame.sourcePort !== 67 || frame.payload[0] !== 2) return;
      this.#answers.put({ frame, message: decodeMessage4(frame.payload) });
    });
  }

  static async open(host: Host, device: string): Promise<Probe4> {
    return new Probe4(await Wire.open(host, device));
  }

  /** A transaction id that no query had before. */
  newXid(): number {
    return ++lastXid;
  }

  /** @returns the query's transaction id, one of its own unless it is told */
  send(query: Query4, route: Route4 = {}): number {
    const xid = query.xid ?? this.newXid();
    this.sendBytes(encodeQuery4({ ...query, xid }), { sourceMac: query.mac, ...route });
    return xid;
  }

  /** Sends a payload as it is, for what no encoder would build. */
  sendBytes(payload: Uint8Array, route: Route4 & { readonly sourceMac: string }): void {
    const relayed = route.destination !== undefined;
    this.#wire.send({
      sourceMac: route.sourceMac,
      destinationMac: route.destinationMac ?? BROADCAST_MAC,
      source: route.source ?? "0.0.0.0",
      destination: route.destination ?? "255.255.255.255",
      sourcePort: route.sourcePort ?? (relayed ? 67 : 68),
      destinationPort: 67,
      payload,
    });
  }

  /** The next answer, whichever exchange it belongs to; `undefined` when none comes within `timeout` milliseconds. */
  next(timeout: number): Promise<Answer4 | undefined> {
    return this.#answers.next(timeout);
  }

  [Symbol.dispose](): void {
    this.#wire[Symbol.dispose]();
  }
}
