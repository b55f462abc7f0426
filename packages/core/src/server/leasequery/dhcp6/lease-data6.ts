/** What is told of leases (RFC 5007 §4.1.2): options 45, 47 and 48. */
import type { Seconds } from "../../../base/clock.ts";
import { MessageType6 } from "../../../dhcp6/message-type6.ts";
import type { MessageWriter6 } from "../../../dhcp6/message-writer6.ts";
import { Option6 } from "../../../dhcp6/option6.ts";
import type { Ipv6Key } from "../../../ip/ipv6-key.ts";
import { INFINITE_LIFETIME } from "../../../leases/model/lease.ts";
import { type Lease6, LeaseType6 } from "../../../leases/model/lease6.ts";
import { keptRelays } from "../../../leases/user-context/relay-info6.ts";
import { isActive } from "../active-leases.ts";

/** Which options go in beside the leases themselves. */
export interface ClientParts {
  readonly hasClientId: boolean;
  /** Option 47 (RFC 5460 §5.2). */
  readonly hasRelays: boolean;
}

/**
 * Option 45. Lifetimes are what is left of them; 0 for a lease that is over.
 * @param leases of one client, the latest first; one at least
 */
export function writeClientData(
  writer: MessageWriter6,
  leases: readonly Lease6[],
  now: Seconds,
  { hasClientId, hasRelays }: ClientParts,
): void {
  const [latest] = leases as readonly [Lease6];
  writer.openOption(Option6.clientData);
  // A declined address is nobody's.
  if (hasClientId && latest.duid.length > 0) writer.option(Option6.clientId, latest.duid);
  for (const lease of leases) if (lease.type === LeaseType6.address) writeLease(writer, lease, now);
  for (const lease of leases) if (lease.type === LeaseType6.prefix) writeLease(writer, lease, now);
  writer.optionU32(Option6.cltTime, Math.max(0, now - latest.cltt));
  if (hasRelays) writeRelayData(writer, latest);
  writer.closeOption();
}

function writeLease(writer: MessageWriter6, lease: Lease6, now: Seconds): void {
  const elapsed = Math.max(0, now - lease.cltt);
  const isTaken = isActive(lease, now);
  const left = (lifetime: Seconds) =>
    !isTaken ? 0 : lifetime === INFINITE_LIFETIME ? lifetime : Math.max(0, lifetime - elapsed);
  writer.iaLease(lease.type === LeaseType6.address ? Option6.iaNa : Option6.iaPd, {
    address: lease.address,
    length: lease.prefixLength,
    preferred: left(lease.preferredLifetime),
    valid: left(lease.validLifetime),
  });
}

/** Option 47: the relays that the client's last message came through, where the lease remembers them. */
export function writeRelayData(writer: MessageWriter6, { userContext }: Lease6): void {
  const relays = keptRelays(userContext).toReversed();
  const [outermost] = relays;
  if (outermost === undefined) return;
  writer.openOption(Option6.lqRelayData).address(outermost.peerAddress);
  for (const [i, { hopCount, linkAddress, peerAddress, options }] of relays.entries()) {
    if (i > 0) writer.openOption(Option6.relayMessage);
    writer.beginRelay(MessageType6.RELAY_FORW, hopCount, linkAddress, peerAddress).bytes(options);
  }
  for (let i = 1; i < relays.length; i++) writer.closeOption();
  writer.closeOption();
}

/** Option 48: where the client has leases. @param links an address of each link */
export function writeClientLinks(writer: MessageWriter6, links: readonly Ipv6Key[]): void {
  writer.openOption(Option6.lqClientLink);
  for (const link of links) writer.address(link);
  writer.closeOption();
}
