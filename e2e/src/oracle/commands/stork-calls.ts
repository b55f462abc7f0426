/** The calls of Stork, which wants a Kea 3, in its order: what its agent and its page send; and what deletes leases. */
import type { Family } from "../../subject/server.ts";
import { parseCalls } from "./call.ts";
import { httpSockets } from "./http-sockets.ts";

/** Leases that it finds. */
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

/** The configuration that Stork's page would put into force: it stays reachable. */
function changed(family: Family): string {
  const subnet = family === 4 ? "192.0.2.0/24" : "2001:db8:1::/64";
  const subnets = [{ id: 44, subnet, "valid-lifetime": 5000, "option-data": [] }];
  const inner = { "control-sockets": httpSockets[family], "interfaces-config": { interfaces: ["eth0"] } };
  return JSON.stringify({ [`Dhcp${family}`]: { ...inner, [`subnet${family}`]: subnets } });
}

export const storkCalls = {
  4: parseCalls(`${filled4}
version-get
status-get
config-get
list-commands
config-hash-get
statistic-get-all
stat-lease4-get
lease4-get {"ip-address":"192.0.2.17"}
lease4-get {"ip-address":"192.0.2.99"}
lease4-get-by-hostname {"hostname":"printer.example.org"}
lease4-get-by-hostname {"hostname":"nosuch"}
lease4-get-by-hw-address {"hw-address":"1a:1b:1c:1d:1e:1f"}
lease4-get-by-client-id {"client-id":"01:02:03:04"}
lease4-get-by-state {"state":1}
lease4-wipe {"subnet-id":44}
lease4-wipe
lease4-wipe
dhcp-disable {"max-period":20}
status-get
dhcp-enable
config-set ${changed(4)}
config-get
config-write
config-reload
`),
  6: parseCalls(`${filled6}
version-get
status-get
config-get
list-commands
config-hash-get
statistic-get-all
stat-lease6-get
lease6-get {"ip-address":"2001:db8:1::17","type":"IA_NA"}
lease6-get {"ip-address":"2001:db8:100::","type":"IA_PD"}
lease6-get-by-hostname {"hostname":"printer.example.org"}
lease6-get-by-duid {"duid":"00:03:00:01:1a:1b:1c:1d:1e:1f"}
lease6-get-by-state {"state":1}
lease6-wipe {"subnet-id":66}
dhcp-disable {"max-period":20}
status-get
dhcp-enable
config-set ${changed(6)}
config-get
config-write
config-reload
`),
};
