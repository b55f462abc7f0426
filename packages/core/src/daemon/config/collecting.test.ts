import { getHeapSpaceStatistics } from "node:v8";
import { expect, it } from "vitest";
import { collectTogether, settleYoung } from "./collecting.ts";

it("several threads collect until the last of the works for which they do is over, also where one fails", async () => {
  const flags: string[] = [];
  const set = (flag: string) => void flags.push(flag);
  let end = () => {};
  const long = collectTogether(() => new Promise<void>((resolve) => (end = resolve)), set);
  await expect(collectTogether(() => Promise.reject(new Error("refused")), set)).rejects.toThrow("refused");
  expect(flags).toEqual(["--parallel-scavenge", "--parallel-scavenge"]);
  end();
  await long;
  expect(flags.at(-1)).toBe("--no-parallel-scavenge");
});

it("leaves nothing young that lives", () => {
  const young = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")!.space_used_size;
  const kept = Array.from({ length: 20_000 }, (_, i) => ({ i }));
  settleYoung();
  expect(young()).toBeLessThan(100_000);
  expect(kept).toHaveLength(20_000);
});
