import { RecordingLogger } from "@kotare/core/log/testing/recording-logger";
import type { Interface } from "@kotare/netio/interfaces/interface";
import type { Route6, RouteChange } from "@kotare/netio/linux/route-message";
import { CHANGES_PER_CALL } from "@kotare/netio/linux/route-table";
import { systemError } from "@kotare/netio/system-error";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GIVEN_AT, pdRoutes, prefixLease, storeWith } from "../testing/prefix-lease6.ts";
import { DelegatedRoutes } from "./delegated-routes6.ts";

const EPERM = -1;
const EMFILE = -24;
const ONE = "2001:db8:1::/48 via fe80::1 dev eth0";

/** A kernel that can be told to refuse. */
class FakeKernel {
  readonly routes = new Map<string, Route6>();
  refusal: number | undefined;
  opening: number | undefined;
  readonly calls: number[] = [];
  attempts = 0;
  opened = 0;

  open(): this {
    this.attempts += 1;
    // Who tries without a pause would never let the test go on.
    if (this.opening !== undefined && this.attempts < 100) throw systemError("socket(AF_NETLINK)", this.opening);
    this.opened += 1;
    return this;
  }

  change(changes: readonly RouteChange[]) {
    this.calls.push(changes.length);
    return Promise.resolve(
      changes.map((change) => {
        if (this.refusal !== undefined) return systemError("RTM_NEWROUTE", this.refusal);
        if (change.gateway === undefined) this.routes.delete(change.address);
        else this.routes.set(change.address, change);
        return undefined;
      }),
    );
  }

  list() {
    return Promise.resolve([...this.routes.values()]);
  }

  [Symbol.dispose](): void {
    this.opened -= 1;
  }
}

const interfaces = new Map([[10, { name: "eth0", index: 10 } as Interface]]);

let kernel: FakeKernel;
let log: RecordingLogger;
let routes: DelegatedRoutes;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  kernel = new FakeKernel();
  log = new RecordingLogger();
  const store = await storeWith();
  routes = new DelegatedRoutes({ store, now: () => GIVEN_AT, log, openTable: () => kernel.open() });
  routes.update(interfaces);
  routes.configure(pdRoutes(true));
});
afterEach(async () => {
  await routes.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const settled = async () => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
};
const lease = async (...texts: readonly string[]) => {
  for (const text of texts) routes.put(prefixLease(text));
  await settled();
};
const many = (count: number) =>
  Array.from({ length: count }, (_, i) => `2001:db8:${(i + 1).toString(16)}::/48 via fe80::1 dev eth0`);
const refusals = () => log.lines.filter((line) => line.startsWith("DHCP6_PD_ROUTES_REFUSED"));

describe("routes that the kernel refuses", () => {
  it("are tried again at growing pauses, each of them one line of the log, until all are there", async () => {
    kernel.refusal = EPERM;
    await lease(ONE, "2001:db8:2::/48 via fe80::2 dev eth0");
    expect(refusals()).toEqual([
      "DHCP6_PD_ROUTES_REFUSED 2 routes to delegated prefixes could not be set or removed, such as " +
        "2001:db8:1::/48 via fe80::1 dev eth0: EPERM: operation not permitted, RTM_NEWROUTE: give the process CAP_NET_ADMIN",
    ]);
    for (const pause of [1000, 2000, 4000]) {
      const before = refusals().length;
      vi.advanceTimersByTime(pause - 1);
      await settled();
      expect(refusals()).toHaveLength(before);
      vi.advanceTimersByTime(1);
      await settled();
      expect(refusals()).toHaveLength(before + 1);
    }
    kernel.refusal = undefined;
    vi.advanceTimersByTime(8000);
    await settled();
    expect(kernel.routes.size).toBe(2);
    expect(log.lines.at(-1)).toBe("DHCP6_PD_ROUTES_COMPLETE all 2 routes to delegated prefixes are in the kernel");
  });

  it("do not fill the log with each renewal meanwhile", async () => {
    kernel.refusal = EPERM;
    for (let i = 0; i < 10; i++) await lease(ONE);
    expect(refusals()).toHaveLength(1);
  });

  it("are not forgotten when the kernel cannot be asked at all", async () => {
    await settled();
    vi.spyOn(kernel, "change").mockRejectedValueOnce(systemError("write", EMFILE));
    kernel.opening = EMFILE;
    await lease(...many(200));
    const { attempts } = kernel;
    vi.advanceTimersByTime(1000);
    await settled();
    expect(refusals()).toHaveLength(2);
    expect(kernel.attempts).toBe(attempts + 1);
    kernel.opening = undefined;
    vi.advanceTimersByTime(2000);
    await settled();
    expect(kernel.routes.size).toBe(200);
    expect(kernel.opened).toBe(1);
  });
});

describe("many routes", () => {
  it("are told in calls of limited size, and the kernel is not asked twice at once", async () => {
    await settled();
    let inside = 0;
    const change = kernel.change.bind(kernel);
    vi.spyOn(kernel, "change").mockImplementation(async (changes) => {
      expect(inside++).toBe(0);
      await new Promise(setImmediate);
      inside -= 1;
      return change(changes);
    });
    for (const text of many(200)) routes.put(prefixLease(text));
    await settled();
    expect(kernel.routes.size).toBe(200);
    expect(Math.max(...kernel.calls)).toBe(CHANGES_PER_CALL);
    expect(kernel.calls.length).toBeLessThan(8);
  });
});
