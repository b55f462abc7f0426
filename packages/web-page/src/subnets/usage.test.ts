import { expect, it } from "vitest";
import { addSample, assignedOver, type Sample, type Usage } from "./usage.ts";

const usage = (subnetId: number, assigned: number, kind: Usage["kind"] = "addresses"): Usage => ({
  subnetId,
  kind,
  total: 100,
  assigned,
  declined: 0,
});

it("what is leased over time is counted for one subnet, or for all, without prefixes", () => {
  const samples = [
    { time: 1, usages: [usage(1, 10), usage(2, 20), usage(2, 5, "prefixes")] },
    { time: 2, usages: [usage(1, 11)] },
  ];
  expect(assignedOver(samples, undefined)).toEqual([30, 11]);
  expect(assignedOver(samples, 2)).toEqual([20, 0]);
});

it("samples are an hour at most, and fewer where there are many subnets", () => {
  const fill = (usages: readonly Usage[]) => {
    let samples: readonly Sample[] = [];
    for (let time = 0; time < 1000; time++) samples = addSample(samples, { time, usages });
    return samples;
  };
  expect(fill([usage(1, 1)])).toHaveLength(720);
  expect(fill(Array.from({ length: 10_000 }, (_, i) => usage(i, 1))).map(({ time }) => time)).toEqual(
    Array.from({ length: 20 }, (_, i) => 980 + i),
  );
});
