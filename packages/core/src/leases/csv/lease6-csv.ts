/** The columns of `kea-leases6.csv`, schema 5.0, and what older schemas lack of them. */
import { copyBytes } from "../../base/bytes.ts";
import { isDuidLength, isNobodysDuid, MAX_DUID, NOBODYS_DUID } from "../../dhcp6/duid.ts";
import { formatIpv6Key, isPrefixAddress, UNSPECIFIED, writeIpv6Text } from "../../ip/ipv6-key.ts";
import { LeaseState } from "../model/lease.ts";
import { HwaddrSource, type Lease6, LeaseType6 } from "../model/lease6.ts";
import { parseDecimal, parseEscaped, parseIpv6Text } from "./csv-fields.ts";
import {
  boundTexts,
  expire,
  fqdnFwd,
  fqdnRev,
  hostnameColumn,
  hwaddr,
  numberColumn,
  octetsColumn,
  poolId,
  type RowOf,
  state,
  subnetId,
  userContext,
  validLifetime,
} from "./lease-columns.ts";
import { type Column, LeaseCsv } from "./lease-csv.ts";

const TEMPORARY = 1;
const ETHERNET = 1;

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
      write: (row, out) => writeIpv6Text(row.address, out),
    },
    octetsColumn(
      "duid",
      MAX_DUID,
      (row) => (row.duid.length === 0 ? NOBODYS_DUID : row.duid),
      (row, octets) => {
        row.duid = isNobodysDuid(octets) ? noOctets : octets;
      },
    ),
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
        // As in Kea, of an address it does not matter what stands here.
        row.prefixLength = row.type === LeaseType6.address ? 128 : parseDecimal(bytes, start, end, 128);
        return row.prefixLength < 0 ? "is not a number from 0 to 128" : undefined;
      },
      write: (row, out) => out.decimal(row.prefixLength),
    },
    fqdnFwd,
    fqdnRev,
    hostnameColumn(parseEscaped),
    { ...hwaddr, inOlderFiles: "" },
    state,
    userContext,
    hwaddrColumn("hwtype", "hwtype", 0xffff, ETHERNET),
    hwaddrColumn("hwaddr_source", "hwaddrSource", 0xff, HwaddrSource.unknown),
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
    keep: (row) => ({ ...row, duid: copyBytes(row.duid), hwaddr: copyBytes(row.hwaddr) }),
    bound: (row) => 240 + 3 * (row.duid.length + row.hwaddr.length) + boundTexts(row),
    check(row) {
      const { type, address, prefixLength, duid, state } = row;
      if (type === LeaseType6.address && prefixLength !== 128)
        return `is an address with a prefix length of ${prefixLength}`;
      if (!isPrefixAddress(address, prefixLength)) return `has bits behind the ${prefixLength} of its prefix`;
      if (duid.length === 0) return state === LeaseState.declined ? undefined : "has no duid";
      // Such a one would be read as nobody's.
      return isNobodysDuid(duid) || !isDuidLength(duid.length) ? "has a duid that is none" : undefined;
    },
  },
);

/** A number about the hardware address, and like it empty when that is unknown. */
function hwaddrColumn(
  name: string,
  field: "hwtype" | "hwaddrSource",
  max: number,
  usual: number,
): Column<RowOf<Lease6>> {
  return {
    name,
    inOlderFiles: "",
    read(row, bytes, start, end) {
      let value = 0;
      if (row.hwaddr.length > 0) value = start === end ? usual : parseDecimal(bytes, start, end, max);
      row[field] = value as HwaddrSource;
      return value < 0 ? `is not a number from 0 to ${max}` : undefined;
    },
    write(row, out) {
      if (row.hwaddr.length > 0) out.decimal(row[field]);
    },
  };
}
