import { execFileSync } from "node:child_process";
import { LeaseState } from "@kotare/core/leases/model/lease";
import type { Lease6 } from "@kotare/core/leases/model/lease6";
import { RecordingLogger } from "@kotare/core/log/testing/recording-logger";
import { listInterfaces } from "@kotare/netio/interfaces/interfaces";
import { ip, testInNamespace } from "@kotare/netio/testing/namespaced-tests";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GIVEN_AT, pdRoutes, prefixLease, storeWith } from "../testing/prefix-lease6.ts";
import { DelegatedRoutes, ROUTE_MARK } from "./delegated-routes6.ts";

const ONE = "2001:db8:1::/48 via fe80::1 dev d0";
const TWO = "2001:db8:2::/48 via fe80::2 dev d0";
const PROTO = String(ROUTE_MARK.protocol);

testInNamespace(import.meta.url, () => {
  let log: RecordingLogger;
  let running: DelegatedRoutes[];

  beforeEach(() => {
    log = new RecordingLogger();
    running = [];
    ip("link add d0 type veth peer name e0", "link set d0 up", "link set e0 up");
  });
  afterEach(async () => {
    await Promise.all(running.map((routes) => routes.stop()));
    ip("link del d0");
  });

  async function start(isOn: boolean, ...leases: readonly Lease6[]): Promise<DelegatedRoutes> {
    const routes = new DelegatedRoutes({ store: await storeWith(...leases), now: () => GIVEN_AT + 500, log });
    running.push(routes);
    routes.update(listInterfaces());
    routes.configure(pdRoutes(isOn));
    return routes;
  }

  const shown = () =>
    execFileSync("ip", ["-6", "route", "show", "proto", PROTO], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line !== "");
  const line = (route: string) => `${route} metric ${ROUTE_MARK.metric} pref medium`;
  const expectRoutes = (...routes: readonly string[]) =>
    vi.waitFor(() => expect(shown()).toEqual(routes.map(line)), { timeout: 60_000, interval: 20 });

  const expectLine = (pattern: RegExp) =>
    vi.waitFor(() => expect(log.lines.join("\n")).toMatch(pattern), { timeout: 60_000, interval: 20 });

  describe("in the kernel, routes to delegated prefixes", () => {
    it("come and go with their leases", async () => {
      const routes = await start(true);
      routes.put(prefixLease(ONE));
      routes.put(prefixLease(TWO));
      await expectRoutes(ONE, TWO);
      routes.put(prefixLease("2001:db8:1::/48 via fe80::9 dev d0"));
      await expectRoutes("2001:db8:1::/48 via fe80::9 dev d0", TWO);
      routes.put(prefixLease(ONE, { state: LeaseState.reclaimed }));
      await expectRoutes(TWO);
    });

    it("are what the leases on file say after a start, and nothing else", async () => {
      const stale = `via fe80::9 dev d0 proto ${PROTO} metric ${ROUTE_MARK.metric}`;
      ip(`route add 2001:db8:3::/48 ${stale}`, `route add 2001:db8:2::/48 ${stale}`);
      const over = prefixLease("2001:db8:4::/48 via fe80::4 dev d0", { validLifetime: 500 });
      const given = prefixLease("2001:db8:5::/48 via fe80::5 dev d0", { state: LeaseState.reclaimed });
      await start(true, prefixLease(ONE), prefixLease(TWO), prefixLease("2001:db8:6::/48"), over, given);
      await expectRoutes(ONE, TWO);
      expect(log.lines).toContain("DHCP6_PD_ROUTES_REPLAYED the leases ask for 2 routes to delegated prefixes");
    });

    it("stay when the daemon stops, and go when it starts with routes switched off", async () => {
      const first = await start(true, prefixLease(ONE));
      await expectRoutes(ONE);
      await first.stop();
      expect(shown()).toHaveLength(1);
      const routes = await start(false, prefixLease(ONE));
      await expectRoutes();
      routes.configure(pdRoutes(true));
      await expectRoutes(ONE);
      routes.configure(pdRoutes(false));
      await expectRoutes();
      routes.put(prefixLease(TWO));
      routes.configure(pdRoutes(true));
      await expectRoutes(ONE);
    });

    it("come back with their interface", async () => {
      const routes = await start(true, prefixLease(ONE));
      await expectRoutes(ONE);
      ip("link set d0 down");
      expect(shown()).toEqual([]);
      routes.update(listInterfaces());
      await expectLine(/ROUTES_REFUSED 1 .*ENETDOWN/);
      ip("link set d0 up");
      routes.update(listInterfaces());
      await expectRoutes(ONE);
      await expectLine(/ROUTES_COMPLETE all 1 routes/);
    });

    it("wait for an interface that does not exist yet, and do not keep others waiting", async () => {
      const routes = await start(true, prefixLease("2001:db8:7::/48 via fe80::7 dev late0"), prefixLease(ONE));
      await expectRoutes(ONE);
      await expectLine(/such as 2001:db8:7::\/48 via fe80::7 dev late0: there is no such interface/);
      ip("link add late0 type veth peer name late1", "link set late0 up", "link set late1 up");
      routes.update(listInterfaces());
      await expectRoutes(ONE, "2001:db8:7::/48 via fe80::7 dev late0");
      ip("link del late0");
    });
  });
});
