import { describe, expect, it } from "vitest";
import { Refused, type Session } from "../session.ts";
import { describeState, loadStates } from "./daemon-state.ts";

const good = { pid: 1, uptime: 1, reload: 1, sockets: { status: "ready" }, "lease-database": { status: "ready" } };

const OFF = { "dhcp-state": { "globally-disabled": true } };
const pair = (state: string) => ({ "ha-servers": { local: { state } } });

/** @param answers of `version-get` and `status-get` */
async function statesOf(answers: Record<string, unknown>) {
  const askAll = async (_: unknown, command: string) => {
    const answer = answers[command];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return loadStates({ askAll } as unknown as Session, new AbortController().signal);
}

describe("how a daemon is", () => {
  it.each([
    ["serving", {}],
    ["leases cannot be written", { "lease-database": { status: "failed" }, sockets: { status: "failed" } }],
    ["service switched off", { "dhcp-state": { "globally-disabled": true } }],
    ["its partner serves", { ...OFF, "high-availability": [pair("backup")] }],
    ["service switched off", { ...OFF, "high-availability": [pair("waiting")] }],
    ["not on all interfaces", { sockets: { status: "failed", errors: ["eth1 is down"] } }],
    ["degraded: 3 faulty parts left out", { degraded: { "left-out": 3 } }],
  ])("%s", async (text, change) => {
    const there = { result: 0, text: "0.1.0", arguments: { ...good, ...change } };
    const gone = { result: 1, text: "unable to forward command" };
    const states = await statesOf({ "version-get": [there, gone, gone], "status-get": [there, gone, gone] });
    expect(states.map((state) => describeState(state).text)).toEqual([text, "not running", "not running"]);
    expect(states.map(({ isThere }) => isThere)).toEqual([true, false, false]);
  });

  it("is not known to who may not ask; all else can be asked for", async () => {
    const refused = new Refused("desk may not use 'status-get'");
    const states = await statesOf({ "version-get": refused, "status-get": refused });
    expect(states.map(({ isThere, problem }) => [isThere, problem])).toEqual(Array(3).fill([true, refused.message]));
    await expect(statesOf({ "version-get": new Error("gone"), "status-get": [] })).rejects.toThrow("gone");
  });
});
