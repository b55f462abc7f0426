/** Who answers what. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import type { Handler6 } from "../path/outcome6.ts";
import { confirm6 } from "./confirm6.ts";
import { dhcpv4Query6 } from "./dhcpv4-query6.ts";
import { decline6, release6 } from "./give-up6.ts";
import { informationRequest6 } from "./information-request6.ts";
import { rebind6, renew6, request6 } from "./request6.ts";
import { solicit6 } from "./solicit6.ts";

/** What a message must and must not have before a handler sees it (RFC 8415 §16), and where it may be sent. */
export interface MessageRule {
  readonly handle: Handler6;
  readonly clientId: "required" | "optional";
  readonly serverId: "required" | "forbidden" | "optional";
  /**
   * Whether it may come by unicast. As in Kea that is so whether or not the client was sent our address (option 12):
   * RFC 8415 §18.4 would have us refuse with UseMulticast what we can answer.
   */
  readonly unicast: boolean;
}

export const messageRules: ReadonlyMap<number, MessageRule> = new Map<number, MessageRule>([
  [MessageType6.SOLICIT, { handle: solicit6, clientId: "required", serverId: "forbidden", unicast: false }],
  [MessageType6.REQUEST, { handle: request6, clientId: "required", serverId: "required", unicast: true }],
  [MessageType6.CONFIRM, { handle: confirm6, clientId: "required", serverId: "forbidden", unicast: false }],
  [MessageType6.RENEW, { handle: renew6, clientId: "required", serverId: "required", unicast: true }],
  [MessageType6.REBIND, { handle: rebind6, clientId: "required", serverId: "forbidden", unicast: false }],
  [MessageType6.RELEASE, { handle: release6, clientId: "required", serverId: "required", unicast: true }],
  [MessageType6.DECLINE, { handle: decline6, clientId: "required", serverId: "required", unicast: true }],
  [
    MessageType6.INFORMATION_REQUEST,
    { handle: informationRequest6, clientId: "optional", serverId: "optional", unicast: false },
  ],
  [MessageType6.DHCPV4_QUERY, { handle: dhcpv4Query6, clientId: "optional", serverId: "optional", unicast: true }],
]);
