/** When a server stays in a state. */
import { expect, it } from "vitest";
import { Pauses } from "./pauses.ts";

it("always, once, never, and where nothing is said", () => {
  const pauses = new Pauses([
    { state: "waiting", pause: "always" },
    { state: "syncing", pause: "once" },
    { state: "ready", pause: "never" },
  ]);
  const states = ["waiting", "syncing", "ready", "hot-standby"] as const;
  expect(states.map((state) => pauses.pauseIn(state))).toEqual([true, true, false, false]);
  expect(states.map((state) => pauses.pauseIn(state))).toEqual([true, false, false, false]);
});
