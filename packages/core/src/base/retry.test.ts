import { describe, expect, it } from "vitest";
import { equalPauses, growingPauses, retry } from "./retry.ts";

describe("the pauses between tries", () => {
  it("double from one second to a minute, and never end", () => {
    const pauses = growingPauses();
    expect([1, 2, 3, 6, 7, 8, 1_000_000].map(pauses)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000]);
  });

  it("are equal and few where the configuration says so", () => {
    expect([1, 2, 3].map(equalPauses(500, 2))).toEqual([500, 500, undefined]);
  });
});

describe("retry", () => {
  /** Fails `failures` times; keeps what was told and how long was slept. */
  function setUp(failures: number) {
    const told: (string | number | undefined)[] = [];
    let tries = 0;
    return {
      told,
      action: () => {
        if (tries++ < failures) throw new Error(`failure ${tries}`);
        return "done";
      },
      options: {
        onFailure: (error: Error, wait: number | undefined) => void told.push(error.message, wait),
        sleep: async (wait: number) => void told.push(`slept ${wait}`),
      },
    };
  }

  it("goes on until the action works", async () => {
    const { action, options, told } = setUp(2);
    await expect(retry(action, options)).resolves.toBe("done");
    expect(told).toEqual(["failure 1", 1000, "slept 1000", "failure 2", 2000, "slept 2000"]);
  });

  it("gives up with the last error when the schedule does", async () => {
    const { action, options, told } = setUp(9);
    await expect(retry(action, { ...options, schedule: equalPauses(5, 1) })).rejects.toThrow("failure 2");
    expect(told).toEqual(["failure 1", 5, "slept 5", "failure 2", undefined]);
  });

  it("ends when it is no longer wanted", async () => {
    const { action, options } = setUp(9);
    const abort = new AbortController();
    const sleep = async () => abort.abort(new Error("stopped"));
    await expect(retry(action, { ...options, signal: abort.signal, sleep })).rejects.toThrow("stopped");
  });
});
