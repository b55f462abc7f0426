/** Option types of fixed meaning: numbers, booleans, addresses, prefixes and port sets. */
import { formatIpv4, type Ipv4, parseIpv4 } from "../ip/ipv4.ts";
import {
  formatIpv6,
  formatIpv6Prefix,
  type Ipv6,
  type Ipv6Prefix,
  maskIpv6,
  parseIpv6,
  parseIpv6Prefix,
} from "../ip/ipv6.ts";
import { type OptionType, usualHead } from "./option-type.ts";
import { TextError } from "./text-fields.ts";

function integer(label: string, size: 1 | 2 | 4, signed: boolean): OptionType<number> {
  const bits = 8 * size;
  const min = signed ? -(2 ** (bits - 1)) : 0;
  const max = 2 ** (signed ? bits - 1 : bits) - 1;
  return {
    label,
    decode(reader) {
      const value = size === 1 ? reader.u8(label) : size === 2 ? reader.u16(label) : reader.u32(label);
      return value > max ? value - 2 ** bits : value;
    },
    encode(value, writer) {
      if (size === 1) writer.u8(value);
      else if (size === 2) writer.u16(value);
      else writer.u32(value);
    },
    parse(fields) {
      const field = fields.next(`a number (${label})`);
      // Kea reads what is not decimal as hexadecimal, with or without 0x.
      const value = /^[+-]?\d+$/.test(field)
        ? Number(field)
        : /^(0x)?[0-9a-f]+$/i.test(field)
          ? Number.parseInt(field, 16)
          : Number.NaN;
      if (Number.isNaN(value)) throw new TextError(`"${field}" is not a number: expected ${label}`);
      if (value < min || value > max) throw new TextError(`${field} is out of range: ${label} holds ${min} to ${max}`);
      return value;
    },
    format: String,
    kea: {
      listLine: (values, { usual }) => [usual, ...values.map((value) => inKeaList(value, label, bits))].join(" "),
    },
  };
}

/** Kea's lists of 16 and 32 bits have no signs. */
function inKeaList(value: number, label: string, bits: number): string {
  return bits === 8 ? `${value}(${label})` : `${value < 0 ? value + 2 ** bits : value}(uint${bits})`;
}

export const uint8 = integer("uint8", 1, false);
export const uint16 = integer("uint16", 2, false);
export const uint32 = integer("uint32", 4, false);
export const int8 = integer("int8", 1, true);
export const int16 = integer("int16", 2, true);
export const int32 = integer("int32", 4, true);

export const boolean: OptionType<boolean> = {
  label: "boolean",
  decode(reader) {
    const value = reader.u8("boolean");
    if (value > 1) reader.fail("boolean", `is ${value}, expected 0 or 1`);
    return value === 1;
  },
  encode: (value, writer) => void writer.u8(value ? 1 : 0),
  parse(fields) {
    const field = fields.next("true or false").toLowerCase();
    if (field === "true" || field === "1") return true;
    if (field === "false" || field === "0") return false;
    throw new TextError(`"${field}" is not a boolean: expected true or false`);
  },
  format: String,
};

export const ipv4Address: OptionType<Ipv4> = {
  label: "ipv4-address",
  decode: (reader) => reader.u32("ipv4-address"),
  encode: (value, writer) => void writer.u32(value),
  parse(fields) {
    const field = fields.next("an IPv4 address");
    const address = parseIpv4(field);
    if (address === undefined) throw new TextError(`"${field}" is not an IPv4 address: expected e.g. 192.0.2.1`);
    return address;
  },
  format: formatIpv4,
  // In DHCPv6, too, whose codes do not fit.
  kea: {
    listLine: (values, { code, length }) => [usualHead(code & 255, length, 3), ...values.map(formatIpv4)].join(" "),
  },
};

export const ipv6Address: OptionType<Ipv6> = {
  label: "ipv6-address",
  decode: (reader) => reader.bytes(16, "ipv6-address"),
  encode: (value, writer) => void writer.bytes(value),
  parse(fields) {
    const field = fields.next("an IPv6 address");
    const address = parseIpv6(field);
    if (address === undefined) throw new TextError(`"${field}" is not an IPv6 address: expected e.g. 2001:db8::1`);
    return address;
  },
  format: formatIpv6,
  kea: { listLine: (values, { code, length }) => [usualHead(code, length, 5), ...values.map(formatIpv6)].join(" ") },
};

/** A byte with the length, then as many bytes of the prefix as the length needs. */
export const ipv6Prefix: OptionType<Ipv6Prefix> = {
  label: "ipv6-prefix",
  decode(reader) {
    const length = reader.u8("prefix length");
    if (length > 128) reader.fail("prefix length", `is ${length}, expected at most 128`);
    const address = new Uint8Array(16);
    address.set(reader.bytes(Math.ceil(length / 8), "prefix"));
    return { address: maskIpv6(address, length), length };
  },
  encode: (value, writer) => void writer.u8(value.length).bytes(value.address.subarray(0, Math.ceil(value.length / 8))),
  parse(fields) {
    const field = fields.next("an IPv6 prefix");
    const prefix = parseIpv6Prefix(field);
    if (prefix === undefined) throw new TextError(`"${field}" is not an IPv6 prefix: expected e.g. 2001:db8::/32`);
    return prefix;
  },
  format: formatIpv6Prefix,
  // Kea forgets the prefix itself.
  kea: { field: () => " (ipv6-prefix)" },
};

/** RFC 7597 §5.1: which share of the ports of an address a client has. */
export interface PortSet {
  readonly psid: number;
  /** How many bits of `psid` count: 0 to 16. */
  readonly length: number;
}

/** RFC 7618 §4.1: a byte with the length, then 16 bits whose first `length` are the PSID. */
export const psid: OptionType<PortSet> = {
  label: "psid",
  decode(reader) {
    const length = reader.u8("PSID length");
    if (length > 16) reader.fail("PSID length", `is ${length}, expected at most 16`);
    return { psid: reader.u16("PSID") >> (16 - length), length };
  },
  encode: (value, writer) => void writer.u8(value.length).u16(value.psid << (16 - value.length)),
  parse(fields) {
    const field = fields.next("a PSID and its length");
    const parts = /^(\d+)\s*\/\s*(\d+)$/.exec(field);
    if (parts === null) throw new TextError(`"${field}" is not a PSID: expected number/length, e.g. 3/4`);
    const value = { psid: Number(parts[1]), length: Number(parts[2]) };
    if (value.length > 16) throw new TextError(`PSID length ${value.length} is out of range: expected 0 to 16`);
    if (value.psid >= 2 ** value.length) {
      throw new TextError(`PSID ${value.psid} does not fit ${value.length} bits: at most ${2 ** value.length - 1}`);
    }
    return value;
  },
  format: (value) => `${value.psid}/${value.length}`,
  kea: { field: ({ psid, length }) => `len=${length},psid=${psid} (psid)` },
};
