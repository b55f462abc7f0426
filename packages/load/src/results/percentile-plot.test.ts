import { expect, test } from "vitest";
import { Histogram } from "./histogram.ts";
import { plotPercentiles } from "./percentile-plot.ts";

function histogramOf(...delays: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const delay of delays) histogram.add(delay);
  return histogram;
}

test("the plot goes from the shortest delay at the bottom left to the longest at the top right", () => {
  const delays = histogramOf(...Array.from({ length: 1000 }, (_, i) => (i < 900 ? 1 : i < 990 ? 10 : 100)));
  const lines = plotPercentiles([{ name: "DISCOVER-OFFER", delays }]);
  expect(lines.at(0)).toMatch(/^ +100 ms \| {40,}o+$/);
  expect(lines.at(11)).toMatch(/^ +1.00 ms \|o{21,22}$/);
  expect(lines.at(-2)).toMatch(/^ +0 % +50 % +90 % +99 % +99.9 %$/);
  expect(lines.at(-1)).toMatch(/o DISCOVER-OFFER$/);
});

test("each curve has a mark of its own, and none is drawn of nothing", () => {
  const lines = plotPercentiles([
    { name: "A", delays: histogramOf(1, 2) },
    { name: "B", delays: new Histogram() },
    { name: "C", delays: histogramOf(5, 9) },
  ]);
  expect(lines.slice(-2).map((line) => line.trim())).toEqual(["o A", "+ C"]);
  expect(plotPercentiles([{ name: "B", delays: new Histogram() }])).toEqual([]);
});
