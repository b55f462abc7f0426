import { describe, expect, it } from "vitest";
import { CommitFailures } from "./commit-failures.ts";

describe("failed commits", () => {
  it("are told at once, then at growing pauses with the number of packets since", () => {
    const failures = new CommitFailures();
    const told: [second: number, packets: number][] = [];
    for (let second = 1000; second < 1020; second++) {
      for (let batch = 0; batch < 10; batch++) {
        const packets = failures.add(3, "disk full", second);
        if (packets > 0) told.push([second, packets]);
      }
    }
    expect(told).toEqual([
      [1000, 3],
      [1001, 30],
      [1003, 60],
      [1007, 120],
      [1015, 240],
    ]);
  });

  it("are told at once again after a quiet minute", () => {
    const failures = new CommitFailures();
    expect([1000, 1000, 1061].map((second) => failures.add(1, "disk full", second))).toEqual([1, 0, 1]);
  });

  it("are told within a second when they have another reason", () => {
    const failures = new CommitFailures();
    const told = ["lost", "lost", "lost", "disk full", "disk full", "lost", "lost"].map((reason, index) =>
      failures.add(1, reason, 1000 + Math.floor(index / 2)),
    );
    expect(told).toEqual([1, 0, 2, 0, 2, 0, 2]);
  });
});
