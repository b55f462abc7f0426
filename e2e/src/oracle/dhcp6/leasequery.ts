/** Kea's `lease_query`: hosts that ask what somebody has (RFC 5007). */
import { u32 } from "@kotare/testkit/payloads";
import { ipv6Bytes, linkLocal } from "../../wire/ipv6-text.ts";
import type { Option } from "../../wire/message4.ts";
import { encodeOptions6, MessageType6 } from "../../wire/message6.ts";
import { asks, tells } from "../scene.ts";
import { client, na, pd, type Query, type RelaySpec, relayed } from "./client.ts";
import { LAN, SERVER } from "./lan.ts";
import { binds } from "./play.ts";
import type { Scene6 } from "./stage.ts";

const [asker, stranger] = [client(200), client(201)];
const FLOOR: RelaySpec = {
  link: "2001:db8::1",
  options: [
    [18, Buffer.from("port 3")],
    [37, Buffer.from("000000090102", "hex")],
  ],
};
const BACKBONE: RelaySpec = { link: "::", options: [[53, Buffer.from("00030001020000000001", "hex")]] };

/** Option 44. */
const lqQuery = (type: number, link: string, ...options: readonly Option[]): Option => [
  44,
  Buffer.concat([Buffer.of(type), ipv6Bytes(link), encodeOptions6(options)]),
];

const address = (text: string): Option => [5, Buffer.concat([ipv6Bytes(text), u32(0, 0)])];

function query(who: typeof asker, ...options: readonly Option[]): Query {
  return { mac: who.mac, type: MessageType6.LEASEQUERY, options: [[1, who.duid], ...options] };
}

const by = (type: number, link: string, ...options: readonly Option[]) => query(asker, lqQuery(type, link, ...options));

export const leasequeryScenes6: readonly Scene6[] = [
  {
    title: "leasequery",
    config: {
      "store-extended-info": true,
      subnet6: [LAN],
      "hooks-libraries": [{ library: "libdhcp_lease_query.so", parameters: { requesters: [linkLocal(asker.mac)] } }],
    },
    exchanges: [
      binds("an address and a prefix", client(1), [na(1, "2001:db8::101"), pd(1, "2001:db8:8000:100::/56")]),
      binds("through a relay", client(2), [na(1, "2001:db8::102")], { via: (each) => relayed(each, FLOOR) }),
      binds("through two", client(3), [na(1, "2001:db8::103")], { via: (each) => relayed(each, FLOOR, BACKBONE) }),
      asks("about an address", by(1, "::", address("2001:db8::101"))),
      asks("about one through a relay", by(1, "::", address("2001:db8::102"))),
      asks("about one through two", by(1, "::", address("2001:db8::103"))),
      asks("about an address in a delegated prefix", by(1, "::", address("2001:db8:8000:142::1"))),
      asks("about an address of nobody", by(1, "::", address("2001:db8::1ff"))),
      asks("about an address in no pool", by(1, "::", address("2001:db9::1"))),
      asks("about no address", by(1, "::")),
      asks("about a client", by(2, "::", [1, client(1).duid])),
      asks("about a client on its link", by(2, "2001:db8::7", [1, client(1).duid])),
      asks("about a client on no link", by(2, "2001:db9::7", [1, client(1).duid])),
      asks("about somebody unknown", by(2, "::", [1, client(99).duid])),
      asks("about no client", by(2, "::")),
      asks("about something unknown", by(9, "::")),
      asks("with our server id", query(asker, [2, SERVER.duid], lqQuery(1, "::", address("2001:db8::101")))),
      tells("with another server's", query(asker, [2, client(1).duid], lqQuery(1, "::", address("2001:db8::101")))),
      tells("from somebody else", query(stranger, lqQuery(1, "::", address("2001:db8::101")))),
      tells("about nothing", query(asker)),
      tells("of nobody", { ...query(asker), options: [lqQuery(1, "::", address("2001:db8::101"))] }),
    ],
  },
];
