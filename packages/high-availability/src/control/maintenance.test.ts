/** Maintenance of one of two servers: the other one serves all meanwhile, or both serve their own as before. */
import { expect, it } from "vitest";
import { isServed } from "../testing/network.ts";
import { told, twoServers } from "../testing/two-servers.ts";

it("moves the clients to who stays, and back", async () => {
  const { network, a, b } = await twoServers();
  expect(await b.take("ha-maintenance-start")).toMatchObject({ result: 0 });
  expect([a.states, b.states]).toEqual([["in-maintenance"], ["partner-in-maintenance"]]);
  expect([isServed(a, 1), isServed(b, 1)]).toEqual([false, true]);
  expect(a.log.at(-1)).toContain("HA_MAINTENANCE_SHUTDOWN_SAFE");
  for (const node of [a, b]) {
    const { text } = await node.take("ha-maintenance-start");
    expect(text).toMatch(/^Unable to transition the server from the (partner-)?in-maintenance to partner-in/);
  }
  await network.pass(3000);
  expect(await b.take("ha-maintenance-cancel")).toMatchObject({ result: 0 });
  expect([a.states, b.states]).toEqual([["hot-standby"], ["hot-standby"]]);
  expect(await b.take("ha-maintenance-cancel")).toMatchObject({ result: 1 });
  await network.pass(3000);
  expect([isServed(a, 1), isServed(b, 1)]).toEqual([true, false]);
});

it("does not come back with what a partner has told before it ended", async () => {
  const { network, a, b } = await twoServers();
  await b.take("ha-maintenance-start");
  await network.pass(3000);
  await b.take("ha-maintenance-cancel");
  // Both look what is to be done now.
  for (const node of [a, b]) node.answers.set("lease4-update", { result: 4, text: "no" });
  for (const node of [a, b]) await told(node);
  expect([a.states, b.states]).toEqual([["hot-standby"], ["hot-standby"]]);
});

it("ends in partner-down when the partner is gone, before it or during it", async () => {
  const { network, a, b } = await twoServers();
  await b.take("ha-maintenance-start");
  a.isGone = true;
  await network.pass(2000);
  expect(b.states).toEqual(["partner-down"]);
  const other = await twoServers();
  other.a.isGone = true;
  const answer = await other.b.take("ha-maintenance-start");
  expect(answer).toMatchObject({ result: 0, text: expect.stringContaining("now in the partner-down state") });
  expect(other.b.log.at(-1)).toContain("HA_MAINTENANCE_STARTED_IN_PARTNER_DOWN");
});

// Both would serve the same clients, or none of them any.
it("is of neither where both are told of it at once", async () => {
  const { network, a, b } = await twoServers();
  const answers = await Promise.all([a, b].map((node) => node.take("ha-maintenance-start")));
  expect(answers).toEqual([
    { result: 1, text: "The server has gone from the hot-standby to the in-maintenance state meanwhile." },
    { result: 1, text: "The server has gone from the hot-standby to the in-maintenance state meanwhile." },
  ]);
  await network.pass(5000);
  expect([a.states, b.states]).toEqual([["hot-standby"], ["hot-standby"]]);
});

it("is not taken notice of where the state forbids it", async () => {
  const { b } = await twoServers();
  await b.take("ha-maintenance-start");
  const answer = await b.take("ha-maintenance-notify", { cancel: false });
  expect(answer).toEqual({
    result: 1001,
    text: "Unable to transition the server from the partner-in-maintenance to in-maintenance state.",
  });
  expect(await b.take("ha-maintenance-notify", { cancel: true })).toMatchObject({ result: 1 });
});
