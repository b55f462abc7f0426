/** Names follow leases by the configuration in force. */
import type { DhcpDdnsConfig } from "../config/dhcp4-config.ts";
import type { NameSender } from "../ddns/name-sender.ts";
import type { RulesOf } from "../ddns/named-family.ts";
import type { Lease } from "../leases/model/lease.ts";
import type { LeaseBatch } from "../leases/model/lease-store.ts";
import type { Companion } from "./server-family.ts";

export function nameCompanion<L extends Lease, Batch extends LeaseBatch<L>, Scope>(
  sender: NameSender<L, Batch>,
  rulesOf: (scope: Scope) => RulesOf<L>,
): Companion<{ readonly "dhcp-ddns": DhcpDdnsConfig }, { readonly scope: Scope }> {
  return {
    // Its socket needs no interface of ours.
    update: () => undefined,
    configure: (config, { scope }) => sender.configure(config["dhcp-ddns"], rulesOf(scope)),
    stop: () => sender.stop(),
  };
}
