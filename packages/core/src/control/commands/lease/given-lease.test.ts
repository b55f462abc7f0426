import { expect, it } from "vitest";
import { lease4Csv } from "../../../leases/csv/lease4-csv.ts";
import { LeaseState } from "../../../leases/model/lease.ts";
import { family4 } from "../../../leases/testing/test-families.ts";
import { checkGiven, commonPart } from "./given-lease.ts";

it("a lease has room for a context of half a million characters, and none that a row has no room for", () => {
  const part = (length: number) =>
    commonPart(
      { "fqdn-fwd": false, "fqdn-rev": false, state: 0, "user-context": { text: "é".repeat(length) } },
      { subnetId: 7, poolId: 0, validLifetime: 3600, now: 1_800_000_000 },
    );
  expect(part(524_288)).toEqual({ result: 1, text: "user-context is longer than a lease can have" });
  expect(lease4Csv.check({ ...family4.lease(1), ...part(520_000) })).toBeUndefined();
});

it("a lease that was given back, state 3 of newer Keas, is over and free, however long it was to last", () => {
  const around = { subnetId: 7, poolId: 0, validLifetime: 3600, now: 1_800_000_000 };
  for (const lifetime of [{}, { "valid-lft": 0 }, { "valid-lft": 500 }]) {
    const given = { "fqdn-fwd": false, "fqdn-rev": false, state: 3, ...lifetime };
    expect(checkGiven(given)).toBeUndefined();
    expect(commonPart(given, around)).toMatchObject({ state: LeaseState.reclaimed, validLifetime: 1 });
  }
  expect(checkGiven({ "fqdn-fwd": false, "fqdn-rev": false, state: 2, "valid-lft": 0 })).toMatchObject({ result: 1 });
});
