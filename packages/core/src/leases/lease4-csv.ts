/** The columns of `kea-leases4.csv`, schema 3.0, and what older schemas lack of them. */
import {
  parseColonHex,
  parseDecimal,
  parseDottedIpv4,
  parseEscaped,
  parseEscapedLowerCase,
  type RowWriter,
} from "./csv-fields.ts";
import { LeaseCsv } from "./lease-csv.ts";
import { type Lease4, LeaseState } from "./lease4.ts";

/** A lease being read; the byte arrays are used again for the next row. A lifetime of 0 says that the lease is gone. */
export type Lease4Row = { -readonly [Field in keyof Lease4]: Lease4[Field] };

/** Kea's bound on hardware addresses; RFC 2131 §2 has room for 16 octets. */
const LONGEST_HWADDR = 20;
/** RFC 2132 §2: an option's length is one octet. */
const LONGEST_CLIENT_ID = 255;
const UINT32 = 0xffff_ffff;
/** Kea's file can say more; beyond 2106 no clock is right. */
const LATEST_CLTT = UINT32;
/** Kea ≥ 2.7 marks released leases so. For us they are reclaimed ones: both wait for the client that comes back. */
const KEA_RELEASED = 3;

/** An empty row to read into. */
export function blankLease4Row(): Lease4Row {
  return {
    address: 0,
    hwaddr: new Uint8Array(0),
    clientId: undefined,
    validLifetime: 0,
    cltt: 0,
    subnetId: 0,
    poolId: 0,
    state: LeaseState.assigned,
    fqdnFwd: false,
    fqdnRev: false,
    hostname: "",
    userContext: "",
  };
}

// One array a length, filled anew for each row: a million small arrays would cost more than all the rest of loading.
const octets = new Uint8Array(LONGEST_CLIENT_ID);
const hwaddrs = Array.from({ length: LONGEST_HWADDR + 1 }, (_, length) => new Uint8Array(length));
const clientIds = Array.from({ length: LONGEST_CLIENT_ID + 1 }, (_, length) => new Uint8Array(length));

function takeOctets(places: readonly Uint8Array[], count: number): Uint8Array {
  const place = places[count]!;
  for (let i = 0; i < count; i++) place[i] = octets[i]!;
  return place;
}

function isJsonMap(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function flag(bytes: Uint8Array, start: number, end: number): number {
  return parseDecimal(bytes, start, end, 1);
}

const NOT_UINT32 = `is not a number from 0 to ${UINT32}`;

export const lease4Csv = new LeaseCsv<Lease4Row>(
  [
    {
      name: "address",
      read(row, bytes, start, end) {
        row.address = parseDottedIpv4(bytes, start, end);
        return row.address < 0 ? "is not an IPv4 address" : undefined;
      },
      write: (row, out) => out.dottedIpv4(row.address),
    },
    {
      name: "hwaddr",
      read(row, bytes, start, end) {
        const count = parseColonHex(bytes, start, end, octets);
        if (count < 0) return "is not hexadecimal octets between colons";
        if (count > LONGEST_HWADDR) return `has ${count} octets, more than ${LONGEST_HWADDR}`;
        row.hwaddr = takeOctets(hwaddrs, count);
        return undefined;
      },
      write: (row, out) => out.colonHex(row.hwaddr),
    },
    {
      name: "client_id",
      read(row, bytes, start, end) {
        const count = parseColonHex(bytes, start, end, octets);
        if (count < 0) return `is not up to ${LONGEST_CLIENT_ID} hexadecimal octets between colons`;
        row.clientId = count === 0 ? undefined : takeOctets(clientIds, count);
        return undefined;
      },
      write(row, out) {
        if (row.clientId !== undefined) out.colonHex(row.clientId);
      },
    },
    {
      name: "valid_lifetime",
      read(row, bytes, start, end) {
        row.validLifetime = parseDecimal(bytes, start, end, UINT32);
        return row.validLifetime < 0 ? NOT_UINT32 : undefined;
      },
      write: (row, out) => out.decimal(row.validLifetime),
    },
    {
      // Kea adds up in 64 bits, also for a lease without end: its `expire` lies beyond 2160.
      name: "expire",
      read(row, bytes, start, end) {
        const expire = parseDecimal(bytes, start, end, LATEST_CLTT + UINT32);
        if (expire < 0) return "is not a time in seconds since 1970";
        if (expire - row.validLifetime > LATEST_CLTT) return "is a time beyond the year 2106";
        // A host without a clock may have given leases "before" 1970.
        row.cltt = Math.max(0, expire - row.validLifetime);
        return undefined;
      },
      write: (row, out) => out.decimal(row.cltt + row.validLifetime),
    },
    {
      name: "subnet_id",
      read(row, bytes, start, end) {
        row.subnetId = parseDecimal(bytes, start, end, UINT32);
        return row.subnetId < 0 ? NOT_UINT32 : undefined;
      },
      write: (row, out) => out.decimal(row.subnetId),
    },
    {
      name: "fqdn_fwd",
      read(row, bytes, start, end) {
        const value = flag(bytes, start, end);
        row.fqdnFwd = value === 1;
        return value < 0 ? "is neither 0 nor 1" : undefined;
      },
      write: (row, out) => out.decimal(row.fqdnFwd ? 1 : 0),
    },
    {
      name: "fqdn_rev",
      read(row, bytes, start, end) {
        const value = flag(bytes, start, end);
        row.fqdnRev = value === 1;
        return value < 0 ? "is neither 0 nor 1" : undefined;
      },
      write: (row, out) => out.decimal(row.fqdnRev ? 1 : 0),
    },
    {
      name: "hostname",
      read(row, bytes, start, end) {
        row.hostname = parseEscapedLowerCase(bytes, start, end);
        return undefined;
      },
      write: (row, out) => out.escaped(row.hostname),
    },
    {
      name: "state",
      inOlderFiles: "0",
      read(row, bytes, start, end) {
        const state = parseDecimal(bytes, start, end, KEA_RELEASED);
        if (state < 0) return "is not one of 0 (assigned), 1 (declined), 2 (reclaimed), 3 (released)";
        row.state = state === KEA_RELEASED ? LeaseState.reclaimed : (state as LeaseState);
        return undefined;
      },
      write: (row, out) => out.decimal(row.state),
    },
    {
      name: "user_context",
      inOlderFiles: "",
      read(row, bytes, start, end) {
        row.userContext = parseEscaped(bytes, start, end);
        return row.userContext === "" || isJsonMap(row.userContext) ? undefined : "is not a JSON map";
      },
      write: (row, out) => out.escaped(keaJson(row.userContext)),
    },
    {
      name: "pool_id",
      inOlderFiles: "0",
      read(row, bytes, start, end) {
        row.poolId = parseDecimal(bytes, start, end, UINT32);
        return row.poolId < 0 ? NOT_UINT32 : undefined;
      },
      write: (row, out) => out.decimal(row.poolId),
    },
  ],
  {
    // One UTF-16 unit of a context may be three bytes of UTF-8, six characters each.
    bound: (row) =>
      160 +
      3 * (row.hwaddr.length + (row.clientId?.length ?? 0)) +
      5 * row.hostname.length +
      18 * row.userContext.length,
    check(row) {
      // A removal needs no name.
      return isNameless4(row) && row.validLifetime > 0 ? "has neither hwaddr nor client_id" : undefined;
    },
  },
);

/** CVE-2019-6474: Kea refuses to read a lease of nobody. A declined address is nobody's. */
export function isNameless4(lease: Lease4): boolean {
  return lease.hwaddr.length === 0 && lease.clientId === undefined && lease.state !== LeaseState.declined;
}

/**
 * JSON as Kea 2.6 writes and reads it: a string is bytes, of which those outside of ASCII are escaped one by one
 * (`é` is `\u00c3\u00a9`), and an escape above `\u00ff` would cost the whole row.
 */
function keaJson(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && !/\\u(?!00)/.test(text)) return text;
  return text
    .replace(/\\(?:u([0-9a-fA-F]{4})|[^u])/g, (sequence: string, digits: string | undefined) => {
      const unit = digits === undefined ? 0 : Number.parseInt(digits, 16);
      return unit > 0xff ? String.fromCharCode(unit) : sequence;
    })
    .replace(/[\x7f-\uffff]+/g, (run) => Buffer.from(run).toString("hex").replace(/../g, "\\u00$&"));
}

/** Copies of everything that the next row would overwrite. */
export function keepLease4(row: Lease4): Lease4 {
  return { ...row, hwaddr: row.hwaddr.slice(), clientId: row.clientId?.slice() };
}

/** Writes a lease as it stands. */
export function writeLease4(lease: Lease4, out: RowWriter): void {
  lease4Csv.writeRow(lease, out);
}

/** Writes that a lease is gone: its row with a lifetime of 0. */
export function writeRemoval4(lease: Lease4, out: RowWriter): void {
  lease4Csv.writeRow({ ...lease, validLifetime: 0 }, out);
}
