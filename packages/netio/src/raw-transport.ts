/** DHCPv4 over packet sockets (`dhcp-socket-type: raw`): all interfaces through one receive ring, no route or ARP needed. */

import type { Destination, SendBatch, Transport, TransportStats } from "./datagram.ts";
import { decodeFrame, ETHERTYPE_IPV4, IP_UDP_HEADERS, writeHeaders } from "./frame.ts";
import { native, type PacketHandle } from "./native.ts";
import { IDLE_SEND_BATCHES, OutgoingBatch, type Wire } from "./outgoing-batch.ts";
import { PacketRing } from "./packet-ring.ts";
import { Pool } from "./pool.ts";
import { ReceivedDatagram4 } from "./received-batch.ts";

const MAC_LENGTH = 6;
const LIMITED_BROADCAST = 0xffffffff;

/**
 * Receives every UDP datagram to `serverPort` that this host gets over Ethernet, whatever the interface: the owner drops
 * what it does not serve by `ifindex`, and calls `holdPort` for each interface it does serve. Replies leave from
 * `serverPort`; the kernel writes the frame's source MAC.
 * @throws EPERM without CAP_NET_RAW.
 */
export function openRaw(options: { readonly serverPort: number }): Transport {
  return new RawTransport(options.serverPort);
}

class RawTransport extends PacketRing<number, ReceivedDatagram4> implements Transport {
  readonly #sendBatches: Pool<OutgoingBatch<number>>;

  constructor(serverPort: number) {
    const stats: TransportStats = { kernelDrops: 0, fragments: 0, badFrames: 0, otherVlan: 0, sendErrors: 0 };
    super(ETHERTYPE_IPV4, serverPort, ReceivedDatagram4, decodeFrame, stats);
    const wire = new RawWire(this.packet, serverPort, stats);
    this.#sendBatches = new Pool(() => new OutgoingBatch(wire, this.#sendBatches), IDLE_SEND_BATCHES);
  }

  newSendBatch(): SendBatch {
    return this.#sendBatches.take().open();
  }
}

/** Each packet is preceded by the MAC address it goes to and its Ethernet type; the kernel adds the source. */
class RawWire implements Wire<number> {
  readonly headroom = MAC_LENGTH + 2 + IP_UDP_HEADERS;
  readonly stats: TransportStats;
  readonly #packet: PacketHandle;
  readonly #sourcePort: number;

  constructor(packet: PacketHandle, sourcePort: number, stats: TransportStats) {
    this.#packet = packet;
    this.#sourcePort = sourcePort;
    this.stats = stats;
  }

  writeHeaders(buffer: Uint8Array, offset: number, length: number, to: Destination): number {
    const mac = offset - this.headroom;
    if (to.mac !== undefined) {
      for (let i = 0; i < MAC_LENGTH; i++) buffer[mac + i] = to.mac[i] as number;
    } else if (to.address === LIMITED_BROADCAST) buffer.fill(0xff, mac, mac + MAC_LENGTH);
    else throw new Error("raw: a unicast destination needs a MAC address");
    buffer[mac + MAC_LENGTH] = ETHERTYPE_IPV4 >> 8;
    buffer[mac + MAC_LENGTH + 1] = ETHERTYPE_IPV4 & 0xff;
    writeHeaders(buffer, offset, length, to.source, this.#sourcePort, to.address, to.port);
    return IP_UDP_HEADERS;
  }

  transmit(buffer: Uint8Array, rows: Int32Array, from: number, count: number): number {
    return native.sendPacket(this.#packet, buffer, rows, from, count);
  }
}
