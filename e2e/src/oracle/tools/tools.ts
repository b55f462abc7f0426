/** The tools that people have for Kea: how each asks, and all that it asks. */
import { type FieldReading, UNTIL_END, UNTIL_SHORT } from "../../clients/field-client.ts";
import { type Call, parseCalls } from "../commands/call.ts";

export type Service = "dhcp4" | "dhcp6";

/** Written as `dhcp4,dhcp6: status-get {"some":"arguments"}`. */
export interface ToolCall extends Call {
  /** At a socket: the daemon whose socket it is. None are sent where none are written. */
  readonly services: readonly Service[];
}

export interface Tool {
  readonly title: string;
  /** How it treats a daemon's socket; without one it speaks HTTP. */
  readonly socket?: FieldReading;
  /** Behind each command. */
  readonly end?: string;
  readonly calls: readonly ToolCall[];
}

/** Leases that each of them finds. */
export const filled = parseToolCalls(`
dhcp4: lease4-wipe
dhcp4: lease4-add {"ip-address":"192.0.2.17","hw-address":"1a:1b:1c:1d:1e:1f","hostname":"printer.example.org"}
dhcp4: lease4-add {"ip-address":"192.0.2.18","hw-address":"1a:1b:1c:1d:1e:20","client-id":"01:02:03:04"}
dhcp4: lease4-add {"ip-address":"198.51.100.12","hw-address":"1a:1b:1c:1d:1e:1f","state":1}
dhcp6: lease6-wipe
dhcp6: lease6-add {"ip-address":"2001:db8:1::17","duid":"00:03:00:01:1a:1b:1c:1d:1e:1f","iaid":1,"hostname":"printer.example.org"}
dhcp6: lease6-add {"ip-address":"2001:db8:2::18","duid":"00:03:00:01:1a:1b:1c:1d:1e:20","iaid":2,"hw-address":"1a:1b:1c:1d:1e:20"}
dhcp6: lease6-add {"ip-address":"2001:db8:100::","duid":"00:03:00:01:1a:1b:1c:1d:1e:1f","iaid":1,"type":"IA_PD","prefix-len":56,"subnet-id":66}
`);

export const tools: readonly Tool[] = [
  {
    title: "OPNsense",
    socket: UNTIL_END,
    end: "\n",
    calls: parseToolCalls(`
dhcp4: config-get
dhcp4: lease4-get-all {"subnets":[44,88]}
dhcp4: lease4-del {"ip-address":"192.0.2.18"}
dhcp4: lease4-del {"ip-address":"192.0.2.18"}
dhcp4: lease4-get-all {"subnets":[]}
dhcp4: config-reload
dhcp6: config-get
dhcp6: lease6-get-all {"subnets":[66,77]}
dhcp6: lease6-del {"ip-address":"2001:db8:1::17"}
dhcp6: lease6-del {"ip-address":"2001:db8:2::18","type":"IA_NA"}
dhcp6: lease6-del {"ip-address":"2001:db8:100::","type":"IA_PD"}
dhcp6: lease6-wipe {"subnet-id":77}
dhcp6: lease6-get-all {"subnets":[66,77]}
dhcp6: config-reload
`),
  },
  {
    title: "VyOS",
    socket: UNTIL_SHORT,
    calls: parseToolCalls(`
dhcp4: config-get
dhcp4: lease4-get-all
dhcp4: lease4-add {"ip-address":"192.0.2.19","hostname":"new","subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:21"}
dhcp4: lease4-del {"ip-address":"192.0.2.19"}
dhcp6: config-get
dhcp6: lease6-get-all
dhcp6: lease6-add {"ip-address":"2001:db8:1::19","hostname":"new","subnet-id":66,"duid":"00:01:02:03","iaid":7}
dhcp6: lease6-del {"ip-address":"2001:db8:1::19"}
`),
  },
  {
    title: "netbox-kea",
    calls: parseToolCalls(`
status-get
version-get
dhcp6,dhcp4: status-get
dhcp6,dhcp4: version-get
dhcp4: config-get
dhcp4: lease4-get {"ip-address":"192.0.2.17"}
dhcp4: lease4-get {"ip-address":"192.0.2.99"}
dhcp4: lease4-get-all {"subnets":[44]}
dhcp4: lease4-get-page {"from":"0.0.0.0","limit":2}
dhcp4: lease4-get-page {"from":"192.0.2.18","limit":2}
dhcp4: lease4-get-page {"from":"198.51.100.12","limit":2}
dhcp4: lease4-get-by-hw-address {"hw-address":"1a:1b:1c:1d:1e:1f"}
dhcp4: lease4-get-by-client-id {"client-id":"01:02:03:04"}
dhcp4: lease4-get-by-hostname {"hostname":"printer.example.org"}
dhcp4: lease4-del {"ip-address":"192.0.2.17"}
dhcp4: lease4-del {"ip-address":"192.0.2.17"}
dhcp6: config-get
dhcp6: lease6-get {"ip-address":"2001:db8:1::17"}
dhcp6: lease6-get-all {"subnets":[66]}
dhcp6: lease6-get-page {"from":"2001:db8:1::","limit":2}
dhcp6: lease6-get-page {"from":"::","limit":50}
dhcp6: lease6-get-by-duid {"duid":"00:03:00:01:1a:1b:1c:1d:1e:1f"}
dhcp6: lease6-get-by-hostname {"hostname":"printer.example.org"}
dhcp6: lease6-del {"ip-address":"2001:db8:1::17"}
`),
  },
  {
    title: "netbox-kea-ng",
    calls: parseToolCalls(`
dhcp4: stat-lease4-get
dhcp4: stat-lease4-get {"subnet-id":44}
dhcp4: lease4-add {"ip-address":"192.0.2.19","hw-address":"1a:1b:1c:1d:1e:21","subnet-id":44}
dhcp4: lease4-update {"ip-address":"192.0.2.19","hw-address":"1a:1b:1c:1d:1e:21","hostname":"new"}
dhcp4: dhcp-disable {"max-period":20}
dhcp4: status-get
dhcp4: dhcp-enable
dhcp6: stat-lease6-get {"subnet-id":66}
dhcp6: lease6-update {"ip-address":"2001:db8:1::17","duid":"00:03:00:01:1a:1b:1c:1d:1e:1f","iaid":1,"hostname":"new"}
`),
  },
  {
    title: "a template of Zabbix",
    calls: parseToolCalls(`
dhcp4: config-get
dhcp4: statistic-get-all
dhcp4: statistic-get {"name":"subnet[44].assigned-addresses"}
dhcp6: config-get
dhcp6: statistic-get-all
dhcp6: statistic-get {"name":"subnet[66].assigned-nas"}
`),
  },
];

function parseToolCalls(text: string): readonly ToolCall[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, services = "", bare = ""] = /^(?:([\w,]+): )?(.*)$/.exec(line) ?? [];
      const [call] = parseCalls(bare);
      return { ...call!, line, services: services.split(",").filter((each) => each !== "") as Service[] };
    });
}
