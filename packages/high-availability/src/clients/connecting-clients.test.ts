/** How clients of a silent partner are counted. */
import type { Query } from "@kotare/extension";
import { expect, it } from "vitest";
import { ConnectingClients } from "./connecting-clients.ts";

function query(mac: string, elapsed: number): Query {
  return { family: 4, type: "DHCPDISCOVER", mac, clientId: undefined, elapsed } as unknown as Query;
}

it("messages each, clients once, and those that have asked for too long", () => {
  const clients = new ConnectingClients(10_000);
  const counts = () => [clients.analyzed, clients.count, clients.unacked];
  const asked = (mac: string, elapsed: number) => clients.analyze(query(mac, elapsed));
  expect([asked("a", 0), asked("a", 10_000), asked("b", 10_001)]).toEqual(["client", undefined, "unacked"]);
  expect(counts()).toEqual([3, 2, 1]);
  // A client that begins anew has asked for too long before.
  expect([asked("a", 20_000), asked("a", 0), asked("a", 30_000)]).toEqual(["unacked", undefined, undefined]);
  expect(counts()).toEqual([6, 2, 2]);
  clients.clear();
  expect(counts()).toEqual([0, 0, 0]);
});

it("as many as there is memory for", () => {
  const clients = new ConnectingClients(10_000);
  for (let i = 0; i < 65_540; i++) clients.analyze(query(String(i), 0));
  for (let i = 0; i < 3; i++) clients.analyze(query(`too long ${i}`, 20_000));
  expect([clients.analyzed, clients.count, clients.unacked]).toEqual([65_543, 65_539, 3]);
});
