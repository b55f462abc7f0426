/** DUIDs: the names by which DHCPv6 clients and servers know each other (RFC 8415 §11). */
import { readU16, readU32, writeU16, writeU32 } from "../base/big-endian.ts";
import { formatHex, parseHex } from "../base/hex.ts";

/** RFC 8415 §11.1: two bytes of type and 1 to 128 of identifier. */
export const MIN_DUID = 3;
export const MAX_DUID = 130;

export const DuidType = { LLT: 1, EN: 2, LL: 3, UUID: 4 } as const;

/** RFC 8415 §11.2: the time of a DUID-LLT counts from 2000-01-01 00:00 UTC; this is that moment in Unix time. */
export const DUID_EPOCH = 946_684_800;

/** A hardware address and what kind of link it is for. */
export interface LinkLayerAddress {
  /** As in ARP: 1 is Ethernet. */
  readonly htype: number;
  readonly address: Uint8Array;
}

/** The parts of a DUID. */
export type Duid =
  /** §11.2; `time` in seconds from `DUID_EPOCH`, modulo 2^32. */
  | { readonly type: "LLT"; readonly time: number; readonly linkLayer: LinkLayerAddress }
  /** §11.3; `enterprise` is an IANA number. */
  | { readonly type: "EN"; readonly enterprise: number; readonly identifier: Uint8Array }
  /** §11.4. */
  | { readonly type: "LL"; readonly linkLayer: LinkLayerAddress }
  /** §11.5 (RFC 6355): 16 bytes. */
  | { readonly type: "UUID"; readonly uuid: Uint8Array }
  /** Of a type that has no name, or not of its type's shape. */
  | { readonly type: "opaque"; readonly bytes: Uint8Array };

export function isDuidLength(length: number): boolean {
  return length >= MIN_DUID && length <= MAX_DUID;
}

/** What Kea's lease files have where a lease is nobody's; older versions wrote a single zero. */
export const NOBODYS_DUID: Uint8Array = Uint8Array.of(0, 0, 0);

/** No client can have it: its leases would be taken for nobody's. */
export function isNobodysDuid(duid: Uint8Array): boolean {
  return duid.length <= NOBODYS_DUID.length && duid.every((byte) => byte === 0);
}

/** Takes a DUID apart. Any bytes will do: RFC 8415 §11 has servers treat them as opaque. */
export function decodeDuid(bytes: Uint8Array): Duid {
  const type = bytes.length < MIN_DUID ? 0 : readU16(bytes, 0);
  if (type === DuidType.LLT && bytes.length > 8) {
    return {
      type: "LLT",
      time: readU32(bytes, 4),
      linkLayer: { htype: readU16(bytes, 2), address: bytes.subarray(8) },
    };
  }
  if (type === DuidType.EN && bytes.length > 6) {
    return { type: "EN", enterprise: readU32(bytes, 2), identifier: bytes.subarray(6) };
  }
  if (type === DuidType.LL && bytes.length > 4) {
    return { type: "LL", linkLayer: { htype: readU16(bytes, 2), address: bytes.subarray(4) } };
  }
  if (type === DuidType.UUID && bytes.length === 18) return { type: "UUID", uuid: bytes.subarray(2) };
  return { type: "opaque", bytes };
}

export function encodeDuid(duid: Duid): Uint8Array {
  switch (duid.type) {
    case "LLT": {
      const { time, linkLayer } = duid;
      const bytes = startDuid(DuidType.LLT, 8, linkLayer.address);
      writeU16(bytes, 2, linkLayer.htype);
      writeU32(bytes, 4, time);
      return bytes;
    }
    case "EN": {
      const bytes = startDuid(DuidType.EN, 6, duid.identifier);
      writeU32(bytes, 2, duid.enterprise);
      return bytes;
    }
    case "LL": {
      const bytes = startDuid(DuidType.LL, 4, duid.linkLayer.address);
      writeU16(bytes, 2, duid.linkLayer.htype);
      return bytes;
    }
    case "UUID":
      return startDuid(DuidType.UUID, 2, duid.uuid);
    case "opaque":
      return duid.bytes;
  }
}

function startDuid(type: number, tailAt: number, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(tailAt + tail.length);
  writeU16(bytes, 0, type);
  bytes.set(tail, tailAt);
  return bytes;
}

/** The hardware address in a DUID, where it has one. Not always that of the interface which sent it. */
export function linkLayerOf(bytes: Uint8Array): LinkLayerAddress | undefined {
  const duid = decodeDuid(bytes);
  return duid.type === "LLT" || duid.type === "LL" ? duid.linkLayer : undefined;
}

/**
 * `00:01:00:01:…`, as Kea's configurations, lease files and `kea-dhcp6-serverid` have it; white space around it and
 * the other forms of hexadecimal text are accepted.
 * @returns `undefined` when the text is none, or has too few or too many bytes for a DUID
 */
export function parseDuid(text: string): Uint8Array | undefined {
  const bytes = parseHex(text.trim());
  return bytes !== undefined && isDuidLength(bytes.length) ? bytes : undefined;
}

export function formatDuid(bytes: Uint8Array): string {
  return formatHex(bytes);
}
