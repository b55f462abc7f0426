/** The best DHCPv6 transport that this process may have. */

import type { InterfaceWatch } from "../interfaces/interface.ts";
import { openRaw6 } from "./raw/raw6-transport.ts";
import type { Transport6 } from "./udp/udp6-sockets.ts";
import { openUdp6 } from "./udp/udp6-transport.ts";

export interface OpenedTransport6 {
  readonly transport: Transport6;
  /** Why there is no receive ring, for the log: bursts may be lost, and MAC addresses are seen in options only. */
  readonly ringFault: Error | undefined;
}

/** With a ring where the kernel allows one (CAP_NET_RAW), and over UDP sockets alone where not; `watch` as for `openRaw6`. */
export function openTransport6(port: number, watch: Pick<InterfaceWatch, "interfaces">): OpenedTransport6 {
  try {
    return { transport: openRaw6(port, watch), ringFault: undefined };
  } catch (error) {
    return { transport: openUdp6(port), ringFault: error as Error };
  }
}
