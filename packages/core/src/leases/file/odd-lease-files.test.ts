import { describe, expect, it } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { CrashDisk } from "../../storage/testing/crash-disk.ts";
import { LONGEST_ROW } from "../csv/lease-csv.ts";
import { lease4Csv } from "../csv/lease4-csv.ts";
import { LEASE_FILE } from "../testing/crash-run.ts";
import { family4 } from "../testing/test-families.ts";
import type { LeaseFileEvent } from "./lease-file-event.ts";

const HEADER = Buffer.from(lease4Csv.header).toString("latin1");
const row = (last: number, expire = 1_800_003_600) => `192.0.2.${last},02:00:00:00:00:01,,3600,${expire},1,0,0,,0,,0\n`;

/** Opens the file, of which `read` counts the largest piece that was asked for. */
async function open(text: Buffer | string, maxRowErrors = 0) {
  const disk = new CrashDisk(new Map([[LEASE_FILE, Buffer.from(text as string, "latin1")]]));
  const pieces: number[] = [];
  const { read } = disk;
  disk.read = (fd, bytes, position) => {
    pieces.push(bytes.length);
    return read.call(disk, fd, bytes, position);
  };
  const events: LeaseFileEvent[] = [];
  const report = (event: LeaseFileEvent) => void events.push(event);
  const store = await family4.openFile({ path: LEASE_FILE, clock: new ManualClock(), report, disk, maxRowErrors });
  return {
    store,
    largestPiece: Math.max(...pieces),
    leases: await family4.leases(store).page(-1, 10),
    bad: events.filter(({ kind }) => kind === "bad-row"),
    text: (suffix = "") => Buffer.from(disk.image.get(LEASE_FILE + suffix) ?? "").toString("latin1"),
  };
}

describe("a row longer than any lease's", () => {
  const long = Buffer.alloc(3 * LONGEST_ROW, "x");

  it("is named, and kept aside by its beginning; memory stays bounded, and other rows are served", async () => {
    const text = Buffer.concat([Buffer.from(HEADER + row(1)), long, Buffer.from(`\n${row(2)}bad\n`)]);
    const { store, leases, bad, largestPiece, text: textOf } = await open(text);
    expect(leases.map(({ address }) => address & 255)).toEqual([1, 2]);
    const what = `has more than ${LONGEST_ROW} bytes; its first 1024 follow`;
    expect(bad).toMatchObject([
      { line: 3, what },
      { line: 5, what: "has 1 fields, needs 12" },
    ]);
    expect(textOf(".bad")).toMatch(new RegExp(`^# .*:3: ${what}\nx{1024}\n# .*:5: has 1 fields, needs 12\nbad\n$`));
    expect(largestPiece).toBeLessThanOrEqual(2 * LONGEST_ROW);
    await store.compact();
    expect(textOf()).toBe(HEADER + row(1) + row(2));
    await store.close();
  });

  it("counts as a bad row", async () => {
    const text = Buffer.concat([Buffer.from(`${HEADER}bad\n`), long, Buffer.from("\n")]);
    await expect(open(text, 1)).rejects.toThrow("that is bad row 2, and max-row-errors is 1");
  });

  it("that has no end is cut off where it began", async () => {
    const { store, leases, text } = await open(Buffer.concat([Buffer.from(HEADER + row(1)), long]));
    expect(leases).toHaveLength(1);
    expect(text()).toBe(HEADER + row(1));
    await store.close();
  });

  it("in place of the header is refused", async () => {
    await expect(open(Buffer.concat([long, Buffer.from("\n")]))).rejects.toThrow('where "address" belongs');
  });

  it("is never written", async () => {
    const { store } = await open(HEADER);
    const lease = family4.lease(1, { userContext: JSON.stringify({ text: "é".repeat(LONGEST_ROW / 18) }) });
    expect(() => store.begin().put(lease)).toThrow("it has more text than a row may have");
    await store.close();
  });
});

describe("a file that an editor has put a byte order mark in front of", () => {
  it("is read, and written without it", async () => {
    const { store, leases, bad, text } = await open(`\xef\xbb\xbf${HEADER}${row(1)}`);
    expect([leases.length, bad]).toEqual([1, []]);
    await store.compact();
    expect(text()).toBe(HEADER + row(1));
    await store.close();
  });
});

describe("leases that end after 2106", () => {
  it("are there after a restart, whenever their clients were heard", async () => {
    const after = [2 ** 32 - 1, 2 ** 32, 2 ** 32 + 3600, 2 ** 32 + 3601, 2 ** 33, 253_402_300_799];
    const { store, leases, bad, text } = await open(HEADER + after.map((expire, i) => row(i, expire)).join(""));
    expect([leases.map(({ cltt }) => cltt + 3600), bad]).toEqual([after, []]);
    const before = text();
    await store.compact();
    expect(text()).toBe(before);
    await store.close();
  });
});

describe("a file of one line without an end", () => {
  it.each(["secret", "address,hwaddr,client_id;", "x".repeat(200_000)])(
    "is not ours, and stays as it is: %#",
    async (text) => {
      const disk = new CrashDisk(new Map([[LEASE_FILE, Buffer.from(text)]]));
      const opened = family4.openFile({ path: LEASE_FILE, clock: new ManualClock(), report: () => {}, disk });
      await expect(opened).rejects.toThrow(`${LEASE_FILE} is no lease file of the DHCPv4 server`);
      expect(Buffer.from(disk.image.get(LEASE_FILE)!).toString()).toBe(text);
    },
  );

  it.each(["", "addr", HEADER.slice(0, -1), "\0\0\0"])("is a header that a crash has cut short: %j", async (text) => {
    const { store, text: textOf } = await open(text);
    expect(textOf()).toBe(HEADER);
    await store.close();
  });
});

describe("many bad rows", () => {
  const bad = `${"x".repeat(100_000)}\n`;
  const text = HEADER + bad.repeat(60) + row(1);

  it("are kept aside in pieces, each once", async () => {
    const disk = new CrashDisk(new Map([[LEASE_FILE, Buffer.from(text)]]));
    const { commitAt } = disk;
    let largest = 0;
    disk.commitAt = (fd, bytes, length, position) => {
      largest = Math.max(largest, length);
      return commitAt.call(disk, fd, bytes, length, position);
    };
    const store = await family4.openFile({ path: LEASE_FILE, clock: new ManualClock(), report: () => {}, disk });
    await store.close();
    expect(
      Buffer.from(disk.image.get(`${LEASE_FILE}.bad`)!)
        .toString()
        .split(bad),
    ).toHaveLength(61);
    expect(largest).toBeLessThan(2 * 1024 * 1024);
  });

  it("stay where they are when the file is refused, and only there", async () => {
    const image = new Map([
      [LEASE_FILE, Buffer.from(text)],
      [`${LEASE_FILE}.bad`, Buffer.from("before\n")],
    ]);
    const disk = new CrashDisk(image);
    const options = { path: LEASE_FILE, clock: new ManualClock(), report: () => {}, disk, maxRowErrors: 50 };
    await expect(family4.openFile(options)).rejects.toThrow("that is bad row 51");
    expect(Buffer.from(disk.image.get(LEASE_FILE)!).toString()).toBe(text);
    expect(Buffer.from(disk.image.get(`${LEASE_FILE}.bad`)!).toString()).toBe("before\n");
  });
});
