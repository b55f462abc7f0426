/** Two servers of a pair, whatever becomes of their messages, their clocks and themselves. */
import { runs } from "@kotare/core/base/testing/runs";
import { pairOptions, playStory, stories } from "@kotare/core/server/testing/pair/pair-story";
import fc from "fast-check";
import { it } from "vitest";
import { PairClients6 } from "../testing/pair-clients6.ts";
import { TestPair6 } from "../testing/test-pair6.ts";

const RANGES = ["2001:db8::10-2001:db8::11", "2001:db8::12-2001:db8::13"];
const PREFIXES = ["2001:db8:8000::", "2001:db8:8000:200::"];

/** Four addresses and four prefixes. @param isDivided each server gives half of them */
function subnetFor(isDivided: boolean) {
  const classOf = (i: number) => isDivided && { "client-class": `HA_server${i + 1}` };
  return {
    id: 7,
    subnet: "2001:db8::/64",
    interface: "eth0",
    pools: RANGES.map((pool, i) => ({ pool, ...classOf(i) })),
    "pd-pools": PREFIXES.map((prefix, i) => ({ prefix, "prefix-len": 55, "delegated-len": 56, ...classOf(i) })),
  };
}

it("an address or prefix is one client's, a lease is at both, and they find together again", {
  timeout: 600_000,
}, async () => {
  const property = fc.asyncProperty(stories, async (story) => {
    const config = { "valid-lifetime": 100, subnet6: [subnetFor(story.mode === "load-balancing")] };
    using pair = new TestPair6(pairOptions(story, config));
    await playStory(pair, new PairClients6(pair), story);
  });
  await fc.assert(property, { numRuns: runs(10), endOnFailure: true });
});
