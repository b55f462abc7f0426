/** What a DHCPv6 server counts, under Kea's names. */
import { counter, gauge, later, onceChanged, size } from "./statistic.ts";
import type { StatisticTable } from "./statistics.ts";

const addresses = {
  "assigned-nas": gauge("Addresses that are leased, declined ones included."),
  "cumulative-assigned-nas": counter("Addresses leased since the start, renewals not counted."),
};

const prefixes = {
  "assigned-pds": gauge("Prefixes that are delegated."),
  "cumulative-assigned-pds": counter("Prefixes delegated since the start, renewals not counted."),
};

const ends = {
  "reclaimed-leases": counter("Expired leases that were reclaimed."),
  "declined-addresses": gauge("Addresses that a client found in use by somebody else, and that rest."),
  "reclaimed-declined-addresses": counter("Declined addresses whose rest is over."),
};

/** Of a subnet, what Kea 2.6.3 lists once it has happened. */
const failures = {
  "v6-allocation-fail": counter("Associations for which no pool had anything."),
  "v6-allocation-fail-no-pools": counter("Associations for which there was no pool at all."),
  "v6-allocation-fail-shared-network": counter("Associations of both kinds on a shared network."),
  "v6-allocation-fail-subnet": counter("Associations of both kinds on a single subnet."),
  "v6-allocation-fail-classes": counter("Associations of both kinds whose client was in a class: all are in ALL."),
};

const reuses = {
  "v6-ia-na-lease-reuses": counter("Renewals of addresses answered from the lease cache, with nothing written."),
  "v6-ia-pd-lease-reuses": counter("Renewals of prefixes answered from the lease cache, with nothing written."),
};

const registrations = {
  "cumulative-registered-nas": counter("Addresses registered since the start, repetitions not counted."),
};

const registered = { "registered-nas": gauge("Addresses that their hosts have registered.") };

export const statistics6 = {
  global: {
    "pkt6-received": counter("Packets received, good and bad."),
    "pkt6-solicit-received": counter("SOLICIT received."),
    "pkt6-advertise-received": counter("ADVERTISE received: they come from servers and are dropped."),
    "pkt6-request-received": counter("REQUEST received."),
    ...onceChanged({ "pkt6-confirm-received": counter("CONFIRM received.") }),
    "pkt6-reply-received": counter("REPLY received: they come from servers and are dropped."),
    "pkt6-renew-received": counter("RENEW received."),
    "pkt6-rebind-received": counter("REBIND received."),
    "pkt6-release-received": counter("RELEASE received."),
    "pkt6-decline-received": counter("DECLINE received."),
    "pkt6-infrequest-received": counter("INFORMATION-REQUEST received."),
    "pkt6-unknown-received": counter("Packets of a type that is none of the above."),
    "pkt6-sent": counter("Packets sent."),
    "pkt6-advertise-sent": counter("ADVERTISE sent."),
    "pkt6-reply-sent": counter("REPLY sent."),
    "pkt6-dhcpv4-query-received": counter("DHCPV4-QUERY received."),
    "pkt6-dhcpv4-response-received": counter("DHCPV4-RESPONSE received: they come from servers and are dropped."),
    "pkt6-dhcpv4-response-sent": counter("DHCPV4-RESPONSE sent."),
    "pkt6-parse-failed": counter("Packets dropped because they could not be decoded."),
    "pkt6-receive-drop": counter("Packets dropped for any of the reasons above."),
    ...addresses,
    ...prefixes,
    ...ends,
    ...failures,
    ...reuses,
    ...later({
      "pkt6-addr-reg-inform-received": counter("ADDR-REG-INFORM received."),
      "pkt6-addr-reg-reply-received": counter("ADDR-REG-REPLY received: they come from servers and are dropped."),
      "pkt6-addr-reg-reply-sent": counter("ADDR-REG-REPLY sent."),
      "pkt6-reconfigure-sent": counter("RECONFIGURE sent."),
      ...registrations,
      "registered-nas": registered["registered-nas"],
      "pkt6-lease-query-received": counter("LEASEQUERY received."),
      "pkt6-lease-query-reply-sent": counter("LEASEQUERY-REPLY sent."),
      "pkt6-service-disabled": counter("Packets dropped while the service was switched off."),
      "pkt6-admin-filtered": counter("Packets dropped because the configuration says so."),
      "pkt6-limit-exceeded": counter("Packets dropped by a rate limit."),
      "pkt6-queue-full": counter("Packets dropped because they had waited too long, or had no room to wait."),
      "pkt6-duplicate": counter("Packets dropped because the same one was being answered."),
      "pkt6-rfc-violation": counter("Packets dropped because no client may send such."),
      "pkt6-not-for-us": counter("Packets dropped because another server, or none, should answer."),
      "pkt6-processing-failed": counter("Packets dropped because the answer could not be made."),
      "assigned-nas": addresses["assigned-nas"],
      "assigned-pds": prefixes["assigned-pds"],
    }),
  },
  subnet: {
    "total-nas": size("Addresses in the pools."),
    "total-pds": size("Prefixes in the pools."),
    ...addresses,
    ...prefixes,
    ...ends,
    ...onceChanged(failures),
    ...reuses,
    ...later({ ...registered, ...registrations }),
  },
  pool: { "total-nas": size("Addresses in the pool."), ...addresses, ...ends },
  "pd-pool": {
    "total-pds": size("Prefixes in the pool."),
    ...prefixes,
    "reclaimed-leases": ends["reclaimed-leases"],
  },
} satisfies StatisticTable;
