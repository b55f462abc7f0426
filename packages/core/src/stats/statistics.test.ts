import { beforeEach, describe, expect, it } from "vitest";
import { Statistics } from "./statistics.ts";
import { statistics4 } from "./statistics4.ts";

const START = 1_800_000_000;
let statistics: Statistics<typeof statistics4>;
beforeEach(() => {
  statistics = new Statistics(statistics4, START);
});

/** All that is not zero. */
const counted = () =>
  Object.fromEntries([...statistics.entries()].flatMap(([name, { value }]) => (value === 0 ? [] : [[name, value]])));

describe("statistics", () => {
  it("start at zero, with the time of the start", () => {
    expect(counted()).toEqual({});
    expect(statistics.global["pkt4-received"].changed).toBe(START);
  });

  it("remember when they last changed", () => {
    statistics.global["pkt4-received"].add(2, START + 5);
    expect(statistics.global["pkt4-received"]).toMatchObject({ value: 2, changed: START + 5 });
  });

  it("of a pool count in its subnet and globally too, where Kea has them there", () => {
    statistics.pool(7, 0)["assigned-addresses"].add(1, START);
    statistics.pool(7, 1)["assigned-addresses"].add(2, START);
    statistics.pool(7, 0)["total-addresses"].set(100, START);
    expect(counted()).toEqual({
      "assigned-addresses": 3,
      "subnet[7].assigned-addresses": 3,
      "subnet[7].pool[0].assigned-addresses": 1,
      "subnet[7].pool[1].assigned-addresses": 2,
      "subnet[7].total-addresses": 100,
      "subnet[7].pool[0].total-addresses": 100,
    });
  });

  it("set again change the levels above by the difference", () => {
    statistics.pool(7, 0)["total-addresses"].set(100, START);
    statistics.pool(7, 1)["total-addresses"].set(10, START);
    statistics.pool(7, 0)["total-addresses"].set(50, START);
    expect(statistics.subnet(7)["total-addresses"].value).toBe(60);
  });

  it("of a subnet that a reload takes away no longer count as there, but still as having happened", () => {
    for (const subnet of [1, 2]) {
      statistics.pool(subnet, 0)["assigned-addresses"].add(5, START);
      statistics.pool(subnet, 0)["cumulative-assigned-addresses"].add(5, START);
    }
    statistics.retain((subnet) => subnet === 2, START + 1);
    expect(counted()).toEqual({
      "assigned-addresses": 5,
      "cumulative-assigned-addresses": 10,
      "subnet[2].assigned-addresses": 5,
      "subnet[2].cumulative-assigned-addresses": 5,
      "subnet[2].pool[0].assigned-addresses": 5,
      "subnet[2].pool[0].cumulative-assigned-addresses": 5,
    });
  });

  it("of a pool that a reload takes away leave its subnet", () => {
    statistics.pool(1, 0)["total-addresses"].set(10, START);
    statistics.pool(1, 1)["total-addresses"].set(20, START);
    statistics.retain((_, pool) => pool !== "pool[1]", START);
    expect(counted()).toEqual({ "subnet[1].total-addresses": 10, "subnet[1].pool[0].total-addresses": 10 });
  });
});
