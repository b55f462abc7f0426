import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Address6, readAddress6 } from "../frames/address6.ts";
import { findInterface, ip, testInNamespace } from "../testing/namespaced-tests.ts";
import type { RouteChange } from "./route-message.ts";
import { CHANGES_PER_CALL, RouteTable } from "./route-table.ts";

const MARK = { protocol: 200, metric: 5000 };

/** 2001:db8:`number`::, or fe80::`number` */
function address(number: number, head = "20010db8"): Address6 {
  const digits = number.toString(16);
  const hex = head === "fe80" ? `fe80${digits.padStart(28, "0")}` : `${head}${digits.padStart(4, "0")}`.padEnd(32, "0");
  return readAddress6(Buffer.from(hex, "hex"), 0);
}

testInNamespace(import.meta.url, () => {
  let table: RouteTable;
  let ifindex: number;

  beforeEach(() => {
    ip("link add r0 type veth peer name s0", "link set r0 up", "link set s0 up");
    ifindex = findInterface("r0").index;
    table = new RouteTable(MARK);
  });
  afterEach(() => {
    table[Symbol.dispose]();
    ip("link del r0");
  });

  const set = (number: number, gateway: Address6 = address(1, "fe80"), at = ifindex): RouteChange => ({
    address: address(number),
    length: 48,
    gateway,
    ifindex: at,
  });
  const remove = (number: number): RouteChange => ({ address: address(number), length: 48, gateway: undefined });
  const shown = (...filter: string[]) =>
    execFileSync("ip", ["-6", "route", "show", ...filter], { encoding: "utf8" })
      .trim()
      .split(/ *\n/);
  const ours = () => shown("proto", "200").filter(Boolean);

  describe("RouteTable", () => {
    test("sets, replaces and removes a route, as ip shows it", async () => {
      expect(await table.change([set(1)])).toEqual([undefined]);
      expect(ours()).toEqual(["2001:db8:1::/48 via fe80::1 dev r0 metric 5000 pref medium"]);
      await table.change([set(1, address(2, "fe80"))]);
      expect(ours()).toEqual(["2001:db8:1::/48 via fe80::2 dev r0 metric 5000 pref medium"]);
      expect(await table.list()).toEqual([set(1, address(2, "fe80"))]);
      await table.change([remove(1)]);
      expect(ours()).toEqual([]);
      expect(await table.list()).toEqual([]);
    });

    test("leaves routes of others to the same prefix alone", async () => {
      const own = "2001:db8:1::/48 via fe80::9 dev r0";
      ip(`route add ${own} proto static`, `route add ${own} proto 200 metric 7`);
      await table.change([set(1)]);
      expect(await table.list()).toEqual([set(1)]);
      await table.change([remove(1)]);
      await table.change([remove(1)]);
      expect(shown("2001:db8:1::/48")).toHaveLength(2);
    });

    test("nothing to do is done", async () => {
      expect(await table.change([])).toEqual([]);
    });

    test("removing what is not there is no error", async () => {
      expect(await table.change([remove(1), set(2), remove(3)])).toEqual([undefined, undefined, undefined]);
    });

    test("says which of many were refused and why, and does the others", async () => {
      const changes = [set(1), set(2, undefined, 999), set(3), set(4, address(5)), set(5, undefined, 999)];
      const results = await table.change(changes);
      expect(results.map((error) => error?.code)).toEqual([undefined, "ENODEV", undefined, "EHOSTUNREACH", "ENODEV"]);
      expect(ours()).toHaveLength(2);
      expect(await table.change([remove(1)])).toEqual([undefined]);
    });

    test("a whole call refused is told for each", async () => {
      const changes = Array.from({ length: CHANGES_PER_CALL }, (_, i) => set(i, undefined, 999));
      const results = await table.change(changes);
      expect(new Set(results.map((error) => error?.code))).toEqual(new Set(["ENODEV"]));
      expect(await table.change([set(1)])).toEqual([undefined]);
    });

    test("lists more routes than fit into one piece, and only its own", async () => {
      const others = Array.from({ length: 50 }, (_, i) => `2001:db9:${i + 1}::/48 via fe80::9 dev r0`);
      ip(...others.map((route, i) => `route add ${route} metric ${4976 + i}`));
      const count = 20 * CHANGES_PER_CALL;
      for (let i = 0; i < count; i += CHANGES_PER_CALL) {
        await table.change(Array.from({ length: CHANGES_PER_CALL }, (_, k) => set(i + k + 1)));
      }
      const listed = await table.list();
      expect(listed).toHaveLength(count);
      expect(new Set(listed.map((route) => route.address))).toEqual(
        new Set(Array.from({ length: count }, (_, i) => address(i + 1))),
      );
    });
  });
});
