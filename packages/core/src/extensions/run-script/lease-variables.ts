/** What scripts find out about leases, as Kea's hook `run_script` has it. */
import type { Lease } from "@kotare/extension";
import { LeaseState } from "../../leases/model/lease.ts";
import { type Environment, withPrefix } from "./environment.ts";

const STATES: Readonly<Record<number, string>> = {
  [LeaseState.assigned]: "default",
  [LeaseState.declined]: "declined",
  [LeaseState.reclaimed]: "expired-reclaimed",
  [LeaseState.registered]: "registered",
  3: "released",
};

/** @param prefix of all their names: `LEASE4` */
export function leaseVariables(prefix: string, family: 4 | 6, lease: Lease): Environment {
  const mac = lease["hw-address"] ?? "";
  return withPrefix(prefix, {
    ADDRESS: lease["ip-address"],
    CLTT: lease.cltt,
    HOSTNAME: lease.hostname,
    HWADDR: mac,
    // In DHCPv4 a lease has the type of its packet, and that is Ethernet.
    HWADDR_TYPE: family === 4 ? 1 : mac === "" ? "" : lease.hwtype,
    STATE: STATES[lease.state],
    SUBNET_ID: lease["subnet-id"],
    VALID_LIFETIME: lease["valid-lft"],
    ...(family === 4
      ? { CLIENT_ID: lease["client-id"] ?? "" }
      : {
          DUID: lease.duid,
          IAID: lease.iaid,
          PREFERRED_LIFETIME: lease["preferred-lft"],
          PREFIX_LEN: lease["prefix-len"] ?? 128,
          TYPE: lease.type,
        }),
  });
}

/** `LEASES4_SIZE`, and the variables of each lease from `LEASES4_AT0_` on. */
export function listVariables(prefix: string, family: 4 | 6, leases: readonly Lease[]): Environment {
  const each = leases.map((lease, i) => leaseVariables(`${prefix}_AT${i}`, family, lease));
  return Object.assign({ [`${prefix}_SIZE`]: String(leases.length) }, ...each) as Environment;
}
