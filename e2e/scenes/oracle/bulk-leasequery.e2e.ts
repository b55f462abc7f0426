/** Leases by TCP: what Kea tells requesters, and we. */
import { beforeAll, describe, expect, test } from "vitest";
import { deliberateBulk } from "../../src/oracle/deliberate-differences-bulk.ts";
import { type Told, tellAll } from "../../src/oracle/leasequery/play-queries.ts";
import { bulkQueries } from "../../src/oracle/leasequery/queries.ts";
import { findKea } from "../../src/subject/kea.ts";

describe.skipIf(findKea("kea3", "kea-dhcp4") === undefined)("needs Kea 3", () => {
  let theirs: Readonly<Record<4 | 6, Told>>;
  let ours: Readonly<Record<4 | 6, Told>>;

  beforeAll(async () => {
    theirs = await tellAll("kea3");
    ours = await tellAll("kotare");
  });

  for (const family of [4, 6] as const) {
    describe(`DHCPv${family}`, () => {
      test.each(Object.keys(bulkQueries[family]))("%s", (about) => {
        const difference = deliberateBulk[family][about];
        if (difference === undefined) expect(ours[family][about]).toEqual(theirs[family][about]);
        else {
          expect(ours[family][about]!.map(summaryOf), difference.reason).toEqual(difference.ours);
          expect(theirs[family][about]!.map(summaryOf)).not.toEqual(difference.ours);
        }
      });
    });
  }
});

/** Of a DHCPv4 message: its type, and its status where it has one. */
function summaryOf(message: Told[string][number]): string {
  const status = message["option 151"];
  const type = String(Number.parseInt(message["option 53"]!, 16));
  return status === undefined ? type : `${type} ${status}`;
}
