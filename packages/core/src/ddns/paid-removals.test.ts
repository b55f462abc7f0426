import { expect, it, vi } from "vitest";
import { LeaseState } from "../leases/model/lease.ts";
import type { CommitResult } from "../leases/model/lease-store.ts";
import type { LeaseBatch4 } from "../leases/model/lease-store4.ts";
import type { Lease4 } from "../leases/model/lease4.ts";
import type { OwedRemoval } from "../leases/user-context/owed-removals.ts";
import type { Due, Flight } from "./due-names.ts";
import type { NamedFamily } from "./named-family.ts";
import { PaidRemovals } from "./paid-removals.ts";

const removal = (fqdn: string): OwedRemoval => ({ fqdn, forward: true, reverse: true, dhcid: "000001" });

function lease(address: number): Lease4 {
  return {
    address,
    hwaddr: Uint8Array.of(1),
    clientId: undefined,
    validLifetime: 60,
    cltt: 0,
    subnetId: 1,
    poolId: 0,
    state: LeaseState.assigned,
    fqdnFwd: false,
    fqdnRev: false,
    hostname: "",
    userContext: "",
  };
}

function flight(address: number, fqdn: string): Flight<Lease4> {
  const due: Due<Lease4> = {
    address: address,
    lease: lease(address),
    added: undefined,
    adding: undefined,
    removing: [],
  };
  return { due, lease: due.lease, removal: removal(fqdn), fqdn, name: fqdn };
}

/** A store in which commits wait for the test; the leases are found in it, but those in `gone`. */
function setUp() {
  const gone = new Set<number>();
  /** What has been put in each batch that was committed. */
  const batches: number[][] = [];
  const loads: number[] = [];
  const pauses: number[] = [];
  const settled: number[][] = [];
  const stage = {
    missed: 0,
    onPut: (_: Lease4) => {},
    commit: async (): Promise<CommitResult> => ({ kind: "durable" }),
  };
  const family = {
    addressOf: ({ address }: Lease4) => address,
    find: (_: unknown, of: Lease4) => (gone.has(of.address) ? undefined : of),
  } as unknown as NamedFamily<Lease4, LeaseBatch4>;
  const begin = () => {
    const put: number[] = [];
    const batch = {
      missed: stage.missed,
      load: async () => void loads.push(stage.missed),
      put(of: Lease4) {
        put.push(of.address);
        stage.onPut(of);
      },
      commit() {
        batches.push(put);
        return stage.commit();
      },
    };
    return batch as unknown as LeaseBatch4;
  };
  const removals = new PaidRemovals<Lease4, LeaseBatch4>(
    family,
    { begin, watch: () => {}, succeed: () => {} },
    async (time) => {
      pauses.push(time);
      await rest();
      expect(removals.includes(lease(1), removal("one."))).toBe(false);
    },
    (flights) => void settled.push(flights.map(({ lease: { address } }) => address)),
  );
  return { stage, gone, batches, loads, pauses, settled, removals };
}

const rest = () => new Promise(setImmediate);

it("a removal is paid at the address that it was confirmed for, though the client owes the same one elsewhere", async () => {
  // A client of two addresses has one name at both.
  const { stage, removals, settled } = setUp();
  const seen: [address: number, fqdn: string, isPaid: boolean][] = [];
  const look = ({ address }: Lease4) => {
    for (const fqdn of ["one.", "two."]) seen.push([address, fqdn, removals.includes(lease(address), removal(fqdn))]);
  };
  stage.onPut = look;
  removals.add(flight(1, "one."));
  removals.add(flight(2, "two."));
  await rest();
  expect(settled).toEqual([[1, 2]]);
  const paid = [
    [1, "one.", true],
    [1, "two.", false],
    [2, "one.", false],
    [2, "two.", true],
  ];
  expect(seen.splice(0)).toEqual(paid);
  // Once it is in the lease, the lease says so itself.
  for (const address of [1, 2]) look(lease(address));
  expect(seen).toEqual(paid.map(([address, fqdn]) => [address, fqdn, false]));
});

it("what is confirmed while a batch is on its way goes with the next one, unless nobody wants it any more", async () => {
  const { stage, removals, batches, settled } = setUp();
  const ends: (() => void)[] = [];
  stage.commit = () => new Promise((resolve) => ends.push(() => resolve({ kind: "durable" })));
  removals.add(flight(1, "one."));
  await rest();
  removals.add(flight(2, "two."));
  removals.add(flight(3, "three."));
  await rest();
  expect(batches).toEqual([[1]]);
  ends[0]!();
  await rest();
  expect(batches).toEqual([[1], [2, 3]]);
  removals.add(flight(4, "four."));
  removals.clear();
  ends[1]!();
  await rest();
  expect(batches).toHaveLength(2);
  expect(settled).toEqual([[1], [2, 3]]);
  removals.add(flight(5, "five."));
  await rest();
  expect(batches).toEqual([[1], [2, 3], [5]]);
});

it("leases that are not at hand are loaded, and one that is gone owes nothing", async () => {
  const { stage, gone, removals, batches, loads, settled } = setUp();
  removals.add(flight(1, "one."));
  await rest();
  expect(loads).toEqual([]);
  stage.missed = 2;
  gone.add(2);
  removals.add(flight(2, "two."));
  removals.add(flight(3, "three."));
  await rest();
  expect(loads).toEqual([2]);
  expect(batches).toEqual([[1], [3]]);
  expect(settled).toEqual([[1], [2, 3]]);
});

it.each<[string, Partial<ReturnType<typeof setUp>["stage"]>]>([
  ["fails", { commit: async () => ({ kind: "failed", error: new Error("disk full") }) }],
  ["was overtaken by another server", { commit: async () => ({ kind: "taken", changes: new Set([0]) }) }],
  ["throws", { commit: () => Promise.reject(new Error("connection lost")) }],
  [
    "cannot be made",
    {
      onPut() {
        throw new RangeError("no lease to be kept");
      },
    },
  ],
])("a commit that %s is tried again after a second, and nothing counts as paid meanwhile", async (_, fault) => {
  const { stage, removals, batches, pauses, settled } = setUp();
  const whole = { ...stage };
  Object.assign(stage, fault);
  removals.add(flight(1, "one."));
  await vi.waitFor(() => expect(pauses).not.toEqual([]));
  Object.assign(stage, whole);
  await vi.waitFor(() => expect(settled).toEqual([[1]]));
  expect(new Set(pauses)).toEqual(new Set([1000]));
  expect(batches.at(-1)).toEqual([1]);
});
