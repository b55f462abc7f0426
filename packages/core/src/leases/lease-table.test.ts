import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PoolCursor, PoolRange } from "./lease-store.ts";
import { LeaseTable } from "./lease-table.ts";
import { expiryOf, INFINITE_LIFETIME, type Lease4, LeaseState } from "./lease4.ts";

const NOW = 1_800_000_000;
/** 10.0.255.0: the pools of these tests lie on both sides of the border between two /16s. */
const BASE = 0x0a00_ff00;

function _lease(over: Partial<Lease4> = {}): Lease4 {
  return {
    address: BASE,
    hwaddr: Uint8Array.of(2, 0, 0, 0, 0, 1),
    clientId: undefined,
    validLifetime: 3600,
    cltt: NOW,
    subnetId: 1,
    poolId: 0,
    state: LeaseState.assigned,
    fqdnFwd: false,
    fqdnRev: false,
    hostname: "",
    userContext: "",
    ...over,
  };
}

/** The same contract over a `Map`, by looking at every lease. */
class NaiveTable {
  leases = new Map<number, Lease4>();

  put(lease: Lease4): void {
    this.leases.set(lease.address, lease);
  }

  remove(address: number): void {
    this.leases.delete(address);
  }

  shift(seconds: number): void {
    for (const [address, lease] of this.leases) this.leases.set(address, { ...lease, cltt: lease.cltt + seconds });
  }

  list(keep: (lease: Lease4) => boolean): Lease4[] {
    return [...this.leases.values()].filter(keep).sort((a, b) => a.address - b.address);
  }

  isOver(lease: Lease4, now: number): boolean {
    return lease.state !== LeaseState.reclaimed && expiryOf(lease) <= now;
  }

  free(range: PoolRange): number[] {
    return candidates(range).filter((address) => !this.leases.has(address));
  }

  /** Every address that may be given now: all are of the best kind that the pool has. */
  available(range: PoolRange, now: number): number[] {
    const kinds: ((lease: Lease4) => boolean)[] = [
      ({ state }) => state === LeaseState.reclaimed,
      (lease) => this.isOver(lease, now),
      ({ state }) => state === LeaseState.offered,
    ];
    const free = this.free(range);
    if (free.length > 0) return free;
    for (const kind of kinds) {
      const some = candidates(range).filter((address) => kind(this.leases.get(address)!));
      if (some.length > 0) return some;
    }
    return [];
  }
}

function candidates({ first, last, excluded }: PoolRange): number[] {
  const all = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return all.filter((address) => !excluded.includes(address));
}

/** The next of `addresses` (ascending) from `begin` on, around the end. */
function around(addresses: number[], begin: number): number | undefined {
  return addresses.find((address) => address >= begin) ?? addresses[0];
}

const SPAN = 300;
const someLease = fc.record({
  address: fc.integer({ min: BASE, max: BASE + SPAN }),
  hwaddr: fc.integer({ min: 0, max: 5 }).map((n) => new Uint8Array(n).fill(n)),
  clientId: fc.option(
    fc.integer({ min: 1, max: 5 }).map((n) => new Uint8Array(n * 40).fill(n)),
    { nil: undefined },
  ),
  validLifetime: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 3600 }) },
    fc.integer({ min: 0, max: 400_000 }),
    fc.constant(INFINITE_LIFETIME),
  ),
  cltt: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: NOW - 3600, max: NOW + 7200 }) },
    fc.integer({ min: 0, max: NOW }),
  ),
  subnetId: fc.integer({ min: 1, max: 0xffff_fffe }),
  poolId: fc.integer({ min: 0, max: 0xffff_ffff }),
  state: fc.constantFrom(...Object.values(LeaseState)),
  fqdnFwd: fc.boolean(),
  fqdnRev: fc.boolean(),
  hostname: fc.constantFrom("", "pc.example.org", "größe", `host-${"x".repeat(250)}`),
  userContext: fc.constantFrom("", '{ "comment": "żółw" }', JSON.stringify({ id: "a".repeat(400) })),
});

type Step = { table: LeaseTable; model: NaiveTable; pools: PoolCursor[]; now: number };

const limit = fc.integer({ min: 0, max: 20 });
const command: fc.Arbitrary<(step: Step) => void> = fc.oneof(
  {
    weight: 6,
    arbitrary: someLease.map((lease) => ({ table, model }: Step) => {
      table.put(lease);
      model.put(lease);
    }),
  },
  // A run of addresses, so that pools fill up.
  fc.tuple(someLease, fc.integer({ min: 1, max: 150 })).map(([lease, length]) => ({ table, model }: Step) => {
    for (let i = 0; i < length; i++) {
      const one = { ...lease, address: BASE + ((lease.address - BASE + i) % (SPAN + 1)) };
      table.put(one);
      model.put(one);
    }
  }),
  {
    weight: 2,
    arbitrary: fc.integer({ min: BASE, max: BASE + SPAN }).map((address) => ({ table, model }: Step) => {
      table.remove(address);
      model.remove(address);
    }),
  },
  fc.integer({ min: -500_000, max: 500_000 }).map((seconds) => ({ table, model }: Step) => {
    table.shift(seconds);
    model.shift(seconds);
  }),
  fc
    .oneof(fc.integer({ min: -600, max: 3600 }), fc.integer({ min: -200_000, max: 200_000 }))
    .map((seconds) => (step: Step) => {
      step.now += seconds;
    }),
  limit.map((limit) => ({ table, model, now }: Step) => {
    const over = model.list((lease) => model.isOver(lease, now));
    const got = table.expired(now, limit);
    expect(got.length).toBe(Math.min(limit, over.length));
    for (const lease of got) expect(lease).toEqual(model.leases.get(lease.address));
    expect(new Set(got.map(({ address }) => address)).size).toBe(got.length);
    // Oldest first, for what ended within the reach of the calendar.
    const recent = got.map(expiryOf).filter((expiry) => expiry > now - 65_000);
    expect(recent).toEqual(recent.toSorted((a, b) => a - b));
    for (const lease of got) {
      table.remove(lease.address);
      model.remove(lease.address);
    }
  }),
  fc.tuple(limit, fc.constantFrom(0, 60, 3600)).map(([limit, hold]) => ({ table, model, now }: Step) => {
    const old = model.list((lease) => lease.state === LeaseState.reclaimed && expiryOf(lease) + hold <= now);
    const got = table.forgettable(now, hold, limit);
    expect(got.length).toBe(Math.min(limit, old.length));
    for (const lease of got) expect(old).toContainEqual(lease);
  }),
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.nat(), fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { nil: undefined }))
      .map(([which, start]) => ({ table, model, pools, now }: Step) => {
        const pool = pools[which % pools.length]!;
        const { first, last } = pool.range;
        const some = model.available(pool.range, now);
        const got = table.available(pool, now, start);
        if (start === undefined) expect(got === undefined).toBe(some.length === 0);
        else expect(got).toBe(around(some, first + Math.floor(start * (last - first + 1))));
        if (got !== undefined) expect(some).toContain(got);
      }),
  },
);

const somePool: fc.Arbitrary<PoolRange> = fc
  .tuple(
    fc.integer({ min: 0, max: SPAN }),
    fc.integer({ min: 0, max: 200 }),
    fc.uniqueArray(fc.nat(SPAN), { maxLength: 120 }),
  )
  .map(([from, length, excluded]) => {
    const first = BASE + from;
    const last = Math.min(BASE + SPAN, first + length);
    const addresses = excluded.map((n) => BASE + n).filter((address) => address >= first && address <= last);
    return { first, last, excluded: addresses.toSorted((a, b) => a - b) };
  });

describe("LeaseTable", () => {
  it("agrees with a table that looks at every lease, whatever happens", () => {
    fc.assert(
      fc.property(
        fc.array(somePool, { minLength: 1, maxLength: 3 }),
        fc.array(command, { maxLength: 60 }),
        (ranges, commands) => {
          const table = new LeaseTable(NOW);
          const model = new NaiveTable();
          const step: Step = { table, model, pools: ranges.map((range) => table.openPool(range)), now: NOW };
          for (const run of commands) run(step);
          const held = model.list(({ state }) => state !== LeaseState.offered);
          expect(table.count).toBe(held.length);
          expect(table.page(-1, SPAN * 2)).toEqual(held);
          expect([...table.walk()].toSorted((a, b) => a.address - b.address)).toEqual(held);
          for (let address = BASE - 1; address <= BASE + SPAN + 1; address++) {
            expect(table.byAddress(address)).toEqual(model.leases.get(address));
          }
          for (let n = 1; n <= 5; n++) {
            const hwaddr = new Uint8Array(n).fill(n);
            const clientId = new Uint8Array(n * 40).fill(n);
            const same = (a: Uint8Array, b: Uint8Array | undefined) => b !== undefined && Buffer.compare(a, b) === 0;
            const sorted = (leases: readonly Lease4[]) => leases.toSorted((a, b) => a.address - b.address);
            expect(sorted(table.byHwaddr(hwaddr))).toEqual(model.list((lease) => same(hwaddr, lease.hwaddr)));
            expect(sorted(table.byClientId(clientId))).toEqual(model.list((lease) => same(clientId, lease.clientId)));
          }
          for (const pool of step.pools) expect(pool.free).toBe(model.free(pool.range).length);
        },
      ),
      { numRuns: 200 },
    );
  });
});
