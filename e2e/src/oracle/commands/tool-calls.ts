/** The calls of tools that people have, in their order: what each sends when it shows all that it can show. */
import { parseCalls } from "./call.ts";

/** Leases that the tools find. */
const filled4 = `
lease4-add {"ip-address":"192.0.2.17","hw-address":"1a:1b:1c:1d:1e:1f","hostname":"printer.example.org"}
lease4-add {"ip-address":"192.0.2.18","hw-address":"1a:1b:1c:1d:1e:20","client-id":"01:02:03:04"}
lease4-add {"ip-address":"198.51.100.12","hw-address":"1a:1b:1c:1d:1e:1f","state":1}
`;
const filled6 = `
lease6-add {"ip-address":"2001:db8:1::17","duid":"00:03:00:01:1a:1b:1c:1d:1e:1f","iaid":1,"hostname":"printer.example.org"}
lease6-add {"ip-address":"2001:db8:2::18","duid":"00:03:00:01:1a:1b:1c:1d:1e:20","iaid":2,"hw-address":"1a:1b:1c:1d:1e:20"}
lease6-add {"ip-address":"2001:db8:100::","duid":"00:03:00:01:1a:1b:1c:1d:1e:1f","iaid":1,"type":"IA_PD","prefix-len":56,"subnet-id":66}
`;

export const toolCalls4 = {
  Stork: parseCalls(`${filled4}
version-get
status-get
list-commands
config-hash-get
statistic-get-all
stat-lease4-get
lease4-get-by-hostname {"hostname":"nosuch"}
dhcp-disable {"max-period":20}
status-get
dhcp-enable
`),
};

export const toolCalls6 = {
  Stork: parseCalls(`${filled6}
version-get
status-get
list-commands
config-hash-get
statistic-get-all
stat-lease6-get
lease6-get {"ip-address":"2001:db8:100::","type":"IA_PD"}
dhcp-disable {"max-period":20}
status-get
dhcp-enable
`),
};
