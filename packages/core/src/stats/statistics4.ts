/** What a DHCPv4 server counts, under Kea's names. */
import { counter, gauge, later, onceChanged, size } from "./statistic.ts";
import type { StatisticTable } from "./statistics.ts";

/** What leases do to the levels that hold them; all of it is counted globally, in each subnet and in each pool. */
const leases = {
  "assigned-addresses": gauge("Addresses that are leased, declined ones included."),
  "cumulative-assigned-addresses": counter("Addresses leased since the start, renewals not counted."),
  "reclaimed-leases": counter("Expired leases that were reclaimed."),
  "declined-addresses": gauge("Addresses that a client found in use by somebody else, and that rest."),
  "reclaimed-declined-addresses": counter("Declined addresses whose rest is over."),
};

/** Of a subnet, what Kea 2.6.3 lists once it has happened. */
const failures = {
  "v4-allocation-fail": counter("Clients for whom no pool had an address."),
  "v4-allocation-fail-no-pools": counter("Clients for whom there was no pool at all."),
  "v4-allocation-fail-shared-network": counter("Clients of both kinds on a shared network."),
  "v4-allocation-fail-subnet": counter("Clients of both kinds on a single subnet."),
  "v4-allocation-fail-classes": counter("Clients of both kinds that were in a class: all are in ALL."),
};

const rarities = {
  "v4-lease-reuses": counter("Renewals answered from the lease cache, with nothing written."),
  "v4-reservation-conflicts": counter("Reserved addresses that somebody else was still using."),
};

export const statistics4 = {
  global: {
    "pkt4-received": counter("Packets received, good and bad."),
    "pkt4-discover-received": counter("DHCPDISCOVER received."),
    "pkt4-offer-received": counter("DHCPOFFER received: they come from servers and are dropped."),
    "pkt4-request-received": counter("DHCPREQUEST received."),
    "pkt4-ack-received": counter("DHCPACK received: they come from servers and are dropped."),
    "pkt4-nak-received": counter("DHCPNAK received: they come from servers and are dropped."),
    "pkt4-release-received": counter("DHCPRELEASE received."),
    "pkt4-decline-received": counter("DHCPDECLINE received."),
    "pkt4-inform-received": counter("DHCPINFORM received."),
    "pkt4-unknown-received": counter("Packets of a type that is none of the above."),
    "pkt4-sent": counter("Packets sent."),
    "pkt4-offer-sent": counter("DHCPOFFER sent."),
    "pkt4-ack-sent": counter("DHCPACK sent."),
    "pkt4-nak-sent": counter("DHCPNAK sent."),
    "pkt4-parse-failed": counter("Packets dropped because they could not be decoded."),
    "pkt4-receive-drop": counter("Packets dropped for any of the reasons above."),
    ...leases,
    ...failures,
    ...rarities,
    ...later({
      "pkt4-forcerenew-sent": counter("DHCPFORCERENEW sent."),
      "pkt4-lease-query-received": counter("DHCPLEASEQUERY received."),
      "pkt4-lease-query-response-unassigned-sent": counter("DHCPLEASEUNASSIGNED sent."),
      "pkt4-lease-query-response-unknown-sent": counter("DHCPLEASEUNKNOWN sent."),
      "pkt4-lease-query-response-active-sent": counter("DHCPLEASEACTIVE sent."),
      "pkt4-service-disabled": counter("Packets dropped while the service was switched off."),
      "pkt4-queue-full": counter("Packets dropped because they had waited too long, or had no room to wait."),
      "pkt4-duplicate": counter("Packets dropped because the same one was being answered."),
      "pkt4-rfc-violation": counter("Packets dropped because no client may send such."),
      "pkt4-admin-filtered": counter("Packets dropped because the configuration says so."),
      "pkt4-not-for-us": counter("Packets dropped because another server, or none, should answer."),
      "pkt4-processing-failed": counter("Packets dropped because the answer could not be made."),
      "pkt4-limit-exceeded": counter("Packets dropped by a rate limit."),
      "assigned-addresses": leases["assigned-addresses"],
    }),
  },
  subnet: { "total-addresses": size("Addresses in the pools."), ...leases, ...onceChanged(failures), ...rarities },
  pool: { "total-addresses": size("Addresses in the pool."), ...leases },
} satisfies StatisticTable;
