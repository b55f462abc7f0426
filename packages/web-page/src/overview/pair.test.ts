/** What is said of pairs, by what the daemons say. */
import { expect, it } from "vitest";
import type { DaemonState } from "./daemon-state.ts";
import { describePartner, moodOf, type PairStatus, pairsIn } from "./pair.ts";

const remote = {
  "server-name": "b",
  "last-state": "hot-standby",
  age: 3,
  "in-touch": true,
  "communication-interrupted": false,
  "clock-skew": 0,
  "unacked-clients": 0,
};

function pair(state: string, change: object | undefined = {}): PairStatus {
  const local = { "server-name": "a", state, scopes: ["a"] };
  const servers = change === undefined ? { local } : { local, remote: { ...remote, ...change } };
  return { "ha-mode": "hot-standby", "ha-servers": servers };
}

it.each([
  ["good", "hot-standby", {}],
  ["bad", "hot-standby", { "communication-interrupted": true }],
  ["bad", "partner-down", {}],
  ["off", "waiting", {}],
] as const)("%s in %s with %j", (mood, state, change) => {
  expect(moodOf(pair(state, change))).toBe(mood);
});

it.each([
  ["b, hot-standby, heard 3 s ago", {}],
  ["b, not heard yet", { "in-touch": false }],
  ["b, not heard yet", { "clock-skew": null }],
  ["b, hot-standby, heard 3 s ago; its clock is 7 s behind", { "clock-skew": -7 }],
  ["b, hot-standby, heard 3 s ago; its clock is 70 s ahead", { "clock-skew": 70 }],
])("%s", (words, change) => {
  expect(describePartner(pair("hot-standby", change))).toBe(words);
});

it("a server without a partner has none", () => {
  const alone = pair("backup");
  const backup = { ...alone, "ha-servers": { local: alone["ha-servers"].local } };
  expect([describePartner(backup), moodOf(backup)]).toEqual(["none", "good"]);
});

it("each daemon may have several", () => {
  const states = [
    { service: "dhcp4", status: { "high-availability": [pair("ready"), pair("waiting")] } },
    { service: "dhcp6", status: {} },
    { service: "d2", status: undefined },
  ] as unknown as readonly DaemonState[];
  expect(pairsIn(states).map(({ service, "ha-servers": { local } }) => [service, local.state])).toEqual([
    ["dhcp4", "ready"],
    ["dhcp4", "waiting"],
  ]);
});
