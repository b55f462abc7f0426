import { describe, expect, it } from "vitest";
import type { Session } from "../session.ts";
import { planReservation, withReservation } from "./change-reservation.ts";

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

describe("a daemon that has commands for reservations", () => {
  it("is given a new one by them, and keeps it", async () => {
    const asked: unknown[] = [];
    const session = {
      ask: async (...question: unknown[]) => {
        asked.push(question);
        return ["config-get", "reservation-add"];
      },
    } as unknown as Session;
    const after = { subnetId: 1, reservation: phone };
    const change = await planReservation(session, 4, { before: undefined, after });
    expect(change).toMatchObject({ before: "", after: expect.stringContaining("02:00:00:00:00:02") });
    expect(change.write).toBeUndefined();
    await change.apply();
    expect(asked.at(-1)).toEqual(["dhcp4", "reservation-add", { reservation: { "subnet-id": 1, ...phone } }]);
  });
});
