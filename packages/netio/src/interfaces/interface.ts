/** A network interface of the host, whoever tells of it, and a watch over all of them. */

export interface Interface {
  readonly index: number;
  readonly name: string;
  /** Set up by the administrator. */
  readonly up: boolean;
  /** Up and with a carrier. */
  readonly running: boolean;
  readonly loopback: boolean;
  readonly broadcast: boolean;
  readonly multicast: boolean;
  readonly mtu: number;
  /** ARP hardware type: 1 is Ethernet. */
  readonly type: number;
  /** Empty for links without an address. */
  readonly mac: Uint8Array;
  /** The bridge or bond that it belongs to; told by Linux only. */
  readonly master: number | undefined;
  /** Told by Linux only. */
  readonly vlan: { readonly id: number; readonly parent: number } | undefined;
  /** In the kernel's order: the first is the primary one. */
  readonly ipv4: readonly InterfaceAddress4[];
  readonly ipv6: readonly InterfaceAddress6[];
}

export interface InterfaceAddress4 {
  /** Unsigned 32-bit number. */
  readonly address: number;
  readonly prefixLength: number;
}

export interface InterfaceAddress6 {
  /** 16 bytes. */
  readonly address: Uint8Array;
  readonly prefixLength: number;
  /** Duplicate address detection has not ended: it cannot be bound yet. */
  readonly tentative: boolean;
}

/** By index. */
export type Interfaces = ReadonlyMap<number, Interface>;

export interface InterfaceWatch extends Disposable {
  /** All interfaces, as they were at the last change. */
  readonly interfaces: Interfaces;
}

/** An interface while it is put together. */
export type UnfinishedInterface = Omit<Interface, "ipv4" | "ipv6"> & {
  readonly ipv4: InterfaceAddress4[];
  readonly ipv6: InterfaceAddress6[];
};
