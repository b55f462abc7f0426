/** What Kea 3 calls a script for, with which environment, and what its forensic log has: the same as ours. */
import { describe, expect, test } from "vitest";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { stage6 } from "../../src/oracle/dhcp6/stage.ts";
import { acts4 } from "../../src/oracle/events/acts4.ts";
import { acts6 } from "../../src/oracle/events/acts6.ts";
import { type Acts, type Call, playEvents } from "../../src/oracle/events/play-events.ts";
import type { Speech, Stage } from "../../src/oracle/speech.ts";
import { findKea } from "../../src/subject/kea.ts";

/** Calls that Kea makes and we do not. */
const NOT_OURS: readonly ((call: Call) => boolean)[] = [
  // A DISCOVER renews nothing.
  ({ title }) => title.startsWith("lease4_renew DHCPDISCOVER"),
  // A lease that was given back is over already.
  ({ environment }) => environment.has("REMOVE_LEASE") && isReleased(environment),
];

function isReleased(environment: Call["environment"]): boolean {
  return (environment.get("LEASE4_STATE") ?? environment.get("LEASE6_STATE")) === "released";
}

async function compare<S extends Speech>(stage: Stage<S>, acts: Acts<S>): Promise<void> {
  const [kea, ours] = await Promise.all([playEvents(stage, "kea3", acts), playEvents(stage, "kotare", acts)]);
  const expected = [...kea.calls.values()].filter((call) => !NOT_OURS.some((is) => is(call)));
  expect([...ours.calls.keys()].sort()).toEqual(expected.map(({ title }) => title).sort());
  for (const { title, environment } of expected) expect(ours.calls.get(title)!.environment, title).toEqual(environment);
  expect(ours.lines).toEqual(kea.lines);
}

describe.skipIf(findKea("kea3", "kea-dhcp4") === undefined)("run_script and legal_log", () => {
  test.concurrent("DHCPv4", () => compare(stage4, acts4));
  test.concurrent("DHCPv6", () => compare(stage6, acts6));
});
