/** DHCPv4 over packet sockets (`dhcp-socket-type: raw`): all interfaces through one receive ring, no route or ARP needed. */

import { decodeFrame4, ETHERTYPE_IPV4, IP_UDP_HEADERS, writeHeaders4 } from "../frames/frame4.ts";
import type { Destination, SendBatch, Transport, TransportStats } from "./datagram.ts";
import { IDLE_SEND_BATCHES, OutgoingBatch, type Wire } from "./outgoing-batch.ts";
import { LINK_HEADER, PacketRing } from "./packet-ring.ts";
import { Pool } from "./pool.ts";
import { ReceivedDatagram4 } from "./received-batch.ts";

const LIMITED_BROADCAST = 0xffffffff;
const BROADCAST_MAC = new Uint8Array(6).fill(0xff);

/**
 * Receives every UDP datagram to `serverPort` that this host gets over Ethernet, whatever the interface: the owner drops
 * what it does not serve by `ifindex`, and calls `holdPort` for each interface it does serve. Replies leave from
 * `serverPort`; the kernel writes the frame's source MAC.
 * @throws EPERM without CAP_NET_RAW.
 */
export function openRaw4(options: { readonly serverPort: number }): Transport {
  return new RawTransport(options.serverPort);
}

class RawTransport extends PacketRing<number, ReceivedDatagram4> implements Transport {
  readonly #sendBatches: Pool<OutgoingBatch<number>>;

  constructor(serverPort: number) {
    const stats: TransportStats = { kernelDrops: 0, fragments: 0, badFrames: 0, otherVlan: 0, sendErrors: 0 };
    super(ETHERTYPE_IPV4, serverPort, ReceivedDatagram4, decodeFrame4, stats);
    const wire = new RawWire(this, serverPort, stats);
    this.#sendBatches = new Pool(() => new OutgoingBatch(wire, this.#sendBatches), IDLE_SEND_BATCHES);
  }

  newSendBatch(): SendBatch {
    return this.#sendBatches.take().open();
  }
}

class RawWire implements Wire<number> {
  readonly headroom = LINK_HEADER + IP_UDP_HEADERS;
  readonly stats: TransportStats;
  readonly #ring: RawTransport;
  readonly #sourcePort: number;

  constructor(ring: RawTransport, sourcePort: number, stats: TransportStats) {
    this.#ring = ring;
    this.#sourcePort = sourcePort;
    this.stats = stats;
  }

  writeHeaders(buffer: Uint8Array, offset: number, length: number, to: Destination<number>): number {
    const mac = to.mac ?? (to.address === LIMITED_BROADCAST ? BROADCAST_MAC : undefined);
    if (mac === undefined) throw new Error("raw: a unicast destination needs a MAC address");
    this.#ring.writeLinkHeader(buffer, offset - IP_UDP_HEADERS, mac);
    writeHeaders4(buffer, offset, length, to.source, this.#sourcePort, to.address, to.port);
    return IP_UDP_HEADERS;
  }

  transmit(buffer: Uint8Array, rows: Int32Array, from: number, count: number): number {
    return this.#ring.transmit(buffer, rows, from, count);
  }
}
