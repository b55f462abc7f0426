import { describe, expect, it, test } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import type { Ipv4 } from "../../ip/ipv4.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { CrashDisk, diskError } from "../../storage/testing/crash-disk.ts";
import { lease4Csv } from "../csv/lease4-csv.ts";
import { LeaseState } from "../model/lease.ts";
import { LeaseTable4 } from "../table/lease-table4.ts";
import { LEASE_FILE } from "../testing/crash-run.ts";
import type { LeaseFileEvent } from "./lease-file-event.ts";
import { nameLeaseFiles } from "./lease-files.ts";
import { LeaseSink, type SubnetCheck, UNCHECKED } from "./lease-sink.ts";
import { readLeaseFiles } from "./load-leases.ts";
import type { MemfileOptions } from "./memfile.ts";
import { Memfile4 } from "./memfile4.ts";

const HEADER = Buffer.from(lease4Csv.header).toString();
const OLD_HEADER = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname\n";

function row(
  last: number,
  change: { lifetime?: number; cltt?: number; subnetId?: number; name?: string } = {},
): string {
  const { lifetime = 3600, cltt = 1_800_000_000, subnetId = 1, name = "" } = change;
  return `192.0.2.${last},02:00:00:00:00:01,,${lifetime},${cltt + lifetime},${subnetId},0,0,${name},0,,0\n`;
}

/** Opens lease files given by suffix; `list` shows what was loaded as `last octet:host name`. */
async function load(texts: Record<string, string>, options: Partial<MemfileOptions<Ipv4>> = {}) {
  const image = Object.entries(texts).map(([suffix, text]): [string, Uint8Array] => [
    LEASE_FILE + suffix,
    Buffer.from(text, "latin1"),
  ]);
  const disk = new CrashDisk(new Map(image));
  const events: LeaseFileEvent[] = [];
  const store = await Memfile4.open({
    path: LEASE_FILE,
    lfcInterval: 0,
    maxRowErrors: 0,
    subnetCheck: { mode: "none", subnetIdOf: () => undefined },
    clock: new ManualClock(),
    report: (event) => events.push(event),
    disk,
    ...options,
  });
  return {
    disk,
    store,
    list: store.page(-1, 1000).map((lease) => `${lease.address & 255}:${lease.hostname}`),
    reported: (kind: LeaseFileEvent["kind"]) => events.filter((event) => event.kind === kind),
    text: (suffix = "") => Buffer.from(disk.image.get(LEASE_FILE + suffix) ?? "(none)").toString("latin1"),
    names: () => [...disk.image.keys()].map((path) => path.slice(LEASE_FILE.length)).sort(),
  };
}

describe("files that are only read", () => {
  async function read(texts: Record<string, string>) {
    const image = Object.entries(texts).map(([suffix, text]): [string, Uint8Array] => [
      LEASE_FILE + suffix,
      Uint8Array.from(Buffer.from(text, "latin1")),
    ]);
    const disk = new CrashDisk(new Map(image));
    const table = new LeaseTable4(new ManualClock().wall());
    const events: LeaseFileEvent[] = [];
    const report = (event: LeaseFileEvent) => events.push(event);
    const sink = new LeaseSink(lease4Csv, table, UNCHECKED, report);
    await readLeaseFiles(disk, nameLeaseFiles(LEASE_FILE), sink, report);
    expect(disk.image).toEqual(new Map(image));
    expect(disk.length).toBe(0);
    return { list: table.page(-1, 10).map(({ address }) => address & 255), kinds: events.map(({ kind }) => kind) };
  }

  it("are those that a start would load, and stay as they are", async () => {
    const { list, kinds } = await read({
      ".2": HEADER + row(1) + row(2),
      ".1": HEADER + row(1, { lifetime: 0 }),
      "": `${HEADER}bad\n${row(3)}192.0.2.4,torn`,
    });
    expect(list).toEqual([2, 3]);
    expect(kinds).toEqual(["file-loaded", "file-loaded", "bad-row", "torn-line", "file-loaded"]);
  });

  it("may be those alone that Kea's clean-up has left", async () => {
    expect(await read({ ".2": HEADER + row(1) })).toEqual({ list: [1], kinds: ["file-loaded"] });
  });

  it("must be there", async () => {
    await expect(read({})).rejects.toThrow(`there is no file ${LEASE_FILE}`);
  });
});

describe("which files are read", () => {
  test.each<[string, Record<string, string>, string[]]>([
    ["none: an empty store", {}, []],
    ["the live one alone", { "": HEADER + row(1, { name: "live" }) }, ["1:live"]],
    [
      "the previous, the rotated, the live, each over the one before",
      {
        ".2": HEADER + row(1, { name: "a" }) + row(2, { name: "a" }) + row(3, { name: "a" }) + row(4, { name: "a" }),
        ".1": HEADER + row(2, { name: "b" }) + row(3, { name: "b" }) + row(4, { lifetime: 0 }),
        "": HEADER + row(3, { name: "c" }) + row(1, { lifetime: 0 }),
      },
      ["2:b", "3:c"],
    ],
    [
      "a finished output instead of what it was made from",
      {
        ".completed": HEADER + row(1, { name: "completed" }),
        ".2": HEADER + row(2, { name: "stale" }),
        ".1": HEADER + row(3, { name: "stale" }),
        "": HEADER + row(4, { name: "live" }),
      },
      ["1:completed", "4:live"],
    ],
    ["not an output that was never finished", { ".output": HEADER + row(1), "": HEADER + row(2) }, ["2:"]],
    ["the rotated one when Kea died before it made the next", { ".1": HEADER + row(1) }, ["1:"]],
  ])("%s", async (_, texts, expected) => {
    const { list, store } = await load(texts);
    expect(list).toEqual(expected);
    await store.close();
  });

  it("an output that was never finished is removed", async () => {
    const { names, store } = await load({ ".output": HEADER + row(1), ".new": HEADER });
    expect(names()).toEqual(["", ".lock"]);
    await store.close();
  });

  test.each<[string, Record<string, string>, number]>([
    ["whole and of our own form: not", { "": HEADER + row(1) }, 0],
    ["of an older schema: at once", { "": OLD_HEADER }, 1],
    ["with rows that were kept aside: at once", { "": `${HEADER}no row\n` }, 1],
    ["beside files of Kea's clean-up: at once", { ".2": HEADER, "": HEADER }, 1],
  ])("a file %s is rewritten", async (_, texts, rewrites) => {
    const { reported, store } = await load(texts);
    while (reported("compaction-ended").length < rewrites) await new Promise(setImmediate);
    await store.close();
    expect(reported("compaction-began")).toHaveLength(rewrites);
  });

  it("Kea's set becomes one file, which says the same", async () => {
    const { store, text, names } = await load({
      ".2": HEADER + row(1) + row(2),
      ".1": HEADER + row(2, { lifetime: 0 }) + row(3),
      "": HEADER + row(4),
      ".output": "half a row",
    });
    await store.compact();
    expect(names()).toEqual(["", ".lock"]);
    expect(text()).toBe(HEADER + row(1) + row(3) + row(4));
    await store.close();
  });
});

describe("headers", () => {
  it("a new file has one", async () => {
    const { text, store } = await load({});
    expect(text()).toBe(HEADER);
    await store.close();
  });

  it("a file whose header was cut short by a crash gets a whole one", async () => {
    const { text, store } = await load({ "": HEADER.slice(0, 20) });
    expect(text()).toBe(HEADER);
    await store.close();
  });

  it("an older file is upgraded", async () => {
    const { text, store } = await load({ "": `${OLD_HEADER}192.0.2.1,02:00:00:00:00:01,,3600,1800003600,1,0,0,old\n` });
    await store.compact();
    expect(text()).toBe(HEADER + row(1, { name: "old" }));
    await store.close();
  });

  it("a newer file is downgraded", async () => {
    const newer = `${HEADER.trimEnd()},more\n${row(1, { name: "new" }).trimEnd()},5\n`;
    const { text, store } = await load({ "": newer });
    await store.compact();
    expect(text()).toBe(HEADER + row(1, { name: "new" }));
    await store.close();
  });

  it("an unknown column is an error that names file, line and column, and the file stays as it is", async () => {
    const disk = new CrashDisk(new Map([[LEASE_FILE, Buffer.from("address,duid\n")]]));
    await expect(load({}, { disk })).rejects.toThrow(`${LEASE_FILE}:1: column 2 is "duid" where "hwaddr" belongs`);
    expect(Buffer.from(disk.image.get(LEASE_FILE)!).toString()).toBe("address,duid\n");
  });
});

describe("rows that are no leases", () => {
  const bad = (last: number) => `192.0.2.${last},zz,,3600,1800003600,1,0,0,,0,,0\n`;

  it("100 bad rows are reported with their lines, kept aside, and cost no good row", async () => {
    const rows = Array.from({ length: 100 }, (_, i) => row(i) + bad(i));
    const { list, reported, text, store } = await load({ "": HEADER + rows.join("") });
    expect(list).toHaveLength(100);
    const events = reported("bad-row");
    expect(events).toHaveLength(100);
    expect(events[1]).toEqual({
      kind: "bad-row",
      file: LEASE_FILE,
      line: 5,
      what: "hwaddr is not hexadecimal octets between colons",
    });
    const aside = text(".bad").split("\n");
    expect(aside.slice(2, 4)).toEqual([
      `# ${LEASE_FILE}:5: hwaddr is not hexadecimal octets between colons`,
      bad(1).trim(),
    ]);
    expect(aside).toHaveLength(201);
    await store.compact();
    expect(text()).toBe(HEADER + Array.from({ length: 100 }, (_, i) => row(i)).join(""));
    await store.close();
  });

  it("more than a hundred bad rows are counted, and kept all the same", async () => {
    const { reported, text, store } = await load({ "": HEADER + bad(1).repeat(150) });
    expect(reported("bad-row")).toHaveLength(100);
    expect(reported("file-loaded")).toEqual([
      { kind: "file-loaded", file: LEASE_FILE, rows: 150, badRows: 150, wrongSubnets: 0 },
    ]);
    expect(text(".bad").split(bad(1))).toHaveLength(151);
    await store.close();
  });

  it("bad rows are added to those that were kept aside before", async () => {
    const { text, store } = await load({ ".bad": "before\n", ".2": HEADER + bad(1), "": HEADER + bad(2) });
    expect(text(".bad")).toMatch(/^before\n# .*\.2:2: .*\n192\.0\.2\.1,.*\n# .*csv:2: .*\n192\.0\.2\.2,.*\n$/);
    await store.close();
  });

  it("when they cannot be kept aside the files are not opened, and stay as they are", async () => {
    const disk = new CrashDisk(new Map([[LEASE_FILE, Buffer.from(HEADER + bad(1))]]));
    disk.fault = (call, path) => (call === "pwrite" && path.endsWith(".bad") ? diskError(call, "ENOSPC") : undefined);
    await expect(load({}, { disk })).rejects.toThrow("ENOSPC");
    expect(Buffer.from(disk.image.get(LEASE_FILE)!).toString()).toBe(HEADER + bad(1));
  });

  it("a row without hwaddr and client-id is refused, its address stays as it was (CVE-2019-6474)", async () => {
    const nobody = "192.0.2.1,,,3600,1800003600,1,0,0,nobody,0,,0\n";
    const { list, reported, store } = await load({ "": HEADER + row(1, { name: "somebody" }) + nobody });
    expect(list).toEqual(["1:somebody"]);
    expect(reported("bad-row")).toMatchObject([{ line: 3, what: "has neither hwaddr nor client_id" }]);
    await store.close();
  });

  test.each([
    [0, 50, true],
    [3, 3, true],
    [3, 4, false],
  ])("max-row-errors %i and %i bad rows in a file: opened is %s", async (maxRowErrors, count, opened) => {
    const loading = load({ ".2": HEADER + bad(1).repeat(3), "": HEADER + bad(1).repeat(count) }, { maxRowErrors });
    if (opened) await (await loading).store.close();
    else await expect(loading).rejects.toThrow(`${LEASE_FILE}:5: hwaddr is not`);
  });

  it("empty lines are passed over", async () => {
    const { list, reported, store } = await load({ "": `${HEADER}\n${row(1)}\n\n${row(2)}` });
    expect(list).toHaveLength(2);
    expect(reported("bad-row")).toEqual([]);
    await store.close();
  });

  it("rows longer than what is read at a time are whole", async () => {
    const name = "x".repeat(300_000);
    const { list, store } = await load({ "": HEADER + row(1, { name }) + row(2) });
    expect(list).toEqual([`1:${name}`, "2:"]);
    await store.close();
  });
});

describe("a torn last line", () => {
  it("is dropped with a warning and kept aside, the file is cut back, and the next row is whole", async () => {
    const torn = row(2, { name: "torn" }).slice(0, -2);
    const { list, reported, text, store } = await load({ "": HEADER + row(1) + torn });
    expect(list).toEqual(["1:"]);
    expect(reported("torn-line")).toEqual([{ kind: "torn-line", file: LEASE_FILE, line: 3 }]);
    expect(text(".bad")).toContain(`\n${torn}\n`);
    expect(text()).toBe(HEADER + row(1));
    const batch = store.begin();
    batch.put({ ...store.page(-1, 1)[0]!, address: 0xc000_0203, state: LeaseState.assigned });
    await batch.commit();
    expect(text()).toBe(HEADER + row(1) + row(3));
    await store.close();
  });

  it("of zeros, as some file systems leave it, is one too", async () => {
    const { list, text, store } = await load({ "": `${HEADER}${row(1)}${"\0".repeat(5000)}` });
    expect(list).toEqual(["1:"]);
    await store.compact();
    expect(text()).toBe(HEADER + row(1));
    await store.close();
  });

  it("in one of Kea's other files is dropped there", async () => {
    const { list, store } = await load({ ".1": HEADER + row(1) + row(2).slice(0, 30), "": HEADER + row(3) });
    expect(list).toEqual(["1:", "3:"]);
    await store.close();
  });
});

describe("sanity-checks.lease-checks", () => {
  const subnetIdOf = (address: number) => ((address & 255) < 100 ? 1 : undefined);
  const text = HEADER + row(1) + row(2, { subnetId: 5 }) + row(100, { subnetId: 1 });

  test.each<[SubnetCheck<Ipv4>["mode"], Record<number, number>, string[]]>([
    ["none", { 1: 1, 2: 5, 100: 1 }, []],
    ["warn", { 1: 1, 2: 5, 100: 1 }, ["192.0.2.2 kept 1", "192.0.2.100 kept undefined"]],
    ["fix", { 1: 1, 2: 1, 100: 1 }, ["192.0.2.2 fixed 1", "192.0.2.100 kept undefined"]],
    ["fix-del", { 1: 1, 2: 1 }, ["192.0.2.2 fixed 1", "192.0.2.100 deleted undefined"]],
    ["del", { 1: 1 }, ["192.0.2.2 deleted 1", "192.0.2.100 deleted undefined"]],
  ])("%s", async (mode, subnetIds, findings) => {
    const { store, reported } = await load({ "": text }, { subnetCheck: { mode, subnetIdOf } });
    expect(Object.fromEntries(store.page(-1, 10).map((lease) => [lease.address & 255, lease.subnetId]))).toEqual(
      subnetIds,
    );
    const events = reported("wrong-subnet").map((event) =>
      event.kind === "wrong-subnet" ? `${event.address} ${event.found.action} ${event.found.expected}` : "",
    );
    expect(events).toEqual(findings);
    await store.close();
  });
});

describe("a subnet that was renumbered", () => {
  it("costs a hundred messages and a count, however many leases it has", async () => {
    const rows = Array.from({ length: 150 }, (_, i) => row(i)).join("");
    const { store, reported } = await load(
      { "": HEADER + rows },
      { subnetCheck: { mode: "warn", subnetIdOf: () => 2 } },
    );
    expect(reported("wrong-subnet")).toHaveLength(100);
    expect(reported("file-loaded")).toMatchObject([{ rows: 150, wrongSubnets: 150 }]);
    await store.close();
  });
});

describe("the time that the file knows of", () => {
  test.each<[string, string, number]>([
    ["nothing, when it is empty", "", 0],
    ["that of its lease", row(1, { cltt: 1000 }), 1000],
    [
      "that of most of its last rows, not of one from a day with a wrong clock",
      row(1, { cltt: 1000 }) + row(2, { cltt: 4_000_000_000 }) + row(3, { cltt: 1001 }),
      1001,
    ],
    [
      "not that of rows that say that a lease has ended",
      row(1, { cltt: 2000 }) +
        row(2, { cltt: 10 }).replace(",0,,0\n", ",2,,0\n").repeat(5) +
        row(2, { cltt: 10, lifetime: 0 }),
      2000,
    ],
    [
      "the last rows', not the first ones'",
      row(1, { cltt: 10 }).repeat(500) + row(1, { cltt: 2000 }).repeat(101),
      2000,
    ],
  ])("%s", async (_, rows, newest) => {
    const { store } = await load({ "": HEADER + rows });
    expect(store.newest).toBe(newest);
    await store.close();
  });

  it("a host that boots in 1970 still has its leases, and none is over", async () => {
    const { store } = await load({ "": HEADER + row(1) }, { clock: new ManualClock(5) });
    expect(store.begin().expired(store.newest, 10)).toEqual([]);
    expect(store.begin().expired(store.newest + 3600, 10)).toHaveLength(1);
    await store.close();
  });
});

describe("who else is at the files", () => {
  it("a second daemon on the same file is refused in clear words, until the first has gone", async () => {
    const { disk, store } = await load({});
    const second = load({}, { disk });
    await expect(second).rejects.toThrow(StorageError);
    await expect(second).rejects.toThrow(/in use by another daemon .*\.lock/);
    await store.close();
    await (await load({}, { disk })).store.close();
  });

  test.each([
    ["of a process that is no more", "999999999\n"],
    ["whose number another program has now", `${process.pid}\n`],
    ["without a number", "\n"],
  ])("a pid file of Kea's clean-up %s is no obstacle", async (_, text) => {
    const { store } = await load({ ".pid": text });
    await store.close();
  });

  it("a file that could not be opened is not locked for ever", async () => {
    const disk = new CrashDisk(new Map([[LEASE_FILE, Buffer.from("address,duid\n")]]));
    await expect(load({}, { disk })).rejects.toThrow("duid");
    await disk.rename(LEASE_FILE, `${LEASE_FILE}.v6`);
    await (await load({}, { disk })).store.close();
  });
});
