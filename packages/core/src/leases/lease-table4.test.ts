import { describe, expect, it } from "vitest";
import { LeaseTable4 } from "./lease-table4.ts";
import { INFINITE_LIFETIME, type Lease4, LeaseState } from "./lease4.ts";

const NOW = 1_800_000_000;
const FIRST = 0x0a00_0001;

function lease(n: number, over: Partial<Lease4> = {}): Lease4 {
  return {
    address: FIRST + n,
    hwaddr: Uint8Array.of(2, 0, 0, 0, n >>> 8, n),
    clientId: Uint8Array.of(1, 2, 0, 0, 0, n >>> 8, n),
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

function tableOf(...leases: Lease4[]): LeaseTable4 {
  const table = new LeaseTable4(NOW);
  for (const lease of leases) table.put(lease);
  return table;
}

const pool = (size: number, excluded: number[] = []) => ({ first: FIRST, last: FIRST + size - 1, excluded });
const places = (leases: Iterable<Lease4>) => [...leases].map(({ address }) => address - FIRST);

describe("a lease", () => {
  it.each<[string, Partial<Lease4>]>([
    ["of the common kind", {}],
    ["with the highest numbers", { subnetId: 0xffff_ffff, poolId: 0xffff_ffff, validLifetime: 0xffff_fffe }],
    ["at the highest address", { address: 0xffff_ffff }],
    ["without hardware address", { hwaddr: new Uint8Array() }],
    ["without client id", { clientId: undefined }],
    ["from before 1970", { cltt: -5 }],
    ["with names", { hostname: "größe.example.org", fqdnFwd: true, userContext: '{ "comment": "żółw" }' }],
    ["with an update of the reverse zone only", { fqdnRev: true }],
    ["with a user context of 300,000 characters", { userContext: "x".repeat(300_000) }],
    ["that is declined", { state: LeaseState.declined }],
    ["that is reclaimed", { state: LeaseState.reclaimed }],
    ["that is on offer", { state: LeaseState.offered }],
  ])("%s comes back as it was put", (_, over) => {
    const one = lease(0, over);
    const table = tableOf(lease(0, { hostname: "before" }), one);
    expect(table.byAddress(one.address)).toEqual(one);
  });

  it("is a copy: neither side sees later changes of the other", () => {
    const one = lease(0);
    const table = tableOf(one);
    const got = table.byAddress(FIRST)!;
    one.hwaddr[0] = 0xff;
    got.clientId![0] = 0xff;
    expect(table.byAddress(FIRST)).toEqual(lease(0));
  });

  it("is found by what its client is called now and not by what it was called before", () => {
    const table = tableOf(lease(0), lease(0, { hwaddr: Uint8Array.of(7), clientId: Uint8Array.of(8, 8) }));
    expect(places(table.byHwaddr(Uint8Array.of(7)))).toEqual([0]);
    expect(places(table.byClientId(Uint8Array.of(8, 8)))).toEqual([0]);
    expect(table.byHwaddr(lease(0).hwaddr)).toEqual([]);
    expect(table.byClientId(lease(0).clientId!)).toEqual([]);
  });

  it("is one of all those that its client holds", () => {
    const { hwaddr, clientId } = lease(0);
    const table = tableOf(lease(0), lease(1, { hwaddr }), lease(2, { clientId }), lease(3));
    expect(places(table.byHwaddr(hwaddr))).toEqual([1, 0]);
    expect(places(table.byClientId(clientId!))).toEqual([2, 0]);
    table.remove(FIRST);
    expect(places(table.byHwaddr(hwaddr))).toEqual([1]);
  });

  it("is one of the last 64 that its client was given, or is not seen with the others: nobody waits for a thousand", () => {
    const { hwaddr, clientId } = lease(0);
    const table = tableOf(...Array.from({ length: 1000 }, (_, n) => lease(n, { hwaddr, clientId })));
    const last = Array.from({ length: 64 }, (_, n) => 999 - n);
    expect(places(table.byHwaddr(hwaddr))).toEqual(last);
    expect(places(table.byClientId(clientId!))).toEqual(last);
  });

  it("without hardware address or client id is nobody's", () => {
    const table = tableOf(lease(0, { hwaddr: new Uint8Array(), clientId: undefined }));
    expect(table.byHwaddr(new Uint8Array())).toEqual([]);
    expect(table.byClientId(new Uint8Array())).toEqual([]);
    table.remove(FIRST);
    expect(table.byAddress(FIRST)).toBeUndefined();
  });

  it("leaves its room to others when it is removed or changed", () => {
    const table = tableOf();
    const userContext = "x".repeat(200_000);
    const before = process.memoryUsage().arrayBuffers;
    for (let n = 0; n < 200; n++) {
      table.put(lease(n, { userContext }));
      table.put(lease(n, { userContext: userContext + n }));
      table.remove(FIRST + n);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it("that is put back after a change leaves everything as before", () => {
    const before = lease(0, { validLifetime: 100 });
    const table = tableOf(before);
    table.put(lease(0, { state: LeaseState.reclaimed, validLifetime: 0, hostname: "other", clientId: undefined }));
    table.put(before);
    expect(table.count).toBe(1);
    expect(table.byClientId(before.clientId!)).toEqual([before]);
    expect(table.forgettable(NOW + 1000, 0, 10)).toEqual([]);
    expect(places(table.expired(NOW + 99, 10))).toEqual([]);
    expect(places(table.expired(NOW + 100, 10))).toEqual([0]);
  });
});

describe("count, page and walk", () => {
  it("leave out what is only on offer", () => {
    const table = tableOf(lease(2), lease(0), lease(1, { state: LeaseState.offered }));
    expect(table.count).toBe(2);
    expect(places(table.page(-1, 10))).toEqual([0, 2]);
    expect(places(table.walk()).toSorted()).toEqual([0, 2]);
    table.put(lease(1));
    table.put(lease(2, { state: LeaseState.offered }));
    expect(table.count).toBe(2);
    expect(places(table.page(-1, 10))).toEqual([0, 1]);
  });

  it("page ascending, behind the address given, also across /16s and at the ends", () => {
    const addresses = [0, 1, 0x0a00_ffff, 0x0a01_0000, 0xc0a8_0001, 0xffff_ffff];
    const table = tableOf(...addresses.toReversed().map((address) => lease(0, { address })));
    const paged: number[] = [];
    for (let page = table.page(-1, 2); page.length > 0; page = table.page(paged.at(-1)!, 2)) {
      paged.push(...page.map(({ address }) => address));
    }
    expect(paged).toEqual(addresses);
  });

  it("walk sees every lease once that stays, while others come and go", () => {
    const table = tableOf(...Array.from({ length: 100 }, (_, n) => lease(n)));
    const seen: Lease4[] = [];
    let step = 0;
    for (const one of table.walk()) {
      seen.push(one);
      table.remove(FIRST + 99 - step);
      table.put(lease(1000 + step, { hostname: "new" }));
      table.put(lease(49, { cltt: NOW + step }));
      step++;
      if (step > 1000) break;
    }
    const old = places(seen).filter((n) => n < 50);
    expect(old.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(new Set(places(seen)).size).toBe(seen.length);
  });
});

describe("expired and forgettable", () => {
  it("tell the second in which a lease ends", () => {
    const table = tableOf(lease(0, { validLifetime: 10 }), lease(1, { validLifetime: 0, state: LeaseState.reclaimed }));
    expect(table.expired(NOW + 9, 10)).toEqual([]);
    expect(places(table.expired(NOW + 10, 10))).toEqual([0]);
    expect(table.forgettable(NOW + 59, 60, 10)).toEqual([]);
    expect(places(table.forgettable(NOW + 60, 60, 10))).toEqual([1]);
  });

  it("list assigned, declined and offered leases, the oldest first and no more than asked for", () => {
    const states = [LeaseState.offered, LeaseState.assigned, LeaseState.reclaimed, LeaseState.declined];
    const table = tableOf(...states.map((state, n) => lease(n, { state, validLifetime: 40 - 10 * n })));
    expect(places(table.expired(NOW + 100, 10))).toEqual([3, 1, 0]);
    expect(places(table.expired(NOW + 100, 2))).toEqual([3, 1]);
  });

  it("list, oldest first, what was over before it was put, as in a file that is loaded", () => {
    const table = tableOf(...[300, 100, 200].map((ago, n) => lease(n, { validLifetime: 1, cltt: NOW - ago })));
    table.put(lease(3, { cltt: 0, validLifetime: 1 }));
    expect(places(table.expired(NOW, 10))).toEqual([3, 0, 2, 1]);
  });

  it("never list a lease without end", () => {
    const table = tableOf(
      lease(0, { validLifetime: INFINITE_LIFETIME }),
      lease(1, { validLifetime: INFINITE_LIFETIME, state: LeaseState.reclaimed }),
    );
    expect(table.expired(NOW * 4, 10)).toEqual([]);
    expect(table.forgettable(NOW * 4, 0, 10)).toEqual([]);
  });

  it("no longer list a lease that was renewed, also when its end had been noticed", () => {
    const table = tableOf(lease(0, { validLifetime: 10 }));
    expect(places(table.expired(NOW + 10, 10))).toEqual([0]);
    table.put(lease(0, { cltt: NOW + 10, validLifetime: 10 }));
    expect(table.expired(NOW + 10, 10)).toEqual([]);
    expect(places(table.expired(NOW + 20, 10))).toEqual([0]);
  });
});

describe("shift", () => {
  it("moves the times of all leases, so that nothing ends when the clock jumps", () => {
    const table = tableOf(lease(0, { validLifetime: 10 }), lease(1, { validLifetime: 0, state: LeaseState.reclaimed }));
    const day = 86_400;
    table.shift(day);
    expect(table.byAddress(FIRST)).toEqual(lease(0, { validLifetime: 10, cltt: NOW + day }));
    expect(table.expired(NOW + day + 9, 10)).toEqual([]);
    expect(places(table.expired(NOW + day + 10, 10))).toEqual([0]);
    expect(places(table.forgettable(NOW + day + 60, 60, 10))).toEqual([1]);
    table.put(lease(2, { cltt: NOW + day + 5, validLifetime: 10 }));
    table.shift(-2 * day);
    expect(table.byAddress(FIRST + 2)!.cltt).toBe(NOW - day + 5);
    expect(places(table.expired(NOW - day + 14, 10))).toEqual([0]);
    expect(places(table.expired(NOW - day + 15, 10))).toEqual([0, 2]);
  });
});

describe("available", () => {
  it("gives what was never used, then what is reclaimed, then what has expired, then what is on offer, then nothing", () => {
    const table = tableOf(
      lease(0, { state: LeaseState.offered }),
      lease(1, { validLifetime: 10 }),
      lease(2, { state: LeaseState.reclaimed }),
      lease(4, { state: LeaseState.declined }),
      lease(5),
    );
    const cursor = table.openPool(pool(6));
    for (const place of [3, 2, 1, 0]) {
      const address = table.available(cursor, NOW + 10);
      expect(address).toBe(FIRST + place);
      table.put(lease(place, { cltt: NOW + 10 }));
    }
    expect(table.available(cursor, NOW + 10)).toBeUndefined();
  });

  it("gives declined and offered addresses as expired ones when their time is over", () => {
    const table = tableOf(
      lease(0, { state: LeaseState.declined, validLifetime: 20 }),
      lease(1, { state: LeaseState.offered, validLifetime: 10 }),
      lease(2, { state: LeaseState.offered }),
    );
    const cursor = table.openPool(pool(3));
    table.available(cursor, NOW, 2.5 / 3);
    expect(table.available(cursor, NOW + 10, 2.5 / 3)).toBe(FIRST + 1);
    table.remove(FIRST + 1);
    table.put(lease(1));
    expect(table.available(cursor, NOW + 20, 2.5 / 3)).toBe(FIRST);
  });

  it("goes on behind the address found last, so that an address rests before it is used again", () => {
    const table = tableOf();
    const cursor = table.openPool(pool(3));
    for (const place of [0, 1, 2, 0]) expect(table.available(cursor, NOW)).toBe(FIRST + place);
    expect(table.available(cursor, NOW, 0.7)).toBe(FIRST + 2);
  });

  it("gives nothing that is excluded, whatever its lease is like", () => {
    const table = tableOf(lease(1, { state: LeaseState.reclaimed }), lease(2, { validLifetime: 0 }), lease(3));
    const cursor = table.openPool(
      pool(
        5,
        [0, 1, 2, 3, 4].map((n) => FIRST + n),
      ),
    );
    expect(cursor.free).toBe(0);
    expect(table.available(cursor, NOW)).toBeUndefined();
  });

  it("does not give the address of a lease that ended only as long as the clock was wrong", () => {
    const table = tableOf(lease(0), lease(1, { validLifetime: 100_000 }));
    const cursor = table.openPool(pool(2));
    expect(table.expired(NOW + 4000, 10)).toHaveLength(1);
    expect(table.available(cursor, NOW)).toBeUndefined();
    expect(table.expired(NOW, 10)).toEqual([]);
    expect(table.available(cursor, NOW + 3600)).toBe(FIRST);
  });

  it("knows in a pool opened late what was leased before, and in an old one what was leased since", () => {
    const table = tableOf(lease(0));
    const old = table.openPool(pool(3));
    table.put(lease(1));
    const late = table.openPool({ ...pool(3), first: FIRST + 1 });
    expect([old.free, late.free]).toEqual([1, 1]);
    table.put(lease(2));
    table.remove(FIRST + 1);
    expect([old.free, late.free]).toEqual([1, 1]);
    expect(table.available(old, NOW)).toBe(FIRST + 1);
    expect(table.available(late, NOW)).toBe(FIRST + 1);
  });

  it("gives the addresses of thousands of leases that ended in one moment a few at a time, and in the end all", () => {
    const size = 5000;
    const table = tableOf(...Array.from({ length: size }, (_, n) => lease(n, { validLifetime: 1 })));
    const cursor = table.openPool(pool(size));
    const given = new Set<number>();
    for (let n = 0; n < size; n++) {
      const address = table.available(cursor, NOW + 1)!;
      given.add(address);
      table.put(lease(address - FIRST));
    }
    expect(given.size).toBe(size);
    expect(table.available(cursor, NOW + 1)).toBeUndefined();
  });

  it("searches no more of an almost full pool than of an empty one", () => {
    const size = 0x1_0000;
    const range = { first: 0x0a01_0000, last: 0x0a01_ffff, excluded: [] };
    const table = tableOf(...Array.from({ length: size - 1 }, (_, n) => lease(0, { address: range.first + n })));
    const full = table.openPool(range);
    const empty = table.openPool({ first: 0x0a02_0000, last: 0x0a02_ffff, excluded: [] });
    const time = (cursor: typeof full) => {
      const start = performance.now();
      for (let i = 0; i < 2000; i++) table.available(cursor, NOW, 0);
      return performance.now() - start;
    };
    expect(table.available(full, NOW, 0)).toBe(range.last);
    expect(full.free).toBe(1);
    // A search address by address would be thousands of times slower; the margin is for a busy machine.
    const [fullTimes, emptyTimes] = [[full], [empty]].map(([cursor]) => Array.from({ length: 5 }, () => time(cursor!)));
    expect(Math.min(...fullTimes!)).toBeLessThan(50 * Math.min(...emptyTimes!));
  });
});
