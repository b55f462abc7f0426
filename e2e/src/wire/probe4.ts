/** A DHCPv4 client and relay that does exactly what it is told, and shows every answer as it stood on the wire. */
import type { Host } from "../lab/lab.ts";
import { BROADCAST_MAC, type Frame } from "./frame.ts";
import { Inbox } from "./inbox.ts";
import { decodeMessage4, encodeMessage4, type Message4, macBytes, type Option } from "./message4.ts";
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

/** What a client fills in; the rest of the header is zero. */
export interface Query4 {
  readonly mac: string;
  readonly op?: number;
  readonly htype?: number;
  readonly hlen?: number;
  readonly hops?: number;
  readonly xid?: number;
  readonly secs?: number;
  readonly flags?: number;
  readonly ciaddr?: string;
  readonly yiaddr?: string;
  readonly siaddr?: string;
  readonly giaddr?: string;
  readonly sname?: Uint8Array;
  readonly file?: Uint8Array;
  readonly options: readonly Option[];
}

let lastXid = 0x4b6f_0000;

export function buildMessage(query: Query4): Message4 {
  const chaddr = new Uint8Array(16);
  chaddr.set(macBytes(query.mac));
  return {
    op: query.op ?? 1,
    htype: query.htype ?? 1,
    hlen: query.hlen ?? 6,
    hops: query.hops ?? 0,
    xid: query.xid ?? ++lastXid,
    secs: query.secs ?? 0,
    flags: query.flags ?? 0,
    ciaddr: query.ciaddr ?? "0.0.0.0",
    yiaddr: query.yiaddr ?? "0.0.0.0",
    siaddr: query.siaddr ?? "0.0.0.0",
    giaddr: query.giaddr ?? "0.0.0.0",
    chaddr,
    sname: query.sname ?? new Uint8Array(),
    file: query.file ?? new Uint8Array(),
    options: query.options,
  };
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

  send(message: Message4, route: Route4 = {}): void {
    this.sendBytes(encodeMessage4(message), { sourceMac: route.sourceMac ?? macOf(message), ...route });
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

function macOf(message: Message4): string {
  return Buffer.from(message.chaddr.subarray(0, 6))
    .toString("hex")
    .replace(/..(?=.)/g, "$&:");
}
