import { describe, expect, it } from "vitest";
import { gatherHosts } from "./select-host.ts";

const NONE = null;
const row = (...values: readonly unknown[]) => [JSON.stringify(values)];

describe("the rows of reservations", () => {
  it("are put together by host, in their order", () => {
    const rows = [row(7, 1, "a", [1, "x"]), row(3, 2, "b", NONE), row(7, 1, "a", [2, "y"])];
    expect(gatherHosts(4, rows)).toEqual([
      {
        id: 7,
        subnetId: 1,
        values: [
          "a",
          [
            [1, "x"],
            [2, "y"],
          ],
        ],
      },
      { id: 3, subnetId: 2, values: ["b", []] },
    ]);
  });

  it("have each option and each lease once, in the order of their numbers", () => {
    const rows = [9, 8].flatMap((option) => [2, 1].map((lease) => row(7, 1, "a", [option, "x"], [lease, "y"])));
    const [host] = gatherHosts(6, rows);
    expect(host?.values.slice(1)).toEqual([
      [
        [8, "x"],
        [9, "x"],
      ],
      [
        [1, "y"],
        [2, "y"],
      ],
    ]);
  });

  it("may have their parts as text, as some databases give JSON within JSON", () => {
    expect(gatherHosts(4, [row(7, 1, "a", JSON.stringify([1, "x"]))])).toMatchObject([{ values: ["a", [[1, "x"]]] }]);
  });
});
