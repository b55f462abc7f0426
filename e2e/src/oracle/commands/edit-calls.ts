/** Commands that edit subnets, shared networks and classes in force: of Kea's `subnet_cmds` and `class_cmds`. */
import type { DhcpConfig, Family } from "../../subject/server.ts";
import { type Call, parseCalls } from "./call.ts";

const libraries = ["lease_cmds", "stat_cmds", "subnet_cmds", "class_cmds"];
const hooks = { "hooks-libraries": libraries.map((name) => ({ library: `libdhcp_${name}.so` })) };

const classes = [{ name: "staff" }, { name: "guests", test: "member('ALL')" }];

export const editConfigs: Readonly<Record<Family, DhcpConfig>> = {
  4: {
    ...hooks,
    "client-classes": classes,
    "shared-networks": [
      {
        name: "campus",
        "valid-lifetime": 77,
        subnet4: [
          { id: 10, subnet: "10.1.0.0/24", pools: [{ pool: "10.1.0.10-10.1.0.20" }], "valid-lifetime": 7 },
          { id: 11, subnet: "10.2.0.0/24" },
        ],
      },
    ],
    subnet4: [
      { id: 44, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.99" }], reservations: [] },
      { id: 88, subnet: "198.51.100.0/24" },
    ],
  },
  6: {
    ...hooks,
    "client-classes": classes,
    "shared-networks": [
      {
        name: "campus",
        "valid-lifetime": 77,
        subnet6: [
          { id: 10, subnet: "2001:db8:a::/64", pools: [{ pool: "2001:db8:a::10-2001:db8:a::20" }] },
          { id: 11, subnet: "2001:db8:b::/64" },
        ],
      },
    ],
    subnet6: [
      { id: 44, subnet: "2001:db8:1::/64", pools: [{ pool: "2001:db8:1::10-2001:db8:1::99" }] },
      { id: 88, subnet: "2001:db8:2::/64" },
    ],
  },
};

/** What both families have. `PREFIX` stands for that of subnet 5, `OTHER` for another one, `TAKEN` for that of 44. */
const ofBoth = `
subnetN-list
subnetN-list {"foo":1}
subnetN-list []
subnetN-get
subnetN-get {}
subnetN-get {"id":44}
subnetN-get {"id":11}
subnetN-get {"subnet":"TAKEN"}
subnetN-get {"id":44,"subnet":"TAKEN"}
subnetN-get {"id":99}
subnetN-get {"subnet":"OTHER"}
subnetN-get {"subnet":"x"}
subnetN-get {"id":"44"}
subnetN-get {"id":0}
subnetN-get {"id":-1}
subnetN-get {"foo":44}
subnetN-get 5
subnetN-add
subnetN-add {}
subnetN-add {"subnetN":{}}
subnetN-add {"subnetN":[]}
subnetN-add {"subnetN":[5]}
subnetN-add {"subnetN":[{}]}
subnetN-add {"subnetN":[{"subnet":"PREFIX"}]}
subnetN-add {"subnetN":[{"id":5}]}
subnetN-add {"subnetN":[{"id":44,"subnet":"PREFIX"}]}
subnetN-add {"subnetN":[{"id":11,"subnet":"PREFIX"}]}
subnetN-add {"subnetN":[{"id":5,"subnet":"TAKEN"}]}
subnetN-add {"subnetN":[{"id":5,"subnet":"PREFIX"},{"id":6,"subnet":"OTHER"}]}
subnetN-add {"subnetN":[{"id":5,"subnet":"PREFIX","foo":1}]}
subnetN-add {"subnetN":[{"id":5,"subnet":"PREFIX","pools":[{"pool":"OTHER"}]}]}
subnetN-add {"subnetN":[{"id":5,"subnet":"PREFIX"}],"foo":1}
subnetN-add {"subnetN":[{"id":0,"subnet":"PREFIX"}]}
subnetN-add {"subnetN":[{"id":4294967295,"subnet":"PREFIX"}]}
subnetN-add {"subnetN":[{"id":5,"subnet":"PREFIX","pools":[{"pool":"POOL1","option-data":[{"name":"OPTION","data":"HOST1"},{"name":"OTHEROPTION","data":"HOST1"}],"pool-id":5},{"pool":"POOL2"}],"option-data":[{"name":"OPTION","data":"HOST2"}],"valid-lifetime":100,"client-classes":["staff"],"require-client-classes":["guests"],"user-context":{"a":{"x":1},"l":[1,2]}}]}
subnetN-add {"subnetN":[{"id":5,"subnet":"OTHER"}]}
subnetN-list
subnetN-get {"id":5}
statistic-get {"name":"subnet[5].pool[5].TOTAL"}
subnetN-delta-add
subnetN-delta-add {"subnetN":[{"subnet":"PREFIX"}]}
subnetN-delta-add {"subnetN":[{"id":5}]}
subnetN-delta-add {"subnetN":[{"id":99,"subnet":"OTHER"}]}
subnetN-delta-add {"subnetN":[{"id":5,"subnet":"PREFIX","foo":1}]}
subnetN-delta-add {"subnetN":[{"id":5,"subnet":"PREFIX","pools":[{"pool":"POOL1","user-context":{"b":1}},{"pool":"POOL3"}]}]}
subnetN-delta-add {"subnetN":[{"id":5,"subnet":"PREFIX","option-data":[{"name":"OPTION","data":"HOST1","always-send":true},{"name":"OTHEROPTION","data":"HOST1"}]}]}
subnetN-delta-add {"subnetN":[{"id":5,"subnet":"PREFIX","option-data":[{"name":"OPTION","data":"HOST2"}]}]}
subnetN-delta-add {"subnetN":[{"id":5,"subnet":"PREFIX","option-data":[{"data":"HOST2"}]}]}
subnetN-delta-add {"subnetN":[{"id":5,"subnet":"PREFIX","relay":{"ip-addresses":["HOST1"]},"user-context":{"a":{"y":2},"b":1},"client-classes":["guests"],"renew-timer":50}]}
subnetN-delta-add {"subnetN":[{"id":5,"subnet":"PREFIX","relay":{"ip-addresses":["HOST2"]}}]}
subnetN-get {"id":5}
subnetN-delta-del
subnetN-delta-del {"subnetN":[{"id":99,"subnet":"OTHER"}]}
subnetN-delta-del {"subnetN":[{"id":5,"subnet":"PREFIX","foo":1}]}
subnetN-delta-del {"subnetN":[{"id":5,"subnet":"PREFIX","renew-timer":null}]}
subnetN-delta-del {"subnetN":[{"id":5,"subnet":"PREFIX","renew-timer":0,"user-context":{"a":{"x":7}},"client-classes":["guests"],"relay":{"ip-addresses":["HOST1"]}}]}
subnetN-delta-del {"subnetN":[{"id":5,"subnet":"PREFIX","pools":[{"pool":"POOL3"},{"pool":"POOL1","pool-id":1,"option-data":[{"name":"OPTION"}]}],"option-data":[{"code":CODE}]}]}
subnetN-delta-del {"subnetN":[{"id":5,"subnet":"PREFIX","pools":[],"option-data":[{"name":"OPTION"}],"client-classes":[]}]}
subnetN-delta-del {"subnetN":[{"id":5,"subnet":"OTHER"}]}
subnetN-get {"id":5}
subnetN-update
subnetN-update {"subnetN":[{"subnet":"PREFIX"}]}
subnetN-update {"subnetN":[{"id":99,"subnet":"OTHER"}]}
subnetN-update {"subnetN":[{"id":5,"subnet":"PREFIX","pools":[{"pool":"OTHER"}]}]}
subnetN-update {"subnetN":[{"id":5,"subnet":"PREFIX","pools":[{"pool":"POOL2"}]}]}
subnetN-update {"subnetN":[{"id":11,"subnet":"NETPREFIX","valid-lifetime":9}]}
subnetN-get {"id":5}
subnetN-get {"id":11}
statistic-get {"name":"subnet[5].TOTAL"}
subnetN-del
subnetN-del {}
subnetN-del {"id":99}
subnetN-del {"id":"5"}
subnetN-del {"subnet":"PREFIX"}
subnetN-del {"id":5,"foo":1}
subnetN-del {"id":5}
subnetN-get {"id":5}
statistic-get {"name":"subnet[5].TOTAL"}
subnetN-del {"id":10}
networkN-list
networkN-list {}
networkN-get
networkN-get {"name":"campus"}
networkN-get {"name":"nosuch"}
networkN-get {"name":5}
networkN-add
networkN-add {}
networkN-add {"shared-networks":[]}
networkN-add {"shared-networks":[{}]}
networkN-add {"shared-networks":{"name":"q"}}
networkN-add {"shared-networks":[{"name":"campus"}]}
networkN-add {"shared-networks":[{"name":"floor"}]}
networkN-add {"shared-networks":[{"name":"floor2","subnetN":[{"id":60,"subnet":"PREFIX"}],"interface":"eth0","client-classes":["staff"],"valid-lifetime":9}]}
networkN-add {"shared-networks":[{"name":"floor3"},{"name":"floor4"}]}
networkN-add {"shared-networks":[{"name":"floor5","foo":1}]}
networkN-get {"name":"floor2"}
networkN-list
networkN-subnet-add
networkN-subnet-add {"id":88,"name":"floor"}
networkN-subnet-add {"id":88,"name":"floor"}
networkN-subnet-add {"id":88,"name":"floor2"}
networkN-subnet-add {"id":99,"name":"floor"}
networkN-subnet-add {"id":44,"name":"nosuch"}
networkN-subnet-add {"id":44}
networkN-subnet-add {"name":"floor"}
networkN-subnet-add {"id":"44","name":"floor"}
networkN-get {"name":"floor"}
subnetN-list
networkN-subnet-del
networkN-subnet-del {"id":88}
networkN-subnet-del {"name":"floor","id":44}
networkN-subnet-del {"name":"floor","id":99}
networkN-subnet-del {"name":"nosuch","id":88}
networkN-subnet-del {"name":"floor","id":88}
networkN-subnet-add {"id":88,"name":"floor"}
networkN-del
networkN-del {}
networkN-del {"name":"nosuch"}
networkN-del {"name":"floor","subnets-action":"foo"}
networkN-del {"name":"floor","subnets-action":5}
networkN-del {"name":"floor"}
networkN-del {"name":"floor2","subnets-action":"delete"}
networkN-list
subnetN-del {"id":88}
subnetN-list
class-list
class-list {"foo":1}
class-get
class-get {}
class-get {"name":"staff"}
class-get {"name":"guests"}
class-get {"name":"nosuch"}
class-get {"name":5}
class-get {"name":"staff","foo":1}
class-add
class-add {}
class-add {"client-classes":[]}
class-add {"client-classes":[{}]}
class-add {"client-classes":{"name":"q"}}
class-add {"client-classes":[{"name":"staff"}]}
class-add {"client-classes":[{"name":"one","test":"member('staff')"}]}
class-add {"client-classes":[{"name":"two","test":"member('nosuch')"}]}
class-add {"client-classes":[{"name":"three","test":"foo("}]}
class-add {"client-classes":[{"name":"four"},{"name":"five"}]}
class-add {"client-classes":[{"name":"six","foo":1}]}
class-add {"client-classes":[{"name":""}]}
class-add {"client-classes":[{"name":"seven","option-data":[{"name":"OPTION","data":"HOST1"}],"valid-lifetime":5,"user-context":{"a":1}}]}
class-add {"client-classes":[{"name":"eight","template-test":"substring(option[1].hex,0,3)"}]}
class-get {"name":"seven"}
class-get {"name":"eight"}
class-update
class-update {"client-classes":[{"name":"nosuch"}]}
class-update {"client-classes":[{"name":"seven","only-if-required":true}]}
class-update {"client-classes":[{"name":"staff","test":"member('seven')"}]}
class-update {"client-classes":[{"name":"staff"},{"name":"one"}]}
class-update {"client-classes":[{"name":"seven","test":"member('KNOWN')"}]}
class-get {"name":"one"}
class-del
class-del {"name":"nosuch"}
class-del {"name":"staff"}
class-del {"name":"one"}
class-del {"name":"staff"}
class-del {"name":5}
class-del {"name":"guests","foo":1}
class-list
subnetN-add {"subnetN":[{"id":7,"subnet":"OTHER","reservations":[]}]}
subnetN-update {"subnetN":[{"id":44,"subnet":"TAKEN","reservations":[]}]}
subnetN-delta-add {"subnetN":[{"id":44,"subnet":"TAKEN","valid-lifetime":500}]}
networkN-add {"shared-networks":[{"name":""}]}
`;

/** Of DHCPv6 alone. */
const pdPools = `
subnet6-add {"subnet6":[{"id":70,"subnet":"2001:db8:70::/64","pd-pools":[{"prefix":"2001:db8:100::","prefix-len":40,"delegated-len":56},{"prefix":"2001:db8:200::","prefix-len":40,"delegated-len":56,"option-data":[{"name":"dns-servers","data":"2001::1"}]}],"interface-id":"port3","rapid-commit":true}]}
subnet6-get {"id":70}
subnet6-delta-add {"subnet6":[{"id":70,"subnet":"2001:db8:70::/64","pd-pools":[{"prefix":"2001:db8:100::","prefix-len":40,"delegated-len":56,"excluded-prefix":"2001:db8:100::","excluded-prefix-len":64}]}]}
subnet6-get {"id":70}
subnet6-delta-del {"subnet6":[{"id":70,"subnet":"2001:db8:70::/64","interface-id":"port3","pd-pools":[{"prefix":"2001:db8:100::","prefix-len":40,"delegated-len":56}]}]}
subnet6-get {"id":70}
subnet6-add {"subnet6":[{"id":71,"subnet":"2001:db8:71::/64","interface":"eth0","interface-id":"port3"}]}
`;

/** What tools for Kea send, each in its order and form: netbox-kea, terraform-provider-kea, netbox-kea-ng, Stork. */
const fromTools = `
subnetN-list
subnetN-get {"subnet":"TAKEN"}
networkN-get {"name":"net-a"}
networkN-add {"shared-networks":[{"name":"net-a"}]}
networkN-subnet-add {"name":"net-a","id":44}
config-write
networkN-subnet-del {"name":"net-a","id":44}
networkN-del {"name":"net-a"}
subnetN-add {"subnetN":[{"id":99,"subnet":"PREFIX","pools":[{"pool":"POOL3","option-data":[{"always-send":true,"code":CODE,"csv-format":true,"data":"HOST1","space":"dhcpN"}]}],"cache-max-age":1000,"client-class":"staff","require-client-classes":["guests"],"ddns-generated-prefix":"abc","ddns-override-client-update":true,"ddns-qualifying-suffix":"example.org","ddns-replace-client-name":"never","ddns-send-updates":true,"ddns-conflict-resolution-mode":"check-with-dhcid","hostname-char-set":"b","reservations-global":false,"reservations-in-subnet":true,"renew-timer":1000,"rebind-timer":2000,"t1-percent":0.25,"t2-percent":0.5,"calculate-tee-times":true,"valid-lifetime":4500,"min-valid-lifetime":4000,"max-valid-lifetime":5000,"allocator":"random","store-extended-info":true,"relay":{"ip-addresses":["HOST2"]}}]}
subnetN-get {"id":99}
networkN-subnet-add {"id":99,"name":"campus"}
networkN-subnet-del {"id":99,"name":"campus"}
networkN-add {"shared-networks":[{"name":"bar","interface":"eth0","client-class":"staff","valid-lifetime":4500,"option-data":[{"always-send":true,"code":CODE,"csv-format":true,"data":"HOST1","space":"dhcpN"}],"relay":{"ip-addresses":["HOST2"]}}]}
networkN-subnet-add {"id":99,"name":"bar"}
networkN-get {"name":"bar"}
subnetN-update {"subnetN":[{"id":99,"subnet":"PREFIX","pools":[{"pool":"POOL1"}],"valid-lifetime":600}]}
networkN-subnet-del {"id":99,"name":"bar"}
networkN-del {"name":"bar","subnets-action":"keep"}
subnetN-get {"id":99}
subnetN-del {"id":99}
config-write
`;

const words: Readonly<Record<Family, Readonly<Record<string, string>>>> = {
  4: {
    NETPREFIX: "10.2.0.0/24",
    PREFIX: "10.5.0.0/24",
    TAKEN: "192.0.2.0/24",
    POOL1: "10.5.0.10 - 10.5.0.20",
    POOL2: "10.5.0.32/28",
    POOL3: "10.5.0.60-10.5.0.70",
    HOST1: "10.5.0.1",
    HOST2: "10.5.0.2",
    OTHEROPTION: "domain-name-servers",
    OTHER: "10.6.0.0/24",
    OPTION: "routers",
    CODE: "6",
    TOTAL: "total-addresses",
  },
  6: {
    NETPREFIX: "2001:db8:b::/64",
    PREFIX: "2001:db8:5::/64",
    TAKEN: "2001:db8:1::/64",
    POOL1: "2001:db8:5::10 - 2001:db8:5::20",
    POOL2: "2001:db8:5::40/124",
    POOL3: "2001:db8:5::60-2001:db8:5::70",
    HOST1: "2001:db8:5::1",
    HOST2: "2001:db8:5::2",
    OTHEROPTION: "sip-server-addr",
    OTHER: "2001:db8:6::/64",
    OPTION: "dns-servers",
    CODE: "22",
    TOTAL: "total-nas",
  },
};

function callsOf(family: Family, both: string): readonly Call[] {
  let text = both.replaceAll(/(subnet|network|dhcp)N/g, `$1${family}`);
  for (const [word, meaning] of Object.entries(words[family])) text = text.replaceAll(word, meaning);
  return parseCalls(text);
}

export const editCalls4 = callsOf(4, ofBoth);
export const editCalls6 = callsOf(6, ofBoth + pdPools);
export const toolEdits4 = callsOf(4, fromTools);
export const toolEdits6 = callsOf(6, fromTools);
