import { describe, expect, it } from "vitest";
import { owedRemovals, owesRemovals, withOwedRemovals } from "./owed-removals.ts";

const REMOVAL = { fqdn: "one.example.", forward: true, reverse: false, dhcid: "000001ab" };

describe("what a lease owes the DNS", () => {
  it("stands in its user context beside what others keep there, and goes without a trace", () => {
    const others = '{ "ISC": { "relay-agent-info": "0x01" }, "kotare": { "pd-route": { "via": "::1", "dev": "e" } } }';
    const owing = withOwedRemovals(others, { removals: [REMOVAL], isGone: true });
    expect(owing).toContain('"ISC": { "relay-agent-info": "0x01" }');
    expect(owedRemovals(owing)).toEqual({ removals: [REMOVAL], isGone: true });
    expect(owesRemovals(owing)).toBe(true);
    expect(withOwedRemovals(owing, { removals: [], isGone: false })).toBe(others);
    expect(withOwedRemovals("", { removals: [], isGone: true })).toBe("");
  });

  it.each([
    "",
    "ddns-owed",
    '{ "kotare": { "ddns-owed": 7 } }',
    '{ "kotare": { "ddns-owed": null } }',
    '{ "kotare": { "ddns-owed": { "removals": "all" } } }',
    '{ "kotare": { "ddns-owed": { "removals": [ 7, null, { "fqdn": 7 } ] } } }',
    '{ "kotare": { "ddns-owed": { "removals": [ { "fqdn": "a.", "forward": true, "reverse": true, "dhcid": "xy" } ] } } }',
  ])("is nothing that is not in our form: %s", (context) => {
    expect(owedRemovals(context)).toEqual({ removals: [], isGone: false });
    expect(owesRemovals(context)).toBe(false);
  });
});
