import { expect, it } from "vitest";
import { type ConnectionEvent, Reconnecting } from "./reconnecting.ts";

/** Connections are numbers; opening one fails as often as `failures` says. */
function setUp(tries: number) {
  const events: string[] = [];
  const losses: ((error: Error) => void)[] = [];
  const state = { failures: 0, closed: [] as number[] };
  const link = new Reconnecting<number>({
    open(onLost) {
      if (state.failures-- > 0) return Promise.reject(new Error("refused"));
      losses.push(onLost);
      return Promise.resolve(losses.length);
    },
    close(connection) {
      state.closed.push(connection);
      return Promise.resolve();
    },
    schedule: (failures) => (failures <= tries ? 0 : undefined),
    report: (event: ConnectionEvent) => {
      const { kind } = event;
      events.push(kind === "failed" ? `failed, ${event.wait === undefined ? "over" : "again"}` : kind);
    },
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
  return { link, state, events, settle, lose: () => losses.at(-1)!(new Error("gone")) };
}

it("what is lost is opened again, after as many tries as it takes", async () => {
  const { link, state, events, settle, lose } = setUp(5);
  await link.open();
  expect(link.connection).toBe(1);
  state.failures = 2;
  lose();
  expect(() => link.connection).toThrow("gone");
  await settle();
  expect(events).toEqual(["lost", "failed, again", "failed, again", "recovered"]);
  expect(link.connection).toBe(2);
});

it("when the tries are over it says so, and why there is no connection", async () => {
  const { link, state, events, settle, lose } = setUp(1);
  await link.open();
  state.failures = 9;
  lose();
  await settle();
  expect(events).toEqual(["lost", "failed, again", "failed, over"]);
  expect(() => link.connection).toThrow("refused");
});

it("the first connection is the caller's business", async () => {
  const { link, state, events } = setUp(5);
  state.failures = 1;
  await expect(link.open()).rejects.toThrow("refused");
  expect(events).toEqual([]);
});

it("closed, it opens nothing again", async () => {
  const { link, state, events, settle, lose } = setUp(5);
  await link.open();
  await link.close();
  lose();
  await settle();
  expect(state.closed).toEqual([1]);
  expect(events).toEqual([]);
});
