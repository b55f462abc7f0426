/** Commands that every DHCP server has, right and wrong, one after the other on one server. */
import { parseCalls } from "./call.ts";

export const baseCalls = parseCalls(`
nosuch
nosuch {"a":1}
list-commands
list-commands null
list-commands 5
list-commands []
version-get
version-get null
status-get null
config-get null
config-hash-get null
server-tag-get null
config-backend-pull null
config-test null
config-set null
config-write null
config-reload null
dhcp-disable null
dhcp-enable null
leases-reclaim null
statistic-get null
statistic-get-all null
statistic-reset null
statistic-reset-all null
statistic-remove null
statistic-sample-age-set-all null
statistic-sample-count-set-all null
status-get
config-hash-get
server-tag-get
config-backend-pull
config-test
config-test {}
config-test {"Dhcp4":5}
config-test {"Dhcp9":{}}
config-test {"Dhcp4":{"subnet4":[{"id":1,"subnet":"x"}]}}
config-set {}
config-write {"filename":5}
config-write {"filename":"/etc/passwd"}
config-write {"filename":"written.json"}
config-reload
dhcp-disable {"max-period":"x"}
dhcp-disable {"max-period":0}
dhcp-disable {"max-period":100,"origin":"user"}
status-get
dhcp-disable {"origin":"ha-partner"}
status-get
dhcp-disable {"origin":"nosuch"}
dhcp-disable {"origin-id":2500}
status-get
dhcp-enable {"origin-id":2500}
dhcp-enable {"origin":"ha-partner"}
dhcp-enable
status-get
leases-reclaim
leases-reclaim {"remove":5}
leases-reclaim {"remove":false}
leases-reclaim {"remove":true}
statistic-get
statistic-get {"name":5}
statistic-get {"name":"nosuch"}
statistic-get {"name":"pkt4-received"}
statistic-get {"name":"pkt6-received"}
statistic-reset {"name":"nosuch"}
statistic-reset {"name":"reclaimed-leases"}
statistic-reset
statistic-reset-all
statistic-remove {"name":"nosuch"}
statistic-remove {"name":"reclaimed-leases"}
statistic-get {"name":"reclaimed-leases"}
statistic-sample-age-set {"name":"nosuch","duration":10}
statistic-sample-age-set {"name":"declined-addresses","duration":10}
statistic-sample-age-set {"name":"declined-addresses"}
statistic-sample-age-set-all {"duration":10}
statistic-sample-age-set-all {}
statistic-sample-count-set {"name":"nosuch","max-samples":10}
statistic-sample-count-set {"name":"declined-addresses","max-samples":10}
statistic-sample-count-set {"name":"declined-addresses","max-samples":0}
statistic-sample-count-set-all {"max-samples":10}
statistic-remove-all
`);
