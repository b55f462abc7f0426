/** The columns that the lease files of both families have. */

import { type Lease, LeaseState } from "../model/lease.ts";
import { parseColonHex, parseDecimal, parseEscaped } from "./csv-fields.ts";
import type { Column } from "./lease-csv.ts";

/** A lease being read; the byte arrays are used again for the next row. A lifetime of 0 says that the lease is gone. */
export type RowOf<L extends Lease> = { -readonly [Field in keyof L]: L[Field] };
type Row = RowOf<Lease>;

const UINT32 = 0xffff_ffff;
/** 9999-12-31T23:59:59Z. Kea's file can say more; beyond that no clock is right, and no database has such a time. */
const LATEST_CLTT = 253_402_300_799;
/** Kea's bound on hardware addresses; RFC 2131 §2 has room for 16 octets. */
const LONGEST_HWADDR = 20;

/** What Kea's states are for us. */
const STATES: readonly LeaseState[] = [
  LeaseState.assigned,
  LeaseState.declined,
  LeaseState.reclaimed,
  // Released (Kea ≥ 2.7): as a reclaimed one it waits for the client that comes back.
  LeaseState.reclaimed,
  LeaseState.registered,
];

/** The most bytes that the texts of a row take: one UTF-16 unit of a context may be three bytes of UTF-8, six characters each. */
export function boundTexts(row: Lease): number {
  return 5 * row.hostname.length + 18 * row.userContext.length;
}

/** A column of a 32-bit number. */
export function numberColumn<R>(
  name: string,
  get: (row: R) => number,
  set: (row: R, value: number) => void,
  inOlderFiles?: string,
): Column<R> {
  return {
    name,
    ...(inOlderFiles !== undefined && { inOlderFiles }),
    read(row, bytes, start, end) {
      const value = parseDecimal(bytes, start, end, UINT32);
      set(row, value);
      return value < 0 ? `is not a number from 0 to ${UINT32}` : undefined;
    },
    write: (row, out) => out.decimal(get(row)),
  };
}

/**
 * What reads octets between colons. One array a length is filled anew for each row: a million small ones would cost
 * more than all the rest of loading.
 */
class OctetsReader {
  readonly #longest: number;
  readonly #places: readonly Uint8Array[];
  readonly #octets = new Uint8Array(1024);

  constructor(longest: number) {
    this.#longest = longest;
    this.#places = Array.from({ length: longest + 1 }, (_, length) => new Uint8Array(length));
  }

  /** @returns what is wrong with the field, or the octets */
  read(bytes: Uint8Array, start: number, end: number): string | Uint8Array {
    const count = parseColonHex(bytes, start, end, this.#octets);
    if (count < 0) return "is not hexadecimal octets between colons";
    if (count > this.#longest) return `has ${count} octets, more than ${this.#longest}`;
    const place = this.#places[count]!;
    for (let i = 0; i < count; i++) place[i] = this.#octets[i]!;
    return place;
  }
}

/**
 * A column of octets between colons. What `set` is given is filled anew for the next row.
 * @param longest the most octets that a field may have
 */
export function octetsColumn<R>(
  name: string,
  longest: number,
  get: (row: R) => Uint8Array,
  set: (row: R, octets: Uint8Array) => void,
): Column<R> {
  const reader = new OctetsReader(longest);
  return {
    name,
    read(row, bytes, start, end) {
      const octets = reader.read(bytes, start, end);
      if (typeof octets === "string") return octets;
      set(row, octets);
      return undefined;
    },
    write: (row, out) => out.colonHex(get(row)),
  };
}

function flagColumn(name: string, field: "fqdnFwd" | "fqdnRev"): Column<Row> {
  return {
    name,
    read(row, bytes, start, end) {
      const value = parseDecimal(bytes, start, end, 1);
      row[field] = value === 1;
      return value < 0 ? "is neither 0 nor 1" : undefined;
    },
    write: (row, out) => out.decimal(row[field] ? 1 : 0),
  };
}

export const hwaddr = octetsColumn<Row & { hwaddr: Uint8Array }>(
  "hwaddr",
  LONGEST_HWADDR,
  (row) => row.hwaddr,
  (row, octets) => {
    row.hwaddr = octets;
  },
);

export const validLifetime = numberColumn<Row>(
  "valid_lifetime",
  (row) => row.validLifetime,
  (row, value) => {
    row.validLifetime = value;
  },
);

/** Kea adds up in 64 bits, also for a lease without end: its `expire` lies beyond 2160. */
export const expire: Column<Row> = {
  name: "expire",
  read(row, bytes, start, end) {
    const time = parseDecimal(bytes, start, end, LATEST_CLTT + UINT32);
    if (time < 0) return "is not a time in seconds since 1970";
    if (time - row.validLifetime > LATEST_CLTT) return "is a time beyond the year 9999";
    // A host without a clock may have given leases "before" 1970.
    row.cltt = Math.max(0, time - row.validLifetime);
    return undefined;
  },
  write: (row, out) => out.decimal(row.cltt + row.validLifetime),
};

export const subnetId = numberColumn<Row>(
  "subnet_id",
  (row) => row.subnetId,
  (row, value) => {
    row.subnetId = value;
  },
);

export const fqdnFwd = flagColumn("fqdn_fwd", "fqdnFwd");
export const fqdnRev = flagColumn("fqdn_rev", "fqdnRev");

/** @param parse how the text is read: DHCPv4's in lower case, as in Kea */
export function hostnameColumn(parse: (bytes: Uint8Array, start: number, end: number) => string): Column<Row> {
  return {
    name: "hostname",
    read(row, bytes, start, end) {
      row.hostname = parse(bytes, start, end);
      return undefined;
    },
    write: (row, out) => out.escaped(row.hostname),
  };
}

export const state: Column<Row> = {
  name: "state",
  inOlderFiles: "0",
  read(row, bytes, start, end) {
    const number = parseDecimal(bytes, start, end, STATES.length - 1);
    if (number < 0) return "is not one of 0 (assigned), 1 (declined), 2 (reclaimed), 3 (released), 4 (registered)";
    row.state = STATES[number]!;
    return undefined;
  },
  write: (row, out) => out.decimal(row.state),
};

export const userContext: Column<Row> = {
  name: "user_context",
  inOlderFiles: "",
  read(row, bytes, start, end) {
    row.userContext = parseEscaped(bytes, start, end);
    return row.userContext === "" || isJsonMap(row.userContext) ? undefined : "is not a JSON map";
  },
  write: (row, out) => out.escaped(keaJson(row.userContext)),
};

export const poolId = numberColumn<Row>(
  "pool_id",
  (row) => row.poolId,
  (row, value) => {
    row.poolId = value;
  },
  "0",
);

function isJsonMap(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
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
