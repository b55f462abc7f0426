import { expect, it } from "vitest";
import { PIECE, readLines } from "./read-lines.ts";
import { CrashDisk } from "./testing/crash-disk.ts";

async function linesOf(text: string) {
  const disk = new CrashDisk();
  const fd = await disk.openOrCreate("/file");
  await disk.commitAt(fd, Buffer.from(text, "latin1"), text.length, 0);
  const lines: { readonly text: string; readonly isTooLong: boolean; readonly end: number }[] = [];
  for await (const piece of readLines(disk, fd)) lines.push(...piece);
  return lines;
}

it("gives whole lines, and where each of them ends", async () => {
  expect(await linesOf("one\n\n\xfftwo\ncut o")).toEqual([
    { text: "one", isTooLong: false, end: 4 },
    { text: "", isTooLong: false, end: 5 },
    { text: "\xfftwo", isTooLong: false, end: 10 },
  ]);
  expect(await linesOf("cut o")).toEqual([]);
});

it("gives lines that lie in two pieces, and of one that is longer than a piece its beginning", async () => {
  const [long, longer] = ["a".repeat(PIECE - 10), "b".repeat(2 * PIECE + 5)];
  const lines = await linesOf([long, long, longer, "c", ""].join("\n"));
  const end = 2 * (long.length + 1) + longer.length + 1;
  expect(lines).toEqual([
    { text: long, isTooLong: false, end: long.length + 1 },
    { text: long, isTooLong: false, end: 2 * (long.length + 1) },
    { text: longer.slice(0, PIECE), isTooLong: true, end },
    { text: "c", isTooLong: false, end: end + 2 },
  ]);
});
