/** DHCPv6 message types (RFC 8415 §7.3; RFC 5007 §4.1.1; RFC 5460 §5; RFC 7341 §6; RFC 7653 §5; RFC 9686 §4.2). */
export const MessageType6 = {
  SOLICIT: 1,
  ADVERTISE: 2,
  REQUEST: 3,
  CONFIRM: 4,
  RENEW: 5,
  REBIND: 6,
  REPLY: 7,
  RELEASE: 8,
  DECLINE: 9,
  RECONFIGURE: 10,
  INFORMATION_REQUEST: 11,
  RELAY_FORW: 12,
  RELAY_REPL: 13,
  LEASEQUERY: 14,
  LEASEQUERY_REPLY: 15,
  LEASEQUERY_DONE: 16,
  LEASEQUERY_DATA: 17,
  DHCPV4_QUERY: 20,
  DHCPV4_RESPONSE: 21,
  ACTIVELEASEQUERY: 22,
  STARTTLS: 23,
  ADDR_REG_INFORM: 36,
  ADDR_REG_REPLY: 37,
} as const;
export type MessageType6 = (typeof MessageType6)[keyof typeof MessageType6];

const NAMES = new Map<number, string>(
  Object.entries(MessageType6).map(([name, code]) => [code, name.replaceAll("_", "-")]),
);

/** As the RFC spells it: `INFORMATION-REQUEST`. */
export function nameMessageType6(code: number): string {
  return NAMES.get(code) ?? `type ${code}`;
}
