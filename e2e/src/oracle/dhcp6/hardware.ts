/** Where a client's hardware address is found (`mac-sources`): compared in the lease file. */

import { hex } from "@kotare/testkit/payloads";
import { linkLocal } from "../../wire/ipv6-text.ts";
import type { Option } from "../../wire/message4.ts";
import { encodeOptions6 } from "../../wire/message6.ts";
import { type Client, client, home, na, type RelaySpec, relayed, universal } from "./client.ts";
import { LAN } from "./lan.ts";
import { binds } from "./play.ts";
import type { Exchange6, Scene6 } from "./stage.ts";

/** A client whose DUID tells no hardware address; its own link-local address does. */
function anonymous(number: number): Client {
  return client(number, hex(`0002 00000009 ${number.toString(16).padStart(2, "0")}`));
}

const LINK_LAYER: Option = [79, hex("0001 02dd00000079")];
const REMOTE_ID: Option = [37, hex("00000009 02dd00000037")];
const SUBSCRIBER_ID: Option = [38, hex("02dd00000038")];
const CABLELABS = hex("0000118b");
const MODEM: Option = [17, Buffer.concat([CABLELABS, encodeOptions6([[36, hex("02dd00000036")]])])];
const HEAD_END: Option = [17, Buffer.concat([CABLELABS, encodeOptions6([[1026, hex("02dd00001026")]])])];
/** A peer address that tells no hardware address. */
const PEER = "fe80::5";

function found(title: string, who: Client, relay: Partial<RelaySpec>, ...options: readonly Option[]): Exchange6 {
  const number = Number.parseInt(who.mac.slice(-2), 16);
  const via = { link: "2001:db8::2", peer: linkLocal(universal(number)), ...relay };
  return binds(title, who, [na(1, home(number))], { options, via: (query) => relayed(query, via) });
}

const exchanges: Exchange6[] = [
  found("DUID and relay", client(1), { options: [LINK_LAYER] }),
  found("DUID and link-local address", client(2, hex("0003 0001 02dd00000003")), {}),
  found("link-local address and relay", anonymous(3), { options: [LINK_LAYER] }),
  found("link-local address and remote-id", anonymous(4), { options: [REMOTE_ID] }),
  found("remote-id and subscriber-id", anonymous(5), { peer: PEER, options: [REMOTE_ID, SUBSCRIBER_ID] }),
  found("subscriber-id", anonymous(6), { peer: PEER, options: [SUBSCRIBER_ID] }),
  found("remote-id and modem", anonymous(7), { peer: PEER, options: [REMOTE_ID] }, MODEM),
  found("modem and head end", anonymous(8), { peer: PEER, options: [HEAD_END] }, MODEM),
  found("head end", anonymous(9), { peer: PEER, options: [HEAD_END] }),
  found("link-local address of a virtual interface", anonymous(11), { peer: linkLocal(client(11).mac) }),
  found("nothing", anonymous(10), { peer: PEER }),
];

/** Not relayed; a link-local address is made of the interface's. */
function direct(title: string, number: number, who: Client, ...options: readonly Option[]): Exchange6 {
  return binds(title, who, [na(1, home(number))], { options });
}

const seen: Exchange6[] = [
  direct("DUID and link-local address", 1, { ...client(1), mac: universal(1) }),
  direct("link-local address and modem", 2, { ...anonymous(2), mac: universal(2) }, MODEM),
  direct("modem", 3, anonymous(3), MODEM),
  direct("nothing but the frame", 4, anonymous(4)),
];

/** By the addresses that Kea finds, and by others of the same clients. */
const HOSTS = [
  ["02:dd:00:00:00:79", "2001:db8::2:1"],
  [client(2).mac, "2001:db8::2:2"],
  [universal(3), "2001:db8::2:3"],
  ["02:dd:00:00:00:37", "2001:db8::2:4"],
  ["02:dd:00:00:10:26", "2001:db8::2:5"],
  ["02:dd:00:00:00:36", "2001:db8::2:6"],
  [universal(7), "2001:db8::2:7"],
].map(([mac, address]) => ({ "hw-address": mac, "ip-addresses": [address] }));

const reserved: Exchange6[] = [
  found("of option 79", client(1), { options: [LINK_LAYER] }),
  found("of the DUID", client(2), {}),
  found("of the link-local address", anonymous(3), {}),
  found("of the remote-id", anonymous(4), { peer: PEER, options: [REMOTE_ID] }),
  found("of the head end", anonymous(5), { peer: PEER, options: [HEAD_END] }, MODEM),
  found("of the modem", anonymous(6), { peer: PEER }, MODEM),
  found("of the link-local address, and the DUID says another", client(7), {}),
];

const RELAYED = [{ ...LAN, relay: { "ip-addresses": ["2001:db8::2"] } }];

export const hardwareScenes: Scene6[] = [
  { title: "mac-sources: any", config: { subnet6: RELAYED }, exchanges },
  { title: "mac-sources: any, direct", config: { subnet6: [LAN] }, exchanges: seen },
  {
    title: "mac-sources: any, reserved",
    config: { subnet6: RELAYED.map((subnet) => ({ ...subnet, reservations: HOSTS })) },
    exchanges: reserved,
  },
  ...["duid", "ipv6-link-local", "client-link-addr-option", "remote-id", "docsis-modem", "docsis-cmts"].map(
    (source) => ({
      title: `mac-sources: ${source}`,
      config: { "mac-sources": [source], subnet6: RELAYED },
      exchanges,
    }),
  ),
];
