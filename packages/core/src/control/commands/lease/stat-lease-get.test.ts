import { describe, expect, it } from "vitest";
import { LeaseState } from "../../../leases/model/lease.ts";
import type { LeaseTally } from "../../../leases/model/lease-store.ts";
import { LeaseType6 } from "../../../leases/model/lease6.ts";
import { gauge, Statistic } from "../../../stats/statistic.ts";
import { statLeaseGet } from "./stat-lease-get.ts";

const { assigned, declined, registered } = LeaseState;
const { address, prefix } = LeaseType6;

function tally(
  subnetId: number,
  state: LeaseState,
  count: number,
  type: LeaseType6 | undefined,
  poolId = 0,
): LeaseTally {
  return { subnetId, poolId, state, type, count };
}

/** The rows of subnets 1 and 2; of everything in each this server has counted 9, and of them 2 that are declined. */
async function rows(family: 4 | 6, held: readonly LeaseTally[] | undefined): Promise<unknown> {
  const counted = (value: number) => {
    const statistic = new Statistic(gauge(""), undefined, 0);
    statistic.add(value, 0);
    return statistic;
  };
  const statistics = new Proxy({}, { get: (_, name) => counted(name === "declined-addresses" ? 2 : 9) });
  const { arguments: answer } = await statLeaseGet(family).call(
    {},
    {
      subnetIds: () => [1, 2],
      subnetStatistics: () => statistics,
      countHeld: held && (() => Promise.resolve(held)),
      now: () => 0,
    },
  );
  return answer;
}

const table = (...of: number[][]) => ({ "result-set": expect.objectContaining({ rows: of }) });

describe("stat-lease4-get and stat-lease6-get", () => {
  it("say what this server has counted where nobody else changes its leases", async () => {
    expect(await rows(4, undefined)).toEqual(table([1, 9, 9, 7, 2], [2, 9, 9, 7, 2]));
  });

  it("say what all servers hold of a database that they share, and what this one has given so far", async () => {
    const held4 = [
      tally(1, assigned, 3, undefined),
      tally(1, assigned, 4, undefined, 5),
      tally(1, declined, 1, undefined),
    ];
    expect(await rows(4, held4)).toEqual(table([1, 9, 9, 7, 1], [2, 9, 9, 0, 0]));
    const held6 = [
      ...[tally(2, assigned, 3, address), tally(2, assigned, 5, prefix), tally(2, declined, 1, address)],
      tally(1, registered, 9, address),
    ];
    expect(await rows(6, held6)).toEqual(table([1, 9, 9, 0, 0, 9, 9, 0], [2, 9, 9, 3, 1, 9, 9, 5]));
  });
});
