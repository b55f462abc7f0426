/** DHCPv4 under load: clients behind a relay, as those of a large server are. */
import { formatIpv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import type { BenchFamily, Crowd } from "./family.ts";

const SERVER = "10.0.0.1";
const RELAY = "10.0.0.2";
const SECOND_RELAY = "10.0.0.3";

/** @param relay an address of the clients' host */
export function crowdBehind(relay: string, server: string): Crowd {
  return { asks: "addresses", suffix: "", arguments: ["-4", "-l", relay, server] };
}

function membersFrom(first: string): (index: number) => string {
  const start = parseIpv4(first)!;
  return (index) => formatIpv4(start + index);
}

/** The address number `host` of /26 number `index` in 172.16.0.0/12. */
function otherAddress(index: number, host: number): string {
  return `172.${16 + (index >> 10)}.${(index >> 2) & 255}.${(index & 3) * 64 + host}`;
}

const large = {
  subnet: { id: 1, subnet: "10.0.0.0/8", pools: [{ pool: "10.16.0.0 - 10.255.255.255" }] },
  crowd: crowdBehind(RELAY, SERVER),
  pool: "a pool of 15 million",
  member: membersFrom("10.16.0.0"),
};

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}

const typicalTests: readonly ((index: number) => string)[] = [
  () => "substring(option[60].hex,0,9) == 'PXEClient'",
  (index) => `option[93].hex == 0x${index.toString(16).padStart(4, "0")}`,
  (index) => `substring(pkt4.mac,0,3) == 0x0200${(index % 256).toString(16).padStart(2, "0")}`,
  (index) => `relay4[1].hex == 'port-${index}'`,
  (index) => `option[60].text == 'vendor-${index}'`,
  (index) => `substring(option[61].hex,1,2) == 0x02${(index % 256).toString(16).padStart(2, "0")}`,
  (index) => `option[77].hex == 'user-${index}' or option[12].hex == 'host-${index}'`,
  (index) => `member('c${index - 1}') and option[60].exists`,
  (index) => `not member('c${index - 2}') and substring(option[12].hex,0,4) == 'h-${index}'`,
  (index) => `hexstring(pkt4.mac,':') == '02:00:00:00:00:${(index % 256).toString(16).padStart(2, "0")}'`,
];

export const family4: BenchFamily = {
  family: 4,
  lastReply: "pkt4-ack-sent",
  // All clients here are behind a relay.
  keaSockets: { "dhcp-socket-type": "udp" },
  serverAddress: `${SERVER}/8`,
  clientAddresses: [`${RELAY}/8`, `${SECOND_RELAY}/8`],
  large,
  crowds: [large.crowd],
  relayed: large.crowd,
  small: [
    {
      // Its pool leaves out the first and the last address.
      subnet: {
        id: 20_000,
        subnet: "10.2.0.0/16",
        pools: [{ pool: "10.2.0.1 - 10.2.255.254" }],
        relay: { "ip-addresses": [SECOND_RELAY] },
      },
      crowd: crowdBehind(SECOND_RELAY, SERVER),
      alike: large.crowd,
      pool: "a /16",
      row: "last-address",
      size: 65_534,
      member: membersFrom("10.2.0.1"),
    },
  ],
  otherSubnet: (index) => ({
    id: 2 + index,
    subnet: `${otherAddress(index, 0)}/26`,
    pools: [{ pool: `${otherAddress(index, 1)}-${otherAddress(index, 62)}` }],
  }),
  reservation: (subnet, index) => ({ "ip-address": otherAddress(subnet, 10 + index) }),
  classed: {
    options: ["-o", `60=${hex("PXEClient:Arch:00007")}`, "-o", "93=0007", "-o", `12=${hex("host")}`],
    test: (index) => typicalTests[index % typicalTests.length]!(index),
    constant: (index) => `option[60].hex == 'device-${index}'`,
  },
  header:
    "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id",
  formatLease: ({ address, hwaddr, lifetime, expire, subnetId, hostname }) =>
    `${address},${hwaddr},01:${hwaddr},${lifetime},${expire},${subnetId},0,0,${hostname},0,,0`,
};
