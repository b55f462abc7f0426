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
  "kea-exporter": parseCalls(`
config-get
statistic-get-all
`),
  OPNsense: parseCalls(`${filled4}
config-get
lease4-get-all {"subnets":[44,88]}
lease4-del {"ip-address":"192.0.2.18"}
lease4-get-all {"subnets":[44,88]}
lease4-wipe {"subnet-id":88}
config-reload
`),
  "netbox-kea": parseCalls(`${filled4}
status-get
version-get
lease4-get {"ip-address":"192.0.2.17"}
lease4-get-all {"subnets":[44]}
lease4-get-page {"from":"start","limit":2}
lease4-get-page {"from":"192.0.2.18","limit":2}
lease4-get-page {"from":"0.0.0.0","limit":50}
lease4-get-by-hw-address {"hw-address":"1a:1b:1c:1d:1e:1f"}
lease4-get-by-client-id {"client-id":"01:02:03:04"}
lease4-get-by-hostname {"hostname":"printer.example.org"}
lease4-del {"ip-address":"192.0.2.17"}
lease4-get {"ip-address":"192.0.2.17"}
`),
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
  "kea-exporter": parseCalls(`
config-get
statistic-get-all
`),
  OPNsense: parseCalls(`${filled6}
config-get
lease6-get-all {"subnets":[66,77]}
lease6-del {"ip-address":"2001:db8:1::17","type":"IA_NA"}
lease6-del {"ip-address":"2001:db8:100::","type":"IA_PD"}
lease6-wipe {"subnet-id":77}
lease6-get-all {"subnets":[66,77]}
config-reload
`),
  "netbox-kea": parseCalls(`${filled6}
status-get
version-get
lease6-get {"ip-address":"2001:db8:1::17"}
lease6-get-all {"subnets":[66]}
lease6-get-page {"from":"start","limit":2}
lease6-get-page {"from":"2001:db8:2::18","limit":2}
lease6-get-page {"from":"::","limit":50}
lease6-get-by-duid {"duid":"00:03:00:01:1a:1b:1c:1d:1e:1f"}
lease6-get-by-hostname {"hostname":"printer.example.org"}
lease6-del {"ip-address":"2001:db8:1::17"}
`),
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
