import { expect, it } from "vitest";
import { collectTogether } from "./collecting.ts";

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
