/** Where a client's hardware address is found (`mac-sources`): compared in the lease file. */

import { linkLocal } from "../../wire/ipv6-text.ts";
import type { Option } from "../../wire/message.ts";
import { encodeOptions6 } from "../../wire/message6.ts";
import { type Client, client, hex, home, na, type RelaySpec, relayed } from "./client.ts";
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

/** A MAC address whose makers have a number: Kea takes no other from a link-local address. */
function universal(number: number): string {
  return `00:aa:00:00:00:${number.toString(16).padStart(2, "0")}`;
}

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

const RELAYED = [{ ...LAN, relay: { "ip-addresses": ["2001:db8::2"] } }];

export const hardwareScenes: Scene6[] = [
  { title: "mac-sources: any", config: { subnet6: RELAYED }, exchanges },
  ...["duid", "ipv6-link-local", "client-link-addr-option", "remote-id", "docsis-modem", "docsis-cmts"].map(
    (source) => ({
      title: `mac-sources: ${source}`,
      config: { "mac-sources": [source], subnet6: RELAYED },
      exchanges,
    }),
  ),
];
