/** Commands about IPv4 leases, right and wrong, one after the other on one server. */
import { parseCalls } from "./call.ts";

export const leaseCalls4 = parseCalls(`
lease4-add {"ip-address":"192.0.2.11","hw-address":"1a:1b:1c:1d:1e:1f","client-id":"01:02:03:04","hostname":"One.example.org"}
lease4-add {"ip-address":"192.0.2.12","hw-address":"1a:1b:1c:1d:1e:1f","client-id":"01:02:03:04"}
lease4-add {"ip-address":"192.0.2.16","hw-address":"1a:1b:1c:1d:1e:21","state":1}
lease4-add {"ip-address":"192.0.2.17","hw-address":"1a:1b:1c:1d:1e:22","state":2}
lease4-add {"ip-address":"198.51.100.12","hw-address":"1a:1b:1c:1d:1e:1f","hostname":"one.example.org"}
statistic-get {"name":"subnet[44].assigned-addresses"}
statistic-get {"name":"subnet[44].declined-addresses"}
statistic-get {"name":"subnet[44].cumulative-assigned-addresses"}
statistic-get {"name":"assigned-addresses"}
statistic-get {"name":"subnet[88].pool[7].assigned-addresses"}
lease4-add {"ip-address":"192.0.2.61","hw-address":"","state":1}
lease4-add {"ip-address":"192.0.2.62","hw-address":"","client-id":"01:02:04"}
lease4-get-by-hw-address {"hw-address":""}
lease4-get {"identifier-type":"hw-address","identifier":"","subnet-id":44}
lease4-get {"identifier-type":"hw-address","identifier":"","subnet-id":88}
lease4-del {"ip-address":"192.0.2.61"}
lease4-del {"ip-address":"192.0.2.62"}
lease4-get-all null
lease4-get-page null
lease4-get null
lease4-add null
lease4-del null
lease4-update null
lease4-wipe null
lease4-write null
lease4-get-by-hw-address null
stat-lease4-get null
lease4-get-all
lease4-get-all {}
lease4-get-all {"subnets":[44]}
lease4-get-all {"subnets":[88, 90]}
lease4-get-all {"subnets":[1]}
lease4-get-all {"subnets":[]}
lease4-get-all {"subnets":["a"]}
lease4-get-all {"subnets":5}
lease4-get-all []
lease4-get-all {"foo":1}
lease4-get-page
lease4-get-page {"from":"start","limit":2}
lease4-get-page {"from":"192.0.2.12","limit":2}
lease4-get-page {"from":"192.0.2.99","limit":10}
lease4-get-page {"from":"199.0.2.99","limit":10}
lease4-get-page {"from":"start"}
lease4-get-page {"limit":2}
lease4-get-page {"from":"start","limit":0}
lease4-get-page {"from":"start","limit":-1}
lease4-get-page {"from":"start","limit":"a"}
lease4-get-page {"from":5,"limit":2}
lease4-get-page {"from":"xx","limit":2}
lease4-get-page {"from":"::","limit":2}
lease4-get-page {"from":"start","limit":5000000000}
lease4-get-page {"from":"start","limit":3,"subnets":[88]}
lease4-get-by-hw-address
lease4-get-by-hw-address {}
lease4-get-by-hw-address {"hw-address":"1a:1b:1c:1d:1e:1f"}
lease4-get-by-hw-address {"hw-address":"1a:1b:1c:1d:1e:ff"}
lease4-get-by-hw-address {"hw-address":5}
lease4-get-by-hw-address {"hw-address":"zz"}
lease4-get-by-hw-address {"hw-address":""}
lease4-get-by-hw-address {"hw-address":"1a1b1c1d1e1f"}
lease4-get-by-hw-address {"hw-address":"1a-1b-1c-1d-1e-1f"}
lease4-get-by-hw-address {"hw-address":"1a 1b 1c 1d 1e 1f"}
lease4-get-by-client-id {"client-id":"01:02:03:04"}
lease4-get-by-client-id {"client-id":"01020304"}
lease4-get-by-client-id {"client-id":"01:02:03"}
lease4-get-by-client-id {"client-id":"x"}
lease4-get-by-client-id {}
lease4-get-by-client-id {"client-id":"01"}
lease4-get-by-client-id {"client-id":""}
lease4-get-by-client-id {"client-id":7}
lease4-get-by-hostname {"hostname":"one.example.org"}
lease4-get-by-hostname {"hostname":"ONE.example.org"}
lease4-get-by-hostname {"hostname":"two"}
lease4-get-by-hostname {}
lease4-get-by-hostname {"hostname":5}
lease4-get-by-hostname {"hostname":""}
lease4-update
lease4-update {}
lease4-update {"ip-address":"192.0.2.50","hw-address":"1a:1b:1c:1d:1e:1f"}
lease4-update {"ip-address":"192.0.2.11"}
lease4-update {"ip-address":"192.0.2.11","hw-address":"1a:1b:1c:1d:1e:30"}
lease4-get {"ip-address":"192.0.2.11"}
lease4-update {"ip-address":"192.0.2.11","hw-address":"1a:1b:1c:1d:1e:30","hostname":"new","force-create":false}
lease4-update {"ip-address":"192.0.2.51","hw-address":"1a:1b:1c:1d:1e:30","hostname":"new","force-create":true}
lease4-update {"ip-address":"192.0.2.51","hw-address":"1a:1b:1c:1d:1e:30","hostname":"new","force-create":5}
lease4-update {"ip-address":"192.0.2.51","hw-address":"1a:1b:1c:1d:1e:30","hostname":"new","subnet-id":88}
lease4-update {"ip-address":"192.0.2.51","hw-address":"1a:1b:1c:1d:1e:30","hostname":"new","state":1}
lease4-update {"ip-address":"192.0.2.51","hw-address":"1a:1b:1c:1d:1e:30","hostname":"new","state":2}
lease4-update {"ip-address":"192.0.2.51","hw-address":"1a:1b:1c:1d:1e:30","hostname":"new","state":0}
lease4-update {"ip-address":"192.0.2.51","hw-address":"1a:1b:1c:1d:1e:30","hostname":"new","state":0,"force-create":true,"origin":"ha-partner"}
lease4-del
lease4-del {}
lease4-del {"ip-address":"192.0.2.77"}
lease4-del {"ip-address":"192.0.2.51"}
lease4-del {"ip-address":"192.0.2.12","update-ddns":true}
lease4-del {"ip-address":"192.0.2.12","update-ddns":5}
lease4-del {"ip-address":5}
lease4-del {"ip-address":"2001::"}
lease4-del {"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:30","subnet-id":44}
lease4-del {"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:30","subnet-id":44}
lease4-del {"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:21","subnet-id":44}
lease4-wipe
lease4-wipe {}
lease4-wipe {"subnet-id":90}
lease4-wipe {"subnet-id":91}
lease4-wipe {"subnet-id":"a"}
lease4-wipe {"subnet-id":88}
lease4-wipe {"subnet-id":0}
lease4-wipe {"subnet-id":-1}
lease4-wipe
lease4-write
lease4-write {}
lease4-write {"filename":5}
lease4-write {"filename":"/nosuchdir/foo.csv"}
lease4-write {"filename":""}
statistic-get {"name":"subnet[44].assigned-addresses"}
statistic-get {"name":"subnet[44].declined-addresses"}
statistic-get {"name":"subnet[44].cumulative-assigned-addresses"}
statistic-get {"name":"assigned-addresses"}
statistic-get {"name":"declined-addresses"}
statistic-get {"name":"subnet[88].pool[7].assigned-addresses"}
list-commands
stat-lease4-get
lease4-get-all
lease4-get
lease4-get {}
lease4-get []
lease4-get "x"
lease4-get {"ip-address":"192.0.2.10"}
lease4-get {"ip-address":5}
lease4-get {"ip-address":"foo"}
lease4-get {"ip-address":"2001:db8::1"}
lease4-get {"identifier-type":"hw-address"}
lease4-get {"identifier-type":"hw-address","identifier":"01:02:03:04:05:06"}
lease4-get {"identifier-type":"hw-address","identifier":"01:02:03:04:05:06","subnet-id":44}
lease4-get {"identifier-type":"duid","identifier":"01:02:03:04:05:06","subnet-id":44}
lease4-get {"identifier-type":"foo","identifier":"01:02:03:04:05:06","subnet-id":44}
lease4-get {"identifier-type":"hw-address","identifier":"zz","subnet-id":44}
lease4-get {"identifier-type":"hw-address","identifier":"","subnet-id":44}
lease4-get {"identifier-type":"hw-address","identifier":"01:02:03:04:05:06","subnet-id":"a"}
lease4-get {"subnet-id":44}
lease4-get {"ip-address":"192.0.2.10","extra":1}
lease4-add
lease4-add {}
lease4-add {"ip-address":"192.0.2.11"}
lease4-add {"hw-address":"1a:1b:1c:1d:1e:1f"}
lease4-add {"ip-address":"192.0.2.11","hw-address":"1a:1b:1c:1d:1e:1f"}
lease4-add {"ip-address":"192.0.2.11","hw-address":"1a:1b:1c:1d:1e:1f"}
lease4-get {"ip-address":"192.0.2.11"}
lease4-get {"identifier-type":"hw-address","identifier":"1A:1b:1C:1d:1e:1f","subnet-id":44}
lease4-get {"identifier-type":"hw-address","identifier":"1a1b1c1d1e1f","subnet-id":44}
lease4-get {"identifier-type":"client-id","identifier":"01:02:03","subnet-id":44}
lease4-add {"ip-address":"192.0.2.12","hw-address":"1a:1b:1c:1d:1e:20","client-id":"01:02:03:04","hostname":"MyHost.Some.example.org.","valid-lft":1000,"subnet-id":44,"fqdn-fwd":true,"fqdn-rev":true,"user-context":{"a":1,"ISC":{"b":"c"},"version":2},"state":0,"comment":"hello","expire":1900000000}
lease4-get {"ip-address":"192.0.2.12"}
lease4-get {"identifier-type":"client-id","identifier":"01:02:03:04","subnet-id":44}
lease4-get {"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:20","subnet-id":88}
lease4-add {"ip-address":"10.0.0.1","hw-address":"1a:1b:1c:1d:1e:20"}
lease4-add {"ip-address":"10.0.0.1","hw-address":"1a:1b:1c:1d:1e:20","subnet-id":44}
lease4-add {"ip-address":"192.0.2.13","hw-address":"1a:1b:1c:1d:1e:20","subnet-id":123}
lease4-add {"ip-address":"192.0.2.13","hw-address":"1a:1b:1c:1d:1e:20","subnet-id":88}
lease4-add {"ip-address":"192.0.2.13","hw-address":"1a:1b:1c:1d:1e:20","subnet-id":0}
lease4-add {"ip-address":"192.0.2.14","hw-address":"1a:1b:1c:1d:1e:20","hostname":5}
lease4-add {"ip-address":"192.0.2.14","hw-address":"1a:1b:1c:1d:1e:20","fqdn-fwd":true}
lease4-add {"ip-address":"192.0.2.14","hw-address":"1a:1b:1c:1d:1e:20","valid-lft":-1}
lease4-add {"ip-address":"192.0.2.14","hw-address":"1a:1b:1c:1d:1e:20","valid-lft":"abc"}
lease4-add {"ip-address":"192.0.2.24","hw-address":"1a:1b:1c:1d:1e:20","valid-lft":4294967295}
lease4-get {"ip-address":"192.0.2.24"}
lease4-add {"ip-address":"192.0.2.15","hw-address":"1a:1b:1c:1d:1e:20","expire":5}
lease4-add {"ip-address":"192.0.2.15","hw-address":"1a:1b:1c:1d:1e:20","expire":50000,"valid-lft":40000}
lease4-get {"ip-address":"192.0.2.15"}
lease4-add {"ip-address":"192.0.2.16","hw-address":"1a:1b:1c:1d:1e:21","state":1}
lease4-get {"ip-address":"192.0.2.16"}
lease4-add {"ip-address":"192.0.2.17","hw-address":"1a:1b:1c:1d:1e:22","state":2}
lease4-add {"ip-address":"192.0.2.18","hw-address":"1a:1b:1c:1d:1e:22","state":5}
lease4-add {"ip-address":"192.0.2.18","hw-address":"1a:1b:1c:1d:1e:22","state":-1}
lease4-add {"ip-address":"192.0.2.18","hw-address":"1a:1b:1c:1d:1e:22","state":"default"}
lease4-add {"ip-address":"192.0.2.18","hw-address":"bad"}
lease4-add {"ip-address":"192.0.2.18","hw-address":""}
lease4-add {"ip-address":"192.0.2.18","hw-address":"1a","client-id":""}
lease4-add {"ip-address":"192.0.2.18","hw-address":"1a","client-id":"0"}
lease4-add {"ip-address":"192.0.2.18","hw-address":"1a:1b","client-id":"01"}
lease4-add {"ip-address":"192.0.2.19","hw-address":"1a:1b","user-context":"foo"}
lease4-add {"ip-address":"192.0.2.19","hw-address":"1a:1b","comment":5}
lease4-add {"ip-address":"192.0.2.19","hw-address":"1a:1b","comment":"hi","pool-id":5}
lease4-get {"ip-address":"192.0.2.19"}
lease4-add {"ip-address":"198.51.100.12","hw-address":"1a:1b","origin":"ha-partner"}
lease4-get {"ip-address":"198.51.100.12"}
stat-lease4-get
stat-lease4-get {}
stat-lease4-get {"subnet-id":44}
stat-lease4-get {"subnet-id":45}
stat-lease4-get {"subnet-id":"x"}
stat-lease4-get {"subnet-id":0}
stat-lease4-get {"subnet-id":-1}
stat-lease4-get {"subnet-range":{"first-subnet-id":10,"last-subnet-id":80}}
stat-lease4-get {"subnet-range":{"first-subnet-id":100,"last-subnet-id":80}}
stat-lease4-get {"subnet-range":{"first-subnet-id":100,"last-subnet-id":180}}
stat-lease4-get {"subnet-range":{"first-subnet-id":100}}
stat-lease4-get {"subnet-range":5}
stat-lease4-get {"subnet-range":{}}
stat-lease4-get {"subnet-range":{"last-subnet-id":100}}
stat-lease4-get {"subnet-id":44,"subnet-range":{"first-subnet-id":10,"last-subnet-id":80}}
stat-lease4-get []
stat-lease4-get {"foo":1}
lease4-add {"ip-address":"192.0.2.11","hw-address":"1a:1b:1c:1d:1e:1f","client-id":"01:02:03:04","hostname":"One.example.org"}
lease4-add {"ip-address":"198.51.100.12","hw-address":"1a:1b:1c:1d:1e:1f","hostname":"one.example.org"}
lease4-resend-ddns {"ip-address":"192.0.2.99"}
lease4-resend-ddns {"ip-address":"198.51.100.12"}
lease4-resend-ddns {"ip-address":5}
lease4-wipe {}
lease4-wipe {"subnet-id":90}
lease4-wipe {"subnet-id":91}
lease4-wipe {"subnet-id":"a"}
lease4-wipe {"subnet-id":-1}
lease4-wipe {"subnet-id":88}
lease4-wipe {"subnet-id":0}
lease4-wipe
lease4-write
lease4-write {}
lease4-write {"filename":5}
lease4-write {"filename":"/nosuchdir/foo.csv"}
lease4-write {"filename":"copy.csv"}
lease4-write {"filename":"copy.csv"}
lease4-write {"filename":"leases4.csv"}
lease4-write {"filename":"leases4.csv.2"}
lease4-write {"filename":"dhcp4.json"}
lease4-write {"filename":"./copy.csv"}
lease4-write {"filename":"sub/copy.csv"}
lease4-write {"filename":"../copy.csv"}
lease4-write {"filename":"/tmp/copy.csv"}
lease4-write {"filename":"."}
lease4-write {"filename":""}
lease4-get-all {"subnets":[88,44]}
leases-reclaim {"remove":true}
leases-reclaim
`);

/** On a server that keeps its leases in memory only. */
export const memoryCalls4 = parseCalls(`
lease4-add {"ip-address":"192.0.2.11","hw-address":"1a:1b:1c:1d:1e:1f"}
lease4-write {"filename":"copy.csv"}
lease4-write {"filename":"copy.csv"}
lease4-write {"filename":"kea-leases4.csv"}
lease4-write {"filename":"/tmp/copy.csv"}
lease4-get {"ip-address":"192.0.2.11"}
lease4-wipe {"subnet-id":0}
lease4-get-all
`);
