import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { ip, testInNamespace } from "../testing/namespaced-tests.ts";
import { makeWire6 } from "../testing/wire6.ts";
import { listInterfaces, watchSource } from "./interfaces.ts";
import { NodeInterfaces } from "./node-interfaces.ts";

testInNamespace(import.meta.url, () => {
  beforeAll(() => {
    makeWire6();
    ip("addr add 10.0.0.1/24 dev server0", "addr add 192.0.2.129/25 dev server0");
  });

  afterEach(() => vi.useRealTimers());

  test("Node tells of an interface what the kernel does, but for its numbers", () => {
    const told = [...listInterfaces().values()].map(({ index, mtu, type, ...rest }) => rest);
    const found = [...new NodeInterfaces().read().values()].map(({ index, mtu, type, ...rest }) => rest);
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(found.toSorted(byName)).toEqual(told.toSorted(byName));
  });

  test("a name keeps its number", () => {
    const before = [...new NodeInterfaces().read().values()].find(({ name }) => name === "server0");
    ip("link add another0 type veth peer name another1", "link set another0 up", "link set another1 up");
    ip("addr add 10.0.7.1/24 dev another0");
    const after = [...new NodeInterfaces().read().values()];
    expect(after.find(({ name }) => name === "server0")).toEqual(before);
    expect(new Set(after.map(({ index }) => index)).size).toBe(after.length);
    ip("link del another0");
  });

  test("a watch tells of a change, and of nothing else", () => {
    vi.useFakeTimers();
    const onChange = vi.fn();
    const watch = watchSource(new NodeInterfaces(), onChange);
    vi.advanceTimersByTime(60_000);
    expect(onChange).not.toHaveBeenCalled();
    ip("addr add 10.0.9.1/24 dev client0");
    vi.advanceTimersByTime(2000);
    expect(onChange).toHaveBeenCalledExactlyOnceWith(watch.interfaces);
    const link = [...watch.interfaces.values()].find(({ name }) => name === "client0");
    expect(link?.ipv4).toEqual([{ address: 0x0a000901, prefixLength: 24 }]);
    watch[Symbol.dispose]();
    ip("addr del 10.0.9.1/24 dev client0");
    vi.advanceTimersByTime(60_000);
    expect(onChange).toHaveBeenCalledOnce();
  });
});
