/** Who answers what. A message type without a handler does not compile. */
import { BOOTP, MessageType4, type MessageTypeName4 } from "@kotare/core/dhcp4/message-type4";
import { drop4, type Handler4 } from "../path/outcome4.ts";
import { bootp4 } from "./bootp4.ts";
import { decline4 } from "./decline4.ts";
import { discover4 } from "./discover4.ts";
import { inform4 } from "./inform4.ts";
import { leasequery4 } from "./leasequery4.ts";
import { release4 } from "./release4.ts";
import { request4 } from "./request4.ts";

/** Only servers send these; another server's answers that we overhear are none of our business. */
const fromServer: Handler4 = (query) => drop4("unsupported-type", `type ${query.message.type}`);

/** RFC 6926 §6.1, RFC 7724 §5.1: they come by TCP. */
const byTcp: Handler4 = (query) => drop4("unsupported-type", `type ${query.message.type}, which is for TCP`);

const handlersByName = {
  DHCPDISCOVER: discover4,
  DHCPOFFER: fromServer,
  DHCPREQUEST: request4,
  DHCPDECLINE: decline4,
  DHCPACK: fromServer,
  DHCPNAK: fromServer,
  DHCPRELEASE: release4,
  DHCPINFORM: inform4,
  DHCPFORCERENEW: fromServer,
  DHCPLEASEQUERY: leasequery4,
  DHCPLEASEUNASSIGNED: fromServer,
  DHCPLEASEUNKNOWN: fromServer,
  DHCPLEASEACTIVE: fromServer,
  DHCPBULKLEASEQUERY: byTcp,
  DHCPLEASEQUERYDONE: fromServer,
  DHCPACTIVELEASEQUERY: byTcp,
  DHCPLEASEQUERYSTATUS: fromServer,
  DHCPTLS: byTcp,
} satisfies Record<MessageTypeName4, Handler4>;

/** By the number in option 53. */
export const handlers: readonly (Handler4 | undefined)[] = Array.from({ length: 256 }, (_, type) => {
  if (type === BOOTP) return bootp4;
  const entry = Object.entries(MessageType4).find(([, code]) => code === type);
  return entry === undefined ? undefined : handlersByName[entry[0] as MessageTypeName4];
});
