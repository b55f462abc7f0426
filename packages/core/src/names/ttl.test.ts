import { expect, it } from "vitest";
import { compileTtl, type TtlKeys } from "./ttl.ts";

const NONE: TtlKeys = { ttl: undefined, ttlMin: undefined, ttlMax: undefined, ttlPercent: undefined };

it.each<[Partial<TtlKeys>, number, number]>([
  [{}, 7200, 2400],
  [{}, 1200, 600],
  [{}, 1799, 600],
  [{}, 1801, 600],
  [{}, 0xffff_ffff, 0x5555_5555],
  [{ ttlPercent: 0.75 }, 7200, 5400],
  [{ ttlPercent: 0.1 }, 1200, 120],
  [{ ttlPercent: 2 }, 0xffff_ffff, 0x7fff_ffff],
  [{ ttl: 50 }, 7200, 50],
  [{ ttl: 0, ttlMin: 0, ttlMax: 0, ttlPercent: 0 }, 7200, 2400],
  [{ ttlMin: 3000 }, 7200, 3000],
  [{ ttlMin: 100 }, 600, 200],
  [{ ttlMax: 1000 }, 7200, 1000],
  [{ ttlPercent: 0.5, ttlMin: 100, ttlMax: 1000 }, 1000, 500],
])("RFC 4702 §5, with %j: the records of a lease of %i s live %i s", (keys, validLifetime, ttl) => {
  expect(compileTtl({ ...NONE, ...keys })(validLifetime)).toBe(ttl);
});
