/** What becomes of answers that wait for the partner when the server comes to another state. */
import { expect, it } from "vitest";
import { Outbox } from "./outbox.ts";
import { PartnerUpdates } from "./partner-updates.ts";
import type { State } from "./state.ts";
import { exchange, lease4 } from "./testing/exchanges.ts";

/** @returns why answers may not leave: of one that waits for the partner while that happens, and of one that comes then */
async function refusalsIn(state: State) {
  const teller = {
    state: "hot-standby" as State,
    get informs() {
      return this.state === "hot-standby";
    },
    log: { tell: () => undefined },
    silence: 0,
    relationship: { "heartbeat-delay": 1000, "max-response-delay": 3000 },
    now: 0,
    lost: () => undefined,
    conflicts: () => undefined,
  };
  const updates = new PartnerUpdates(new Outbox(4, 0, () => new Promise<never>(() => {})), teller);
  const tell = (number: number) => {
    const events = [exchange(number, ["put", lease4(number)])];
    return updates.tell(events, Promise.resolve(events))[0];
  };
  const first = tell(1);
  teller.state = state;
  updates.enter(state);
  return [await first, await tell(2), updates.outbox.unsent];
}

it("they leave where the partner is not needed any longer", async () => {
  expect(await refusalsIn("partner-down")).toEqual([undefined, undefined, 2]);
});

it.each(["waiting", "in-maintenance"] as const)("they do not where it serves alone: %s", async (state) => {
  const why = `the server is ${state}`;
  expect(await refusalsIn(state)).toEqual([why, why, 2]);
});
