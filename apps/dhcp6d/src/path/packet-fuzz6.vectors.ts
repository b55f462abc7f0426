/** Messages as clients and relays send them, and as none should: a corpus that fuzzing changes. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { buildMessage6, na, option, type Part6, pd, serverId, type TestRelay6 } from "../testing/test-client6.ts";

export interface FuzzVector6 {
  readonly name: string;
  readonly payload: Uint8Array;
}

const { SOLICIT, REQUEST, CONFIRM, RENEW, REBIND, RELEASE, DECLINE, INFORMATION_REQUEST, ADDR_REG_INFORM } =
  MessageType6;
const { LEASEQUERY, ACTIVELEASEQUERY, STARTTLS, RECONFIGURE, DHCPV4_QUERY, DHCPV4_RESPONSE } = MessageType6;

const LLT = option(1, "0001000128a1b2c3020000000001");
const LL = option(1, "00030001020000000007");
const ORO = option(6, "0007000c00110017001800200027001f0052");
const ELAPSED = option(8, "0000");
const RAPID = option(14);
const FQDN = option(39, "01046c6170740007");
const NAME = option(39, "01046c617074");
/** Enterprise 4491 (CableLabs): a request list, and a hardware address. */
const DOCSIS = option(17, "0000118b0001000400200021" + "0024000602000000000e");
const ADDRESS = na(1, "2001:db8::10 3000/4000");
const PREFIX = pd(2, "2001:db8:8000::/56");

/** The link-address of a leasequery: any link. */
const ANY = "00".repeat(16);

const NEAR: TestRelay6 = {
  link: "2001:db8::1",
  peer: "fe80::ff:fe00:9",
  options: [
    option(18, "706f727433"),
    option(37, "0000000902000000000b"),
    option(38, "02000000000c"),
    option(53, "000300010200000000aa"),
    option(66, "004100050365727000" + "0017001020010db8000000000000000000000009"),
    option(79, "000102000000000a"),
    option(17, "0000118b0402000602000000000d"),
  ],
};
const ACCEPT = option(20);
const KEY = option(11, `030100${"00".repeat(8)}01${"ab".repeat(16)}`);
const OWN_ADDRESS = option(5, "20010db8000000000000000000010005" + "000003e8000007d0");
const OWN_LINK: TestRelay6 = { link: "2001:db8::1", peer: "2001:db8::1:5" };
const FAR: TestRelay6 = { link: "::", peer: "2001:db8::1", options: [option(18, "01"), option(135, "0000")] };

/** A BOOTREQUEST of DHCPv4, with a DISCOVER in it; and Kea's word on the way that it came. */
const DISCOVER4 = option(87, `010106003903f326${"00".repeat(228)}63825363350101ff`);
const WAY = option(17, `000009bfea6000026c6fea610010fe80${"00".repeat(13)}09ea6200020009`);

const message = (name: string, type: number, parts: readonly Part6[], relays: readonly TestRelay6[] = []) => ({
  name,
  payload: buildMessage6(type, parts, relays),
});

export const fuzzVectors6: readonly FuzzVector6[] = [
  message("dhclient solicits", SOLICIT, [LLT, ORO, ELAPSED, ADDRESS]),
  message("dhcpcd solicits at once", SOLICIT, [LL, RAPID, ORO, NAME, na(1), pd(2, "::/56"), pd(3)]),
  message("a cable modem solicits", SOLICIT, [LL, ORO, option(16, "0000118b000161"), DOCSIS, na(1)]),
  message("a request", REQUEST, [LLT, serverId, ORO, NAME, ADDRESS, PREFIX]),
  message("a request with a broken name", REQUEST, [LLT, serverId, FQDN, ADDRESS]),
  message("a confirm", CONFIRM, [LLT, ADDRESS]),
  message("a renew", RENEW, [LLT, serverId, ORO, ADDRESS, na(1), na(5, "2001:db8::99"), PREFIX]),
  message("a rebind", REBIND, [LLT, ADDRESS, PREFIX, pd(9, "2001:db8:ffff::/128")]),
  message("a release", RELEASE, [LLT, serverId, ADDRESS, PREFIX]),
  message("a decline", DECLINE, [LLT, serverId, ADDRESS, PREFIX]),
  message("an information-request", INFORMATION_REQUEST, [ORO]),
  message("a request of who can be called", REQUEST, [LLT, serverId, ACCEPT, ADDRESS, PREFIX], [FAR, NEAR]),
  message("a renew of who can be called", RENEW, [LLT, serverId, ACCEPT, KEY, ADDRESS]),
  message("a registration", ADDR_REG_INFORM, [LLT, NAME, OWN_ADDRESS], [OWN_LINK]),
  message("a solicit through a relay", SOLICIT, [LL, ORO, ADDRESS, PREFIX], [NEAR]),
  message("a renew through two relays", RENEW, [LLT, serverId, ADDRESS, PREFIX], [FAR, NEAR]),
  message("a solicit through as many relays as may be", SOLICIT, [LLT, na(1)], Array(32).fill(NEAR)),
  message("a leasequery by address", LEASEQUERY, [
    LLT,
    option(44, `01${ANY}00050018${"20010db8"}${"00".repeat(11)}10${"00".repeat(8)}`),
  ]),
  message("a leasequery by client", LEASEQUERY, [LLT, ORO, option(44, `02${ANY}0001000a00030001020000000007`)]),
  message("a leasequery by relay, which is for TCP", LEASEQUERY, [
    LLT,
    option(44, `03${ANY}0035000a000300010200000000aa`),
  ]),
  message("a leasequery for a link", LEASEQUERY, [LLT, option(44, "0420010db8000000000000000000000001")], [FAR]),
  message("an active leasequery, which is for TCP", ACTIVELEASEQUERY, [LLT, option(101, "00000000")]),
  message("STARTTLS, which is for TCP", STARTTLS, [LLT]),
  message("a RECONFIGURE, which is for clients", RECONFIGURE, [LLT, serverId, option(19, "05"), KEY]),
  message("a DHCPv4 query that says whence it came", DHCPV4_QUERY, [DISCOVER4, WAY]),
  message("a DHCPv4 query through relays", DHCPV4_QUERY, [DISCOVER4, DISCOVER4], Array(32).fill(NEAR)),
  message("a DHCPv4 response, which is for clients", DHCPV4_RESPONSE, [WAY, DISCOVER4]),
  message("a request signed as RFC 3315 had it", REQUEST, [
    LLT,
    serverId,
    na(1),
    option(11, `020100${"00".repeat(40)}`),
  ]),
  message("a temporary address beside another", REQUEST, [LLT, serverId, option(4, "00000009"), ADDRESS]),
  message("a message without options", SOLICIT, []),
  message(
    "every option without payload",
    REQUEST,
    Array.from({ length: 150 }, (_, code) => option(code)),
  ),
];
