import { describe, expect, it } from "vitest";
import type { LeaseLimit } from "../model/lease-limit.ts";
import { LeaseType6 } from "../model/lease6.ts";
import { LoadPlan, wantedBy } from "./load-plan.ts";
import { SharedPool } from "./pool/shared-pool.ts";

const limit: LeaseLimit = { of: 7, type: LeaseType6.address, most: 1 };

/** Of members `name 0`, `name 1`, … */
function pool(name: string, size = 1000) {
  return new SharedPool<string, string, string>(name, {
    size,
    searched: 100,
    at: (index) => `${name} ${index}`,
    indexOf: (key) => (key.startsWith(`${name} `) ? Number(key.slice(name.length + 1)) : undefined),
    isExcluded: () => false,
  });
}
/** Nothing of it is free: from now on it is searched. */
function exhaust(of: ReturnType<typeof pool>) {
  of.take(of.ask(0), () => false, 0);
  return of;
}

describe("a load brings", () => {
  it("what look-ups have missed since the last one, each once, and all are counted", () => {
    const plan = new LoadPlan<string, string, string>();
    expect(wantedBy(plan.take())).toBeUndefined();
    plan.missKey("k");
    plan.missKey("k");
    plan.missIdentifier("i");
    plan.missCrossing("r", "range");
    plan.missLimit(limit);
    expect(plan.missed).toBe(5);
    expect(wantedBy(plan.take())).toEqual({
      keys: new Set(["k"]),
      identifiers: new Set(["i"]),
      crossings: ["range"],
      limits: new Set([limit]),
    });
    expect(plan.missed).toBe(5);
    expect(wantedBy(plan.take())).toBeUndefined();
  });

  it.each<[string, (plan: LoadPlan<string, string, string>) => void]>([
    ["a key", (plan) => plan.missKey("k")],
    ["a client", (plan) => plan.missIdentifier("i")],
    ["what crosses a range", (plan) => plan.missCrossing("r", "range")],
    ["a limit", (plan) => plan.missLimit(limit)],
  ])("%s alone", (_, miss) => {
    const plan = new LoadPlan<string, string, string>();
    miss(plan);
    expect(wantedBy(plan.take())).toBeDefined();
    expect(plan.missed).toBe(1);
  });

  it("a block of a pool, beginning where it was wanted, or has a pool searched that is taken throughout", () => {
    const plan = new LoadPlan<string, string, string>();
    const [sparse, taken] = [pool("a"), exhaust(pool("b"))];
    plan.missPool(sparse, 0.5);
    plan.missPool(taken, undefined);
    expect(plan.missed).toBe(2);
    const taking = plan.take();
    expect([...taking.blocks.keys()]).toEqual([sparse]);
    expect(taking.searched).toEqual([taken]);
    const { keys } = wantedBy(taking)!;
    expect([keys.size, [...keys][0]]).toEqual([256, "a 500"]);
    expect(plan.take().blocks.size).toBe(0);
  });

  it("more of a pool in use that runs low, before it is empty", () => {
    const plan = new LoadPlan<string, string, string>();
    const used = pool("a");
    plan.usePool(used);
    plan.usePool(exhaust(pool("b")));
    expect([...plan.take().blocks.keys()]).toEqual([used]);
    used.take(used.ask(undefined), () => true, 0);
    expect(plan.take().blocks.size).toBe(0);
    expect(plan.missed).toBe(0);
  });

  it("blocks of 64 pools at a time", () => {
    const plan = new LoadPlan<string, string, string>();
    for (let i = 0; i < 70; i++) plan.missPool(pool(`p${i}`), 0);
    expect(plan.missed).toBe(70);
    expect(plan.take().blocks.size).toBe(64);
  });
});
