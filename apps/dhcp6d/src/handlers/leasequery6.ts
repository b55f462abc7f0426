/** RFC 5007 §4.4: who may ask is told what is at an address, or what a client has. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { MessageWriter6 } from "@kotare/core/dhcp6/message-writer6";
import type { Status6 } from "@kotare/core/dhcp6/option-index6";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import { type Ipv6Key, isInPrefix, UNSPECIFIED } from "@kotare/core/ip/ipv6-key";
import { isInRange } from "@kotare/core/ip/ipv6-range";
import type { Lease6 } from "@kotare/core/leases/model/lease6";
import { isActive } from "@kotare/core/server/leasequery/active-leases";
import { leaseAt } from "@kotare/core/server/leasequery/dhcp6/find-leases6";
import { writeClientData, writeClientLinks, writeRelayData } from "@kotare/core/server/leasequery/dhcp6/lease-data6";
import { readLeaseQuery6 } from "@kotare/core/server/leasequery/dhcp6/lease-query6";
import { drop6, type Facts6, type Handler6, leaselessReply6, type Reply6 } from "../path/outcome6.ts";
import { REPLY_LIMIT } from "../reply/reply-encoder6.ts";

export const leasequery6: Handler6 = ({ message }, facts) => {
  const query = readLeaseQuery6(message);
  if (query === undefined) return drop6("bad-leasequery");
  if ("code" in query) return tell(query);
  const { link, selection } = query;
  if (selection.by === "address") return tellOfAddress(selection.address, facts);
  if (selection.by === "client") return tellOfClient(selection.duid, link, facts);
  // RFC 5460 §4.
  return tell({ code: StatusCode6.NotAllowed, text: "Queries of this type come by TCP." });
};

function tellOfAddress(address: Ipv6Key, facts: Facts6): Reply6 {
  const lease = leaseAt(facts.view, address, facts.prefixLengths);
  if (lease !== undefined && isActive(lease, facts.now)) return tellOf([lease], facts);
  if (lease !== undefined) return tell(success("The lease is not active."));
  for (const { pools, pdPools } of facts.subnets.all()) {
    if ([...pools, ...pdPools].some(({ range }) => isInRange(range, address))) return tell(success(NO_LEASE));
  }
  return tell({ code: StatusCode6.NotConfigured, text: "The address is in no pool." });
}

function tellOfClient(duid: Uint8Array, link: Ipv6Key, facts: Facts6): Reply6 {
  const links = new Set<number>();
  if (link !== UNSPECIFIED) {
    for (const { id, prefix, prefixLength } of facts.subnets.all()) {
      if (isInPrefix(link, prefix, prefixLength)) links.add(id);
    }
    if (links.size === 0) return tell({ code: StatusCode6.NotConfigured, text: "No subnet is on that link." });
  }
  const active = facts.view.byDuid(duid).filter((lease) => isActive(lease, facts.now));
  const found = active.filter(({ subnetId }) => links.size === 0 || links.has(subnetId));
  return found.length === 0 ? tell(success(NO_LEASE)) : tellOf(found.sort(latestFirst), facts);
}

const NO_LEASE = "There is no active lease.";

function latestFirst(a: Lease6, b: Lease6): number {
  return b.cltt - a.cltt;
}

function success(text: string): Status6 {
  return { code: StatusCode6.Success, text };
}

/** §4.4.1: of leases on several links the links alone are told. */
function tellOf(leases: readonly Lease6[], { now, subnets }: Facts6): Reply6 {
  const buffer = new Uint8Array(REPLY_LIMIT);
  const writer = new MessageWriter6(buffer, 0, REPLY_LIMIT);
  const links = new Set(leases.map(({ subnetId }) => subnetId));
  if (links.size > 1) {
    writeClientLinks(
      writer,
      [...links].sort((a, b) => a - b).flatMap((id) => subnets.byId(id)?.prefix ?? []),
    );
  } else {
    writeClientData(writer, leases, now, { hasClientId: true, hasRelays: false });
    writeRelayData(writer, leases[0]!);
  }
  const length = writer.finish();
  // A lease's relays are as long as a datagram at most, beside them there may be no room.
  if (length === undefined) return tell({ code: StatusCode6.UnspecFail, text: "The answer is too long." });
  return { ...tell(success("There are active leases.")), told: buffer.slice(0, length) };
}

function tell(status: Status6): Reply6 {
  return leaselessReply6(MessageType6.LEASEQUERY_REPLY, "told", status, undefined);
}
