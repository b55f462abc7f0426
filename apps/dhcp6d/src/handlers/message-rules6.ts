/** Who answers what. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import type { Handler6 } from "../path/outcome6.ts";
import { confirm } from "./confirm6.ts";
import { decline, release } from "./give-up6.ts";
import { informationRequest } from "./information-request6.ts";
import { rebind, renew, request } from "./request6.ts";
import { solicit } from "./solicit6.ts";

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
  [MessageType6.SOLICIT, { handle: solicit, clientId: "required", serverId: "forbidden", unicast: false }],
  [MessageType6.REQUEST, { handle: request, clientId: "required", serverId: "required", unicast: true }],
  [MessageType6.CONFIRM, { handle: confirm, clientId: "required", serverId: "forbidden", unicast: false }],
  [MessageType6.RENEW, { handle: renew, clientId: "required", serverId: "required", unicast: true }],
  [MessageType6.REBIND, { handle: rebind, clientId: "required", serverId: "forbidden", unicast: false }],
  [MessageType6.RELEASE, { handle: release, clientId: "required", serverId: "required", unicast: true }],
  [MessageType6.DECLINE, { handle: decline, clientId: "required", serverId: "required", unicast: true }],
  [
    MessageType6.INFORMATION_REQUEST,
    { handle: informationRequest, clientId: "optional", serverId: "optional", unicast: false },
  ],
]);
