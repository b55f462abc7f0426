/** Commands about IPv6 leases, right and wrong, one after the other on one server. */
import { parseCalls } from "./call.ts";

export const leaseCalls6 = parseCalls(`
lease6-add
lease6-add {}
lease6-add {"ip-address":"2001:db8:1::10"}
lease6-add {"ip-address":"2001:db8:1::10","duid":"1a:1b:1c:1d:1e:1f"}
lease6-add {"ip-address":"2001:db8:1::10","duid":"1a:1b:1c:1d:1e:1f","iaid":1234}
lease6-add {"ip-address":"2001:db8:1::10","duid":"1a:1b:1c:1d:1e:1f","iaid":1234}
lease6-get {"ip-address":"2001:db8:1::10"}
lease6-add {"ip-address":"2001:db8:1::11","duid":"1a:1b:1c:1d:1e:20","iaid":5,"hw-address":"01:02:03:04:05:06","hostname":"Foo.Example.","preferred-lft":500,"valid-lft":1000,"fqdn-fwd":true,"fqdn-rev":true,"user-context":{"x":[1,{"y":null}]},"type":"IA_NA"}
lease6-get {"ip-address":"2001:db8:1::11"}
lease6-get {"ip-address":"2001:db8:1::11","type":"IA_NA"}
lease6-get {"ip-address":"2001:db8:1::11","type":"IA_PD"}
lease6-get {"ip-address":"2001:db8:1::11","type":"IA_TA"}
lease6-get {"ip-address":"2001:db8:1::11","type":"V4"}
lease6-get {"ip-address":"2001:db8:1::11","type":"foo"}
lease6-get {"ip-address":"2001:db8:1::11","type":5}
lease6-add {"ip-address":"2001:db8:100::","duid":"1a:1b:1c:1d:1e:20","iaid":5,"type":"IA_PD","prefix-len":56}
lease6-add {"ip-address":"2001:db8:100::","duid":"1a:1b:1c:1d:1e:20","iaid":5,"type":"IA_PD","prefix-len":56,"subnet-id":66}
lease6-get {"ip-address":"2001:db8:100::","type":"IA_PD"}
lease6-add {"ip-address":"2001:db8:100:100::","duid":"1a:1b:1c:1d:1e:20","iaid":5,"type":"IA_PD","subnet-id":66}
lease6-add {"ip-address":"2001:db8:100:200::","duid":"1a:1b:1c:1d:1e:20","iaid":5,"type":"IA_PD","subnet-id":66,"prefix-len":200}
lease6-add {"ip-address":"2001:db8:100:200::","duid":"1a:1b:1c:1d:1e:20","iaid":5,"type":"IA_PD","subnet-id":66,"prefix-len":0}
lease6-add {"ip-address":"2001:db8:100:300::1","duid":"1a:1b:1c:1d:1e:20","iaid":5,"type":"IA_PD","subnet-id":66,"prefix-len":56}
lease6-add {"ip-address":"2001:db8:1::12","duid":"1a:1b:1c:1d:1e:20","iaid":5,"prefix-len":56}
lease6-add {"ip-address":"2001:db8:1::13","duid":"1a:1b:1c:1d:1e:20","iaid":5,"type":"IA_TA"}
lease6-add {"ip-address":"2001:db8:1::14","duid":"1a:1b:1c:1d:1e:20","iaid":5,"type":"foo"}
lease6-add {"ip-address":"2001:db8:1::15","duid":"1a","iaid":5}
lease6-add {"ip-address":"2001:db8:1::16","duid":"1a:1b:1c","iaid":-5}
lease6-add {"ip-address":"2001:db8:1::16","duid":"1a:1b:1c","iaid":"x"}
lease6-add {"ip-address":"2001:db8:1::16","duid":"zz","iaid":1}
lease6-add {"ip-address":"2001:db8:1::16","duid":"","iaid":1}
lease6-add {"ip-address":"192.0.2.1","duid":"1a:1b:1c","iaid":1}
lease6-add {"ip-address":"2001:db8:9::16","duid":"1a:1b:1c","iaid":1}
lease6-add {"ip-address":"2001:db8:1::16","duid":"1a:1b:1c","iaid":1,"subnet-id":77}
lease6-add {"ip-address":"2001:db8:1::16","duid":"1a:1b:1c","iaid":1,"subnet-id":99}
lease6-add {"ip-address":"2001:db8:1::16","duid":"1a:1b:1c","iaid":1,"preferred-lft":9000}
lease6-get {"ip-address":"2001:db8:1::16"}
lease6-add {"ip-address":"2001:db8:1::17","duid":"1a:1b:1c","iaid":1,"state":1}
lease6-add {"ip-address":"2001:db8:1::18","duid":"1a:1b:1c","iaid":1,"state":2}
lease6-add {"ip-address":"2001:db8:1::19","duid":"1a:1b:1c","iaid":1,"state":5}
lease6-add {"ip-address":"2001:db8:1::19","duid":"1a:1b:1c","iaid":1,"hw-address":"x"}
lease6-add {"ip-address":"2001:db8:1::19","duid":"00:00:00","iaid":1}
lease6-add {"ip-address":"2001:db8:1::1a","duid":"1a:1b:1c","iaid":1,"expire":1900000000,"fqdn-fwd":true}
lease6-add {"ip-address":"2001:db8:2::1","duid":"1a:1b:1c","iaid":1,"hostname":"foo.example."}
lease6-add {"ip-address":"2001:db8:1::21","duid":"00:00:00","iaid":6}
lease6-add {"ip-address":"2001:db8:1::22","duid":"00:00:00","iaid":0,"state":1}
lease6-add {"ip-address":"2001:db8:1::23","duid":"00:00:00:00","iaid":6}
lease6-get {"ip-address":"2001:db8:1::21"}
lease6-get {"ip-address":"2001:db8:1::22"}
lease6-get {"identifier-type":"duid","identifier":"00:00:00","iaid":0,"subnet-id":66}
lease6-get {"identifier-type":"duid","identifier":"00:00:00","iaid":6,"subnet-id":66}
lease6-get {"identifier-type":"duid","identifier":"00:00:00","iaid":1,"subnet-id":66}
lease6-get {"type":"IA_PD","identifier-type":"duid","identifier":"00:00:00","iaid":0,"subnet-id":66}
lease6-get {"identifier-type":"duid","identifier":"000000","iaid":0,"subnet-id":66}
lease6-get-by-duid {"duid":"00:00:00"}
lease6-get-by-duid {"duid":"000000"}
lease6-get-by-duid {"duid":"00:00:00:00"}
lease6-get-by-duid {"duid":"00"}
lease6-del {"ip-address":"2001:db8:1::22"}
lease6-del {"ip-address":"2001:db8:1::23"}
lease6-get-page
lease6-get-page null
lease6-get-page []
lease6-get-page {"from":"start"}
lease6-get-page {"limit":2}
lease6-get-page {"from":"start","limit":0}
lease6-get-page {"from":"start","limit":-1}
lease6-get-page {"from":"start","limit":"a"}
lease6-get-page {"from":"start","limit":2.5}
lease6-get-page {"from":"start","limit":5000000000}
lease6-get-page {"from":"start","limit":4294967295}
lease6-get-page {"from":5,"limit":2}
lease6-get-page {"from":"xx","limit":2}
lease6-get-page {"from":"","limit":2}
lease6-get-page {"from":"START","limit":2}
lease6-get-page {"from":"::","limit":2}
lease6-get-page {"from":"ffff::","limit":2}
lease6-get-page {"from":"start","limit":3,"subnets":[66],"type":"IA_PD"}
lease6-get null
lease6-get-all null
lease6-add null
lease6-wipe null
lease6-write null
lease6-bulk-apply null
stat-lease6-get null
lease6-get
lease6-get {}
lease6-get {"ip-address":"2001:db8:1::99"}
lease6-get {"ip-address":"192.0.2.1"}
lease6-get {"identifier-type":"duid","identifier":"1a:1b:1c:1d:1e:20","subnet-id":66}
lease6-get {"identifier-type":"duid","identifier":"1a:1b:1c:1d:1e:20","subnet-id":66,"iaid":5}
lease6-get {"identifier-type":"duid","identifier":"1a:1b:1c:1d:1e:20","subnet-id":66,"iaid":5,"type":"IA_PD"}
lease6-get {"identifier-type":"duid","identifier":"1a:1b:1c:1d:1e:20","subnet-id":66,"iaid":6}
lease6-get {"identifier-type":"hw-address","identifier":"1a:1b:1c:1d:1e:20","subnet-id":66,"iaid":6}
lease6-get {"identifier-type":"client-id","identifier":"1a:1b:1c:1d:1e:20","subnet-id":66,"iaid":6}
lease6-get {"identifier-type":"duid","identifier":"1a","subnet-id":66,"iaid":6}
lease6-get {"identifier-type":"duid","identifier":"1a:1b:1c","subnet-id":66,"iaid":"x"}
lease6-get-all
lease6-get-all {"subnets":[77]}
lease6-get-all {"subnets":[1]}
lease6-get-page {"from":"start","limit":2}
lease6-get-page {"from":"2001:db8:1::11","limit":3}
lease6-get-page {"from":"2001:db8:200::11","limit":3}
lease6-get-page {"from":"192.0.2.1","limit":3}
lease6-get-by-duid {"duid":"1a:1b:1c:1d:1e:20"}
lease6-get-by-duid {"duid":"1a"}
lease6-get-by-duid {"duid":""}
lease6-get-by-duid {"duid":"1a:1b:1c:1d:1e:ff"}
lease6-get-by-duid {}
lease6-get-by-duid {"duid":5}
lease6-get-by-hostname {"hostname":"Foo.example."}
lease6-get-by-hostname {"hostname":"bar"}
lease6-get-by-hostname {}
lease6-update {"ip-address":"2001:db8:1::10","duid":"1a:1b:1c:1d:1e:1f","iaid":1234,"hostname":"new"}
lease6-update {"ip-address":"2001:db8:1::50","duid":"1a:1b:1c:1d:1e:1f","iaid":1234,"hostname":"new"}
lease6-update {"ip-address":"2001:db8:1::50","duid":"1a:1b:1c:1d:1e:1f","iaid":1234,"hostname":"new","force-create":true}
lease6-update {"ip-address":"2001:db8:1::10","duid":"1a:1b:1c:1d:1e:1f","iaid":1234,"state":1}
lease6-update {"ip-address":"2001:db8:1::10","duid":"1a:1b:1c:1d:1e:1f","iaid":1234,"type":"IA_PD","prefix-len":64,"subnet-id":66}
lease6-del
lease6-del {}
lease6-del {"ip-address":"2001:db8:1::99"}
lease6-del {"ip-address":"2001:db8:100::"}
lease6-del {"ip-address":"2001:db8:100::","type":"IA_PD"}
lease6-del {"ip-address":"2001:db8:1::50"}
lease6-del {"identifier-type":"duid","identifier":"1a:1b:1c","subnet-id":66,"iaid":1}
lease6-bulk-apply
lease6-bulk-apply {}
lease6-bulk-apply {"leases":5}
lease6-bulk-apply {"leases":[]}
lease6-bulk-apply {"leases":[{"ip-address":"2001:db8:1::60","duid":"1a:1b:1c:1d:1e:1f","iaid":1}]}
lease6-bulk-apply {"leases":[{"ip-address":"2001:db8:1::60","duid":"1a:1b:1c:1d:1e:1f","iaid":1},{"ip-address":"2001:db8:1::61","duid":"1a:1b:1c:1d:1e:1f","iaid":2}],"deleted-leases":[{"ip-address":"2001:db8:1::10","type":"IA_NA"},{"ip-address":"2001:db8:1::99"}]}
lease6-bulk-apply {"deleted-leases":[{"ip-address":"2001:db8:1::61","type":"IA_NA"},{"ip-address":"2001:db8:1::62","type":"IA_NA","duid":"1a:1b:1c:1d:1e:1f","iaid":2,"subnet-id":66}]}
lease6-bulk-apply {"leases":[{"ip-address":"2001:db8:1::60","duid":"1a:1b:1c:1d:1e:1f"}]}
lease6-bulk-apply {"deleted-leases":[{"type":"IA_NA"}]}
lease6-bulk-apply {"leases":[{"ip-address":"2001:db8:1::60","duid":"1a:1b:1c:1d:1e:1f","iaid":1},{"ip-address":"2001:db8:9::60","duid":"1a:1b:1c:1d:1e:1f","iaid":1}]}
lease6-bulk-apply {"leases":[],"deleted-leases":[]}
lease6-resend-ddns {"ip-address":"2001:db8:1::11"}
lease6-resend-ddns {"ip-address":"2001:db8:1::60"}
lease6-resend-ddns {"ip-address":"2001:db8:1::ff"}
stat-lease6-get
stat-lease6-get {"subnet-id":66}
stat-lease6-get {"subnet-id":1}
statistic-get {"name":"subnet[66].assigned-nas"}
statistic-get {"name":"subnet[66].assigned-pds"}
statistic-get {"name":"subnet[66].declined-addresses"}
lease6-wipe {"subnet-id":66}
lease6-wipe {"subnet-id":77}
lease6-wipe {"subnet-id":78}
lease6-wipe
lease6-write
lease6-write {"filename":"copy.csv"}
lease6-write {"filename":"copy.csv"}
lease6-write {"filename":"leases6.csv"}
lease6-write {"filename":"leases6.csv.2"}
lease6-write {"filename":"dhcp6.json"}
lease6-write {"filename":"./copy.csv"}
lease6-write {"filename":"sub/copy.csv"}
lease6-write {"filename":"../copy.csv"}
lease6-write {"filename":"/tmp/copy.csv"}
lease6-write {"filename":"."}
`);

/** On a server that keeps its leases in memory only. */
export const memoryCalls6 = parseCalls(`
lease6-add {"ip-address":"2001:db8:1::11","duid":"1a:1b:1c","iaid":1}
lease6-write {"filename":"copy.csv"}
lease6-write {"filename":"copy.csv"}
lease6-write {"filename":"kea-leases6.csv"}
lease6-write {"filename":"/tmp/copy.csv"}
lease6-get {"ip-address":"2001:db8:1::11"}
lease6-wipe {"subnet-id":0}
lease6-get-all
`);
