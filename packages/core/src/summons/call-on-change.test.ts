import { describe, expect, it, vi } from "vitest";
import { type Lease, LeaseState } from "../leases/model/lease.ts";
import { CallOnChange } from "./call-on-change.ts";
import { changedSubnets, giftsOf } from "./changed-subnets.ts";
import type { Refusal } from "./summoner.ts";

const dns = (data: string) => ({ "option-data": [{ name: "domain-name-servers", data }] });
const ONE = { id: 1, subnet: "192.0.2.0/24" };
const TWO = { id: 2, subnet: "198.51.100.0/24" };
const THREE = { id: 3, subnet: "203.0.113.0/24" };
const CONFIG = {
  "valid-lifetime": 4000,
  loggers: [],
  subnet4: [ONE],
  "shared-networks": [{ name: "floor", subnet4: [TWO, THREE] }],
};

describe("subnets whose clients may get something else", () => {
  it.each<[string, object, number[]]>([
    ["nothing has changed", {}, []],
    ["what no client notices", { loggers: [{ name: "kea-dhcp4" }], "control-sockets": [] }, []],
    ["an option of one", { subnet4: [{ ...ONE, ...dns("192.0.2.53") }] }, [1]],
    ["a lifetime of all", { "valid-lifetime": 8000 }, [1, 2, 3]],
    ["a class", { "client-classes": [{ name: "phones" }] }, [1, 2, 3]],
    [
      "an option of a network",
      { "shared-networks": [{ name: "floor", ...dns("1.1.1.1"), subnet4: [TWO, THREE] }] },
      [2, 3],
    ],
    [
      "one of a network",
      { "shared-networks": [{ name: "floor", subnet4: [TWO, { ...THREE, ...dns("1.1.1.1") }] }] },
      [3],
    ],
    ["one that is new, and one that is gone", { subnet4: [{ ...ONE, id: 9 }] }, []],
    [
      "one that leaves its network",
      { subnet4: [ONE, TWO], "shared-networks": [{ name: "floor", subnet4: [THREE] }] },
      [2],
    ],
  ])("%s", (_, change, expected) => {
    const [before, after] = [CONFIG, { ...CONFIG, ...change }].map((config) => giftsOf(config, "subnet4"));
    expect([...changedSubnets(before!, after!)].sort()).toEqual(expected);
  });
});

type TestLease = Lease & { readonly address: number };

function lease(address: number, subnetId: number, change: Partial<TestLease> = {}): TestLease {
  const common = { poolId: 0, fqdnFwd: false, fqdnRev: false, hostname: "", userContext: "" };
  return { ...common, address, subnetId, validLifetime: 4000, cltt: 100, state: LeaseState.assigned, ...change };
}

describe("the clients of a subnet that has changed", () => {
  const leases = [
    lease(1, 1),
    lease(2, 2),
    lease(3, 1, { state: LeaseState.reclaimed }),
    lease(4, 1, { cltt: 201 }),
    lease(5, 1),
    lease(6, 2, { hostname: "six" }),
  ];

  function setUp(refuse: (lease: TestLease) => Refusal | undefined = () => undefined) {
    const called: number[] = [];
    const began: number[] = [];
    const ending = new AbortController();
    const calls = new CallOnChange<TestLease>("subnet4", {
      summoner: {
        ending: ending.signal,
        classesOf: () => [],
        call(each) {
          const refusal = refuse(each);
          if (refusal === undefined) called.push(each.address);
          return refusal;
        },
      },
      page: (after = 0, limit) => leases.filter(({ address }) => address > after).slice(0, Math.min(limit, 2)),
      keyOf: ({ hostname }, type) => (type === "hw-address" ? hostname : undefined),
      now: () => 200,
      onBegin: (subnets) => began.push(subnets),
    });
    return { calls, called, began };
  }

  const on = (config: object) => ({ ...config, "user-context": { kotare: { "call-on-change": true } } });
  const changed = { ...CONFIG, subnet4: [{ ...ONE, ...dns("192.0.2.53") }] };

  it("are called, but for those that have come since, and whose lease is over", async () => {
    const { calls, called, began } = setUp();
    calls.configure(on(CONFIG));
    calls.configure(on(changed));
    await vi.waitFor(() => expect(called).toEqual([1, 5]));
    await calls.stop();
    expect(began).toEqual([1]);
  });

  it("are not called at a start, nor where that is not wanted, nor while nothing of theirs changes", async () => {
    const { calls, called, began } = setUp();
    calls.configure({ ...CONFIG, "user-context": {} });
    calls.configure({ ...changed, "user-context": {} });
    calls.configure(on(CONFIG));
    calls.configure(on({ ...CONFIG, loggers: [1] }));
    await calls.stop();
    expect([called, began]).toEqual([[], []]);
  });

  it("are passed over where they cannot be called", async () => {
    const { calls, called } = setUp(({ address }) => (address === 1 ? "no-secret" : undefined));
    calls.configure(on(CONFIG));
    calls.configure(on(changed));
    await calls.stop();
    expect(called).toEqual([5]);
  });

  describe("whose reservation a command has changed in a host database", () => {
    const about = (key: string, ...addresses: readonly number[]) => ({
      identifier: { type: "hw-address", key },
      addresses,
    });

    it("are called, and who holds the address, of many changes at one go", async () => {
      const { calls, called } = setUp();
      calls.configure(on(CONFIG));
      calls.reservationChanged(about("six"));
      calls.reservationChanged(about("nobody", 1, 3));
      await calls.stop();
      expect(called).toEqual([1, 6]);
      calls.reservationChanged({ identifier: { type: "circuit-id", key: "six" }, addresses: [2] });
      await calls.stop();
      expect(called).toEqual([1, 6, 2]);
    });

    it("are not called where that is not wanted", async () => {
      const { calls, called } = setUp();
      calls.configure({ ...CONFIG, "user-context": {} });
      calls.reservationChanged(about("six", 1));
      await calls.stop();
      expect(called).toEqual([]);
    });
  });
});
