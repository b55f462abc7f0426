import { describe, expect, it } from "vitest";
import type { Loaded, Wanted } from "./lease-database.ts";
import { LoadQueue } from "./load-queue.ts";

type Asked = Wanted<number, string>;
type Answer = Loaded<string>;

const want = (keys: readonly number[], ...ranges: readonly string[]): Asked => ({
  keys: new Set(keys),
  identifiers: new Set(keys.map((key) => `client ${key}`)),
  crossings: ranges,
  limits: new Set(),
});

/** A database whose answers come when the test wants. */
class SlowDatabase {
  readonly asked: Asked[] = [];
  readonly #answers: ((failure?: Error) => void)[] = [];
  readonly queue = new LoadQueue<string, number, string>((wanted) => {
    this.asked.push(wanted);
    return new Promise((resolve, reject) => {
      this.#answers.push((failure) => (failure === undefined ? resolve(answerTo(wanted)) : reject(failure)));
    });
  });

  async answer(failure?: Error): Promise<void> {
    this.#answers.shift()!(failure);
    await new Promise(setImmediate);
  }
}

function answerTo({ keys, crossings }: Asked): Answer {
  return { leases: [...keys].map((key) => `lease ${key}`), claims: new Map(), crossed: crossings, counts: new Map() };
}

describe("loads", () => {
  it("begin at once when none is under way", async () => {
    const { queue, asked } = new SlowDatabase();
    void queue.load(want([1]));
    expect(asked).toEqual([want([1])]);
  });

  it("that come meanwhile go together", async () => {
    const database = new SlowDatabase();
    void database.queue.load(want([1]));
    const second = database.queue.load(want([2, 3], "a", "bb"));
    const third = database.queue.load(want([3, 4], "ccc"));
    await database.answer();
    expect(database.asked).toHaveLength(2);
    expect(database.asked[1]!.keys).toEqual(new Set([2, 3, 4]));
    expect(database.asked[1]!.crossings).toEqual(["a", "bb", "ccc"]);
    await database.answer();
    expect((await second).crossed).toContain("bb");
    expect((await third).leases).toContain("lease 4");
  });

  it("fail together, and the next ones are tried", async () => {
    const database = new SlowDatabase();
    const failures = [1, 2, 3].map((key) => database.queue.load(want([key])).catch((error: Error) => error.message));
    await database.answer();
    await database.answer(new Error("gone"));
    const last = database.queue.load(want([4]));
    await database.answer();
    expect((await Promise.all(failures)).slice(1)).toEqual(["gone", "gone"]);
    expect((await last).leases).toEqual(["lease 4"]);
  });
});
