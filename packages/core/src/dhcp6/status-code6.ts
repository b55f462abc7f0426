/** Status codes of DHCPv6 (RFC 8415 §21.13; RFC 5007 §4.1.3; RFC 5460 §5; RFC 7653). */
export const StatusCode6 = {
  Success: 0,
  UnspecFail: 1,
  NoAddrsAvail: 2,
  NoBinding: 3,
  NotOnLink: 4,
  UseMulticast: 5,
  NoPrefixAvail: 6,
  UnknownQueryType: 7,
  MalformedQuery: 8,
  NotConfigured: 9,
  NotAllowed: 10,
  QueryTerminated: 11,
  DataMissing: 12,
  CatchUpComplete: 13,
  NotSupported: 14,
  TLSConnectionRefused: 15,
} as const;
export type StatusCode6 = (typeof StatusCode6)[keyof typeof StatusCode6];
