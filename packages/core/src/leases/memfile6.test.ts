import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ManualClock } from "../base/clock.ts";
import { parseIpv6Key } from "../ip/ipv6-key.ts";
import { dividePrefix, parseIpv6Range } from "../ip/ipv6-range.ts";
import { LeaseState } from "./lease.ts";
import { HwaddrSource, type Lease6, LeaseType6 } from "./lease6.ts";
import { Memfile6 } from "./memfile6.ts";

const NOW = new ManualClock().wall();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "leases-"));
});
afterEach(() => rm(folder, { recursive: true }));

const open = () =>
  Memfile6.open({
    path: join(folder, "kea-leases6.csv"),
    lfcInterval: 0,
    maxRowErrors: 0,
    subnetCheck: { mode: "none", subnetIdOf: () => undefined },
    clock: new ManualClock(),
    report: () => {},
  });

const key = (text: string) => parseIpv6Key(text)!;
function lease(change: Partial<Lease6> = {}): Lease6 {
  return {
    type: LeaseType6.address,
    address: key("2001:db8::20"),
    prefixLength: 128,
    duid: Uint8Array.of(0, 1, 2, 3, 4, 5),
    iaid: 1234,
    preferredLifetime: 3600,
    validLifetime: 7200,
    cltt: NOW,
    subnetId: 1,
    poolId: 0,
    state: LeaseState.assigned,
    fqdnFwd: false,
    fqdnRev: false,
    hostname: "",
    hwaddr: Uint8Array.of(0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f),
    hwtype: 1,
    hwaddrSource: HwaddrSource.unknown,
    userContext: "",
    ...change,
  };
}

it("keeps addresses and prefixes in one file and finds them again", async () => {
  const leases = [lease(), lease({ type: LeaseType6.prefix, address: key("2001:db8:1::"), prefixLength: 56, iaid: 5 })];
  const store = await open();
  const batch = store.begin();
  for (const each of leases) batch.put(each);
  await batch.commit();
  await store.close();
  expect((await readFile(join(folder, "kea-leases6.csv"), "latin1")).split("\n").slice(1)).toEqual([
    `2001:db8::20,00:01:02:03:04:05,7200,${NOW + 7200},1,3600,0,1234,128,0,0,,1a:1b:1c:1d:1e:1f,0,,1,0,0`,
    `2001:db8:1::,00:01:02:03:04:05,7200,${NOW + 7200},1,3600,2,5,56,0,0,,1a:1b:1c:1d:1e:1f,0,,1,0,0`,
    "",
  ]);
  const again = await open();
  expect(again.begin().byDuid(lease().duid)).toEqual(leases.toReversed());
  const pool = again.openPool({
    type: LeaseType6.prefix,
    range: dividePrefix(key("2001:db8:1::"), 48, 56),
    excluded: [],
  });
  expect(again.begin().available(pool, NOW)).toBe(key("2001:db8:1:100::"));
  const huge = again.openPool({ type: LeaseType6.address, range: parseIpv6Range("2001:db8::20/64")!, excluded: [] });
  expect(again.begin().available(huge, NOW, 0x20 / 2 ** 53)).toBe(key("2001:db8::21"));
  await again.close();
});
