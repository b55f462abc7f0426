/** DHCPv4 over Node's own sockets: one for each address, and one for broadcasts. */

import type { RemoteInfo } from "node:dgram";
import { readU32, writeU32 } from "../../big-endian.ts";
import { formatAddress4, parseAddress4 } from "../../frames/address-text.ts";
import type { InterfaceWatch } from "../../interfaces/interface.ts";
import type { BroadcastWays } from "../../systems/system.ts";
import { thisSystem } from "../../systems/this-system.ts";
import { BoundAddresses, listening, type UdpAddress, type UdpTransport } from "../bound-addresses.ts";
import type { Destination } from "../datagram.ts";
import { ReceivedDatagram4 } from "../received-batch.ts";
import { type OnRefused, PortableSockets } from "./portable-sockets.ts";

const ADDRESS_LENGTH = 4;
/** Room for each datagram and its addresses. */
const SLOT = 4096 + 2 * ADDRESS_LENGTH;
const LIMITED_BROADCAST = 0xffffffff;

export interface Portable4Options {
  readonly port: number;
  /** Whose prefixes say which interface a datagram has to do with. */
  readonly watch: Pick<InterfaceWatch, "interfaces">;
  /** Whether clients without an address are heard. */
  readonly broadcasts: boolean;
  readonly onRefused: OnRefused;
  /** Left out: as the system has it. */
  readonly ways?: BroadcastWays;
}

/**
 * Receives what is sent to `port` of each address, and broadcasts. Where a broadcast came in is known while all addresses are
 * of one interface, or by its source; else its interface is 0. Replies leave from the socket of their source address.
 * @throws as `openUdp4`.
 */
export function openPortable4(addresses: readonly UdpAddress[], options: Portable4Options): UdpTransport {
  return listening(new Portable4(options), addresses);
}

/** The sockets' key is their address. */
class Portable4 extends PortableSockets<number, number, ReceivedDatagram4> implements UdpTransport {
  readonly #options: Portable4Options;
  readonly #ways: BroadcastWays;
  readonly #bound: BoundAddresses;

  constructor(options: Portable4Options) {
    super(ADDRESS_LENGTH, SLOT, ReceivedDatagram4, options.onRefused);
    this.#options = options;
    this.#ways = options.ways ?? thisSystem.broadcastWays;
    this.#bound = new BoundAddresses({
      bind: (address) => this.#bind(address, formatAddress4(address)),
      remove: (address) => this.remove(address),
    });
  }

  listen(addresses: readonly UdpAddress[]): void {
    const faults = this.#bound.follow(addresses);
    const hears = this.#options.broadcasts && this.#bound.count > 0;
    if (!hears) this.remove(LIMITED_BROADCAST);
    else if (!this.has(LIMITED_BROADCAST)) {
      try {
        this.#bind(LIMITED_BROADCAST, this.#ways === "by subnet" ? "0.0.0.0" : "255.255.255.255");
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0];
  }

  #bind(key: number, address: string): void {
    const sharesPort = this.#options.broadcasts && this.#ways === "by subnet";
    this.add(key, { address, port: this.#options.port, sharesPort });
  }

  protected readOrigin(datagram: ReceivedDatagram4, address: number, from: RemoteInfo): void {
    datagram.source = parseAddress4(from.address);
    datagram.destination = address;
    datagram.ifindex = this.#bound.interfaceOf(address) ?? this.#interfaceTo(datagram.source);
  }

  /** The interface that an address is on, among those that we listen on; 0 where that cannot be known. */
  #interfaceTo(address: number): number {
    const ours = this.#bound.interfaces;
    if (ours.length === 1) return ours[0]!;
    return ours.find((ifindex) => this.#subnetOf(ifindex, address) !== undefined) ?? 0;
  }

  /** The addresses of the interface's subnet that has `address`: the lowest and the highest. */
  #subnetOf(ifindex: number, address: number): readonly [lowest: number, highest: number] | undefined {
    for (const own of this.#options.watch.interfaces.get(ifindex)?.ipv4 ?? []) {
      const size = 2 ** (32 - own.prefixLength);
      const lowest = own.address - (own.address % size);
      if (address >= lowest && address < lowest + size) return [lowest, lowest + size - 1];
    }
    return undefined;
  }

  protected writeAddresses(buffer: Uint8Array, at: number, to: Destination): void {
    writeU32(buffer, at, to.source);
    writeU32(buffer, at + ADDRESS_LENGTH, to.address);
  }

  protected routeOf(buffer: Uint8Array, offset: number): { readonly key: number; readonly to: string } {
    const key = readU32(buffer, offset - 2 * ADDRESS_LENGTH);
    const address = readU32(buffer, offset - ADDRESS_LENGTH);
    return { key, to: formatAddress4(address === LIMITED_BROADCAST ? this.#broadcastFrom(key) : address) };
  }

  /** A client that has no address looks at frames, and takes either address for a broadcast. */
  #broadcastFrom(source: number): number {
    if (this.#ways === "by 255.255.255.255") return LIMITED_BROADCAST;
    return this.#subnetOf(this.#bound.interfaceOf(source) ?? 0, source)?.[1] ?? LIMITED_BROADCAST;
  }
}
