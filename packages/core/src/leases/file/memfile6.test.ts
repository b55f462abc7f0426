import { expect, it, test } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { formatIpv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";
import { CrashDisk } from "../../storage/testing/crash-disk.ts";
import { lease6Csv } from "../csv/lease6-csv.ts";
import { LeaseType6 } from "../model/lease6.ts";
import type { LeaseFileEvent } from "./lease-file-event.ts";
import { Memfile6 } from "./memfile6.ts";

const FILE = "/leases/kea-leases6.csv";
const HEADER = Buffer.from(lease6Csv.header).toString();
const END = 1_800_003_600;

/** A row as `type:member`, the member being the last groups of the address. */
function row(
  address: string,
  change: { type?: number; length?: number; lifetime?: number; duid?: string } = {},
): string {
  const { type = 0, length = 128, lifetime = 3600, duid = "00:01:02:03" } = change;
  return `2001:db8:${address},${duid},${lifetime},${END},1,1800,${type},5,${length},0,0,,02:01,0,,1,0,0\n`;
}
const prefixRow = (address: string, lifetime = 3600) => row(address, { type: 2, length: 56, lifetime });

async function load(text: string, subnetCheck: Parameters<typeof Memfile6.open>[0]["subnetCheck"] = NO_CHECK) {
  const disk = new CrashDisk(new Map([[FILE, Buffer.from(text, "latin1")]]));
  const events: LeaseFileEvent[] = [];
  const store = await Memfile6.open({
    path: FILE,
    lfcInterval: 0,
    maxRowErrors: 0,
    subnetCheck,
    clock: new ManualClock(),
    report: (event) => events.push(event),
    disk,
  });
  const list = (type: LeaseType6) => store.page(type, undefined, 1000).map((lease) => formatIpv6Key(lease.address));
  return {
    store,
    events,
    addresses: list(LeaseType6.address),
    prefixes: list(LeaseType6.prefix),
    text: (suffix = "") => Buffer.from(disk.image.get(FILE + suffix) ?? "(none)").toString("latin1"),
  };
}

const NO_CHECK = { mode: "none", subnetIdOf: () => undefined } as const;

it("addresses and prefixes are in one file, and a removal is of its own type", async () => {
  const text = HEADER + row(":1") + prefixRow("1::") + row(":2") + row(":2", { lifetime: 0 }) + prefixRow(":2", 0);
  const { store, addresses, prefixes } = await load(text + row("1::", { lifetime: 0 }));
  expect([addresses, prefixes]).toEqual([["2001:db8::1"], ["2001:db8:1::"]]);
  expect(store.count).toBe(2);
  expect(store.begin().byDuid(Uint8Array.of(0, 1, 2, 3))).toHaveLength(2);
  await store.close();
});

it("the last row of a prefix holds, whatever its length is", async () => {
  const { store } = await load(HEADER + prefixRow("1::") + row("1::", { type: 2, length: 60 }));
  expect(store.page(LeaseType6.prefix, undefined, 9)).toMatchObject([{ prefixLength: 60 }]);
  await store.close();
});

it("the removal of a prefix that was given with two lengths leaves nothing", async () => {
  const { store } = await load(HEADER + prefixRow("1::") + row("1::", { type: 2, length: 60, lifetime: 0 }));
  expect(store.count).toBe(0);
  await store.close();
});

it("a file of the oldest schema is upgraded", async () => {
  const old = (line: string) => `${line.trimEnd().split(",").slice(0, 12).join(",")}\n`;
  const { store, text, addresses } = await load(old(HEADER) + old(row(":1")));
  expect(addresses).toEqual(["2001:db8::1"]);
  await store.compact();
  expect(text()).toBe(`${HEADER}2001:db8::1,00:01:02:03,3600,${END},1,1800,0,5,128,0,0,,,0,,,,0\n`);
  await store.close();
});

it("rows that cannot be leases are told, kept aside, and cost no other", async () => {
  const bad = [row(":2", { type: 1 }), row(":3", { type: 2, length: 129 }), row(":4", { duid: "00:00:00" })];
  const { store, addresses, events, text } = await load(HEADER + row(":1") + bad.join("") + row(":5"));
  expect(addresses).toEqual(["2001:db8::1", "2001:db8::5"]);
  expect(events.filter(({ kind }) => kind === "bad-row")).toMatchObject([{ line: 3 }, { line: 4 }, { line: 5 }]);
  for (const each of bad) expect(text(".bad")).toContain(each);
  await store.close();
});

it("a file of DHCPv4 is refused in words that help", async () => {
  await expect(load("address,hwaddr,client_id\n")).rejects.toThrow(
    /column 2 is "hwaddr".*lease file of the DHCPv6 server/,
  );
});

test.each([
  ["warn", ["2001:db8::1", "2001:db8:7::1"], 1],
  ["del", ["2001:db8::1"], 1],
] as const)("lease-checks %s looks at addresses, and at no prefix", async (mode, expected, found) => {
  const subnet = parseIpv6Key("2001:db8::1");
  const check = { mode, subnetIdOf: (address: string) => (address === subnet ? 1 : undefined) };
  const { store, addresses, prefixes, events } = await load(HEADER + row(":1") + row("7::1") + prefixRow("8::"), check);
  expect(addresses).toEqual(expected);
  expect(prefixes).toEqual(["2001:db8:8::"]);
  const findings = events.filter(({ kind }) => kind === "wrong-subnet");
  expect(findings).toHaveLength(found);
  expect(findings).toMatchObject([{ address: "2001:db8:7::1", subnetId: 1 }]);
  await store.close();
});
