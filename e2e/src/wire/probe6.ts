/** A DHCPv6 client and relay that does exactly what it is told, and shows every answer as it stood on the wire. */
import type { Host } from "../lab/lab.ts";
import type { Frame } from "./frame.ts";
import { Inbox } from "./inbox.ts";
import { decodeMessage6, type Message6 } from "./message6.ts";
import { Wire } from "./wire.ts";

export interface Answer6 {
  readonly frame: Frame;
  readonly message: Message6;
}

/** How the datagram travels. */
export interface Route6 {
  readonly sourceMac: string;
  readonly source: string;
  /** Default: all servers and relays on the link. */
  readonly destination?: string;
  /** Default: that of the multicast group. */
  readonly destinationMac?: string;
  readonly sourcePort: number;
}

const SERVER_PORT = 547;
const ALL_SERVERS_AND_RELAYS = { destination: "ff02::1:2", destinationMac: "33:33:00:01:00:02" };

export class Probe6 implements Disposable {
  readonly #wire: Wire;
  readonly #answers = new Inbox<Answer6>();

  private constructor(wire: Wire) {
    this.#wire = wire;
    wire.listen((frame, sent) => {
      if (sent || frame.sourcePort !== SERVER_PORT || !frame.source.includes(":")) return;
      this.#answers.put({ frame, message: decodeMessage6(frame.payload) });
    });
  }

  static async open(host: Host, device: string): Promise<Probe6> {
    return new Probe6(await Wire.open(host, device));
  }

  send(payload: Uint8Array, route: Route6): void {
    this.#wire.send({ ...ALL_SERVERS_AND_RELAYS, ...route, destinationPort: SERVER_PORT, payload });
  }

  /** The next answer, whichever exchange it belongs to; `undefined` when none comes within `timeout` milliseconds. */
  next(timeout: number): Promise<Answer6 | undefined> {
    return this.#answers.next(timeout);
  }

  [Symbol.dispose](): void {
    this.#wire[Symbol.dispose]();
  }
}
