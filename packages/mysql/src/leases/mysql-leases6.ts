/** DHCPv6's table, `lease6`, in MySQL. */
import { maskIpv6Key, readIpv6Key } from "@kotare/core/ip/ipv6-key";
import { addressesOf, boundsOf6, findGap6 } from "@kotare/core/leases/database/pool/gap6";
import { addressOfKey6, family6, type Key6 } from "@kotare/core/leases/database/shared-store6";
import { IS_RECLAIMED, lease6Table } from "@kotare/core/leases/database/sql-columns";
import { INFINITE_LIFETIME } from "@kotare/core/leases/model/lease";
import type { PoolRange6 } from "@kotare/core/leases/model/lease-store6";
import type { Lease6 } from "@kotare/core/leases/model/lease6";
import { inList, literal } from "../sql-text.ts";
import type { MysqlFamily } from "./mysql-family.ts";

/** More are not needed to know that there are some. */
const CROSSED = 64;

export const mysql6: MysqlFamily<Lease6, Key6, PoolRange6> = {
  table: lease6Table,
  clientIndexes: { duid: "lease6_by_duid_iaid_subnet_id" },
  keyOf: family6.keyOf,
  addressOf: addressOfKey6,
  isAmong: (keys) => `address IN ${inList([...keys].map((key) => literal("address6", addressOfKey6(key))))}`,
  gapQuery({ range, spans }) {
    const parts = spans.map((span) => {
      const { first, last } = addressesOf(range, span);
      return `SELECT address FROM lease6 WHERE address BETWEEN ${literal("address6", first)} AND ${literal("address6", last)}`;
    });
    return parts.join(" UNION ALL ");
  },
  readGap: (rows, search) =>
    findGap6(
      search,
      rows.map(([address]) => readIpv6Key(address as Uint8Array)),
    ),
  crossedQuery(pool, select) {
    const { first, last } = boundsOf6(pool);
    const { length } = pool.range;
    const isCrossing = `lease_type = 2 AND prefix_len <> ${length} AND NOT state ${IS_RECLAIMED}
      AND (valid_lifetime = ${INFINITE_LIFETIME} OR expire > NOW())`;
    // What is inside begins there; what is around has the first bits.
    const around = Array.from({ length: length - 1 }, (_, i) => {
      return `(address = ${literal("address6", maskIpv6Key(first, i + 1))} AND prefix_len = ${i + 1})`;
    });
    const [begin, end] = [first, last].map((address) => literal("address6", address));
    return `(SELECT ${select} FROM lease6 WHERE address BETWEEN ${begin} AND ${end} AND ${isCrossing} LIMIT ${CROSSED})
      UNION ALL (SELECT ${select} FROM lease6 WHERE (${around.join(" OR ") || "FALSE"}) AND ${isCrossing})`;
  },
  boundsOf: boundsOf6,
};
