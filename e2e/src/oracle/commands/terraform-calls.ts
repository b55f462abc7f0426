/**
 * What terraform-provider-kea sends, in its order and form: it adds, reads, changes and removes reservations in the first
 * host database, and looks subnets up by their prefix. What is not set it leaves out, and identifiers are digits with colons.
 */
import { parseCalls } from "./call.ts";

export const terraformCalls = parseCalls(`
subnet4-get {"subnet":"192.0.2.0/24"}
subnet4-get {"id":88}
reservation-add {"reservation":{"subnet-id":44,"hw-address":"02:a3:7b:4e:91:22","ip-address":"192.0.2.42"}}
reservation-get {"subnet-id":44,"identifier-type":"hw-address","identifier":"02:a3:7b:4e:91:22"}
reservation-add {"reservation":{"subnet-id":44,"hw-address":"02:a3:7b:4e:91:22","ip-address":"192.0.2.43"}}
reservation-update {"reservation":{"subnet-id":44,"hw-address":"02:a3:7b:4e:91:22","hostname":"host-1","ip-address":"192.0.2.44"}}
reservation-get {"subnet-id":44,"identifier-type":"hw-address","identifier":"02:a3:7b:4e:91:22"}
reservation-get {"subnet-id":44,"ip-address":"192.0.2.44"}
reservation-add {"reservation":{"subnet-id":88,"client-id":"01:02:03:04","boot-file-name":"/boot","client-classes":["web-servers","production","monitoring"],"hostname":"host-2","ip-address":"198.51.100.27","next-server":"10.0.0.9","option-data":[{"name":"domain-name-servers","data":"8.8.8.8,8.8.4.4","csv-format":true},{"code":15,"space":"dhcp4","data":"example.com","always-send":true},{"name":"routers","data":"C0000201","csv-format":false,"never-send":true},{"code":42,"data":"192.0.2.1","client-classes":["production"]}],"server-hostname":"srv","user-context":{"department":"engineering","tags":["production","critical"]}}}
reservation-get {"subnet-id":88,"identifier-type":"client-id","identifier":"01:02:03:04"}
reservation-add {"reservation":{"subnet-id":44,"circuit-id":"61:62:63"}}
reservation-get {"subnet-id":44,"identifier-type":"circuit-id","identifier":"61:62:63"}
reservation-add {"reservation":{"subnet-id":44,"duid":"00:01:02:03","ip-address":"192.0.2.45"}}
reservation-get {"subnet-id":44,"identifier-type":"duid","identifier":"00:01:02:03"}
reservation-add {"reservation":{"subnet-id":44,"flex-id":"64:65"}}
reservation-get {"subnet-id":44,"identifier-type":"flex-id","identifier":"64:65"}
reservation-add {"reservation":{"subnet-id":0,"hw-address":"02:95:4a:62:b8:e1","ip-address":"192.168.67.143"}}
reservation-get {"subnet-id":0,"identifier-type":"hw-address","identifier":"02:95:4a:62:b8:e1"}
reservation-get-all {"subnet-id":44}
reservation-del {"subnet-id":44,"identifier-type":"hw-address","identifier":"02:a3:7b:4e:91:22"}
reservation-del {"subnet-id":44,"identifier-type":"hw-address","identifier":"02:a3:7b:4e:91:22"}
reservation-get {"subnet-id":44,"identifier-type":"hw-address","identifier":"02:a3:7b:4e:91:22"}
reservation-update {"reservation":{"subnet-id":44,"hw-address":"02:a3:7b:4e:91:22","ip-address":"192.0.2.44"}}
`);
