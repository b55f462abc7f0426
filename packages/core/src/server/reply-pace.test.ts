import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ReplyPace } from "./reply-pace.ts";

let now: number;
let left: string[];
let pace: ReplyPace;

/** @param name what is noted when they leave */
async function ready(name: string, count: number): Promise<void> {
  await pace.turn(count);
  left.push(name);
}

async function pass(milliseconds: number): Promise<void> {
  now += milliseconds;
  await vi.advanceTimersByTimeAsync(milliseconds);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  now = 0;
  left = [];
  pace = new ReplyPace({ monotonic: () => now });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the pace of replies", () => {
  it("a few leave at once, without a pause between them and without a timer", () => {
    for (let i = 0; i < 32; i++) expect(pace.turn(1)).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("of many that are ready together one batch leaves each millisecond, in their order", async () => {
    for (const name of ["a", "b", "c"]) void ready(name, 64);
    await pass(0);
    expect(left).toEqual(["a"]);
    await pass(1);
    expect(left).toEqual(["a", "b"]);
    await pass(1);
    expect(left).toEqual(["a", "b", "c"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("what is ready later leaves after what waits, and at once when the pause is over", async () => {
    void ready("a", 64);
    void ready("b", 64);
    void ready("c", 1);
    await pass(1);
    expect(left).toEqual(["a", "b"]);
    await pass(1);
    void ready("d", 1);
    await pass(0);
    expect(left).toEqual(["a", "b", "c", "d"]);
  });

  it("the more wait, the more leave at a time", async () => {
    for (let i = 0; i < 65; i++) void ready("", 64);
    await pass(0);
    expect(left).toHaveLength(1);
    await pass(1);
    expect(left).toHaveLength(1 + 8);
  });
});
