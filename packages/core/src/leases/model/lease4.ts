/** One IPv4 lease. */
import type { Ipv4 } from "../../ip/ipv4.ts";
import type { Lease } from "./lease.ts";

export interface Lease4 extends Lease {
  readonly address: Ipv4;
  /** Hardware address without its type; empty when the client is known by client-id only. */
  readonly hwaddr: Uint8Array;
  /** Option 61 as it came, type byte included. */
  readonly clientId: Uint8Array | undefined;
}
