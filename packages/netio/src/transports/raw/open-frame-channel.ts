/** The channel for frames that this system has. */

import { BpfDevices } from "../../bsd/bpf-devices.ts";
import { IS_BSD } from "../../bsd/this-kernel.ts";
import { PacketRing } from "../../linux/packet-ring.ts";
import type { Datagram, TransportStats } from "../datagram.ts";
import type { ReceivedDatagram } from "../received-batch.ts";
import type { FrameChannel, FrameDecoder } from "./frame-channel.ts";

/**
 * @param ethertype of IPv4 or IPv6 @param port that datagrams go to
 * @param stats to count in; kept up to date when `stats` is asked for.
 * @throws on Linux EPERM without CAP_NET_RAW.
 */
export function openFrameChannel<Address, Received extends ReceivedDatagram & Datagram<Address>>(
  ethertype: number,
  port: number,
  datagram: new (buffer: Uint8Array) => Received,
  decodeFrame: FrameDecoder<Received>,
  stats: TransportStats,
): FrameChannel<Address> {
  const Channel = IS_BSD ? BpfDevices<Address, Received> : PacketRing<Address, Received>;
  return new Channel(ethertype, port, datagram, decodeFrame, stats);
}
