import fc from "fast-check";
import { expect, it } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { expiryOf, INFINITE_LIFETIME, type Lease, LeaseState } from "../model/lease.ts";
import { family4, family6Addresses, family6Prefixes, type TestFamily } from "../testing/test-families.ts";

const NOW = 1_800_000_000;
const LAST = 300;

interface PoolRange {
  readonly first: number;
  readonly last: number;
  readonly excluded: readonly number[];
}

/** What a table does, done by looking at every lease. */
class NaiveTable<L extends Lease> {
  readonly leases = new Map<number, L>();

  shift(seconds: number): void {
    for (const [member, lease] of this.leases) this.leases.set(member, { ...lease, cltt: lease.cltt + seconds });
  }

  /** By member. */
  list(wanted: (lease: L) => boolean): L[] {
    return [...this.leases]
      .sort(([a], [b]) => a - b)
      .map(([, lease]) => lease)
      .filter(wanted);
  }

  /** The members of the pool, ascending, that are as good as the best one. */
  available({ first, last, excluded }: PoolRange, now: number): number[] {
    const all = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const candidates = all.filter((member) => !excluded.includes(member));
    const kinds: ((lease: L | undefined) => boolean)[] = [
      (lease) => lease === undefined,
      (lease) => lease?.state === LeaseState.reclaimed,
      (lease) => lease !== undefined && isOver(lease, now),
      (lease) => lease?.state === LeaseState.offered,
    ];
    for (const isOfKind of kinds) {
      const some = candidates.filter((member) => isOfKind(this.leases.get(member)));
      if (some.length > 0) return some;
    }
    return [];
  }
}

/** For stores that count by it. */
const COUNTED = { of: 7, type: 0, most: 0 } as const;

function isHeld(lease: Lease, now: number): boolean {
  return lease.state !== LeaseState.reclaimed && lease.state !== LeaseState.offered && !isOver(lease, now);
}

function isBetween(member: number, first: number, last: number): boolean {
  return member >= first && member <= last;
}

function isOver(lease: Lease, now: number): boolean {
  return lease.state !== LeaseState.reclaimed && expiryOf(lease) <= now;
}

const someChange: fc.Arbitrary<Partial<Lease>> = fc.record({
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
/** -1: nobody's. */
const someClient = fc.integer({ min: -1, max: 5 });
const someMember = fc.nat(LAST);
const somePool: fc.Arbitrary<PoolRange> = fc
  .tuple(fc.nat(LAST), fc.nat(200), fc.uniqueArray(someMember, { maxLength: 120 }))
  .map(([first, length, excluded]) => {
    const last = Math.min(LAST, first + length);
    return { first, last, excluded: excluded.filter((n) => n >= first && n <= last).sort((a, b) => a - b) };
  });

function checkAgainstNaiveTable<L extends Lease, View, Leases>(family: TestFamily<L, View, Leases>): void {
  const byMember = (leases: readonly L[]) => leases.toSorted((a, b) => family.memberOf(a) - family.memberOf(b));

  function createWorld(ranges: readonly PoolRange[]) {
    const table = family.createTable(NOW);
    const { openPool, page } = family.leases(table);
    const view = family.view(table);
    const pools = ranges.map((range) => ({
      range,
      pool: openPool(range.first, range.last, range.excluded),
      next: range.first,
    }));
    // Whether a shift or a clock set back has spoilt the order of what is over.
    return { table, view, page, model: new NaiveTable<L>(), pools, now: NOW, timeIsSteady: true };
  }
  type Step = (world: ReturnType<typeof createWorld>) => void;

  /** Leases at a run of members, so that pools fill up. */
  const put: fc.Arbitrary<Step> = fc
    .tuple(
      someMember,
      someChange,
      someClient,
      fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 150 })),
    )
    .map(([first, change, client, length]) => ({ table, model }) => {
      for (let member = first; member < first + length && member <= LAST; member++) {
        const lease = family.lease(member, change, client);
        table.put(lease);
        model.leases.set(member, lease);
      }
    });

  const remove: fc.Arbitrary<Step> = someMember.map((member) => ({ view, model }) => {
    view.remove(member);
    model.leases.delete(member);
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

  /** `some` is as many of `all` as fit. */
  function expectSome(some: readonly L[], all: readonly L[], limit: number): void {
    expect(some.length).toBe(Math.min(limit, all.length));
    const members = new Set(some.map((lease) => family.memberOf(lease)));
    expect(byMember(some)).toEqual(all.filter((lease) => members.has(family.memberOf(lease))));
  }

  const expire: fc.Arbitrary<Step> = fc.nat(20).map((limit) => ({ table, view, model, now, timeIsSteady }) => {
    const got = table.expired(now, limit);
    expectSome(
      got,
      model.list((lease) => isOver(lease, now)),
      limit,
    );
    const ends = got.map(expiryOf).filter((end) => end > now - 65_000);
    if (timeIsSteady) expect(ends).toEqual(ends.toSorted((a, b) => a - b));
    for (const lease of got) {
      view.remove(family.memberOf(lease));
      model.leases.delete(family.memberOf(lease));
    }
  });

  const forget: fc.Arbitrary<Step> = fc
    .tuple(fc.nat(20), fc.constantFrom(0, 60, 3600))
    .map(([limit, hold]) => ({ table, model, now }) => {
      const endOf = (lease: L) => (lease.validLifetime === INFINITE_LIFETIME ? lease.cltt : expiryOf(lease));
      const old = model.list((lease) => lease.state === LeaseState.reclaimed && endOf(lease) + hold <= now);
      expectSome(table.forgettable(now, hold, limit), old, limit);
    });

  const search: fc.Arbitrary<Step> = fc
    .tuple(
      fc.nat(),
      fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { nil: undefined }),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
    )
    .map(([which, start, looks, isGiven]) => ({ view, model, pools, now, timeIsSteady }) => {
      const pool = pools[which % pools.length]!;
      const { first, last } = pool.range;
      const held = model.list((lease) => isHeld(lease, now) && isBetween(family.memberOf(lease), first, last));
      if (timeIsSteady) expect(view.held(pool.pool, COUNTED, now)).toBe(held.length);
      const begin = start === undefined ? pool.next : first + Math.floor(start * (last - first + 1));
      const best = model.available(pool.range, now);
      const member = best.find((each) => each >= begin) ?? best[0];
      // However often somebody looks: only what is given moves it.
      for (let look = 0; look < looks; look++) expect(view.available(pool.pool, now, start)).toBe(member);
      if (member === undefined || !isGiven) return;
      view.leaveBehind(pool.pool, member);
      pool.next = member === last ? first : member + 1;
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

  const checkAll: Step = ({ table, view, page, model }) => {
    const held = model.list(({ state }) => state !== LeaseState.offered);
    expect(table.count).toBe(held.length);
    expect(page(-1, 1000)).toEqual(held);
    expect(byMember([...table.walk()])).toEqual(held);
    const members = Array.from({ length: LAST + 2 }, (_, member) => member);
    expect(members.map((member) => view.get(member))).toEqual(members.map((member) => model.leases.get(member)));
    for (let client = -1; client <= 5; client++) {
      for (const [i, held] of view.heldBy(client).entries()) {
        const identifier = (lease: L) => Buffer.from(family.identifiersOf(lease)[i]!).toString("hex");
        const wanted = identifier(family.lease(0, {}, client));
        expectSome(held, client < 0 ? [] : model.list((lease) => identifier(lease) === wanted), 64);
      }
    }
  };

  it(`a table of ${family.name} agrees, whatever happens, with one that looks at every lease`, () => {
    fc.assert(
      fc.property(
        fc.array(somePool, { minLength: 1, maxLength: 3 }),
        fc.array(someStep, { maxLength: 60 }),
        (ranges, steps) => {
          const world = createWorld(ranges);
          for (const step of steps) step(world);
          checkAll(world);
        },
      ),
      { numRuns: runs(25) },
    );
  });
}

checkAgainstNaiveTable(family4);
checkAgainstNaiveTable(family6Addresses);
checkAgainstNaiveTable(family6Prefixes);
