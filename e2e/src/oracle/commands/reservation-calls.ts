/**
 * The commands of Kea's library host_cmds, as netbox-kea-ng and terraform-provider-kea give them, too. The reservations are
 * kept in memory, as Kea 3's databases have a schema of their own. Left out are an update that conflicts, and an address that
 * is reserved twice in DHCPv6: both are refused, but then Kea has lost the one and kept the other. Its pages through all
 * subnets are in the order in which reservations were added.
 */
import { parseCalls } from "./call.ts";

const libraries = { "hooks-libraries": [{ library: "libdhcp_host_cmds.so" }] };

export const reservationConfigs = {
  4: {
    ...libraries,
    subnet4: [
      {
        id: 44,
        subnet: "192.0.2.0/24",
        pools: [{ pool: "192.0.2.10-192.0.2.99" }],
        reservations: [{ "hw-address": "00:00:00:00:00:01", "ip-address": "192.0.2.5", hostname: "configured" }],
      },
      { id: 88, subnet: "198.51.100.0/24" },
      { id: 90, subnet: "203.0.113.0/24" },
    ],
  },
  6: {
    ...libraries,
    subnet6: [
      {
        id: 66,
        subnet: "2001:db8:1::/64",
        pools: [{ pool: "2001:db8:1::10-2001:db8:1::99" }],
        "pd-pools": [{ prefix: "2001:db8:100::", "prefix-len": 40, "delegated-len": 56 }],
        reservations: [{ duid: "00:00:00:01", "ip-addresses": ["2001:db8:1::5"] }],
      },
      { id: 77, subnet: "2001:db8:2::/64" },
    ],
  },
};

export const reservationCalls4 = parseCalls(`
reservation-add
reservation-add {}
reservation-add {"reservation":5}
reservation-add {"reservation":{}}
reservation-add {"reservation":{"subnet-id":44}}
reservation-add {"reservation":{"subnet-id":"x","hw-address":"1a:1b:1c:1d:1e:1f"}}
reservation-add {"reservation":{"subnet-id":4294967295,"hw-address":"1a:1b:1c:1d:1e:1f"}}
reservation-add {"reservation":{"subnet-id":999,"hw-address":"1a:1b:1c:1d:1e:1f"}}
reservation-add {"reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:1f","ip-address":"10.0.0.1"}}
reservation-add {"reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:1f","ip-address":"bogus"}}
reservation-add {"reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:1f","ip-address":"192.0.2.50","foo":1}}
reservation-add {"reservation":{"subnet-id":44,"hw-address":"zz"}}
reservation-add {"reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:01","client-id":"01:02"}}
reservation-add {"foo":1,"reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:09"}}
reservation-add {"operation-target":"nosuch","reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:09"}}
reservation-add {"operation-target":5,"reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:09"}}
reservation-add {"operation-target":"memory","reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:1f","ip-address":"192.0.2.50","hostname":"One.example.org"}}
reservation-add {"operation-target":"memory","reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:1f","ip-address":"192.0.2.51"}}
reservation-add {"operation-target":"memory","reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:20","ip-address":"192.0.2.50"}}
reservation-add {"operation-target":"memory","reservation":{"subnet-id":88,"hw-address":"1a:1b:1c:1d:1e:1f","ip-address":"198.51.100.12","client-classes":["a","b"],"option-data":[{"name":"domain-name-servers","data":"10.1.1.1"},{"code":15,"data":"x.example","always-send":true}],"next-server":"10.0.0.9","server-hostname":"srv","boot-file-name":"/boot","user-context":{"a":1}}}
reservation-add {"operation-target":"memory","reservation":{"subnet-id":0,"duid":"01:02:03:04:05","hostname":"glob"}}
reservation-add {"operation-target":"memory","reservation":{"subnet-id":44,"client-id":"'abc'","hostname":"two"}}
reservation-add {"operation-target":"memory","reservation":{"subnet-id":44,"circuit-id":"'abc'","ip-address":"192.0.2.60"}}
reservation-add {"operation-target":"memory","reservation":{"subnet-id":44,"flex-id":"'abc'","ip-address":"192.0.2.61"}}
reservation-add {"operation-target":"memory","reservation":{"subnet-id":44,"duid":"0a0b0c0d","ip-address":"192.0.2.62"}}
reservation-get
reservation-get {}
reservation-get {"subnet-id":44}
reservation-get {"subnet-id":44,"identifier-type":"hw-address"}
reservation-get {"subnet-id":44,"identifier":"1a:1b"}
reservation-get {"subnet-id":44,"identifier-type":"nosuch","identifier":"1a:1b"}
reservation-get {"subnet-id":44,"identifier-type":"hw-address","identifier":"zz"}
reservation-get {"subnet-id":44,"identifier-type":5,"identifier":"1a"}
reservation-get {"subnet-id":44,"identifier-type":"hw-address","identifier":5}
reservation-get {"subnet-id":44,"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:1f"}
reservation-get {"subnet-id":44,"identifier-type":"client-id","identifier":"'abc'"}
reservation-get {"subnet-id":44,"identifier-type":"client-id","identifier":"616263"}
reservation-get {"subnet-id":44,"identifier-type":"circuit-id","identifier":"'abc'"}
reservation-get {"subnet-id":44,"identifier-type":"flex-id","identifier":"'abc'"}
reservation-get {"subnet-id":44,"identifier-type":"duid","identifier":"0a:0b:0c:0d"}
reservation-get {"subnet-id":44,"ip-address":"192.0.2.50"}
reservation-get {"subnet-id":44,"ip-address":"192.0.2.99"}
reservation-get {"subnet-id":44,"ip-address":"bogus"}
reservation-get {"subnet-id":44,"ip-address":5}
reservation-get {"subnet-id":44,"ip-address":"2001:db8::1"}
reservation-get {"subnet-id":44,"ip-address":"192.0.2.50","identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:20"}
reservation-get {"ip-address":"192.0.2.50"}
reservation-get {"subnet-id":999,"ip-address":"192.0.2.50"}
reservation-get {"subnet-id":"x","ip-address":"192.0.2.50"}
reservation-get {"subnet-id":88,"ip-address":"198.51.100.12"}
reservation-get {"subnet-id":0,"identifier-type":"duid","identifier":"01:02:03:04:05"}
reservation-get {"operation-target":"memory","subnet-id":44,"ip-address":"192.0.2.50"}
reservation-get {"operation-target":"database","subnet-id":44,"ip-address":"192.0.2.50"}
reservation-get {"operation-target":"all","subnet-id":44,"ip-address":"192.0.2.50"}
reservation-get {"operation-target":"default","subnet-id":44,"ip-address":"192.0.2.50"}
reservation-get {"operation-target":"alternate","subnet-id":44,"ip-address":"192.0.2.50"}
reservation-get {"operation-target":"nosuch","subnet-id":44,"ip-address":"192.0.2.50"}
reservation-get {"operation-target":5,"subnet-id":44,"ip-address":"192.0.2.50"}
reservation-get {"foo":5,"subnet-id":44,"ip-address":"192.0.2.50"}
reservation-get-all
reservation-get-all {}
reservation-get-all {"subnet-id":44}
reservation-get-all {"subnet-id":0}
reservation-get-all {"subnet-id":999}
reservation-get-all {"subnet-id":90}
reservation-get-all {"subnet-id":"x"}
reservation-get-all {"subnet-id":-1}
reservation-get-all {"subnet-id":44,"operation-target":"memory"}
reservation-get-all {"subnet-id":44,"operation-target":"database"}
reservation-get-all {"subnet-id":44,"foo":1}
reservation-get-page
reservation-get-page {}
reservation-get-page {"limit":0}
reservation-get-page {"limit":"x"}
reservation-get-page {"limit":-1}
reservation-get-page {"limit":2}
reservation-get-page {"limit":2,"subnet-id":44}
reservation-get-page {"limit":2,"subnet-id":44,"source-index":1}
reservation-get-page {"limit":2,"subnet-id":44,"source-index":0,"from":0}
reservation-get-page {"limit":2,"source-index":5}
reservation-get-page {"limit":2,"source-index":11}
reservation-get-page {"limit":2,"source-index":"x"}
reservation-get-page {"limit":2,"from":"x"}
reservation-get-page {"limit":2,"subnet-id":999}
reservation-get-page {"limit":2,"subnet-id":"x"}
reservation-get-page {"limit":100,"subnet-id":44}
reservation-get-page {"limit":100,"subnet-id":44,"operation-target":"memory"}
reservation-get-page {"limit":2,"foo":1}
reservation-get-by-hostname
reservation-get-by-hostname {}
reservation-get-by-hostname {"hostname":5}
reservation-get-by-hostname {"hostname":""}
reservation-get-by-hostname {"hostname":"ONE.example.org"}
reservation-get-by-hostname {"hostname":"one.example.org","subnet-id":44}
reservation-get-by-hostname {"hostname":"one.example.org","subnet-id":88}
reservation-get-by-hostname {"hostname":"one.example.org","subnet-id":999}
reservation-get-by-hostname {"hostname":"nosuch"}
reservation-get-by-hostname {"hostname":"glob"}
reservation-get-by-hostname {"hostname":"one.example.org","foo":1}
reservation-get-by-id
reservation-get-by-id {}
reservation-get-by-id {"identifier-type":"hw-address"}
reservation-get-by-id {"identifier":"1a:1b:1c:1d:1e:1f"}
reservation-get-by-id {"identifier-type":"nosuch","identifier":"1a:1b:1c:1d:1e:1f"}
reservation-get-by-id {"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:1f"}
reservation-get-by-id {"identifier-type":"hw-address","identifier":"zz"}
reservation-get-by-id {"identifier-type":"hw-address","identifier":"00:11"}
reservation-get-by-id {"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:1f","subnet-id":44}
reservation-get-by-id {"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:1f","foo":44}
reservation-get-by-address
reservation-get-by-address {}
reservation-get-by-address {"ip-address":5}
reservation-get-by-address {"ip-address":"bogus"}
reservation-get-by-address {"ip-address":"2001:db8::1"}
reservation-get-by-address {"ip-address":"192.0.2.50"}
reservation-get-by-address {"ip-address":"192.0.2.50","subnet-id":44}
reservation-get-by-address {"ip-address":"192.0.2.50","subnet-id":88}
reservation-get-by-address {"ip-address":"192.0.2.50","subnet-id":999}
reservation-get-by-address {"ip-address":"192.0.2.77"}
reservation-get-by-address {"ip-address":"192.0.2.50","operation-target":"memory"}
reservation-get-by-address {"ip-address":"192.0.2.50","operation-target":"database"}
reservation-update
reservation-update {}
reservation-update {"reservation":5}
reservation-update {"reservation":{"subnet-id":44}}
reservation-update {"reservation":{"hw-address":"1a:1b:1c:1d:1e:1f"}}
reservation-update {"operation-target":"memory","reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:99","ip-address":"192.0.2.51"}}
reservation-update {"operation-target":"memory","reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:1f","ip-address":"10.0.0.51"}}
reservation-update {"operation-target":"memory","reservation":{"subnet-id":44,"hw-address":"1a:1b:1c:1d:1e:1f","ip-address":"192.0.2.51"}}
reservation-get {"subnet-id":44,"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:1f"}
reservation-get-all {"subnet-id":44}
reservation-update {"operation-target":"memory","reservation":{"subnet-id":999,"hw-address":"1a:1b:1c:1d:1e:1f","ip-address":"192.0.2.60"}}
reservation-del
reservation-del {}
reservation-del {"subnet-id":44}
reservation-del {"subnet-id":44,"ip-address":"bogus"}
reservation-del {"operation-target":"memory","subnet-id":44,"ip-address":"192.0.2.99"}
reservation-del {"operation-target":"memory","subnet-id":999,"ip-address":"192.0.2.99"}
reservation-del {"operation-target":"memory","ip-address":"192.0.2.60"}
reservation-del {"operation-target":"memory","subnet-id":44,"ip-address":"192.0.2.60"}
reservation-del {"operation-target":"memory","subnet-id":44,"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:1f"}
reservation-del {"operation-target":"memory","subnet-id":44,"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:1f"}
reservation-del {"operation-target":"memory","subnet-id":0,"identifier-type":"duid","identifier":"01:02:03:04:05"}
reservation-del {"operation-target":"memory","subnet-id":44,"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:1f","foo":1}
reservation-del {"operation-target":"nosuch","subnet-id":44,"ip-address":"192.0.2.61"}
reservation-del {"operation-target":"default","subnet-id":44,"ip-address":"192.0.2.61"}
reservation-get-all {"subnet-id":44}
`);

export const reservationCalls6 = parseCalls(`
reservation-add {"operation-target":"memory","reservation":{"subnet-id":66,"duid":"01:02:03:04:05:06","ip-addresses":["2001:db8:1::50"],"prefixes":["2001:db8:100:5600::/56"],"hostname":"six"}}
reservation-add {"operation-target":"memory","reservation":{"subnet-id":66,"duid":"01:02:03:04:05:07","ip-addresses":["2001:db8:9::50"]}}
reservation-add {"operation-target":"memory","reservation":{"subnet-id":66,"hw-address":"01:02:03:04:05:07","prefixes":["2001:db8:9::/48"],"excluded-prefixes":["2001:db8:9:1::/64"],"option-data":[{"name":"dns-servers","data":"2001:db8::53"}]}}
reservation-add {"operation-target":"memory","reservation":{"subnet-id":66,"client-id":"01:02"}}
reservation-get {"subnet-id":66,"ip-address":"2001:db8:1::50"}
reservation-get {"subnet-id":66,"ip-address":"2001:db8:9::"}
reservation-get {"subnet-id":66,"ip-address":"192.0.2.1"}
reservation-get {"subnet-id":66,"identifier-type":"duid","identifier":"010203040506"}
reservation-get {"subnet-id":66,"identifier-type":"client-id","identifier":"010203040506"}
reservation-get-all {"subnet-id":66}
reservation-get-by-address {"ip-address":"2001:db8:1::50"}
reservation-get-by-address {"ip-address":"2001:db8:9::"}
reservation-get-by-address {"ip-address":"192.0.2.50"}
reservation-get-by-id {"identifier-type":"hw-address","identifier":"01:02:03:04:05:07"}
reservation-get-by-hostname {"hostname":"SIX"}
reservation-get-page {"limit":10}
reservation-get-page {"limit":10,"source-index":1}
reservation-update {"operation-target":"memory","reservation":{"subnet-id":66,"duid":"01:02:03:04:05:06","ip-addresses":["2001:db8:1::51"]}}
reservation-get-all {"subnet-id":66}
reservation-del {"operation-target":"memory","subnet-id":66,"ip-address":"2001:db8:1::51"}
reservation-del {"operation-target":"memory","subnet-id":66,"identifier-type":"hw-address","identifier":"01:02:03:04:05:07"}
reservation-get-all {"subnet-id":66}
`);
