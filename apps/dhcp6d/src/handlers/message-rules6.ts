/** Who answers what. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import type { Handler6 } from "../path/outcome6.ts";
import { addrRegInform6 } from "./addr-reg-inform6.ts";
import { confirm6 } from "./confirm6.ts";
import { dhcpv4Query6 } from "./dhcpv4-query6.ts";
import { decline6, release6 } from "./give-up6.ts";
import { informationRequest6 } from "./information-request6.ts";
import { leasequery6 } from "./leasequery6.ts";
import { rebind6, renew6, request6 } from "./request6.ts";
import { solicit6 } from "./solicit6.ts";

/** What a message must and must not have before a handler sees it (RFC 8415 §16), and where it may be sent. */
export interface MessageRule {
  readonly handle: Handler6;
  readonly clientId: "required" | "optional";
  readonly serverId: "required" | "forbidden" | "optional";
  /**
   * Whether it may come by unicast. RFC 9915 has abolished that for messages of RFC 8415, with option 12 and UseMulticast:
   * who configures option 12 still has clients that know no better.
   */
  readonly unicast: "never" | "where-told" | "always";
}

export const messageRules: ReadonlyMap<number, MessageRule> = new Map<number, MessageRule>([
  [MessageType6.SOLICIT, { handle: solicit6, clientId: "required", serverId: "forbidden", unicast: "never" }],
  [MessageType6.REQUEST, { handle: request6, clientId: "required", serverId: "required", unicast: "where-told" }],
  [MessageType6.CONFIRM, { handle: confirm6, clientId: "required", serverId: "forbidden", unicast: "never" }],
  [MessageType6.RENEW, { handle: renew6, clientId: "required", serverId: "required", unicast: "where-told" }],
  [MessageType6.REBIND, { handle: rebind6, clientId: "required", serverId: "forbidden", unicast: "never" }],
  [MessageType6.RELEASE, { handle: release6, clientId: "required", serverId: "required", unicast: "where-told" }],
  [MessageType6.DECLINE, { handle: decline6, clientId: "required", serverId: "required", unicast: "where-told" }],
  [
    MessageType6.INFORMATION_REQUEST,
    { handle: informationRequest6, clientId: "optional", serverId: "optional", unicast: "never" },
  ],
  [
    MessageType6.ADDR_REG_INFORM,
    { handle: addrRegInform6, clientId: "required", serverId: "forbidden", unicast: "always" },
  ],
  [MessageType6.LEASEQUERY, { handle: leasequery6, clientId: "required", serverId: "optional", unicast: "always" }],
  [MessageType6.DHCPV4_QUERY, { handle: dhcpv4Query6, clientId: "optional", serverId: "optional", unicast: "always" }],
]);
