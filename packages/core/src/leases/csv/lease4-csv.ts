/** The columns of `kea-leases4.csv`, schema 3.0, and what older schemas lack of them. */
import { copyBytes } from "../../base/bytes.ts";
import { formatIpv4 } from "../../ip/ipv4.ts";
import { LeaseState } from "../model/lease.ts";
import type { Lease4 } from "../model/lease4.ts";
import { parseDottedIpv4, parseEscapedLowerCase } from "./csv-fields.ts";
import {
  boundTexts,
  expire,
  fqdnFwd,
  fqdnRev,
  hostnameColumn,
  hwaddr,
  octetsColumn,
  poolId,
  type RowOf,
  state,
  subnetId,
  userContext,
  validLifetime,
} from "./lease-columns.ts";
import { LeaseCsv } from "./lease-csv.ts";

/** RFC 2132 §9.14. */
const SHORTEST_CLIENT_ID = 2;
/** RFC 2132 §2: an option's length is one octet. */
const LONGEST_CLIENT_ID = 255;

const noOctets = new Uint8Array(0);

export const lease4Csv = new LeaseCsv<Lease4, RowOf<Lease4>>(
  [
    {
      name: "address",
      read(row, bytes, start, end) {
        row.address = parseDottedIpv4(bytes, start, end);
        return row.address < 0 ? "is not an IPv4 address" : undefined;
      },
      write: (row, out) => out.dottedIpv4(row.address),
    },
    hwaddr,
    octetsColumn(
      "client_id",
      LONGEST_CLIENT_ID,
      (row) => row.clientId ?? noOctets,
      (row, octets) => {
        row.clientId = octets.length === 0 ? undefined : octets;
      },
    ),
    validLifetime,
    expire,
    subnetId,
    fqdnFwd,
    fqdnRev,
    hostnameColumn(parseEscapedLowerCase),
    state,
    userContext,
    poolId,
  ],
  {
    server: "DHCPv4",
    formatAddress: ({ address }) => formatIpv4(address),
    blank: () => ({
      address: 0,
      hwaddr: noOctets,
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
    }),
    keep: (row) => ({ ...row, hwaddr: copyBytes(row.hwaddr), clientId: row.clientId && copyBytes(row.clientId) }),
    bound: (row) => 160 + 3 * (row.hwaddr.length + (row.clientId?.length ?? 0)) + boundTexts(row),
    check(row) {
      const { clientId } = row;
      // As Kea, which refuses to read such a row.
      if (clientId !== undefined && clientId.length < SHORTEST_CLIENT_ID) return "has a client_id of one octet";
      // CVE-2019-6474: nor a lease of nobody. A declined address is nobody's.
      return row.hwaddr.length === 0 && clientId === undefined && row.state !== LeaseState.declined
        ? "has neither hwaddr nor client_id"
        : undefined;
    },
  },
);
