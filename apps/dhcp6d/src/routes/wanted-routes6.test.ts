import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { LeaseState } from "@kotare/core/leases/model/lease";
import { type Lease6, LeaseType6 } from "@kotare/core/leases/model/lease6";
import type { Route6 } from "@kotare/netio/linux/route-message";
import { beforeEach, describe, expect, it } from "vitest";
import { prefixLease } from "../testing/prefix-lease6.ts";
import { ip6 } from "../testing/test-server6.ts";
import { WantedRoutes } from "./wanted-routes6.ts";

const ONE = "2001:db8:1::/48 via fe80::1 dev eth0";
const TWO = "2001:db8:2::/48 via fe80::2 dev eth1";

let routes: WantedRoutes;

beforeEach(() => {
  routes = new WantedRoutes();
});

const put = (...leases: readonly Lease6[]) => {
  for (const lease of leases) routes.put(lease);
};
const remove = (change: Partial<Lease6> = {}) => routes.discard(prefixLease(ONE, change));
/** Everything due, as `ip route` would be told. */
const due = (limit = 100) =>
  routes.take(limit).map(({ address, length, hop }) => {
    const prefix = `${formatIpv6Key(address)}/${length}`;
    return hop === undefined ? `del ${prefix}` : `set ${prefix} via ${formatIpv6Key(hop.via)} dev ${hop.dev}`;
  });
/** What the kernel has. */
const present = (text: string, ifindex: number): Route6 => {
  const { address, prefixLength: length } = prefixLease(text);
  return { address, length, gateway: ip6(text.split(" ")[2]!), ifindex };
};
const compare = (kernel: readonly Route6[]) => void [...routes.compare(kernel, indexOf)];
const indexOf = (name: string) => ({ eth0: 10, eth1: 11 })[name];

describe("a route", () => {
  it("comes with its lease, and is due once", () => {
    put(prefixLease(ONE), prefixLease(TWO));
    expect(due()).toEqual([`set ${ONE}`, `set ${TWO}`]);
    expect(due()).toEqual([]);
    expect(routes).toMatchObject({ count: 2, isSettled: true });
  });

  it("is due again with each renewal, by the new way", () => {
    put(prefixLease(ONE));
    due();
    put(prefixLease(ONE));
    expect(due()).toEqual([`set ${ONE}`]);
    put(prefixLease("2001:db8:1::/48 via fe80::9 dev eth1"));
    expect(due()).toEqual(["set 2001:db8:1::/48 via fe80::9 dev eth1"]);
  });

  it.each<[how: string, end: () => void]>([
    ["released, expired or reclaimed", () => put(prefixLease(ONE, { state: LeaseState.reclaimed }))],
    ["declined", () => put(prefixLease(ONE, { state: LeaseState.declined, userContext: "" }))],
    ["removed", remove],
    ["renewed with routes switched off", () => put(prefixLease("2001:db8:1::/48"))],
  ])("goes with its lease: %s", (_, end) => {
    put(prefixLease(ONE));
    due();
    end();
    expect(due()).toEqual(["del 2001:db8:1::/48"]);
    end();
    expect(due()).toEqual([]);
  });

  it("of another length at the same address takes the place of the one before", () => {
    put(prefixLease(ONE));
    due();
    put(prefixLease("2001:db8:1::/56 via fe80::1 dev eth0"));
    expect(due()).toEqual(["del 2001:db8:1::/48", "set 2001:db8:1::/56 via fe80::1 dev eth0"]);
    remove();
    expect(due()).toEqual(["del 2001:db8:1::/56"]);
  });

  it("that comes and goes before the kernel is told is one thing to tell", () => {
    for (let i = 0; i < 1000; i++) {
      put(prefixLease(ONE));
      remove();
    }
    expect(due()).toEqual(["del 2001:db8:1::/48"]);
  });

  it.each<[what: string, lease: Lease6]>([
    ["an address", prefixLease("2001:db8:1::/128 via fe80::1 dev eth0", { type: LeaseType6.address })],
    ["a lease without a next hop", prefixLease("2001:db8:1::/48")],
  ])("is not asked for by %s", (_, lease) => {
    put(lease);
    expect(due()).toEqual([]);
  });

  it("outlasts the end of an address alike", () => {
    put(prefixLease(ONE));
    due();
    remove({ type: LeaseType6.address });
    expect(due()).toEqual([]);
  });
});

describe("what is due", () => {
  it("is taken in pieces, oldest first", () => {
    put(prefixLease(ONE), prefixLease(TWO));
    expect(due(1)).toEqual([`set ${ONE}`]);
    expect(routes.isSettled).toBe(false);
    expect(due(1)).toEqual([`set ${TWO}`]);
  });

  it("is nothing when all is cleared, until the kernel is compared", () => {
    put(prefixLease(ONE), prefixLease(TWO));
    due(1);
    routes.clear();
    expect(due()).toEqual([]);
    compare([present(ONE, 10)]);
    expect(due()).toEqual(["del 2001:db8:1::/48"]);
  });
});

describe("compared with the kernel", () => {
  beforeEach(() => {
    put(prefixLease(ONE), prefixLease(TWO));
    due();
  });

  it.each<[what: string, kernel: readonly Route6[], expected: readonly string[]]>([
    ["the same is left alone", [present(ONE, 10), present(TWO, 11)], []],
    ["what is lost is set", [present(ONE, 10)], [`set ${TWO}`]],
    [
      "what no lease asks for is removed",
      [present(ONE, 10), present(TWO, 11), present("2001:db8:3::/48 via fe80::3", 10)],
      ["del 2001:db8:3::/48"],
    ],
    ["another next hop is put right", [present("2001:db8:1::/48 via fe80::9", 10), present(TWO, 11)], [`set ${ONE}`]],
    ["another interface is put right", [present(ONE, 10), present(TWO, 10)], [`set ${TWO}`]],
    [
      "another length is put right",
      [present("2001:db8:1::/56 via fe80::1", 10), present(TWO, 11)],
      ["del 2001:db8:1::/56", `set ${ONE}`],
    ],
  ])("%s", (_, kernel, expected) => {
    compare(kernel);
    expect(due()).toEqual(expected);
  });

  it("takes steps that do not grow with the number of routes, and forgets nothing that is asked for between two", () => {
    const many = Array.from({ length: 2500 }, (_, i) =>
      present(`2001:db8:${i.toString(16)}:ff00::/56 via fe80::3 dev eth0`, 10),
    );
    const steps = routes.compare(many, indexOf);
    expect(steps.next().done).toBe(false);
    put(prefixLease("2001:db8:ffff::/48 via fe80::1 dev eth0"));
    expect([...steps]).toHaveLength(1);
    expect(due(5000)).toHaveLength(2500 + 3);
  });
});
