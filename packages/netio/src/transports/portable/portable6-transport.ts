/** DHCPv6 over Node's own sockets: for each served interface one for the servers' group, and one for each address. */

import type { RemoteInfo } from "node:dgram";
import { formatAddress6, parseAddress6 } from "../../frames/address-text.ts";
import { type Address6, readAddress6, writeAddress6 } from "../../frames/address6.ts";
import type { InterfaceWatch } from "../../interfaces/interface.ts";
import { type SystemError, systemError } from "../../system-error.ts";
import type { Destination6 } from "../datagram.ts";
import { ReceivedDatagram6 } from "../received-batch.ts";
import { type Endpoint6, SERVER_GROUPS, type Transport6 } from "../udp/udp6-sockets.ts";
import { type OnRefused, PortableSockets } from "./portable-sockets.ts";

const ADDRESS_LENGTH = 16;
/** Room for each datagram and its addresses: more than 32 relays add. */
const SLOT = 8192;
/** Until an address is tried again that could not be bound: it may have been tentative, which Node does not tell. */
const RETRY = 1000;
const [LINK_GROUP, SITE_GROUP] = SERVER_GROUPS.map((group) => readAddress6(group, 0)) as [Address6, Address6];
const UNSPECIFIED = String.fromCharCode(...new Uint8Array(ADDRESS_LENGTH)) as Address6;

export interface Portable6Options {
  readonly port: number;
  /** Whose addresses are up to date when an endpoint is claimed, and when `refresh` is called. */
  readonly watch: Pick<InterfaceWatch, "interfaces">;
  readonly onRefused: OnRefused;
}

/** As `openUdp6`; where a router has passed on what came to the site's group, its interface is 0 if several are served. */
export function openPortable6(options: Portable6Options): Transport6 {
  return new Portable6(options);
}

/** Where a socket receives. */
interface Place {
  /** 0 for the site's group, which is one for all. */
  readonly ifindex: number;
  readonly address: Address6;
}

type Key = string;

class Portable6 extends PortableSockets<Key, Address6, ReceivedDatagram6> implements Transport6 {
  readonly #options: Portable6Options;
  readonly #places = new Map<Key, Place>();
  /** By interface. */
  readonly #claimed = new Map<number, Endpoint6>();
  #retry: NodeJS.Timeout | undefined;

  constructor(options: Portable6Options) {
    super(ADDRESS_LENGTH, SLOT, ReceivedDatagram6, options.onRefused);
    this.#options = options;
  }

  claim(endpoint: Endpoint6): Disposable {
    const { ifindex } = endpoint;
    const release = () => {
      if (this.#claimed.get(ifindex) !== endpoint) return;
      this.#claimed.delete(ifindex);
      for (const [key, place] of this.#places) if (place.ifindex === ifindex) this.#close(key);
      if (this.#claimed.size === 0) this.#close(keyOf({ ifindex: 0, address: SITE_GROUP }));
    };
    this.#claimed.set(ifindex, endpoint);
    try {
      this.#open({ ifindex, address: LINK_GROUP });
      if (this.#claimed.size === 1) this.#open({ ifindex: 0, address: SITE_GROUP });
      const [fault] = this.#join(endpoint);
      if (fault !== undefined) throw fault;
    } catch (error) {
      release();
      throw error;
    }
    this.#listen(endpoint);
    return { [Symbol.dispose]: release };
  }

  refresh(): readonly SystemError[] {
    clearTimeout(this.#retry);
    const faults = [...this.#claimed.values()].flatMap((endpoint) => [
      ...this.#join(endpoint),
      ...this.#listen(endpoint),
    ]);
    if (faults.length > 0) this.#retry = setTimeout(() => this.refresh(), RETRY).unref();
    return faults;
  }

  #open(place: Place): void {
    const key = keyOf(place);
    this.add(key, { address: this.#format(place), port: this.#options.port });
    this.#places.set(key, place);
  }

  #close(key: Key): void {
    this.#places.delete(key);
    this.remove(key);
  }

  /** Anew each time: an interface whose IPv6 was switched off and on has forgotten its groups, and the socket has not. */
  #join({ ifindex, name }: Endpoint6): SystemError[] {
    const faults: SystemError[] = [];
    for (const place of [
      { ifindex, address: LINK_GROUP },
      { ifindex: 0, address: SITE_GROUP },
    ]) {
      const socket = this.get(keyOf(place));
      const membership = [formatAddress6(place.address), `::%${name}`] as const;
      try {
        socket?.dropMembership(...membership);
      } catch {
        // The first time there is nothing to drop.
      }
      try {
        socket?.addMembership(...membership);
      } catch (error) {
        faults.push(systemError("setsockopt(IPV6_ADD_MEMBERSHIP)", (error as NodeJS.ErrnoException).errno!, name));
      }
    }
    return faults;
  }

  /** Opens sockets for the addresses that the interface has, and closes those of others. */
  #listen({ ifindex }: Endpoint6): SystemError[] {
    const settled = this.#addressesOf(ifindex);
    for (const [key, place] of this.#places) {
      if (place.ifindex === ifindex && place.address !== LINK_GROUP && !settled.includes(place.address))
        this.#close(key);
    }
    const faults: SystemError[] = [];
    for (const address of settled) {
      if (this.has(keyOf({ ifindex, address }))) continue;
      try {
        this.#open({ ifindex, address });
      } catch (error) {
        faults.push(error as SystemError);
      }
    }
    return faults;
  }

  #addressesOf(ifindex: number): Address6[] {
    const link = this.#options.watch.interfaces.get(ifindex);
    const settled = link?.ipv6.filter(({ tentative }) => !tentative) ?? [];
    return settled.map(({ address }) => readAddress6(address, 0));
  }

  protected readOrigin(datagram: ReceivedDatagram6, key: Key, from: RemoteInfo): void {
    const { ifindex, address } = this.#places.get(key)!;
    const source = parseAddress6(from.address);
    datagram.sourceOffset = datagram.offset - 2 * ADDRESS_LENGTH;
    datagram.destinationOffset = datagram.offset - ADDRESS_LENGTH;
    writeAddress6(source, datagram.buffer, datagram.sourceOffset);
    writeAddress6(address, datagram.buffer, datagram.destinationOffset);
    datagram.ifindex = ifindex === 0 ? this.#interfaceTo(source, from.address.split("%")[1]) : ifindex;
  }

  /** The interface that an address is on, among those that we serve; 0 where that cannot be known. */
  #interfaceTo(address: Address6, zone: string | undefined): number {
    const claimed = [...this.#claimed.values()];
    const found =
      claimed.length === 1
        ? claimed[0]
        : claimed.find(({ name, ifindex }) => {
            if (zone !== undefined) return name === zone;
            return this.#options.watch.interfaces.get(ifindex)?.ipv6.some((own) => isOnLinkOf(own, address));
          });
    return found?.ifindex ?? 0;
  }

  protected writeAddresses(buffer: Uint8Array, at: number, to: Destination6): void {
    const source = to.source === UNSPECIFIED ? this.#sourceFor(to) : to.source;
    writeAddress6(source, buffer, at);
    writeAddress6(to.address, buffer, at + ADDRESS_LENGTH);
  }

  /** What the kernel would choose, roughly: an address of the same scope. */
  #sourceFor({ ifindex, address }: Destination6): Address6 {
    const own = this.#addressesOf(ifindex);
    return own.find((each) => needsZone(each) === needsZone(address)) ?? own[0] ?? UNSPECIFIED;
  }

  protected routeOf(buffer: Uint8Array, offset: number, ifindex: number): { readonly key: Key; readonly to: string } {
    const address = readAddress6(buffer, offset - ADDRESS_LENGTH);
    return {
      key: keyOf({ ifindex, address: readAddress6(buffer, offset - 2 * ADDRESS_LENGTH) }),
      to: this.#format({ ifindex, address }),
    };
  }

  #format({ ifindex, address }: Place): string {
    const zone = needsZone(address) ? `%${this.#claimed.get(ifindex)?.name}` : "";
    return `${formatAddress6(address)}${zone}`;
  }

  override [Symbol.dispose](): void {
    clearTimeout(this.#retry);
    super[Symbol.dispose]();
  }
}

function keyOf({ ifindex, address }: Place): Key {
  return `${ifindex}/${address}`;
}

/** RFC 4007 §6: addresses that mean something on one link only. */
function needsZone(address: Address6): boolean {
  const [first, second] = [address.charCodeAt(0), address.charCodeAt(1)];
  return (first === 0xfe && (second & 0xc0) === 0x80) || (first === 0xff && (second & 0x0f) === 0x02);
}

function isOnLinkOf(own: { readonly address: Uint8Array; readonly prefixLength: number }, address: Address6): boolean {
  for (let bit = 0; bit < own.prefixLength; bit += 8) {
    const rest = own.prefixLength - bit;
    const mask = rest >= 8 ? 0xff : (0xff << (8 - rest)) & 0xff;
    if (((own.address[bit / 8]! ^ address.charCodeAt(bit / 8)) & mask) !== 0) return false;
  }
  return true;
}
