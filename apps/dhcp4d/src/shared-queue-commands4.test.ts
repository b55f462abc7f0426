/** Kea's commands about its allocator `shared-flq`. */
import { beforeEach, describe, expect, it } from "vitest";
import { TestServer4 } from "./testing/test-server4.ts";

const SUBNETS = [
  {
    id: 44,
    subnet: "192.0.2.0/24",
    allocator: "shared-flq",
    pools: [{ pool: "192.0.2.10-192.0.2.19" }, { pool: "192.0.2.128/25" }],
  },
  { id: 45, subnet: "198.51.100.0/24", pools: [{ pool: "198.51.100.0/24" }] },
];
const FIRST = { "start-address": "192.0.2.10", "end-address": "192.0.2.19" };
const SECOND = { "start-address": "192.0.2.128", "end-address": "192.0.2.255" };
const NONE = { result: 3, text: "0 pool(s) found.", arguments: { pools: [] } };

let server: TestServer4;
beforeEach(async () => {
  server = await TestServer4.start({ subnet4: SUBNETS });
});

const started = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.000000$/);
const shown = (range: object, free: number) => ({
  ...range,
  "created-ts": started,
  "delegated-len": 128,
  "free-leases": free,
  "lease-type": "V4",
  "modified-ts": started,
  "subnet-id": 44,
});

describe("pools with the allocator shared-flq", () => {
  it("are listed with what is free: what nobody has, or what is reclaimed", async () => {
    for (const [address, state] of [
      ["192.0.2.9", 0],
      ["192.0.2.10", 0],
      ["192.0.2.11", 1],
      ["192.0.2.12", 2],
      ["192.0.2.255", 0],
      ["198.51.100.1", 0],
    ] as const) {
      const hwaddr = `02:00:00:00:00:${address.split(".")[3]!.padStart(3, "0").slice(1)}`;
      const added = await server.ask("lease4-add", { "ip-address": address, "hw-address": hwaddr, state });
      expect(added).toMatchObject({ result: 0 });
    }
    const pools = [shown(FIRST, 8), shown(SECOND, 127)];
    expect(await server.ask("sflq-pool4-get-all")).toEqual({
      result: 0,
      text: "2 pool(s) found.",
      arguments: { pools },
    });
    for (const command of ["sflq-pool4-get-by-subnet", "sflq-pool4-get-by-range"]) {
      const given = command.endsWith("subnet") ? { "subnet-id": 44 } : { ...FIRST, "end-address": "192.0.2.128" };
      expect(await server.ask(command, given)).toMatchObject({ result: 0, arguments: { pools } });
    }
    const one = { "start-address": "192.0.2.19", "end-address": "192.0.2.127" };
    expect(await server.ask("sflq-pool4-get-by-range", one)).toMatchObject({ arguments: { pools: [pools[0]] } });
  });

  it.each([
    ["sflq-pool4-get-by-subnet", { "subnet-id": 45 }],
    ["sflq-pool4-get-by-range", { "start-address": "192.0.2.20", "end-address": "192.0.2.127" }],
  ])("%s finds none where there are none", async (command, given) => {
    expect(await server.ask(command, given)).toEqual(NONE);
  });

  it("have no queue that could be wrong, or that could go", async () => {
    const deleted = { ...FIRST, force: true };
    expect(await server.ask("sflq-pool4-rebuild", FIRST)).toEqual({ result: 0, text: "SFLQ pool rebuilt." });
    expect(await server.ask("sflq-pool4-del", deleted)).toEqual({
      result: 0,
      text: "SFLQ pool deleted",
      arguments: deleted,
    });
    expect(await server.ask("sflq-pool4-get-all")).toMatchObject({ text: "2 pool(s) found." });
    const part = { ...FIRST, "end-address": "192.0.2.18" };
    for (const command of ["sflq-pool4-rebuild", "sflq-pool4-del"]) {
      expect(await server.ask(command, part)).toMatchObject({ result: 3, text: "SFLQ pool does not exist" });
    }
  });

  it.each([
    ["sflq-pool4-get-by-subnet", {}, "subnet-id"],
    ["sflq-pool4-get-by-subnet", { "subnet-id": 0 }, "subnet-id"],
    ["sflq-pool4-get-by-range", { "start-address": "192.0.2.10" }, "end-address"],
    ["sflq-pool4-get-by-range", { ...FIRST, bogus: 1 }, "bogus"],
    ["sflq-pool4-get-by-range", { ...FIRST, "end-address": "192.0.2.9" }, "is behind end-address"],
    ["sflq-pool4-del", { ...FIRST, "start-address": "2001:db8::" }, "is not an IPv4 address"],
    ["sflq-pool4-del", { ...FIRST, force: "oops" }, "force"],
  ])("%s %j is an error", async (command, given, text) => {
    expect(await server.ask(command, given)).toMatchObject({ result: 1, text: expect.stringContaining(text) });
  });
});
