/** How DHCPv4 explains packets that somebody gives it. */
import { readU32 } from "@kotare/core/base/big-endian";
import { Field4 } from "@kotare/core/dhcp4/message4";
import { LIMITED_BROADCAST, parseIpv4 } from "@kotare/core/ip/ipv4";
import type { ExplainRules } from "@kotare/core/server/explain/explain-packet";
import { SubnetTrace } from "@kotare/core/server/explain/subnet-trace";
import type { Subnet4 } from "@kotare/core/subnets/subnet4";
import type { Path4 } from "../path/outcome4.ts";
import { explain4 } from "./explain4.ts";
import { traced4 } from "./traced-subnets4.ts";

export const explainRules4: ExplainRules<Path4> = {
  watch(service) {
    const trace = new SubnetTrace<Subnet4>();
    return {
      service: traced4(service, trace),
      begin: () => trace.begin(),
      explain: (attempt) => explain4(attempt, trace),
    };
  },
  parseAddress: parseIpv4,
  usualWay(payload, { addresses: [own = LIMITED_BROADCAST] }) {
    const mac = payload.slice(Field4.chaddr, Field4.chaddr + 6);
    if (payload.length < Field4.options) return { source: 0, sourcePort: 68, destination: LIMITED_BROADCAST, mac };
    const [ciaddr, giaddr] = [readU32(payload, Field4.ciaddr), readU32(payload, Field4.giaddr)];
    if (giaddr !== 0) return { source: giaddr, sourcePort: 67, destination: own, mac };
    return { source: ciaddr, sourcePort: 68, destination: ciaddr === 0 ? LIMITED_BROADCAST : own, mac };
  },
};
