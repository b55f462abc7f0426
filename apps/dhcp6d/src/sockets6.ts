/** The sockets behind the served interfaces: one UDP socket each, and a ring beside them where the kernel allows one. */
import type { Ipv6Key } from "@kotare/core/ip/ipv6-key";
import type { Logger } from "@kotare/core/log/logger";
import type { Claim, ServedInterface } from "@kotare/core/server/interfaces/served-interfaces";
import { explained, type Sockets } from "@kotare/core/server/interfaces/sockets";
import type { InterfaceWatch } from "@kotare/netio/netlink/interfaces";
import type { Transport } from "@kotare/netio/transports/datagram";
import { openTransport6 } from "@kotare/netio/transports/transport6";
import { sockets6 } from "./report/messages6.ts";

export class Sockets6 implements Sockets<Ipv6Key> {
  readonly transport;
  readonly #port: number;
  readonly #log: Logger;

  /** @param watch whose `interfaces` are up to date when an interface is claimed */
  constructor(port: number, watch: InterfaceWatch, log: Logger, onOpen: (transport: Transport<Ipv6Key>) => void) {
    const { transport, ringFault } = openTransport6(port, watch);
    if (ringFault !== undefined) log.log(sockets6.DHCP6_RING_MISSING, { error: ringFault.message });
    this.transport = transport;
    this.#port = port;
    this.#log = log;
    onOpen(transport);
  }

  claim({ name, index }: ServedInterface<Ipv6Key>): Claim {
    return explained(() => this.transport.claim({ name, ifindex: index }), this.#port, name);
  }

  /** Groups that an interface has lost are joined again: without them nobody would be heard. */
  refresh(): void {
    for (const error of this.transport.refresh()) this.#log.log(sockets6.DHCP6_GROUP_LOST, { error: error.message });
  }

  [Symbol.dispose](): void {
    this.transport[Symbol.dispose]();
  }
}
