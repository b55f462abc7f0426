/** Status codes of DHCPv6 (RFC 8415 §21.13). */
export const StatusCode6 = {
  Success: 0,
  UnspecFail: 1,
  NoAddrsAvail: 2,
  NoBinding: 3,
  NotOnLink: 4,
  UseMulticast: 5,
  NoPrefixAvail: 6,
} as const;
export type StatusCode6 = (typeof StatusCode6)[keyof typeof StatusCode6];
