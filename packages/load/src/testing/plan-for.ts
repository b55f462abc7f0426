/** Plans of tests. */
import type { Plan } from "../plan.ts";

/** @returns a plan for 1000 clients of DHCPv4 on a link, but for what is given */
export function planFor(given: Partial<Plan>): Plan {
  return {
    family: 4,
    isOver6: false,
    exchange: "four-way",
    release: 0,
    interface: "eth0",
    server: undefined,
    relays: [],
    ask: "address",
    clients: 1000,
    firstMac: Uint8Array.of(2, 0, 0, 0, 0xff, 0xff),
    hostname: undefined,
    fqdn: undefined,
    options: [],
    relayOptions: [],
    steps: [{ rate: 1000, seconds: 1 }],
    most: Number.POSITIVE_INFINITY,
    patience: 1000,
    slow: Number.POSITIVE_INFINITY,
    ...given,
  };
}

/** A payload as transports give it. */
export function datagramOf<Address>(payload: Uint8Array, source: Address) {
  const buffer = Uint8Array.of(0xee, ...payload, 0xee);
  const where = { buffer, offset: 1, length: payload.length, macOffset: -1, received: 0 };
  return { ...where, ifindex: 1, source, sourcePort: 67, destination: source };
}
