/** Servers with a partner, with backups, and with several partners: what they do for whom, and what they say of it. */
import { describe, expect, it } from "vitest";
import { exchange, lease4 } from "./testing/exchanges.ts";
import { isServed, Network, type Node, query } from "./testing/network.ts";
import { pair, passive } from "./testing/pairs.ts";
import { NAMES, told, twoServers } from "./testing/two-servers.ts";

describe("a pair", () => {
  it("comes up, says so in the log and to the service manager, and shows both servers", async () => {
    const { a, b } = await twoServers();
    expect([a.states, b.states]).toEqual([["hot-standby"], ["hot-standby"]]);
    expect([a.announced, b.announced]).toEqual(["a hot-standby, b hot-standby", "b hot-standby, a hot-standby"]);
    expect(a.log.map((line) => line.split(" ")[0])).toEqual([
      "HA_SERVICE_STARTED",
      "HA_LOCAL_DHCP_DISABLE",
      "HA_STATE_TRANSITION",
      "HA_SYNC_START",
      "HA_SYNC_SUCCESSFUL",
      "HA_STATE_TRANSITION",
      "HA_STATE_TRANSITION",
      "HA_LOCAL_DHCP_ENABLE",
      "HA_LEASE_UPDATES_ENABLED",
    ]);
    expect(a.log.at(-3)).toContain("a: server transitions from READY to HOT-STANDBY state, partner state is READY");
    expect(a.status).toEqual([
      {
        "ha-mode": "hot-standby",
        "ha-servers": {
          local: {
            role: "primary",
            scopes: ["a"],
            "server-name": "a",
            state: "hot-standby",
            "system-time": "2023-11-14 22:13:30",
          },
          remote: {
            age: 1,
            "analyzed-packets": 0,
            "clock-skew": 0,
            "communication-interrupted": false,
            "connecting-clients": 0,
            "in-touch": true,
            "last-scopes": [],
            "last-state": "hot-standby",
            role: "standby",
            "server-name": "b",
            "system-time": "2023-11-14 22:13:30",
            "unacked-clients": 0,
            "unacked-clients-left": 0,
          },
        },
      },
    ]);
    expect(await told(a)).toBeUndefined();
    expect([...b.leases.keys()]).toEqual(["192.0.2.1"]);
  });

  // docs/high-availability.md: what happens when the primary dies, and hardly a client asks?
  it("a lease out of the cache is no answer when the partner has been silent so long that it may serve alone", async () => {
    const { network, a, b } = await twoServers();
    b.isDeaf = true;
    await network.pass(2000);
    expect(await told(a, 1, "rely")).toBeUndefined();
    await network.pass(2000);
    expect(a.states).toEqual(["hot-standby"]);
    expect(await told(a, 1, "rely")).toContain("the partner cannot be told");
  });

  it("goes on alone as soon as the partner has been silent for as long as it may, however seldom it is asked", async () => {
    const { network, a, b } = await twoServers({
      "heartbeat-delay": 10_000,
      "max-response-delay": 15_000,
      "max-unacked-clients": 0,
    });
    const age = () => Number(b.status[0]!["ha-servers"].remote!["age"]);
    while (age() < 9) await network.pass(1000);
    while (age() > 1) await network.pass(100);
    a.isGone = true;
    await network.pass(14_000);
    expect(b.states).toEqual(["hot-standby"]);
    await network.pass(1100);
    expect(b.states).toEqual(["partner-down"]);
  });

  // A Kea says nothing of what it has from before.
  it("fetches what a Kea has that comes back, if it has served alone since its start", async () => {
    const network = new Network();
    const [a, b] = NAMES.map((name) => network.add([name], [pair(name, NAMES)])) as [Node, Node];
    b.isGone = true;
    await network.pass(10_000);
    expect(a.states).toEqual(["partner-down"]);
    b.leases.set("192.0.2.1", lease4(1));
    b.answers.set("ha-heartbeat", { result: 0, arguments: { state: "ready", scopes: [] } });
    b.answers.set("list-commands", { result: 0, arguments: [] });
    b.isGone = false;
    await network.pass(5000);
    expect([a.states, [...a.leases.keys()]]).toEqual([["hot-standby"], ["192.0.2.1"]]);
  });

  it("counts the clients of a silent partner, and serves them when enough of them have asked for too long", async () => {
    const { network, a, b } = await twoServers({ "max-unacked-clients": 1 });
    a.isGone = true;
    await network.pass(10_000);
    const ask = (mac: string, elapsed: number) =>
      b.contributions.identify!({ ...query(1), mac, elapsed }, () => undefined, {});
    const counts = () => {
      const remote = b.status[0]!["ha-servers"].remote!;
      return ["analyzed", "connecting", "unacked"].map((what) =>
        Number(remote[`${what}-${what === "analyzed" ? "packets" : "clients"}`]),
      );
    };
    for (const [mac, elapsed] of [
      ["one", 0],
      ["two", 0],
      ["two", 10_001],
    ] as const)
      ask(mac, elapsed);
    expect([counts(), b.states]).toEqual([[3, 2, 1], ["hot-standby"]]);
    ask("one", 10_001);
    expect([counts(), b.states]).toEqual([[4, 2, 2], ["partner-down"]]);
    a.isGone = false;
    await network.pass(10_000);
    expect(counts()).toEqual([0, 0, 0]);
  });

  it("tells Prometheus of itself", async () => {
    const { network, a, b } = await twoServers();
    b.isGone = true;
    await network.pass(10_000);
    await told(a);
    const metrics = new Map(a.contributions.metrics!().map(({ name, samples }) => [name, samples]));
    const labels = { server: "a", partner: "b" };
    const state = { ...labels, state: "partner-down", partner_state: "unavailable" };
    expect(metrics.get("kotare_ha_state")).toEqual([{ labels: state, value: 1 }]);
    expect(metrics.get("kotare_ha_scope_served")).toEqual([
      { labels: { ...labels, scope: "a" }, value: 1 },
      { labels: { ...labels, scope: "b" }, value: 0 },
    ]);
    expect(metrics.get("kotare_ha_partner_up")).toEqual([{ labels, value: 0 }]);
    expect(metrics.get("kotare_ha_updates_unsent_total")).toEqual([{ labels, value: 1 }]);
    expect(metrics.get("kotare_ha_partner_silence_seconds")![0]!.value).toBeGreaterThan(9);
    expect(a.announced).toBe("a partner-down, b silent");
    expect(a.log.filter((line) => /INTERRUPTED|HEARTBEAT/.test(line))).toHaveLength(2);
    expect(a.log.at(-1)).toBe("HA_LEASE_UPDATES_DISABLED a: b is not told of leases while the server is PARTNER-DOWN");
  });
});

// docs/high-availability.md: what happens when both servers work on the same lease, or one rejects it?
describe("leases that the partner rejects", () => {
  const rejectedBy = (node: Node) =>
    node.contributions.metrics!().find(({ name }) => name === "kotare_ha_clients_rejected")!.samples[0]!.value;
  const conflicts = (node: Node) => node.log.filter((line) => line.startsWith("HA_LEASE_UPDATE_CONFLICT"));

  it("are not given, and counted by their clients, until it accepts something of these", async () => {
    const { a, b } = await twoServers();
    b.answers.set("lease4-update", { result: 4, text: "somebody has it" });
    for (const number of [1, 1, 2]) expect(await told(a, number)).toBe("the partner rejects it: somebody has it");
    expect([rejectedBy(a), conflicts(a).length]).toEqual([2, 3]);
    b.answers.clear();
    expect(await told(a, 1)).toBeUndefined();
    expect(rejectedBy(a)).toBe(1);
    await a.take("ha-reset");
    expect(rejectedBy(a)).toBe(0);
  });

  // What lasts for a day at a Kea's, or until ten clients have it, would never end between two of ours.
  it("because it has no subnet for them are given all the same, and fetched by it when it has the subnet", async () => {
    const { network, a, b } = await twoServers();
    await a.take("ha-reset");
    await network.pass(10_000);
    b.answers.set("list-commands", { result: 0, arguments: ["lease4-get-rows"] });
    const failed = [1, 2].map((number) => ({ "ip-address": `192.0.2.${number}`, "error-message": "no subnet" }));
    b.answers.set("lease4-bulk-apply", { result: 3, arguments: { "failed-leases": failed } });
    for (const number of [1, 1, 2]) {
      expect(await told(a, number)).toBeUndefined();
      a.leases.set(`192.0.2.${number}`, lease4(number));
    }
    expect([rejectedBy(a), conflicts(a).length]).toEqual([2, 2]);
    expect(conflicts(a)[0]).toContain("a: b will not have a lease of 02:00:00:00:00:01: no subnet");
    await network.pass(5000);
    expect(b.leases.size).toBe(0);
    b.answers.clear();
    b.answers.set("lease4-bulk-apply", { result: 0 });
    expect(await told(a, 1)).toBeUndefined();
    b.answers.clear();
    await network.pass(5000);
    expect([a.states, b.states, [...b.leases.keys()]]).toEqual([
      ["hot-standby"],
      ["hot-standby"],
      ["192.0.2.1", "192.0.2.2"],
    ]);
  });
});

describe("a partner of ours that fetches leases", () => {
  /** `a` serves alone; `b` is back, and fetches its leases. */
  async function withFollower() {
    const pair = await twoServers();
    const { network, a, b } = pair;
    b.isGone = true;
    await network.pass(10_000);
    expect(a.states).toEqual(["partner-down"]);
    b.isGone = false;
    expect(await a.take("ha-sync-begin-notify", { "server-name": "b" })).toMatchObject({ result: 0 });
    return pair;
  }

  it("is told meanwhile what changes, and nobody waits for that", async () => {
    const { a, b } = await withFollower();
    expect(await told(a, 2)).toBeUndefined();
    await expect.poll(() => [...b.leases.keys()]).toEqual(["192.0.2.2"]);
    expect(await a.take("ha-sync-complete-notify", { "server-name": "b" })).toMatchObject({ result: 0 });
  });

  // docs/high-availability.md: what happens when the link between them is cut, and many leases are given meanwhile?
  it("fetches them once more where it could not be told of a change", async () => {
    const { network, a, b } = await withFollower();
    b.isGone = true;
    a.leases.set("192.0.2.2", lease4(2));
    expect(await told(a, 2)).toBeUndefined();
    b.isGone = false;
    await network.pass(10_000);
    expect([...b.leases.keys()]).toEqual(["192.0.2.2"]);
    expect([a.states, b.states]).toEqual([["hot-standby"], ["hot-standby"]]);
  });
});

it("a paused server goes on when it may", async () => {
  const states = [{ state: "waiting", pause: "once" }];
  const { network, a, b } = await twoServers({ "state-machine": { states } });
  expect([a.states, b.states]).toEqual([["waiting"], ["waiting"]]);
  expect(a.log[2]).toContain("HA_STATE_MACHINE_PAUSED");
  expect(await a.take("ha-continue")).toEqual({ result: 0, text: "HA state machine continues." });
  expect(await a.take("ha-continue")).toEqual({ result: 0, text: "HA state machine is not paused." });
  await b.take("ha-continue");
  await network.pass(10_000);
  expect([a.states, b.states]).toEqual([["hot-standby"], ["hot-standby"]]);
  await a.take("ha-reset");
  await network.pass(10_000);
  expect(a.states).toEqual(["hot-standby"]);
});

describe("a backup", () => {
  it("only stores what a server without a partner tells it", async () => {
    const network = new Network();
    const [a, b] = NAMES.map((name) => network.add([name], [passive(name)])) as [Node, Node];
    expect([a.states, b.states]).toEqual([["passive-backup"], ["backup"]]);
    expect([isServed(a, 1), isServed(b, 1)]).toEqual([true, false]);
    expect(a.status[0]!["ha-servers"]).not.toHaveProperty("remote");
    await told(a);
    await network.pass(60_000);
    expect([...b.leases.keys()]).toEqual(["192.0.2.1"]);
    b.isGone = true;
    expect(await told(a, 2)).toBeUndefined();
    expect(await a.take("ha-maintenance-start")).toMatchObject({ result: 1 });
    expect(await b.take("ha-reset")).toMatchObject({ result: 0 });
    expect(b.states).toEqual(["backup"]);
  });

  it("is waited for where the configuration has it so", async () => {
    const network = new Network();
    const [a, b] = NAMES.map((name) => network.add([name], [passive(name, { "wait-backup-ack": true })])) as [
      Node,
      Node,
    ];
    expect(await told(a)).toBeUndefined();
    expect([...b.leases.keys()]).toEqual(["192.0.2.1"]);
    b.isGone = true;
    expect(await told(a)).toBe("backup b cannot be told: refused");
    // It is left alone for a while, and then asked again.
    b.isGone = false;
    expect(await told(a)).toBe("backup b cannot be told");
    await network.pass(1000);
    expect(await told(a)).toBeUndefined();
    expect(a.log.filter((line) => line.includes("HA_LEASE_UPDATE"))).toHaveLength(1);
  });

  it("is told by both of a pair, and fetches leases when it is asked to", async () => {
    const network = new Network();
    const [a, b, c] = ["a", "b", "c"].map((name) => network.add([name], [pair(name, NAMES, {}, "c")])) as [
      Node,
      Node,
      Node,
    ];
    await network.pass(10_000);
    expect([a.states, b.states, c.states]).toEqual([["hot-standby"], ["hot-standby"], ["backup"]]);
    await told(a);
    await network.pass(1);
    expect([b, c].map(({ leases }) => leases.size)).toEqual([1, 1]);
    c.leases.clear();
    expect(await c.take("ha-sync", { "server-name": "a" })).toMatchObject({ result: 0 });
    // It is answered when all leases are there, which are more than ten seconds' worth elsewhere.
    expect(c.contributions.commands!.find(({ name }) => name === "ha-sync")!.longest).toBeGreaterThan(60_000);
    expect(await c.take("ha-sync", { "server-name": "c" })).toMatchObject({ result: 1 });
    expect(await c.take("ha-sync")).toMatchObject({ result: 1 });
    a.isGone = true;
    expect(await c.take("ha-sync", { "server-name": "a" })).toEqual({ result: 1, text: "refused" });
  });
});

describe("a hub", () => {
  async function hub() {
    const network = new Network();
    const [one, two] = [
      ["h1", "s1"],
      ["h2", "s2"],
    ] as const;
    const subnets = new Map([[1, "s1"]]);
    const networks = new Map([
      [1, "h2"],
      [2, "h2"],
    ]);
    const center = network.add(["h1", "h2"], [pair("h1", one), pair("h2", two)], { subnets, networks });
    const [first, second] = [network.add(["s1"], [pair("s1", one)]), network.add(["s2"], [pair("s2", two)])];
    await network.pass(10_000);
    return { network, center, first, second };
  }

  it("has a state for each relationship, and serves the subnets of those that are well", async () => {
    const { network, center, first } = await hub();
    expect(center.states).toEqual(["hot-standby", "hot-standby"]);
    expect([1, 2, 3].map((id) => isServed(center, id))).toEqual([true, true, false]);
    await first.take("ha-maintenance-start");
    expect(center.states).toEqual(["in-maintenance", "hot-standby"]);
    expect([1, 2].map((id) => isServed(center, id))).toEqual([false, true]);
    expect(center.announced).toBe("h1 in-maintenance, s1 hot-standby, h2 hot-standby, s2 hot-standby");
    await network.pass(1);
  });

  it("tells the spoke whose the lease is, and commands say which one they mean", async () => {
    const { center, first, second } = await hub();
    const { lease, event } = (() => {
      const inSecond = { ...lease4(2), "subnet-id": 2 };
      return { lease: inSecond, event: exchange(2, ["put", inSecond]) };
    })();
    await center.contributions.commit!([event, exchange(1, ["put", lease4(1)])], Promise.resolve([]));
    expect([[...first.leases.keys()], [...second.leases.keys()]]).toEqual([["192.0.2.1"], [lease["ip-address"]]]);
    expect(await center.take("ha-heartbeat")).toMatchObject({ result: 1 });
    expect(await center.take("ha-heartbeat", { "server-name": "s2" })).toMatchObject({ arguments: { scopes: ["h2"] } });
    expect(await center.take("ha-heartbeat", { "server-name": "x" })).toEqual({
      result: 1,
      text: "x matches no configured 'server-name'",
    });
    expect(await center.take("ha-scopes", { "server-name": "s2", scopes: ["s1"] })).toMatchObject({ result: 1 });
    expect(await center.take("ha-scopes", { "server-name": "s2", scopes: [] })).toMatchObject({ result: 0 });
    expect([1, 2].map((id) => isServed(center, id))).toEqual([true, false]);
  });

  it("maintains all its partners at once, as Kea's does, or one that is named", async () => {
    const { network, center, first, second } = await hub();
    expect(await center.take("ha-maintenance-start")).toMatchObject({ result: 0 });
    expect([first.states, second.states]).toEqual([["in-maintenance"], ["in-maintenance"]]);
    expect(await center.take("ha-maintenance-cancel", { "server-name": "s1" })).toMatchObject({ result: 0 });
    expect([first.states, second.states]).toEqual([["hot-standby"], ["in-maintenance"]]);
    expect(await center.take("ha-maintenance-cancel")).toMatchObject({ result: 0 });
    expect(center.states).toEqual(["hot-standby", "hot-standby"]);
    second.answers.set("ha-maintenance-notify", { result: 1001, text: "no" });
    expect(await center.take("ha-maintenance-start")).toEqual({ result: 1, text: "The partner refuses: no" });
    expect(center.states).toEqual(["partner-in-maintenance", "hot-standby"]);
    await network.pass(1);
  });

  // A Kea does not say for which relationship it switches the service off.
  it("serves the others while one of its partners, a Kea, fetches leases, and all of them when that is done", async () => {
    const { network, center, first } = await hub();
    const served = () => [1, 2].map((id) => isServed(center, id));
    const switched = (isOn: boolean, seconds?: number) => center.contributions.onPartnerSwitch!(isOn, seconds);
    expect([switched(false, 60), served()]).toEqual([false, [true, true]]);
    first.answers.set("ha-heartbeat", { result: 0, arguments: { state: "waiting", scopes: [] } });
    await network.pass(2000);
    expect([switched(false, 60), served()]).toEqual([true, [false, true]]);
    expect([switched(true), served()]).toEqual([true, [true, true]]);
    expect([switched(false, 3), served()]).toEqual([true, [false, true]]);
    await network.pass(3000);
    expect(served()).toEqual([true, true]);
  });

  it("is refused with a subnet of nobody's", () => {
    const subnets = new Map([[7, "nobody"]]);
    const relationships = [pair("h1", ["h1", "s1"]), pair("h2", ["h2", "s2"])];
    expect(() => new Network().add(["h1"], relationships, { subnets })).toThrow("subnet 7: no peer is called nobody");
  });
});
