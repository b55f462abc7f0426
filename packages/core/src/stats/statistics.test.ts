import { beforeEach, describe, expect, it } from "vitest";
import { type ListedSubnet, Statistics } from "./statistics.ts";
import { statistics6 } from "./statistics6.ts";

const START = 1_800_000_000;
let statistics: Statistics<typeof statistics6>;
beforeEach(() => {
  statistics = new Statistics(statistics6, START);
});

/** All that is listed and not zero. */
const counted = () =>
  Object.fromEntries([...statistics.entries()].flatMap(([name, { value }]) => (value === 0 ? [] : [[name, value]])));

function list(...subnets: ListedSubnet[]): void {
  for (const _ of statistics.list(subnets, START + 1));
}

const pool = (id: number, size = 0n) => ({ kind: "pool", id, size }) as const;
const pdPool = (id: number, size = 0n) => ({ kind: "pd-pool", id, size }) as const;

describe("statistics", () => {
  it("start at zero, with the time of the start", () => {
    expect(counted()).toEqual({});
    expect(statistics.global["pkt6-received"].changed).toBe(START);
  });

  it("remember when they last changed", () => {
    statistics.global["pkt6-received"].add(2, START + 5);
    expect(statistics.global["pkt6-received"]).toMatchObject({ value: 2, changed: START + 5 });
  });

  it("of a pool count in its subnet and globally too", () => {
    list({ id: 7, pools: [pool(0), pool(1)] });
    statistics.pool("pool", 7, 0)["declined-addresses"].add(1, START);
    statistics.pool("pool", 7, 1)["declined-addresses"].add(2, START);
    expect(counted()).toEqual({
      "declined-addresses": 3,
      "subnet[7].declined-addresses": 3,
      "subnet[7].pool[0].declined-addresses": 1,
      "subnet[7].pool[1].declined-addresses": 2,
    });
  });

  it("of a listed subnet that nobody has asked for yet are as of when it was listed, and go with it", () => {
    const source = {};
    list({ id: 7, source, pools: [pool(0, 10n)] }, { id: 8, source: {}, pools: [pool(0, 1n)] });
    for (const _ of statistics.list([{ id: 7, source, pools: [] }], START + 2));
    expect(statistics.value("total-nas", 7)).toBe(10);
    expect(statistics.find("subnet[7].pool[0].total-nas")).toMatchObject({ value: 10, changed: START + 1 });
    expect(statistics.find("subnet[8].total-nas")).toBeUndefined();
    expect(statistics.value("total-nas", 8)).toBeUndefined();
  });

  it("tell the size of pools and subnets to the last address; pools with one id are one", () => {
    list({ id: 7, pools: [pool(0, 10n), pool(1, 2n ** 64n), pool(0, 5n), pdPool(0, 2n ** 53n - 1n)] });
    expect(counted()).toEqual({
      "subnet[7].total-nas": 2n ** 64n + 15n,
      "subnet[7].total-pds": 2 ** 53 - 1,
      "subnet[7].pool[0].total-nas": 15,
      "subnet[7].pool[1].total-nas": 2n ** 64n,
      "subnet[7].pd-pool[0].total-pds": 2 ** 53 - 1,
    });
    list({ id: 7, pools: [pool(0, 1n)] });
    expect(counted()).toEqual({ "subnet[7].total-nas": 1, "subnet[7].pool[0].total-nas": 1 });
    expect(
      statistics
        .subnet(7)
        ["total-nas"].samples()
        .map(({ value }) => value),
    ).toEqual([1, 2n ** 64n + 15n]);
  });

  it("of a subnet that is not configured are not listed, and its leases are known when it comes back", () => {
    list({ id: 1, pools: [pool(0, 9n)] });
    for (const subnet of [1, 2]) {
      statistics.pool("pool", subnet, 0)["assigned-nas"].add(5, START);
      statistics.pool("pool", subnet, 0)["reclaimed-leases"].add(3, START);
    }
    const everywhere = { "assigned-nas": 10, "reclaimed-leases": 6 };
    expect(counted()).toEqual({
      ...everywhere,
      "subnet[1].total-nas": 9,
      "subnet[1].assigned-nas": 5,
      "subnet[1].reclaimed-leases": 3,
      "subnet[1].pool[0].total-nas": 9,
      "subnet[1].pool[0].assigned-nas": 5,
      "subnet[1].pool[0].reclaimed-leases": 3,
    });
    list({ id: 2, pools: [] });
    expect(statistics.find("subnet[1].assigned-nas")).toBeUndefined();
    statistics.pool("pool", 1, 0)["assigned-nas"].add(-1, START);
    list({ id: 1, pools: [pool(0)] });
    expect(counted()).toEqual({
      ...everywhere,
      "assigned-nas": 9,
      "subnet[1].assigned-nas": 4,
      "subnet[1].pool[0].assigned-nas": 4,
    });
  });

  it("of a pool that is not configured are not listed, and its leases are still its subnet's", () => {
    list({ id: 1, pools: [pdPool(3)] });
    statistics.pool("pd-pool", 1, 3)["assigned-pds"].add(2, START);
    list({ id: 1, pools: [] });
    expect(counted()).toEqual({ "assigned-pds": 2, "subnet[1].assigned-pds": 2 });
    list({ id: 1, pools: [pdPool(3)] });
    expect(statistics.find("subnet[1].pd-pool[3].assigned-pds")?.value).toBe(2);
    expect(statistics.find("subnet[1].pool[3].assigned-nas")).toBeUndefined();
  });

  it("are found by the names under which they are listed, and by no others", () => {
    list({ id: 1, pools: [pool(0), pdPool(0)] });
    for (const [name, statistic] of statistics.entries()) expect(statistics.find(name)).toBe(statistic);
    for (const name of ["", "x", "toString", "subnet[1]", "subnet[1].pkt6-received", "pool[0].assigned-nas"]) {
      expect(statistics.find(name)).toBeUndefined();
    }
  });

  it("are read in the order of their names, with samples, and idle ones cost nothing", () => {
    list(
      { id: 1, pools: [pool(0, 9n), pdPool(2, 4n)] },
      { id: 10, pools: [] },
      ...Array.from({ length: 200 }, (_, i) => ({ id: 100 + i, pools: [] })),
    );
    statistics.pool("pool", 1, 0)["assigned-nas"].add(4, START);
    statistics.pool("pool", 1, 0)["reclaimed-leases"].add(1, START);
    statistics.subnet(1)["reclaimed-leases"].remove(START + 2);
    const read = [...statistics.read()].flat();
    const names = read.map(([name]) => name);
    expect(names).toEqual([...names].sort());
    expect(names).not.toContain("subnet[1].reclaimed-leases");
    expect(Object.fromEntries(read)).toMatchObject({
      "subnet[10].total-nas": [{ value: 0, time: START + 1 }],
      "subnet[10].assigned-nas": [{ value: 0, time: START }],
      "subnet[1].pd-pool[2].total-pds": [{ value: 4, time: START + 1 }],
      "subnet[1].pool[0].assigned-nas": [
        { value: 4, time: START },
        { value: 0, time: START },
      ],
    });
    const entries = [...statistics.entries()].filter(([, { isListed }]) => isListed);
    expect(Object.fromEntries(read)).toEqual(
      Object.fromEntries(entries.map(([name, statistic]) => [name, statistic.samples()])),
    );
  });

  it("of later versions of Kea are told by their name only, and some once they have counted", () => {
    list({ id: 1, pools: [pool(0)] });
    const names = () => [...statistics.read()].flat().map(([name]) => name);
    const rare = ["pkt6-confirm-received", "subnet[1].v6-allocation-fail-subnet"];
    for (const name of [...rare, "assigned-nas", "pkt6-duplicate"]) expect(names()).not.toContain(name);
    statistics.global["pkt6-confirm-received"].add(1, START);
    statistics.pool("pool", 1, 0)["assigned-nas"].add(1, START);
    for (const name of rare.slice(1)) expect(statistics.find(name)).toBeUndefined();
    statistics.subnet(1)["v6-allocation-fail-subnet"].add(1, START);
    statistics.global["pkt6-duplicate"].add(1, START);
    expect(names()).toEqual(expect.arrayContaining(rare));
    for (const name of ["assigned-nas", "pkt6-duplicate"]) {
      expect(names()).not.toContain(name);
      expect(statistics.find(name)?.value).toBe(1);
    }
  });

  it("begin anew on a reset where they count what happens, and tell how many there are all the same", () => {
    list({ id: 1, pools: [pool(0, 9n)] });
    const { "total-nas": size, "assigned-nas": gauge, "reclaimed-leases": counter } = statistics.pool("pool", 1, 0);
    gauge.add(4, START);
    counter.add(2, START);
    for (const each of [size, gauge, counter]) each.reset(START + 9);
    expect([size, gauge, counter].map((each) => each.samples())).toEqual(
      [9, 4, 0].map((value) => [{ value, time: START + 9 }]),
    );
    expect(statistics.global["reclaimed-leases"].value).toBe(2);
  });
});
