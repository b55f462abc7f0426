/** What a new configuration does to servers of pairs. */
import { expect, it } from "vitest";
import { lease4 } from "./testing/exchanges.ts";
import { twoServers } from "./testing/two-servers.ts";

it("a server that a reload takes away while it fetches leases has no part in the service any longer", async () => {
  const { network, a, b } = await twoServers();
  b.isGone = true;
  await network.pass(10_000);
  b.isGone = false;
  a.leases.set("192.0.2.1", lease4(1));
  let write = () => {};
  b.disk = new Promise((resolve) => {
    write = resolve;
  });
  await b.take("ha-reset");
  await network.pass(1000);
  expect([a.states, b.states, b.leases.size]).toEqual([["partner-down"], ["syncing"], 0]);
  b.contributions.stop!();
  write();
  await network.pass(1000);
  expect([b.leases.size, b.isOn, b.states]).toEqual([1, true, ["syncing"]]);
});
