/** Who answers what. A message type without a handler does not compile. */
import { MessageType, type MessageTypeName } from "@kotare/core/dhcp4/message-type";
import { drop, type Handler4 } from "../path/outcome4.ts";
import { decline } from "./decline4.ts";
import { discover } from "./discover4.ts";
import { inform } from "./inform4.ts";
import { release } from "./release4.ts";
import { request } from "./request4.ts";

/** Only servers send these; another server's answers that we overhear are none of our business. */
const fromServer: Handler4 = (query) => drop("unsupported-type", `type ${query.message.type}`);

const handlersByName = {
  DHCPDISCOVER: discover,
  DHCPOFFER: fromServer,
  DHCPREQUEST: request,
  DHCPDECLINE: decline,
  DHCPACK: fromServer,
  DHCPNAK: fromServer,
  DHCPRELEASE: release,
  DHCPINFORM: inform,
} satisfies Record<MessageTypeName, Handler4>;

/** By the number in option 53. */
export const handlers: readonly (Handler4 | undefined)[] = Array.from({ length: 256 }, (_, type) => {
  const entry = Object.entries(MessageType).find(([, code]) => code === type);
  return entry === undefined ? undefined : handlersByName[entry[0] as MessageTypeName];
});
