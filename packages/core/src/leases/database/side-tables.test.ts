import { describe, expect, it } from "vitest";
import { formatHex } from "../../base/hex.ts";
import type { Lease } from "../model/lease.ts";
import type { Lease6 } from "../model/lease6.ts";
import { family6Addresses } from "../testing/test-families.ts";
import type { Change } from "./lease-database.ts";
import { relayTables6, sideRows } from "./side-tables.ts";

const [relayIds, remoteIds] = relayTables6 as [(typeof relayTables6)[0], (typeof relayTables6)[0]];

/** A lease that came through relays with these ids. */
function lease(relays: readonly Record<string, string>[], change: Partial<Lease> = {}): Lease6 {
  const userContext = relays.length === 0 ? "" : JSON.stringify({ ISC: { "relay-info": relays } });
  return family6Addresses.lease(1, { userContext, ...change });
}

function change(before: Lease6 | undefined, after: Lease6 | undefined): Change<Lease6> {
  return { before, after, claim: undefined, replaces: undefined, replacement: undefined, unclaimed: undefined };
}

/** As `relay_id: forgets 1, notes 0A0B`. */
const shown = (...changes: Change<Lease6>[]) =>
  sideRows(relayTables6, changes).map(({ table, forgotten, noted }) => {
    for (const each of [...forgotten, ...noted.map((note) => note.lease)]) {
      expect(changes.some(({ after }) => after === each)).toBe(true);
    }
    return `${table.column}: forgets ${forgotten.length}, notes ${noted.map(({ id }) => formatHex(id, "")).join(" ")}`.trim();
  });

describe("Kea's tables of relays", () => {
  it("are two, each with the ids of its kind, once each, and as long as its column", () => {
    expect(relayTables6.map(({ name, column }) => [name, column])).toEqual([
      ["lease6_relay_id", "relay_id"],
      ["lease6_remote_id", "remote_id"],
    ]);
    const both = lease([
      { "relay-id": "0A", "remote-id": "0B" },
      { "relay-id": "0A", "remote-id": "0C" },
    ]);
    expect(relayIds.idsOf(both)).toEqual([Uint8Array.of(10)]);
    expect(remoteIds.idsOf(both)).toEqual([Uint8Array.of(11), Uint8Array.of(12)]);
    for (const [table, kind, longest] of [
      [relayIds, "relay-id", 130],
      [remoteIds, "remote-id", 255],
    ] as const) {
      expect(table.idsOf(lease([{ [kind]: "0A".repeat(longest) }]))).toHaveLength(1);
      expect(table.idsOf(lease([{ [kind]: "0A".repeat(longest + 1) }]))).toEqual([]);
      expect(table.idsOf(lease([{ [kind]: "" }, { [kind]: "not hexadecimal" }]))).toEqual([]);
    }
  });

  it("have rows of a lease that is new, in the tables of what it has", () => {
    expect(shown(change(undefined, lease([{ "relay-id": "0A" }, { "relay-id": "0B" }])))).toEqual([
      "relay_id: forgets 0, notes 0a 0b",
    ]);
    expect(shown(change(undefined, lease([])))).toEqual([]);
  });

  it("are left alone where a lease keeps its ids, or goes: its rows go with it", () => {
    const before = lease([{ "relay-id": "0A" }]);
    for (const renewal of [{ cltt: before.cltt + 1 }, { validLifetime: 7 }, { state: 1 }] as const) {
      expect(shown(change(before, { ...before, ...renewal }))).toEqual([]);
    }
    expect(shown(change(before, undefined))).toEqual([]);
  });

  it("are written anew where ids are others, or come or go", () => {
    const [none, one, other] = [lease([]), lease([{ "relay-id": "0A" }]), lease([{ "relay-id": "0B" }])];
    const later = { cltt: one.cltt + 1 };
    expect(shown(change(one, { ...other, ...later }))).toEqual(["relay_id: forgets 1, notes 0b"]);
    expect(shown(change(none, { ...one, ...later }))).toEqual(["relay_id: forgets 1, notes 0a"]);
    expect(shown(change(one, { ...none, ...later }))).toEqual(["relay_id: forgets 1, notes"]);
    expect(shown(change({ ...none, userContext: "{}" }, { ...none, ...later }))).toEqual([]);
  });

  it("are written anew where nothing of a lease is: that is how extended-info6-upgrade asks for them", () => {
    const same = lease([{ "relay-id": "0A", "remote-id": "0B" }]);
    expect(shown(change(same, { ...same }), change(undefined, lease([{ "remote-id": "0C" }])))).toEqual([
      "relay_id: forgets 1, notes 0a",
      "remote_id: forgets 1, notes 0b 0c",
    ]);
  });
});
