/** The sockets behind the served interfaces: a UDP socket each, and a ring beside them where the kernel allows one; or Node's. */
import type { Ipv6Key } from "@kotare/core/ip/ipv6-key";
import type { Logger } from "@kotare/core/log/logger";
import { announcePortable } from "@kotare/core/server/interfaces/portable";
import type { Claim, ServedInterface } from "@kotare/core/server/interfaces/served-interfaces";
import { explained, type Sockets } from "@kotare/core/server/interfaces/sockets";
import type { InterfaceWatch } from "@kotare/netio/interfaces/interface";
import type { Transport } from "@kotare/netio/transports/datagram";
import { openPortable6 } from "@kotare/netio/transports/portable/portable6-transport";
import { openTransport6 } from "@kotare/netio/transports/transport6";
import type { Transport6 } from "@kotare/netio/transports/udp/udp6-sockets";
import { server6, sockets6 } from "./report/messages6.ts";

const PORTABLE_LIMITS =
  "bursts may be lost, and a client's hardware address is known only where options tell it (mac-sources)";

/**
 * @param isPortable whether only Node's own sockets may be used
 * @param watch whose `interfaces` are up to date when an interface is claimed
 * @param onOpen called once
 */
export function openSockets6(
  isPortable: boolean,
  port: number,
  watch: InterfaceWatch,
  log: Logger,
  onOpen: (transport: Transport<Ipv6Key>) => void,
): Sockets<Ipv6Key> {
  const transport = isPortable
    ? openPortable6({ port, watch, onRefused: announcePortable(log, server6, PORTABLE_LIMITS) })
    : openNative(port, watch, log);
  onOpen(transport);
  return new Sockets6(transport, port, log);
}

function openNative(port: number, watch: InterfaceWatch, log: Logger): Transport6 {
  const { transport, ringFault } = openTransport6(port, watch);
  if (ringFault !== undefined) log.log(sockets6.DHCP6_RING_MISSING, { error: ringFault.message });
  return transport;
}

class Sockets6 implements Sockets<Ipv6Key> {
  readonly transport: Transport6;
  readonly #port: number;
  readonly #log: Logger;

  constructor(transport: Transport6, port: number, log: Logger) {
    this.transport = transport;
    this.#port = port;
    this.#log = log;
  }

  claim({ name, index }: ServedInterface<Ipv6Key>): Claim {
    return explained(() => this.transport.claim({ name, ifindex: index }), this.#port, name);
  }

  /** Groups that an interface has lost are joined again: without them nobody would be heard. */
  refresh(): void {
    for (const { syscall, message } of this.transport.refresh()) {
      this.#log.log(syscall === "bind" ? sockets6.DHCP6_ADDRESS_LOST : sockets6.DHCP6_GROUP_LOST, { error: message });
    }
  }

  [Symbol.dispose](): void {
    this.transport[Symbol.dispose]();
  }
}
