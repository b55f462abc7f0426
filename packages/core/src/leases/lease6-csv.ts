/** The columns of `kea-leases6.csv`, schema 5.0, and what older schemas lack of them. */
import { formatIpv6Key, isPrefixAddress, UNSPECIFIED } from "../ip/ipv6-key.ts";
import { parseDecimal, parseIpv6Text } from "./csv-fields.ts";
import { LeaseState } from "./lease.ts";
import {
  boundTexts,
  expire,
  fqdnFwd,
  fqdnRev,
  hostname,
  LONGEST_HWADDR,
  numberColumn,
  OctetsReader,
  poolId,
  type RowOf,
  state,
  subnetId,
  userContext,
  validLifetime,
} from "./lease-columns.ts";
import { LeaseCsv } from "./lease-csv.ts";
import { HwaddrSource, type Lease6, LeaseType6 } from "./lease6.ts";

/** RFC 8415 §11.1: 128 octets behind the type. */
const LONGEST_DUID = 130;
/** Nobody's DUID, as Kea writes it; before 2.3 it was a single zero. */
const NOBODY = Uint8Array.of(0, 0, 0);
const TEMPORARY = 1;
const SOURCES: readonly number[] = Object.values(HwaddrSource);

const duids = new OctetsReader(LONGEST_DUID);
const hwaddrs = new OctetsReader(LONGEST_HWADDR);
const noOctets = new Uint8Array(0);

export const lease6Csv = new LeaseCsv<Lease6, RowOf<Lease6>>(
  [
    {
      name: "address",
      read(row, bytes, start, end) {
        const address = parseIpv6Text(bytes, start, end);
        if (address === undefined) return "is not an IPv6 address";
        row.address = address;
        return undefined;
      },
      write: (row, out) => out.ipv6(row.address),
    },
    {
      name: "duid",
      read(row, bytes, start, end) {
        const octets = duids.read(bytes, start, end);
        if (typeof octets === "string") return octets;
        row.duid = octets.length <= NOBODY.length && octets.every((octet) => octet === 0) ? noOctets : octets;
        return undefined;
      },
      write: (row, out) => out.colonHex(row.duid.length === 0 ? NOBODY : row.duid),
    },
    validLifetime,
    expire,
    subnetId,
    numberColumn(
      "pref_lifetime",
      (row) => row.preferredLifetime,
      (row, value) => {
        row.preferredLifetime = value;
      },
    ),
    {
      name: "lease_type",
      read(row, bytes, start, end) {
        const type = parseDecimal(bytes, start, end, LeaseType6.prefix);
        if (type === TEMPORARY) return "is 1 (IA_TA): temporary addresses are not given";
        if (type < 0) return "is neither 0 (IA_NA) nor 2 (IA_PD)";
        row.type = type as LeaseType6;
        return undefined;
      },
      write: (row, out) => out.decimal(row.type),
    },
    numberColumn(
      "iaid",
      (row) => row.iaid,
      (row, value) => {
        row.iaid = value;
      },
    ),
    {
      name: "prefix_len",
      read(row, bytes, start, end) {
        row.prefixLength = parseDecimal(bytes, start, end, 128);
        return row.prefixLength < 0 ? "is not a number from 0 to 128" : undefined;
      },
      write: (row, out) => out.decimal(row.prefixLength),
    },
    fqdnFwd,
    fqdnRev,
    hostname,
    {
      name: "hwaddr",
      inOlderFiles: "",
      read(row, bytes, start, end) {
        const octets = hwaddrs.read(bytes, start, end);
        if (typeof octets === "string") return octets;
        row.hwaddr = octets;
        return undefined;
      },
      write: (row, out) => out.colonHex(row.hwaddr),
    },
    state,
    userContext,
    {
      name: "hwtype",
      inOlderFiles: "1",
      read(row, bytes, start, end) {
        // Empty where the hardware address is.
        row.hwtype = start === end ? 0 : parseDecimal(bytes, start, end, 0xffff);
        return row.hwtype < 0 ? "is not a number from 0 to 65535" : undefined;
      },
      write: (row, out) => out.decimal(row.hwtype),
    },
    {
      name: "hwaddr_source",
      inOlderFiles: "0",
      read(row, bytes, start, end) {
        const source = start === end ? 0 : parseDecimal(bytes, start, end, HwaddrSource.docsisModem);
        if (!SOURCES.includes(source)) return `is not one of ${SOURCES.join(", ")}`;
        row.hwaddrSource = source as HwaddrSource;
        return undefined;
      },
      write: (row, out) => out.decimal(row.hwaddrSource),
    },
    poolId,
  ],
  {
    server: "DHCPv6",
    formatAddress: ({ address }) => formatIpv6Key(address),
    blank: () => ({
      type: LeaseType6.address,
      address: UNSPECIFIED,
      prefixLength: 128,
      duid: noOctets,
      iaid: 0,
      preferredLifetime: 0,
      validLifetime: 0,
      cltt: 0,
      subnetId: 0,
      poolId: 0,
      state: LeaseState.assigned,
      fqdnFwd: false,
      fqdnRev: false,
      hostname: "",
      hwaddr: noOctets,
      hwtype: 0,
      hwaddrSource: HwaddrSource.unknown,
      userContext: "",
    }),
    keep: (row) => ({ ...row, duid: row.duid.slice(), hwaddr: row.hwaddr.slice() }),
    bound: (row) => 240 + 3 * (row.duid.length + row.hwaddr.length) + boundTexts(row),
    check(row) {
      if (row.type === LeaseType6.address && row.prefixLength !== 128) return "prefix_len of an address is not 128";
      if (!isPrefixAddress(row.address, row.prefixLength))
        return `address has bits behind the first ${row.prefixLength}`;
      return row.duid.length === 0 && row.state !== LeaseState.declined ? "has no duid" : undefined;
    },
  },
);
