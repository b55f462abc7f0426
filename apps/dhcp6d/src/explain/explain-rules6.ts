/** How DHCPv6 explains packets that somebody gives it. */

import { parseIpv6 } from "@kotare/core/ip/ipv6";
import { parseIpv6Key, readIpv6Key } from "@kotare/core/ip/ipv6-key";
import type { ExplainRules } from "@kotare/core/server/explain/explain-packet";
import { SubnetTrace } from "@kotare/core/server/explain/subnet-trace";
import type { Subnet6 } from "@kotare/core/subnets/subnet6";
import type { Path6 } from "../path/outcome6.ts";
import { explain6 } from "./explain6.ts";
import { traced6 } from "./traced-subnets6.ts";

/** All_DHCP_Relay_Agents_and_Servers (RFC 8415 §7.1). */
const SERVERS = readIpv6Key(parseIpv6("ff02::1:2")!);
/** Of a client on the link. */
export const CLIENT = readIpv6Key(parseIpv6("fe80::1")!);

export const explainRules6: ExplainRules<Path6> = {
  watch(service) {
    const trace = new SubnetTrace<Subnet6>();
    return {
      service: traced6(service, trace),
      begin: () => trace.begin(),
      explain: (attempt) => explain6(attempt, trace),
    };
  },
  parseAddress: parseIpv6Key,
  usualWay: () => ({ source: CLIENT, sourcePort: 546, destination: SERVERS, mac: new Uint8Array(0) }),
};
