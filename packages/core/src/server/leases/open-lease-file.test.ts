import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { dhcp4Family } from "../../config/dhcp4-family.ts";
import { dhcp6Family } from "../../config/dhcp6-family.ts";
import { type InsideText, parseInside } from "../../config/testing/parse-inside.ts";
import { family4 } from "../../leases/testing/test-families.ts";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { defineServerMessages } from "../messages.ts";
import { leaseFileOf, openLeaseFile4 } from "./open-lease-file.ts";

const HEADER =
  "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n";
const row = (address: string, subnet = 7) => `${address},02:00:00:00:00:01,,4000,1800004000,${subnet},0,0,,0,,0\n`;

let data: string;
let log: RecordingLogger;
let stores: { close(): Promise<void> }[];
let stopping: AbortController;
const clock = new ManualClock();

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "open-leases-"));
  log = new RecordingLogger();
  stores = [];
  stopping = new AbortController();
});

afterEach(async () => {
  for (const store of stores) await store.close();
  await rm(data, { recursive: true });
});

async function open(config: InsideText = {}) {
  const paths = {
    data,
    pid: data,
    log: data,
    controlSocket: data,
    extensions: "/extensions",
    scripts: "/scripts",
    legalLog: "/legal",
    manual: "/manual",
  };
  const text = { subnet4: [{ id: 7, subnet: "192.0.2.0/24" }], ...config };
  const leases = await openLeaseFile4(parseInside(dhcp4Family, text), {
    paths,
    clock,
    log,
    messages: defineServerMessages("dhcp4", 4),
    signal: stopping.signal,
  });
  stores.push(leases.store);
  return leases;
}

const logged = (id: string) => log.lines.filter((line) => line.startsWith(`${id} `));

describe("the lease file", () => {
  it("is Kea's where the configuration names none, in the daemon's own directory", async () => {
    await open();
    expect(await readFile(join(data, "kea-leases4.csv"), "latin1")).toBe(HEADER);
  });

  it.each([
    ["a relative name is in that directory too", "other.csv", "other.csv"],
    ["an absolute one is where it says", "/srv/leases.csv", "/srv/leases.csv"],
  ])("%s", (_, name, path) => {
    const config = parseInside(dhcp4Family, { "lease-database": { type: "memfile", name } });
    const paths = {
      data: "/data",
      pid: "",
      log: "",
      controlSocket: "",
      extensions: "/extensions",
      scripts: "/scripts",
      legalLog: "/legal",
      manual: "/manual",
    };
    expect(leaseFileOf(config, paths)).toBe(path.startsWith("/") ? path : join("/data", path));
  });

  it.each([
    ["/srv/dhcp", "/srv/dhcp/kea-leases6.csv"],
    ["dhcp", "/data/dhcp/kea-leases6.csv"],
  ])("of DHCPv6 is in data-directory %s", (directory, path) => {
    const config = parseInside(dhcp6Family, { "data-directory": directory });
    const paths = {
      data: "/data",
      pid: "",
      log: "",
      controlSocket: "",
      extensions: "/extensions",
      scripts: "/scripts",
      legalLog: "/legal",
      manual: "/manual",
    };
    expect(leaseFileOf(config, paths)).toBe(path);
  });

  it("is read, and its time is where lease time goes on: a host that boots without a clock", async () => {
    await writeFile(join(data, "kea-leases4.csv"), `${HEADER}${row("192.0.2.10").replace("1800004000", "1800104000")}`);
    const { store, leaseClock } = await open();
    expect(store.count).toBe(1);
    expect(leaseClock.wall()).toBe(1_800_100_000);
    expect(logged("DHCPSRV_MEMFILE_LEASE_FILE_LOAD")).toHaveLength(1);
  });

  it("is none with persist off: leases are in memory only, and the log says so", async () => {
    for (let start = 0; start < 2; start++) {
      const { store } = await open({ "lease-database": { type: "memfile", persist: false } });
      expect(store.count).toBe(0);
      const batch = store.begin();
      batch.put(family4.lease(1));
      expect(await batch.commit()).toEqual({ kind: "durable" });
      await store.compact();
      expect(store.count).toBe(1);
    }
    expect(logged("DHCPSRV_MEMFILE_NO_STORAGE")).toHaveLength(2);
    expect(await readdir(data)).toEqual([]);
  });

  it("that another daemon uses is an error at once: waiting does not help", async () => {
    await open();
    await expect(open()).rejects.toThrow(/kea-leases4\.csv/);
  });

  it("with bad rows is told of by line, and the good rows are there", async () => {
    await writeFile(join(data, "kea-leases4.csv"), `${HEADER}${row("192.0.2.10")}nonsense\n${row("192.0.2.11")}`);
    const { store } = await open();
    expect(store.count).toBe(2);
    expect(logged("DHCPSRV_MEMFILE_LEASE_LOAD_ROW_ERROR")).toEqual([expect.stringContaining("kea-leases4.csv:3: ")]);
  });

  it("with a lease in another subnet than its id says is told of, as sanity-checks asks", async () => {
    await writeFile(join(data, "kea-leases4.csv"), `${HEADER}${row("192.0.2.10", 99)}`);
    const { store } = await open({ "sanity-checks": { "lease-checks": "fix" } });
    expect(store.page(-1, 10)[0]?.subnetId).toBe(7);
    expect(logged("DHCPSRV_LEASE_SANITY_FAIL")).toHaveLength(1);
  });

  it("whose directory is missing is tried again until it is there or we are stopped, and the log says so", async () => {
    const name = join(data, "late", "leases.csv");
    const opening = open({ "lease-database": { type: "memfile", name } });
    while (logged("DHCPSRV_MEMFILE_OPEN_FAILED").length === 0) await new Promise(setImmediate);
    expect(logged("DHCPSRV_MEMFILE_OPEN_FAILED")[0]).toMatch(/late\/leases\.csv.* next try in 1 s/);
    stopping.abort(new Error("stopped"));
    await expect(opening).rejects.toThrow(/abort|stopped/);
  });
});
