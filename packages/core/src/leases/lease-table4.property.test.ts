import fc from "fast-check";
import { expect, it } from "vitest";
import type { PoolCursor, PoolRange } from "./lease-store.ts";
import { LeaseTable4 } from "./lease-table4.ts";
import { expiryOf, INFINITE_LIFETIME, type Lease4, LeaseState } from "./lease4.ts";

const NOW = 1_800_000_000;
/** 10.0.255.0: the addresses of these histories lie on both sides of the border between two /16s. */
const FIRST = 0x0a00_ff00;
const LAST = FIRST + 300;

/** What a table does, done by looking at every lease. */
class NaiveTable {
  readonly leases = new Map<number, Lease4>();

  put(lease: Lease4): void {
    this.leases.set(lease.address, lease);
  }

  remove(address: number): void {
    this.leases.delete(address);
  }

  shift(seconds: number): void {
    for (const lease of this.leases.values()) this.put({ ...lease, cltt: lease.cltt + seconds });
  }

  list(wanted: (lease: Lease4) => boolean): Lease4[] {
    return byAddress([...this.leases.values()].filter(wanted));
  }

  /** The addresses of the pool, ascending, that are as good as the best one. */
  available(range: PoolRange, now: number): number[] {
    const candidates = addressesOf(range);
    const kinds: ((lease: Lease4 | undefined) => boolean)[] = [
      (lease) => lease === undefined,
      (lease) => lease?.state === LeaseState.reclaimed,
      (lease) => lease !== undefined && isOver(lease, now),
      (lease) => lease?.state === LeaseState.offered,
    ];
    for (const isOfKind of kinds) {
      const some = candidates.filter((address) => isOfKind(this.leases.get(address)));
      if (some.length > 0) return some;
    }
    return [];
  }
}

function isOver(lease: Lease4, now: number): boolean {
  return lease.state !== LeaseState.reclaimed && expiryOf(lease) <= now;
}

function addressesOf({ first, last, excluded }: PoolRange): number[] {
  const all = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return all.filter((address) => !excluded.includes(address));
}

function byAddress(leases: readonly Lease4[]): Lease4[] {
  return leases.toSorted((a, b) => a.address - b.address);
}

/** Both tables, the time, and whether a shift or a clock set back has spoilt the order of what is over. */
interface World {
  readonly table: LeaseTable4;
  readonly model: NaiveTable;
  readonly pools: { readonly cursor: PoolCursor; next: number }[];
  now: number;
  timeIsSteady: boolean;
}

type Step = (world: World) => void;

const someHwaddr = fc.nat(5).map((n) => new Uint8Array(n).fill(n));
const someClientId = fc.integer({ min: 1, max: 5 }).map((n) => new Uint8Array(n * 40).fill(n));
const someLease: fc.Arbitrary<Lease4> = fc.record({
  address: fc.integer({ min: FIRST, max: LAST }),
  hwaddr: someHwaddr,
  clientId: fc.option(someClientId, { nil: undefined }),
  validLifetime: fc.oneof({ weight: 8, arbitrary: fc.nat(3600) }, fc.nat(400_000), fc.constant(INFINITE_LIFETIME)),
  cltt: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: NOW - 3600, max: NOW + 7200 }) }, fc.nat(NOW)),
  subnetId: fc.integer({ min: 1, max: 0xffff_fffe }),
  poolId: fc.nat(0xffff_ffff),
  state: fc.constantFrom(...Object.values(LeaseState)),
  fqdnFwd: fc.boolean(),
  fqdnRev: fc.boolean(),
  hostname: fc.constantFrom("", "pc.example.org", "größe", "x".repeat(255)),
  userContext: fc.constantFrom("", '{ "comment": "żółw" }', JSON.stringify({ id: "a".repeat(400) })),
});
const somePool: fc.Arbitrary<PoolRange> = fc
  .tuple(fc.nat(300), fc.nat(200), fc.uniqueArray(fc.nat(300), { maxLength: 120 }))
  .map(([from, length, excluded]) => {
    const range = { first: FIRST + from, last: Math.min(LAST, FIRST + from + length) };
    const addresses = excluded.map((n) => FIRST + n).filter((n) => n >= range.first && n <= range.last);
    return { ...range, excluded: addresses.toSorted((a, b) => a - b) };
  });

/** Leases at a run of addresses, so that pools fill up. */
const put: fc.Arbitrary<Step> = fc
  .tuple(someLease, fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 150 })))
  .map(([lease, length]) => ({ table, model }) => {
    for (let address = lease.address; address < lease.address + length && address <= LAST; address++) {
      table.put({ ...lease, address });
      model.put({ ...lease, address });
    }
  });

const remove: fc.Arbitrary<Step> = fc.integer({ min: FIRST, max: LAST }).map((address) => ({ table, model }) => {
  table.remove(address);
  model.remove(address);
});

const shift: fc.Arbitrary<Step> = fc.integer({ min: -500_000, max: 500_000 }).map((seconds) => (world) => {
  world.table.shift(seconds);
  world.model.shift(seconds);
  world.timeIsSteady = false;
});

const wait: fc.Arbitrary<Step> = fc
  .oneof(fc.integer({ min: -600, max: 3600 }), fc.integer({ min: -200_000, max: 200_000 }))
  .map((seconds) => (world) => {
    world.now += seconds;
    if (seconds < 0) world.timeIsSteady = false;
  });

const expire: fc.Arbitrary<Step> = fc.nat(20).map((limit) => ({ table, model, now, timeIsSteady }) => {
  const over = model.list((lease) => isOver(lease, now));
  const got = table.expired(now, limit);
  expect(got.length).toBe(Math.min(limit, over.length));
  expect(byAddress(got)).toEqual(over.filter(({ address }) => got.some((lease) => lease.address === address)));
  const ends = got.map(expiryOf).filter((end) => end > now - 65_000);
  if (timeIsSteady) expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  for (const { address } of got) {
    table.remove(address);
    model.remove(address);
  }
});

const forget: fc.Arbitrary<Step> = fc
  .tuple(fc.nat(20), fc.constantFrom(0, 60, 3600))
  .map(([limit, hold]) => ({ table, model, now }) => {
    const old = model.list((lease) => lease.state === LeaseState.reclaimed && expiryOf(lease) + hold <= now);
    const got = table.forgettable(now, hold, limit);
    expect(got.length).toBe(Math.min(limit, old.length));
    expect(byAddress(got)).toEqual(old.filter(({ address }) => got.some((lease) => lease.address === address)));
  });

const search: fc.Arbitrary<Step> = fc
  .tuple(fc.nat(), fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { nil: undefined }))
  .map(([which, start]) => ({ table, model, pools, now }) => {
    const pool = pools[which % pools.length]!;
    const { first, last } = pool.cursor.range;
    const begin = start === undefined ? pool.next : first + Math.floor(start * (last - first + 1));
    const best = model.available(pool.cursor.range, now);
    const address = best.find((address) => address >= begin) ?? best[0];
    expect(table.available(pool.cursor, now, start)).toBe(address);
    if (address !== undefined) pool.next = address === last ? first : address + 1;
  });

const someStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 7, arbitrary: put },
  { weight: 2, arbitrary: remove },
  shift,
  { weight: 2, arbitrary: wait },
  expire,
  forget,
  { weight: 3, arbitrary: search },
);

/** At most 64 of what a client holds are looked at. */
function expectSome(found: readonly Lease4[], held: readonly Lease4[]): void {
  expect(found.length).toBe(Math.min(64, held.length));
  expect(byAddress(found)).toEqual(held.filter(({ address }) => found.some((lease) => lease.address === address)));
}

function expectSame({ table, model, pools }: World): void {
  const held = model.list(({ state }) => state !== LeaseState.offered);
  expect(table.count).toBe(held.length);
  expect(table.page(-1, 1000)).toEqual(held);
  expect(byAddress([...table.walk()])).toEqual(held);
  const addresses = addressesOf({ first: FIRST - 1, last: LAST + 1, excluded: [] });
  expect(addresses.map((address) => table.byAddress(address))).toEqual(
    addresses.map((address) => model.leases.get(address)),
  );
  const same = (a: Uint8Array, b: Uint8Array | undefined) => b !== undefined && Buffer.compare(a, b) === 0;
  for (let n = 1; n <= 5; n++) {
    const hwaddr = new Uint8Array(n).fill(n);
    expectSome(
      table.byHwaddr(hwaddr),
      model.list((lease) => same(hwaddr, lease.hwaddr)),
    );
    const clientId = new Uint8Array(n * 40).fill(n);
    expectSome(
      table.byClientId(clientId),
      model.list((lease) => same(clientId, lease.clientId)),
    );
  }
  for (const { cursor } of pools) {
    expect(cursor.free).toBe(addressesOf(cursor.range).filter((address) => !model.leases.has(address)).length);
  }
}

it("LeaseTable4 agrees, whatever happens, with a table that looks at every lease", () => {
  fc.assert(
    fc.property(
      fc.array(somePool, { minLength: 1, maxLength: 3 }),
      fc.array(someStep, { maxLength: 60 }),
      (ranges, steps) => {
        const table = new LeaseTable4(NOW);
        const pools = ranges.map((range) => ({ cursor: table.openPool(range), next: range.first }));
        const world: World = { table, model: new NaiveTable(), pools, now: NOW, timeIsSteady: true };
        for (const step of steps) step(world);
        expectSame(world);
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);
