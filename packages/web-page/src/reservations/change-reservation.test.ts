import { describe, expect, it } from "vitest";
import type { Reservation } from "../configuration/config.ts";
import type { Session } from "../session.ts";
import { planReservation, withReservation } from "./change-reservation.ts";
import { hasStore, loadStored } from "./stored-reservations.ts";

const printer = { "hw-address": "02:00:00:00:00:01", "ip-address": "10.0.0.1" };
const phone = { "hw-address": "02:00:00:00:00:02" };
const config = {
  subnet4: [{ id: 1, subnet: "10.0.0.0/24", reservations: [printer] }, { id: 2 }],
  "shared-networks": [{ name: "n", subnet4: [{ id: 3, pools: [] }] }],
};

describe("a configuration with a reservation changed", () => {
  it("has one more, in its subnet, wherever that is", () => {
    const added = (subnetId: number) =>
      withReservation(config, { before: undefined, after: { subnetId, reservation: phone } });
    expect(added(1)).toEqual({
      ...config,
      subnet4: [{ ...config.subnet4[0], reservations: [printer, phone] }, { id: 2 }],
    });
    expect(added(2)).toMatchObject({ subnet4: [config.subnet4[0], { id: 2, reservations: [phone] }] });
    expect(added(3)).toMatchObject({ "shared-networks": [{ subnet4: [{ id: 3, reservations: [phone] }] }] });
    expect(added(0)).toEqual({ ...config, reservations: [phone] });
    expect(() => added(4)).toThrow("There is no subnet 4 any more.");
  });

  it("has it moved, changed, or no more", () => {
    const before = { subnetId: 1, reservation: printer };
    const moved = withReservation(config, { before, after: { subnetId: 2, reservation: phone } });
    expect(moved).toMatchObject({ subnet4: [{ reservations: [] }, { reservations: [phone] }] });
    const removed = withReservation(config, { before, after: undefined });
    expect(removed).toMatchObject({ subnet4: [{ reservations: [] }, {}] });
  });

  it("is none where somebody else has changed it", () => {
    const before = { subnetId: 1, reservation: phone };
    expect(() => withReservation(config, { before, after: undefined })).toThrow("Somebody has changed");
  });
});

it("those of a host database are looked at a thousand together, and those behind them afterwards", async () => {
  const all = Array.from({ length: 2300 }, (_, i) => ({ "subnet-id": 1, hostname: `host-${i + 1}` }));
  const ask = async (_service: string, _command: string, { from, limit }: { from: number; limit: number }) => {
    const hosts = all.slice(from, from + limit);
    return { hosts, ...(hosts.length === limit && { next: { from: from + limit, "source-index": 1 } }) };
  };
  const session = { ask } as unknown as Session;
  const names: unknown[] = [];
  let start: Parameters<typeof loadStored>[2];
  const sizes: number[] = [];
  do {
    const { places, next } = await loadStored(session, 4, start);
    sizes.push(places.length);
    names.push(...places.map(({ reservation }) => reservation.hostname));
    start = next;
  } while (start !== undefined);
  expect(sizes).toEqual([1000, 1000, 300]);
  expect(names).toEqual(all.map(({ hostname }) => hostname));
});

describe("a daemon with a host database", () => {
  /** Answers as one does; what it is asked is collected. */
  function daemon(config: object) {
    const asked: unknown[] = [];
    const ask = async (...question: unknown[]) => {
      asked.push(question);
      return question[1] === "config-get" ? { Dhcp4: config } : undefined;
    };
    return { session: { ask } as unknown as Session, asked };
  }
  const place = (subnetId: number, reservation: Reservation) => ({ subnetId, reservation, isStored: true });
  const which = { "subnet-id": 1, "identifier-type": "hw-address", identifier: printer["hw-address"] };

  it.each([
    [
      "new",
      undefined,
      { subnetId: 1, reservation: phone },
      [["reservation-add", { reservation: { "subnet-id": 1, ...phone } }]],
    ],
    [
      "changed",
      place(1, printer),
      { subnetId: 1, reservation: { ...printer, hostname: "x" } },
      [["reservation-update", { reservation: { "subnet-id": 1, ...printer, hostname: "x" } }]],
    ],
    [
      "moved",
      place(1, printer),
      { subnetId: 2, reservation: printer },
      [
        ["reservation-del", which],
        ["reservation-add", { reservation: { "subnet-id": 2, ...printer } }],
      ],
    ],
    ["removed", place(1, printer), undefined, [["reservation-del", which]]],
  ] as const)("is told by commands of one that is %s, and keeps that", async (_, before, after, commands) => {
    const { session, asked } = daemon({ "hosts-databases": [{ type: "file", name: "hosts" }] });
    const change = await planReservation(session, 4, { before, after });
    expect(change.write).toBeUndefined();
    await change.apply();
    expect(asked.slice(1)).toEqual(commands.map((command) => ["dhcp4", ...command]));
  });

  it("that may not be written has no new ones", () => {
    expect(hasStore({ "hosts-databases": [{ type: "mysql", readonly: true }, { type: "memfile" }] })).toBe(false);
    expect(hasStore({ "hosts-databases": [{ type: "postgresql" }] })).toBe(true);
    expect(hasStore({})).toBe(false);
  });
});
