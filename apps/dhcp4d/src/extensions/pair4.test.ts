/** Two servers of a pair, whatever becomes of their messages, their clocks and themselves. */
import { runs } from "@kotare/core/base/testing/runs";
import { pairOptions, playStory, stories } from "@kotare/core/server/testing/pair/pair-story";
import fc from "fast-check";
import { it } from "vitest";
import { PairClients4 } from "../testing/pair-clients4.ts";
import { TestPair4 } from "../testing/test-pair4.ts";

const POOLS = {
  "hot-standby": [{ pool: "192.0.2.10-192.0.2.13" }],
  "load-balancing": [
    { pool: "192.0.2.10-192.0.2.11", "client-class": "HA_server1" },
    { pool: "192.0.2.12-192.0.2.13", "client-class": "HA_server2" },
  ],
};

it("an address is one client's, a lease is at both, and they find together again", { timeout: 600_000 }, async () => {
  const property = fc.asyncProperty(stories, async (story) => {
    const subnet = { id: 7, subnet: "192.0.2.0/24", pools: POOLS[story.mode] };
    using pair = new TestPair4(pairOptions(story, { "valid-lifetime": 100, subnet4: [subnet] }));
    await playStory(pair, new PairClients4(pair), story);
  });
  await fc.assert(property, { numRuns: runs(10), endOnFailure: true });
});
