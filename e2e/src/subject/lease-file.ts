/** Kea's lease file, of either family, as a test looks at it: the last row of an address or prefix counts. */
import { readFileSync } from "node:fs";

export interface LeaseRow {
  /** `10.0.0.1`, `2001:db8::1`, and `2001:db8:1::/56` for a delegated prefix. */
  readonly address: string;
  readonly hwaddr: string;
  /** Octets in hex with colons: the client identifier, in DHCPv6 the DUID. */
  readonly clientId: string;
  /** DHCPv6 only. */
  readonly iaid: number;
  readonly preferredLifetime: number;
  readonly validLifetime: number;
  readonly expire: number;
  readonly subnetId: number;
  readonly hostname: string;
  readonly state: number;
  /** JSON; empty for none. */
  readonly userContext: string;
}

/** `lease_type` of a delegated prefix. */
export const IA_PD = "2";

/** The rows in the file's order, without the header; a torn last line is left out. */
export function* readRows(path: string): Generator<LeaseRow> {
  const text = readFileSync(path, "latin1");
  const [header = "", ...lines] = text.slice(0, text.lastIndexOf("\n")).split("\n");
  const names = header.split(",");
  const at = (name: string): number => names.indexOf(name);
  const column = {
    clientId: Math.max(at("client_id"), at("duid")),
    hwaddr: at("hwaddr"),
    iaid: at("iaid"),
    preferred: at("pref_lifetime"),
    valid: at("valid_lifetime"),
    expire: at("expire"),
    subnetId: at("subnet_id"),
    hostname: at("hostname"),
    state: at("state"),
    userContext: at("user_context"),
    type: at("lease_type"),
    prefixLength: at("prefix_len"),
  };
  for (const line of lines) {
    const fields = line.split(",");
    yield {
      address: fields[column.type] === IA_PD ? `${fields[0]}/${fields[column.prefixLength]}` : fields[0]!,
      hwaddr: fields[column.hwaddr]!,
      clientId: fields[column.clientId]!,
      iaid: Number(fields[column.iaid]),
      preferredLifetime: Number(fields[column.preferred]),
      validLifetime: Number(fields[column.valid]),
      expire: Number(fields[column.expire]),
      subnetId: Number(fields[column.subnetId]),
      hostname: fields[column.hostname]!,
      state: Number(fields[column.state]),
      userContext: (fields[column.userContext] ?? "").replaceAll("&#x2c", ","),
    };
  }
}

/** What the file says of each address; a row with lifetime 0 removes it, unless it is a declined or reclaimed one. */
export function readLeases(path: string): Map<string, LeaseRow> {
  const leases = new Map<string, LeaseRow>();
  for (const row of readRows(path)) {
    if (row.validLifetime === 0 && row.state === 0) leases.delete(row.address);
    else leases.set(row.address, row);
  }
  return leases;
}

/** Whether somebody holds the address now. */
export function isHeld(row: LeaseRow | undefined): boolean {
  return row !== undefined && row.state === 0 && row.expire > Date.now() / 1000;
}
