import { expect, it } from "vitest";
import type { Node } from "../testing/network.ts";
import { twoServers } from "../testing/two-servers.ts";

it("a standby need not look at messages for its primary, for as long as it hears it", async () => {
  const { network, a, b } = await twoServers({ "max-unacked-clients": 0 });
  const turned = (node: Node) =>
    ["DHCPDISCOVER", "DHCPREQUEST", "DHCPLEASEQUERY"].map((type) => node.contributions.turnsAway!(type));
  expect([turned(a), turned(b)]).toEqual([
    [false, false, false],
    [true, true, false],
  ]);
  a.isDeaf = true;
  await network.pass(10_000);
  expect([b.states, turned(b)]).toEqual([["partner-down"], [false, false, false]]);
});

it("clients of a silent primary are looked at", async () => {
  const { network, a, b } = await twoServers({ "max-unacked-clients": 1 });
  a.isGone = true;
  await network.pass(10_000);
  expect([b.states, b.contributions.turnsAway!("DHCPDISCOVER")]).toEqual([["hot-standby"], false]);
});
