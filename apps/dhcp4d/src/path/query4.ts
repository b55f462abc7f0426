/** One packet with everything that the packet itself and the configuration say about it. */
import type { Place4 } from "@kotare/core/allocate/allocate4";
import type { RelayAgent } from "@kotare/core/dhcp4/options/relay-agent";
import type { Subject4 } from "@kotare/core/expressions/expressions4";
import type { Ipv4 } from "@kotare/core/ip/ipv4";
import type { Ingress } from "@kotare/core/server/packets/packet-path";
import type { ClassProfile } from "@kotare/core/subnets/class-profiles";
import type { ClassValues4 } from "@kotare/core/subnets/compile/compile-classes4";
import type { Auth4 } from "../authentication/auth-keys4.ts";

/** How a packet came in. */
export type Ingress4 = Ingress<Ipv4>;

/** A packet that classes can be asked about. */
export interface ClassedPacket4 extends Subject4 {
  readonly ingress: Ingress4;
}

export interface Query4 extends ClassedPacket4 {
  /** `chaddr`, a view of the packet. */
  readonly hwaddr: Uint8Array;
  /** Option 61; `undefined` when absent. */
  readonly clientId: Uint8Array | undefined;
  /** The same as the client has sent it, where an extension says otherwise. */
  readonly sentClientId: Uint8Array | undefined;
  /** Option 82: the packet's, or the one stashed with the lease of a client that renews directly. */
  readonly relay: RelayAgent | undefined;
  /** Where the client may be served, the selected subnet first; empty when no subnet fits. */
  readonly places: readonly Place4[];
  /** What its classes give it. */
  readonly profile: ClassProfile<ClassValues4>;
  /** The address by which we are known to this client, option 54. */
  readonly serverId: Ipv4;
  /** Where it has been authenticated (RFC 3118). */
  readonly auth?: Auth4;
}
