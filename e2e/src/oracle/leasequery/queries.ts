/** Leases, and what requesters ask about them by TCP (RFC 6926, RFC 5460). */
import { buildMessage4, type OptionBytes, subOptions } from "@kotare/testkit/build-message4";
import { hex, u32 } from "@kotare/testkit/payloads";
import { ipv6Bytes } from "../../wire/ipv6-text.ts";
import type { Option } from "../../wire/message4.ts";
import { encodeMessage6, encodeOptions6, MessageType6 } from "../../wire/message6.ts";
import { SERVER_ID } from "../dhcp6/lan.ts";

const EXPIRE = Math.floor(Date.now() / 1000) + 3000;
const PAST = EXPIRE - 9000;

const agentInfo = (relay: string, remote: string) =>
  `{ "ISC": { "relay-agent-info": { "relay-id": "${relay}"&#x2c "remote-id": "${remote}"&#x2c "sub-options": "0x02${length(remote)}${remote}0C${length(relay)}${relay}" } } }`;
const relayInfo = (relay: string, remote: string) =>
  `{ "ISC": { "relay-info": [ { "hop": 0&#x2c "link": "2001:db8:1::1"&#x2c "options": "0x0025000${remote.length / 2}${remote}0035000${relay.length / 2}${relay}"&#x2c "peer": "fe80::7"&#x2c "relay-id": "${relay}"&#x2c "remote-id": "${remote}" } ] } }`;

function length(digits: string): string {
  return (digits.length / 2).toString(16).padStart(2, "0").toUpperCase();
}

const row4 = (last: number, relay: string, remote: string, expire = EXPIRE, state = 0) =>
  `192.0.2.${last},02:00:00:00:00:${length("00".repeat(last))},01:02:00:00:00:00:${length("00".repeat(last))},3600,${expire},1,0,0,,${state},${agentInfo(relay, remote)},0`;
const row6 = (address: string, duid: number, type: number, size: number, relay: string, subnet = 1, expire = EXPIRE) =>
  `${address},00:02:00:00:00:09:0${duid},3600,${expire},${subnet},3000,${type},1,${size},0,0,,,0,${relayInfo(relay, "0000000901")},,,0`;

/** Lease files, by family. */
export const leaseRows = {
  4: [
    "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id",
    row4(10, "AA01", "BB01"),
    row4(11, "AA01", "BB02"),
    row4(12, "AA02", "BB01"),
    row4(13, "AA01", "BB01", PAST, 2),
  ].join("\n"),
  6: [
    "address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source,pool_id",
    row6("2001:db8:1::10", 1, 0, 128, "00020001"),
    row6("2001:db8:1::11", 2, 0, 128, "00020001"),
    row6("2001:db8:2::12", 3, 0, 128, "00020002", 2),
    row6("2001:db8:8000::", 4, 2, 56, "00020001"),
  ].join("\n"),
} as const;

export const configs = {
  4: {
    subnet4: [
      {
        id: 1,
        subnet: "192.0.2.0/24",
        pools: [{ pool: "192.0.2.10-192.0.2.15" }],
        reservations: [{ "hw-address": "02:00:00:00:00:c8", "ip-address": "192.0.2.200" }],
      },
    ],
  },
  6: {
    "server-id": SERVER_ID,
    subnet6: [
      {
        id: 1,
        subnet: "2001:db8:1::/64",
        pools: [{ pool: "2001:db8:1::10-2001:db8:1::99" }],
        "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
      },
      { id: 2, subnet: "2001:db8:2::/64", pools: [{ pool: "2001:db8:2::10-2001:db8:2::99" }] },
    ],
  },
} as const;

const bulk4 = (fields: object, ...options: readonly OptionBytes[]) =>
  buildMessage4({ type: 14, chaddr: "", htype: 0, xid: 7, ...fields, options });
const agent = (code: number, digits: string): OptionBytes => [82, subOptions([code, hex(digits)])];

const bulk6 = (type: number, link: string, ...options: readonly Option[]) => {
  const query = Buffer.concat([Buffer.of(type), ipv6Bytes(link), encodeOptions6(options)]);
  const own: readonly Option[] = [
    [1, hex("000200000009ff")],
    [44, query],
  ];
  return encodeMessage6({ relays: [], type: MessageType6.LEASEQUERY, xid: 7, options: own });
};
const address = (text: string): Option => [5, Buffer.concat([ipv6Bytes(text), u32(0, 0)])];

/** By what they are about. */
export const bulkQueries: Readonly<Record<4 | 6, Readonly<Record<string, Uint8Array>>>> = {
  4: {
    "a hardware address": bulk4({ htype: 1, chaddr: "02:00:00:00:00:0a" }),
    "the hardware address of a reservation without a lease": bulk4({ htype: 1, chaddr: "02:00:00:00:00:c8" }),
    "a client": bulk4({}, [61, hex("0102000000000b")]),
    "a relay": bulk4({}, agent(12, "aa01")),
    "a remote end": bulk4({}, agent(2, "bb01")),
    "an unknown relay": bulk4({}, agent(12, "aa09")),
    "times that end before they begin": bulk4({}, agent(12, "aa01"), [154, u32(2)], [155, u32(1)]),
    "a time that is past": bulk4({}, agent(12, "aa01"), [154, u32(1)], [155, u32(2)]),
    "a relay and a client": bulk4({}, agent(12, "aa01"), [61, hex("0102000000000b")]),
    everything: bulk4({}),
    "an address": bulk4({ ciaddr: "192.0.2.10" }),
  },
  6: {
    "an address": bulk6(1, "::", address("2001:db8:1::10")),
    "an address in a delegated prefix": bulk6(1, "::", address("2001:db8:8000::9")),
    "an address of nobody": bulk6(1, "::", address("2001:db8:1::20")),
    "a client": bulk6(2, "::", [1, hex("00020000000902")]),
    "nobody we know": bulk6(2, "::", [1, hex("00020000000908")]),
    "a relay": bulk6(3, "::", [53, hex("00020001")]),
    "a relay on a link": bulk6(3, "2001:db8:2::1", [53, hex("00020001")]),
    "an unknown relay": bulk6(3, "::", [53, hex("00020009")]),
    "no relay": bulk6(3, "::"),
    "a link": bulk6(4, "2001:db8:1::1"),
    "no link": bulk6(4, "::"),
    "a link of no subnet": bulk6(4, "2001:db9::1"),
    "a remote end": bulk6(5, "::", [37, hex("0000000901")]),
    "something unknown": bulk6(9, "::"),
  },
};
