/** What the log has of clients of a pair, and of its configuration, under Kea's ids. */
import { expect, it } from "vitest";
import { Network, type Node, query } from "../testing/network.ts";
import { pair } from "../testing/pairs.ts";
import { NAMES, told, twoServers } from "../testing/two-servers.ts";

it("names each client whose lease the partner could not be told, once until it answers again", async () => {
  const { network, a, b } = await twoServers();
  const untold = () => a.log.splice(0).filter((line) => /^HA_LEASE_UPDATE_/.test(line));
  untold();
  b.answers.set("lease4-update", { result: 1, text: "no space left" });
  for (const number of [1, 1, 2]) await told(a, number);
  expect(untold()).toEqual([
    "HA_LEASE_UPDATE_FAILED a: b answers an update of a lease of 02:00:00:00:00:01 with an error: lease4-update: no space left",
    "HA_LEASE_UPDATE_FAILED a: b answers an update of a lease of 02:00:00:00:00:02 with an error: lease4-update: no space left",
  ]);
  await network.pass(2000);
  for (const number of [1, 1]) await told(a, number);
  expect(untold()).toHaveLength(1);
  await network.pass(2000);
  b.isDeaf = true;
  await told(a, 3);
  expect(untold()).toEqual([
    "HA_LEASE_UPDATE_COMMUNICATIONS_FAILED a: b cannot be told of a lease of 02:00:00:00:00:03: no answer",
  ]);
});

it("names the clients of a silent partner that ask, and says how many more have to", async () => {
  const { network, a, b } = await twoServers({ "max-unacked-clients": 1 });
  a.isDeaf = true;
  await network.pass(7000);
  const ask = (number: number, elapsed: number) => {
    b.contributions.identify!({ ...query(1), mac: `02:00:00:00:00:0${number}`, elapsed }, () => undefined, {});
  };
  b.log.length = 0;
  for (const [number, elapsed] of [
    [1, 0],
    [1, 5000],
    [1, 20_000],
    [1, 20_000],
    [2, 20_000],
  ] as const)
    ask(number, elapsed);
  expect(b.log.slice(0, 3)).toEqual([
    "HA_COMMUNICATION_INTERRUPTED_CLIENT4 b: 02:00:00:00:00:01 asks, and a is silent",
    "HA_COMMUNICATION_INTERRUPTED_CLIENT4_UNACKED b: a has not answered 02:00:00:00:00:01, as 1 clients in all; 1 more, and this server takes over",
    "HA_COMMUNICATION_INTERRUPTED_CLIENT4_UNACKED b: a has not answered 02:00:00:00:00:02, as 2 clients in all; 0 more, and this server takes over",
  ]);
  expect(b.states).toEqual(["partner-down"]);
});

it("says how many changes it has kept for a partner that was away for a moment, and that they are there", async () => {
  const network = new Network();
  const peers = NAMES.map((name, i) => ({
    name,
    url: `http://192.0.2.${i + 1}:8000/`,
    role: ["primary", "secondary"][i],
  }));
  const change = { mode: "load-balancing", "delayed-updates-limit": 10, peers };
  const [a, b] = NAMES.map((name) => network.add([name], [pair(name, NAMES, change)])) as [Node, Node];
  await network.pass(10_000);
  b.isDeaf = true;
  await network.pass(1500);
  expect(a.states).toEqual(["communication-recovery"]);
  for (const number of [1, 2]) expect(await told(a, number)).toBeUndefined();
  b.isDeaf = false;
  await network.pass(3000);
  expect(a.log.filter((line) => line.startsWith("HA_LEASES_BACKLOG"))).toEqual([
    "HA_LEASES_BACKLOG_START a: 2 changes that were kept for b are sent",
    "HA_LEASES_BACKLOG_SUCCESS a: b has what was kept for it, after 0 ms",
  ]);
  expect([...b.leases.keys()]).toEqual(["192.0.2.1", "192.0.2.2"]);
});

it("says of a configuration what few want", () => {
  const network = new Network();
  const node = network.add(["a"], [pair("a", NAMES, { "send-lease-updates": false })]);
  expect(node.log.slice(1, 3).map((line) => line.split(" ")[0])).toEqual([
    "HA_CONFIG_LEASE_UPDATES_DISABLED",
    "HA_CONFIG_LEASE_UPDATES_AND_SYNCING_DIFFER",
  ]);
});
