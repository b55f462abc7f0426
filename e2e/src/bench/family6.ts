/** DHCPv6 under load: clients on the server's link who ask for addresses, prefixes or both. */
import { formatIpv6Key, parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import { dividePrefix, memberAt } from "@kotare/core/ip/ipv6-range";
import type { BenchFamily, Crowd } from "./family.ts";

const SERVER = "2001:db8::1";
/** A relay's link-address: that of its host. */
const RELAY = "2001:db8::2";
const RELAYED = ["-l", RELAY];

/** The Interface-Id by which the small subnets are found. */
const INTERFACE_ID = "small";
const RELAYED_THERE = [...RELAYED, "--relay-option", `18=${Buffer.from(INTERFACE_ID).toString("hex")}`];

const PREFIXES = ["--ask", "prefix"];

function crowd(asks: string, suffix: string, ...more: string[]): Crowd {
  return { asks, suffix, arguments: ["-6", "-i", "eth0", ...more] };
}

/** Text of the addresses, or of prefixes `delegated` bits long, in a prefix. */
function membersOf(prefix: string, length: number, delegated = 128): (index: number) => string {
  const range = dividePrefix(parseIpv6Key(prefix)!, length, delegated);
  return (index) => formatIpv6Key(memberAt(range, index)) + (delegated === 128 ? "" : `/${delegated}`);
}

const large = {
  subnet: {
    id: 1,
    subnet: "2001:db8::/48",
    interface: "eth0",
    pools: [{ pool: "2001:db8:0:1::/64" }],
    "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 33, "delegated-len": 56 }],
  },
  crowd: crowd("addresses", ""),
  pool: "a /64",
  member: membersOf("2001:db8:0:1::", 64),
};

const relayed = crowd("addresses", "", ...RELAYED);

/** /48 number `index`, of 10,000. */
function otherSubnet(index: number): string {
  return `2001:db8:${(0x1000 + index).toString(16)}`;
}

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}

const typicalTests: readonly ((index: number) => string)[] = [
  () => "substring(option[59].hex,0,4) == 'http'",
  (index) => `option[61].hex == 0x${index.toString(16).padStart(4, "0")}`,
  (index) => `substring(option[1].hex,0,5) == 0x00010001${(index % 256).toString(16).padStart(2, "0")}`,
  (index) => `relay6[0].option[18].hex == 'port-${index}'`,
  (index) => `option[41].text == 'zone-${index}'`,
  (index) => `substring(option[1].hex,8,2) == 0x02${(index % 256).toString(16).padStart(2, "0")}`,
  (index) => `option[42].hex == 'zone-${index}' or option[41].hex == 'zone-${index}'`,
  (index) => `member('c${index - 1}') and option[59].exists`,
  (index) => `not member('c${index - 2}') and substring(option[41].hex,0,4) == 'z-${index}'`,
  (index) => `hexstring(option[61].hex,':') == '00:${(index % 256).toString(16).padStart(2, "0")}'`,
];

export const family6: BenchFamily = {
  family: 6,
  lastReply: "pkt6-reply-sent",
  keaSockets: {},
  serverAddress: `${SERVER}/48`,
  clientAddresses: [`${RELAY}/48`],
  large,
  crowds: [
    large.crowd,
    crowd("prefixes", "-prefix", ...PREFIXES),
    crowd("an address and a prefix each", "-both", "--ask", "both"),
  ],
  relayed,
  small: [
    {
      subnet: {
        id: 20_000,
        subnet: "2001:db8:4000::/48",
        "interface-id": INTERFACE_ID,
        pools: [{ pool: "2001:db8:4000::1:0/112" }],
      },
      crowd: crowd("addresses", "", ...RELAYED_THERE),
      alike: relayed,
      pool: "a /112",
      row: "last-address",
      size: 2 ** 16,
      member: membersOf("2001:db8:4000::1:0", 112),
    },
    {
      subnet: {
        id: 20_000,
        subnet: "2001:db8:4000::/48",
        "interface-id": INTERFACE_ID,
        "pd-pools": [{ prefix: "2001:db8:5000::", "prefix-len": 36, "delegated-len": 56 }],
      },
      crowd: crowd("prefixes", "", ...PREFIXES, ...RELAYED_THERE),
      alike: crowd("prefixes", "", ...PREFIXES, ...RELAYED),
      pool: "a pd-pool of 2^20",
      row: "last-prefix",
      size: 2 ** 20,
      member: membersOf("2001:db8:5000::", 36, 56),
    },
  ],
  otherSubnet: (index) => ({
    id: 2 + index,
    subnet: `${otherSubnet(index)}::/48`,
    pools: [{ pool: `${otherSubnet(index)}::/64` }],
  }),
  reservation: (subnet, index) => ({ "ip-addresses": [`${otherSubnet(subnet)}::${10 + index}`] }),
  classed: {
    options: ["-o", `59=${hex("http://boot.example/")}`, "-o", "61=0007", "-o", `41=${hex("zone")}`],
    test: (index) => typicalTests[index % typicalTests.length]!(index),
    constant: (index) => `option[41].hex == 'zone-${index}'`,
  },
  header:
    "address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source,pool_id",
  formatLease({ address, hwaddr, lifetime, expire, subnetId, hostname }) {
    const [prefix, length] = address.split("/");
    const kind = length === undefined ? "0,1,128" : `2,1,${length}`;
    return `${prefix},00:03:00:01:${hwaddr},${lifetime},${expire},${subnetId},${lifetime},${kind},0,0,${hostname},${hwaddr},0,,1,2,0`;
  },
};
