/** Commands that say which subnet a packet would be placed in; of Kea since 2.7. */
import type { DhcpConfig, Family } from "../../subject/server.ts";
import { parseCalls } from "./call.ts";

/** Subnets that are selected in every way there is. */
export const selectConfigs: Readonly<Record<Family, DhcpConfig>> = {
  4: {
    "client-classes": [{ name: "staff" }, { name: "guests", test: "member('ALL')" }],
    "shared-networks": [
      {
        name: "campus",
        subnet4: [
          { id: 10, subnet: "10.1.0.0/24", "client-classes": ["guests"] },
          { id: 11, subnet: "10.2.0.0/24" },
        ],
      },
    ],
    subnet4: [
      { id: 1, subnet: "192.0.2.0/24" },
      { id: 2, subnet: "198.51.100.0/24", relay: { "ip-addresses": ["203.0.113.1"] } },
      { id: 3, subnet: "198.51.101.0/24", interface: "eth0" },
      { id: 4, subnet: "198.51.102.0/24", "client-classes": ["staff"] },
      { id: 5, subnet: "198.51.103.0/24", "4o6-subnet": "2001:db8:4::/62", "client-classes": ["staff"] },
      { id: 6, subnet: "198.51.104.0/24", "4o6-subnet": "2001:db8:4::/48" },
      { id: 7, subnet: "198.51.105.0/24", "4o6-interface-id": "port7" },
      { id: 8, subnet: "198.51.106.0/24", "4o6-interface": "eth0", "4o6-interface-id": "port8" },
    ],
  },
  6: {
    "client-classes": [{ name: "staff" }],
    "shared-networks": [
      {
        name: "campus",
        subnet6: [
          { id: 10, subnet: "2001:db8:a::/64", "client-classes": ["staff"] },
          { id: 11, subnet: "2001:db8:b::/64" },
        ],
      },
    ],
    subnet6: [
      { id: 1, subnet: "2001:db8:1::/64", interface: "eth0" },
      { id: 2, subnet: "2001:db8:2::/64", relay: { "ip-addresses": ["2001:db8:ffff::1"] } },
      { id: 3, subnet: "2001:db8:3::/64", "interface-id": "port7" },
      { id: 4, subnet: "2001:db8:4::/64", "client-classes": ["staff"] },
    ],
  },
};

export const selectCalls4 = parseCalls(`
subnet4-select-test
subnet4-select-test {}
subnet4-select-test []
subnet4-select-test 5
subnet4-select-test {"address":"192.0.2.5"}
subnet4-select-test {"address":"10.9.9.9"}
subnet4-select-test {"address":"192.0.2.5","interface":"eth0"}
subnet4-select-test {"interface":"eth0"}
subnet4-select-test {"interface":"nosuch"}
subnet4-select-test {"interface":5}
subnet4-select-test {"interface":""}
subnet4-select-test {"local":"192.0.2.1"}
subnet4-select-test {"local":"192.0.2.1","address":"198.51.100.3"}
subnet4-select-test {"remote":"192.0.2.7"}
subnet4-select-test {"relay":"203.0.113.1"}
subnet4-select-test {"relay":"192.0.2.1"}
subnet4-select-test {"relay":"10.9.9.9"}
subnet4-select-test {"relay":"0.0.0.0"}
subnet4-select-test {"relay":"203.0.113.1","address":"192.0.2.5"}
subnet4-select-test {"link":"192.0.2.1"}
subnet4-select-test {"subnet":"192.0.2.0"}
subnet4-select-test {"subnet":"192.0.2.0","relay":"203.0.113.1"}
subnet4-select-test {"classes":["guests"],"address":"10.1.0.5"}
subnet4-select-test {"address":"10.1.0.5"}
subnet4-select-test {"address":"10.2.0.5"}
subnet4-select-test {"address":"10.2.0.5","classes":["guests"]}
subnet4-select-test {"address":"198.51.102.5"}
subnet4-select-test {"address":"198.51.102.5","classes":["staff"]}
subnet4-select-test {"address":"198.51.102.5","classes":["nosuch"]}
subnet4-select-test {"address":"198.51.102.5","classes":"staff"}
subnet4-select-test {"address":"198.51.102.5","classes":[5]}
subnet4-select-test {"address":"198.51.102.5","classes":[""]}
subnet4-select-test {"address":"x"}
subnet4-select-test {"address":5}
subnet4-select-test {"address":"2001:db8::1"}
subnet4-select-test {"relay":"x"}
subnet4-select-test {"relay":"2001:db8::1"}
subnet4-select-test {"local":"x"}
subnet4-select-test {"remote":"::1"}
subnet4-select-test {"foo":1}
subnet4-select-test {"foo":1,"address":"192.0.2.5"}
subnet4-select-test {"address":""}
subnet4-select-test {"interface":"eth0","address":"198.51.100.3"}
subnet4-select-test {"interface":"eth1"}
subnet4-select-test {"interface":"lo"}
subnet4-select-test {"interface":"eth1","address":"192.0.2.3"}
subnet4-select-test {"interface":"nosuch","address":"192.0.2.3"}
subnet4-select-test {"interface":"nosuch","relay":"192.0.2.3"}
subnet4-select-test {"remote":"192.0.2.7","interface":"eth0"}
subnet4-select-test {"remote":"192.0.2.7","interface":"eth1"}
subnet4-select-test {"address":"10.9.9.9","remote":"192.0.2.7"}
subnet4-select-test {"link":"192.0.2.1","relay":"198.51.100.1"}
subnet4-select-test {"link":"198.51.100.1","subnet":"192.0.2.0"}
subnet4-select-test {"link":"10.9.9.9","relay":"192.0.2.1"}
subnet4-select-test {"subnet":"10.9.9.9","relay":"192.0.2.1"}
subnet4-select-test {"link":"0.0.0.0","relay":"192.0.2.1"}
subnet4-select-test {"local":"10.9.9.9","interface":"eth0"}
subnet4o6-select-test
subnet4o6-select-test {}
subnet4o6-select-test []
subnet4o6-select-test {"remote":"2001:db8:4:1::1"}
subnet4o6-select-test {"remote":"2001:db8:4:1::1","classes":["staff"]}
subnet4o6-select-test {"remote":"2001:db8:4:4::1","classes":["staff"]}
subnet4o6-select-test {"remote":"2001:db8:9::1"}
subnet4o6-select-test {"remote":"192.0.2.7"}
subnet4o6-select-test {"remote":"x"}
subnet4o6-select-test {"remote":"::"}
subnet4o6-select-test {"interface-id":"'port7'"}
subnet4o6-select-test {"interface-id":"0x706f727437"}
subnet4o6-select-test {"interface-id":"706f727437"}
subnet4o6-select-test {"interface-id":"port7"}
subnet4o6-select-test {"interface-id":""}
subnet4o6-select-test {"interface-id":"'port9'"}
subnet4o6-select-test {"interface":"eth0"}
subnet4o6-select-test {"interface":"eth1"}
subnet4o6-select-test {"interface":"nosuch"}
subnet4o6-select-test {"interface":""}
subnet4o6-select-test {"interface":5}
subnet4o6-select-test {"interface":"eth0","interface-id":"'port7'"}
subnet4o6-select-test {"interface":"eth0","interface-id":"'port7'","remote":"2001:db8:4::1"}
subnet4o6-select-test {"interface-id":"'port8'","remote":"2001:db8:9::1"}
subnet4o6-select-test {"link":"2001:db8:4::1"}
subnet4o6-select-test {"link":"192.0.2.1"}
subnet4o6-select-test {"local":"2001:db8:4::1"}
subnet4o6-select-test {"local":"192.0.2.1"}
subnet4o6-select-test {"address":"192.0.2.5"}
subnet4o6-select-test {"address":"2001:db8:4::1"}
subnet4o6-select-test {"relay":"192.0.2.5"}
subnet4o6-select-test {"relay":"2001:db8:4::1"}
subnet4o6-select-test {"subnet":"192.0.2.0"}
subnet4o6-select-test {"subnet":"2001:db8:4::"}
subnet4o6-select-test {"classes":"staff"}
subnet4o6-select-test {"foo":1}
config-test {"Dhcp4":{"subnet4":[{"id":1,"subnet":"192.0.2.0/24","4o6-subnet":"x"}]}}
config-test {"Dhcp4":{"subnet4":[{"id":1,"subnet":"192.0.2.0/24","4o6-subnet":"192.0.2.0/24"}]}}
config-test {"Dhcp4":{"subnet4":[{"id":1,"subnet":"192.0.2.0/24","4o6-subnet":"2001:db8::"}]}}
config-test {"Dhcp4":{"subnet4":[{"id":1,"subnet":"192.0.2.0/24","4o6-subnet":"2001:db8::1/64"}]}}
config-test {"Dhcp4":{"subnet4":[{"id":1,"subnet":"192.0.2.0/24","4o6-subnet":"2001:db8::/129"}]}}
config-test {"Dhcp4":{"subnet4":[{"id":1,"subnet":"192.0.2.0/24","4o6-subnet":""}]}}
config-test {"Dhcp4":{"subnet4":[{"id":1,"subnet":"192.0.2.0/24","4o6-interface":"eth9","4o6-interface-id":"x"}]}}
`);

export const selectCalls6 = parseCalls(`
subnet6-select-test
subnet6-select-test {}
subnet6-select-test []
subnet6-select-test {"interface":"eth0"}
subnet6-select-test {"interface":"nosuch"}
subnet6-select-test {"interface":5}
subnet6-select-test {"interface":""}
subnet6-select-test {"interface-id":"port7"}
subnet6-select-test {"interface-id":"'port7'"}
subnet6-select-test {"interface-id":"0x706f727437"}
subnet6-select-test {"interface-id":"706f727437"}
subnet6-select-test {"interface-id":"70:6f:72:74:37"}
subnet6-select-test {"interface-id":"nosuch"}
subnet6-select-test {"interface-id":""}
subnet6-select-test {"interface-id":5}
subnet6-select-test {"remote":"2001:db8:1::5"}
subnet6-select-test {"remote":"2001:db8:2::5"}
subnet6-select-test {"remote":"fe80::1"}
subnet6-select-test {"remote":"192.0.2.1"}
subnet6-select-test {"remote":"x"}
subnet6-select-test {"remote":5}
subnet6-select-test {"link":"2001:db8:2::1"}
subnet6-select-test {"link":"2001:db8:ffff::1"}
subnet6-select-test {"link":"2001:db8:9::1"}
subnet6-select-test {"link":"::"}
subnet6-select-test {"link":"x"}
subnet6-select-test {"link":"2001:db8:2::1","interface-id":"port7"}
subnet6-select-test {"link":"2001:db8:4::1"}
subnet6-select-test {"link":"2001:db8:4::1","classes":["staff"]}
subnet6-select-test {"link":"2001:db8:a::1"}
subnet6-select-test {"link":"2001:db8:a::1","classes":["staff"]}
subnet6-select-test {"link":"2001:db8:b::1","classes":["staff"]}
subnet6-select-test {"classes":"staff"}
subnet6-select-test {"classes":[5]}
subnet6-select-test {"classes":[""]}
subnet6-select-test {"address":"2001:db8:1::1"}
subnet6-select-test {"local":"2001:db8:1::1"}
subnet6-select-test {"relay":"2001:db8:1::1"}
subnet6-select-test {"foo":1}
subnet6-select-test {"interface-id":"'port7'","link":"::"}
subnet6-select-test {"interface-id":"'port7'","link":"2001:db8:9::1"}
subnet6-select-test {"interface-id":"0x706f727437","link":"2001:db8:9::1"}
subnet6-select-test {"interface-id":"706f727437","link":"2001:db8:2::1"}
subnet6-select-test {"interface-id":"'nosuch'","link":"2001:db8:2::1"}
subnet6-select-test {"interface-id":"'port7'","remote":"2001:db8:2::1"}
subnet6-select-test {"interface-id":"'port7'","interface":"eth0"}
subnet6-select-test {"interface-id":"'port7'","remote":"2001:db8:9::1","interface":"eth0"}
subnet6-select-test {"interface":"eth0","remote":"2001:db8:2::1"}
subnet6-select-test {"interface":"eth0","link":"2001:db8:2::1"}
subnet6-select-test {"interface":"eth1","remote":"2001:db8:2::1"}
`);
