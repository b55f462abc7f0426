/** Where the kernels of the BSDs and of macOS have the fields of what they tell us: their headers know, through the addon. */

/**
 * Offsets and sizes in bytes, and numbers of the kernel's; -1 for what it does not have. The names are those of
 * `native/bsd/layout.h`, which says which field of the headers each is.
 */
export interface KernelLayout {
  /** Each frame in a BPF buffer begins at a multiple of it. */
  readonly bpfAlignment: number;
  readonly bpfSeconds: number;
  readonly bpfMicroseconds: number;
  /** Of either of the two: 4 or 8. */
  readonly bpfTimeSize: number;
  readonly bpfCaptured: number;
  readonly bpfLength: number;
  readonly bpfHeader: number;

  /** In every message. */
  readonly messageLength: number;
  readonly messageType: number;

  /** The size of the header of a message about an interface, and fields in it. */
  readonly interfaceHeader: number;
  readonly interfaceAddresses: number;
  readonly interfaceFlags: number;
  readonly interfaceIndex: number;
  readonly interfaceMtu: number;
  readonly interfaceLinkState: number;
  /** The least state of a link that works; 0 is unknown. */
  readonly linkStateUp: number;

  /** The size of the header of a message about an address, and fields in it. */
  readonly addressHeader: number;
  readonly addressAddresses: number;
  readonly addressIndex: number;
  /** Socket addresses behind a header have room of a multiple of it, and of one at least. */
  readonly addressUnit: number;
  /** Which bit of the `Addresses` fields says that such a socket address follows. */
  readonly netmaskBit: number;
  readonly linkBit: number;
  readonly addressBit: number;

  readonly familyInternet: number;
  readonly familyInternet6: number;
  /** In socket addresses, which begin with their length. */
  readonly socketFamily: number;
  readonly socketAddress: number;
  readonly socketAddress6: number;
  readonly linkType: number;
  readonly linkNameLength: number;
  readonly linkAddressLength: number;
  /** The name, and behind it the address. */
  readonly linkData: number;

  readonly flagUp: number;
  readonly flagBroadcast: number;
  readonly flagLoopback: number;
  readonly flagRunning: number;
  readonly flagMulticast: number;

  /** Types of messages. */
  readonly typeInterface: number;
  readonly typeNewAddress: number;
  readonly typeOldAddress: number;
  readonly typeChangedAddress: number;
  readonly typeAnnounce: number;
}
