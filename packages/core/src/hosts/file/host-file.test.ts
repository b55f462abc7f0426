import { describe, expect, it } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { readReservation } from "../../config/check/read-reservation.ts";
import { reservationRules4 } from "../../config/dhcp4/reservation-rules4.ts";
import { reservationRules6 } from "../../config/dhcp6/reservation-rules6.ts";
import { CrashDisk, diskError } from "../../storage/testing/crash-disk.ts";
import { describeHostDatabase } from "../database/host-database.contract.ts";
import { testHosts4, testHosts6 } from "../testing/test-hosts.ts";
import { HostFile } from "./host-file.ts";
import type { HostFileEvent } from "./host-file-event.ts";
import { hostTable4 } from "./host-table4.ts";
import { hostTable6 } from "./host-table6.ts";

const PATH = "/hosts/kea-hosts4.jsonl";
const { host, address, identifier, numberOf } = testHosts4;

function open4(disk: CrashDisk, events: HostFileEvent[] = []) {
  return HostFile.open({
    path: PATH,
    rules: hostTable4,
    read: (document) => readReservation(reservationRules4, document),
    isReadOnly: false,
    clock: new ManualClock(),
    report: (event) => void events.push(event),
    disk,
  });
}

describeHostDatabase("a file", testHosts4, async () => {
  const disk = new CrashDisk();
  return { open: () => open4(disk), dispose: async () => {} };
});

describeHostDatabase("a file", testHosts6, async () => {
  const disk = new CrashDisk();
  const open = () =>
    HostFile.open({
      path: PATH,
      rules: hostTable6,
      read: (document) => readReservation(reservationRules6, document),
      isReadOnly: false,
      clock: new ManualClock(),
      report: () => {},
      disk,
    });
  return { open, dispose: async () => {} };
});

const textOf = (disk: CrashDisk, path = PATH) => Buffer.from(disk.image.get(path) ?? []).toString("latin1");

describe("a file of reservations", () => {
  it("has one object of JSON a line, as Kea writes reservations, with the subnet", async () => {
    const disk = new CrashDisk();
    const file = await open4(disk);
    await file.add(host(1, [11], { hostname: "one" }), true);
    await file.add(host(2, [], { "option-data": [{ name: "routers", data: "192.0.2.1" }] }, 0), true);
    await file.remove({ subnetId: 0, identifier: identifier(2) });
    expect(textOf(disk).split("\n").slice(0, 1)).toEqual([
      '{"subnet-id":1,"hw-address":"02:00:00:00:00:01","ip-address":"192.0.2.11","hostname":"one"}',
    ]);
    expect(textOf(disk)).toMatch(/\{"subnet-id":0,"hw-address":"02:00:00:00:00:02".*,"removed":true\}\n$/);
    await file.close();
  });

  it("keeps texts byte by byte", async () => {
    const disk = new CrashDisk();
    const file = await open4(disk);
    const hostname = Buffer.from("zürich").toString("latin1");
    await file.add(host(1, [11], { hostname }), true);
    await file.close();
    expect(Buffer.from(disk.image.get(PATH)!).toString("utf8")).toContain('"hostname":"zürich"');
    const again = await open4(disk);
    expect((await again.find({ subnetId: 1 }))[0]?.reservation).toMatchObject({ hostname });
    await again.close();
  });

  it("keeps bad lines aside, names them, and begins anew without them", async () => {
    const disk = new CrashDisk();
    const lines = [
      '{"subnet-id":1,"hw-address":"02:00:00:00:00:01","ip-address":"192.0.2.11"}',
      "nonsense",
      '{"hw-address":"02:00:00:00:00:02"}',
      '{"subnet-id":1,"hw-address":"02:00:00:00:00:03","ip-address":"192.0.2.311"}',
      '{"subnet-id":1,"ip-address":"192.0.2.12"}',
      '{"subnet-id":1,"hw-address":"02:00:00:00:00:04","hostnam":"x"}',
      "[1]",
      '{"subnet-id":1,"hw-address":"02:00:00:00:00:05"}',
      '{"subnet-id":1,"hw-addr',
    ];
    await disk.commitAt(await disk.openOrCreate(PATH), Buffer.from(lines.join("\n")), lines.join("\n").length, 0);
    const events: HostFileEvent[] = [];
    const file = await open4(disk, events);
    const told = events.flatMap((event) => (event.kind === "bad-line" ? [`${event.line}: ${event.what}`] : []));
    expect(told).toEqual([
      expect.stringMatching(/^2: is no JSON: /),
      '3: has no "subnet-id": write the number of the subnet, or 0 for a global reservation',
      '4: ip-address: "192.0.2.311" is not an IPv4 address; remove "ip-address" if the client takes one from a pool',
      expect.stringMatching(/^5: has nothing to know the client by; add /),
      '6: hostnam: is not a known key; did you mean "hostname"?',
      "7: is no map: { … }",
    ]);
    expect(events).toContainEqual({ kind: "file-loaded", file: PATH, lines: 8, badLines: 6 });
    expect((await file.find({})).map(({ reservation }) => numberOf(reservation))).toEqual([1, 5]);
    await file.close();
    expect(textOf(disk).split("\n")).toEqual([lines[0], lines[7], ""]);
    const aside = textOf(disk, `${PATH}.bad`);
    for (const line of lines.slice(1, 7)) expect(aside).toContain(`\n${line}\n`);
  });

  it("takes a change back that could not be made durable, and goes on when it can be", async () => {
    const disk = new CrashDisk();
    const clock = new ManualClock();
    const file = await HostFile.open({
      path: PATH,
      rules: hostTable4,
      read: (document) => readReservation(reservationRules4, document),
      isReadOnly: false,
      clock,
      report: () => {},
      disk,
    });
    await file.add(host(1, [11]), true);
    await file.add(host(3, [13]), true);
    disk.fault = (call) => (call === "fdatasync" ? diskError(call, "EIO") : undefined);
    const attempts = [
      file.add(host(2, [12]), true),
      file.update(host(1, [14], { hostname: "new" }), true),
      file.remove({ subnetId: 1, identifier: identifier(3) }),
    ];
    for (const attempt of attempts) await expect(attempt).rejects.toThrow("EIO");
    const seen = async () => (await file.page({ after: 0, limit: 9 })).map(({ reservation }) => numberOf(reservation));
    expect(await seen()).toEqual([1, 3]);
    expect(await file.find({ subnetId: 1, address: address(11) })).toHaveLength(1);
    disk.fault = () => undefined;
    clock.advance(11);
    expect(await file.add(host(2, [12]), true)).toBe(true);
    await file.close();
    const again = await open4(disk);
    expect((await again.find({})).map(({ reservation }) => numberOf(reservation)).sort()).toEqual([1, 2, 3]);
    expect(await again.find({ hostname: "new" })).toEqual([]);
    await again.close();
  });

  it("is rewritten when most of it is of no use any more", async () => {
    const disk = new CrashDisk();
    const file = await open4(disk);
    await file.add(host(2, [12]), true);
    const long = { "user-context": { note: "x".repeat(200_000) } };
    await file.add(host(1, [11], long), true);
    for (let i = 0; i < 12; i++) await file.update(host(1, [11 + 2 * (i % 2)], long), true);
    await file.remove({ subnetId: 1, identifier: identifier(1) });
    await file.close();
    expect(textOf(disk).length).toBeLessThan(1024 * 1024 + 500_000);
    const again = await open4(disk);
    expect((await again.find({})).map(({ reservation }) => numberOf(reservation))).toEqual([2]);
    await again.close();
  });

  it("is refused to a second one", async () => {
    const disk = new CrashDisk();
    const file = await open4(disk);
    await expect(open4(disk)).rejects.toThrow("in use by another process");
    await file.close();
  });

  it("has after a crash at any moment what was answered before it", async () => {
    const disk = new CrashDisk();
    const file = await open4(disk);
    const states: { at: number; hosts: number[] }[] = [];
    const known = new Set<number>();
    for (const [number, isAdded] of [
      [1, true],
      [2, true],
      [1, false],
      [3, true],
      [2, false],
    ] as const) {
      if (isAdded) await file.add(host(number, [number]), true);
      else await file.remove({ subnetId: 1, identifier: identifier(number) });
      if (isAdded) known.add(number);
      else known.delete(number);
      states.push({ at: disk.length, hosts: [...known] });
    }
    await file.close();
    for (const { at, hosts } of states) {
      const after = new CrashDisk();
      const image = disk.imageAfterCrash(at, () => 0);
      await after.commitAt(await after.openOrCreate(PATH), image.get(PATH)!, image.get(PATH)!.length, 0);
      const again = await open4(after);
      expect((await again.find({})).map(({ reservation }) => numberOf(reservation)).sort()).toEqual(hosts.sort());
      await again.close();
    }
  });
});
