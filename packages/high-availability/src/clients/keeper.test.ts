/** Which server ends a lease and tells the DNS of it. */
import { expect, it } from "vitest";
import type { Relationship } from "../parameters/relationship-schema.ts";
import { lease4 } from "../testing/exchanges.ts";
import { pair } from "../testing/pairs.ts";
import { type Asked, keeperOf, UPKEEP } from "./keeper.ts";
import { Scopes } from "./scopes.ts";

/** A lease that ends at 1100. */
const LEASE = lease4(1);
const ASKED: Asked = { state: "hot-standby", served: [], sendsUpdates: true, heard: 1100 + UPKEEP + 1 };
const scopes = (change: object = {}) => {
  const { peers, ...rest } = pair("b", ["a", "b"], change);
  return new Scopes({
    ...rest,
    peers: peers.map((peer) => ({ ...peer, "auto-failover": true })),
  } as unknown as Relationship);
};

it.each<[string, Partial<Asked>, string]>([
  ["whose client it serves", { served: ["a"] }, "this"],
  ["that its partner has had the time to end", {}, "other"],
  ["that its partner may not have ended before it fell silent", { heard: 1100 + UPKEEP }, "unknown"],
  ["while it waits, and the partner may have renewed it", { state: "waiting", served: ["a"] }, "unknown"],
  ["in a database of both", { sendsUpdates: false }, "unknown"],
  ["when the pair has ended, and nothing is heard any more", { state: "terminated", heard: 0 }, "other"],
  ["of which it is a backup", { state: "backup", heard: 0 }, "other"],
])("a lease %s", (_, change, keeper) => {
  expect(keeperOf(LEASE, scopes(), { ...ASKED, ...change })).toBe(keeper);
});

it("in load balancing it is the one to which the client belongs, by the same hash as its messages", () => {
  const balanced = scopes({
    mode: "load-balancing",
    peers: pair("b", ["a", "b"]).peers.map((peer, i) => ({ ...peer, role: ["primary", "secondary"][i] })),
  });
  const asked: Asked = { ...ASKED, state: "load-balancing", served: ["b"] };
  const keepers = [
    { ...LEASE, "hw-address": "02:00:00:00:00:01" },
    { ...LEASE, "hw-address": "02:00:00:00:00:02", "client-id": "01:02:00:00:00:00:01" },
    { ...LEASE, "hw-address": "", duid: "00:03:00:01:02:00:00:00:00:02" },
    // Nobody's, as a declined one.
    { ...LEASE, "hw-address": "" },
  ].map((lease) => keeperOf(lease, balanced, asked));
  expect(keepers).toEqual(["this", "other", "this", "this"]);
});
