/** DHCP message types (RFC 2131 §3.1, RFC 3203 §4, RFC 4388 §6.1, RFC 6926 §6.2, RFC 7724 §5.2), option 53. */
export const MessageType4 = {
  DHCPDISCOVER: 1,
  DHCPOFFER: 2,
  DHCPREQUEST: 3,
  DHCPDECLINE: 4,
  DHCPACK: 5,
  DHCPNAK: 6,
  DHCPRELEASE: 7,
  DHCPINFORM: 8,
  DHCPFORCERENEW: 9,
  DHCPLEASEQUERY: 10,
  DHCPLEASEUNASSIGNED: 11,
  DHCPLEASEUNKNOWN: 12,
  DHCPLEASEACTIVE: 13,
  DHCPBULKLEASEQUERY: 14,
  DHCPLEASEQUERYDONE: 15,
  DHCPACTIVELEASEQUERY: 16,
  DHCPLEASEQUERYSTATUS: 17,
  DHCPTLS: 18,
} as const;
export type MessageType4 = (typeof MessageType4)[keyof typeof MessageType4];
export type MessageTypeName4 = keyof typeof MessageType4;

/** Stands for a type where there is no option 53: the message is a BOOTP client's. */
export const BOOTP = 0;

const NAMES = new Map<number, MessageTypeName4>(
  Object.entries(MessageType4).map(([name, code]) => [code, name as MessageTypeName4]),
);

export function nameMessageType4(code: number): string {
  if (code === BOOTP) return "BOOTP";
  return NAMES.get(code) ?? `type ${code}`;
}
