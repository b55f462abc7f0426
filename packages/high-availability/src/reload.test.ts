/** What a new configuration does to servers of pairs. */
import { expect, it } from "vitest";
import { lease4 } from "./testing/exchanges.ts";
import type { Node } from "./testing/network.ts";
import { told, twoServers } from "./testing/two-servers.ts";

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

const fetches = ({ log }: Node) => log.filter((line) => line.startsWith("HA_SYNC_SUCCESSFUL")).length;

// docs/high-availability.md: the partner fetches what it lacks when its configuration has the subnet.
it("leases of subnets that a new configuration brings are fetched from the partner, and nothing without need", async () => {
  const { network, a, b } = await twoServers();
  a.answers.set("list-commands", { result: 0, arguments: ["ha-sync-begin-notify"] });
  a.answers.set("lease4-get-rows", { result: 0, arguments: { rows: "192.0.2.1,100,1000\n" } });
  const failed = [{ "ip-address": "192.0.2.1", "error-message": "no subnet" }];
  b.answers.set("lease4-bulk-apply", { result: 3, arguments: { count: 0, "failed-leases": failed } });
  await b.take("ha-reset");
  await network.pass(5000);
  const before = fetches(b);
  const fetched = async () => {
    b.contributions.configured!();
    await network.pass(5000);
    return fetches(b) - before;
  };
  expect(await fetched()).toBe(1);
  b.answers.set("lease4-bulk-apply", { result: 0, arguments: { count: 1 } });
  expect([await fetched(), await fetched()]).toEqual([2, 2]);
});

it("a partner that has no subnet for a lease learns that it lacks some", async () => {
  const { network, a, b } = await twoServers();
  await a.take("ha-reset");
  await network.pass(10_000);
  b.answers.set("list-commands", { result: 0, arguments: ["lease4-get-rows"] });
  const failed = [1, 2].map((number) => ({ "ip-address": `192.0.2.${number}`, "error-message": "no subnet" }));
  b.answers.set("lease4-bulk-apply", { result: 3, arguments: { "failed-leases": failed } });
  const before = fetches(b);
  for (const number of [1, 2]) expect(await told(a, number)).toBeUndefined();
  await network.pass(5000);
  expect(fetches(b) - before).toBe(1);
});
