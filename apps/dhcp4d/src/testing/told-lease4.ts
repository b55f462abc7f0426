/** A lease in a line, for tests. */
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { LeaseState } from "@kotare/core/leases/model/lease";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { formatMac } from "@kotare/testkit/payloads";

/** `192.0.2.10 02:00:00:00:00:01 assigned`. */
export function toldLease4({ address, hwaddr, state }: Lease4): string {
  const who = hwaddr.length === 0 ? "-" : formatMac(hwaddr);
  const name = Object.entries(LeaseState).find(([, value]) => value === state)![0];
  return `${formatIpv4(address)} ${who} ${name}`;
}
