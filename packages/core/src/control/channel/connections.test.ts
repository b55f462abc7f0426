import { describe, expect, it } from "vitest";
import { type Connection, Connections } from "./connections.ts";

class TestConnection implements Connection {
  readonly source: string;
  readonly isIdle: boolean;
  readonly stalledSince: number;
  why = "";

  constructor(source: string, isIdle = true, stalledSince = Number.POSITIVE_INFINITY) {
    this.source = source;
    this.isIdle = isIdle;
    this.stalledSince = stalledSince;
  }

  giveWay(why: string): void {
    this.why = why;
  }
}

/** A hundred, of which the first is the oldest. */
function full(make: (i: number) => TestConnection) {
  const connections = new Connections<TestConnection>();
  const all = Array.from({ length: 100 }, (_, i) => make(i));
  for (const each of all) connections.add(each);
  expect(all.filter(({ why }) => why !== "")).toEqual([]);
  return { connections, all };
}

const gone = (all: readonly TestConnection[]) => all.flatMap(({ why }, i) => (why === "" ? [] : [i]));

describe("of too many connections", () => {
  it("the one that has been silent the longest gives way", () => {
    const { connections, all } = full(() => new TestConnection("a"));
    connections.touch(all[0]!);
    connections.add(new TestConnection("a"));
    expect(gone(all)).toEqual([1]);
    expect(all[1]?.why).toContain("silent the longest");
  });

  it("one of those who have the most gives way: who comes alone stays", () => {
    const { connections, all } = full((i) => new TestConnection(i < 10 ? `${i}` : "many"));
    connections.add(new TestConnection("new"));
    expect(gone(all)).toEqual([10]);
  });

  it("none that is at work gives way while another is idle, and else the one that has not read for the longest", () => {
    const busy = full((i) => new TestConnection("a", i === 50));
    busy.connections.add(new TestConnection("a", false));
    expect(gone(busy.all)).toEqual([50]);
    const stalled = full((i) => new TestConnection("a", false, i === 30 ? 1 : i === 40 ? 2 : undefined));
    stalled.connections.add(new TestConnection("a", false));
    expect(gone(stalled.all)).toEqual([30]);
  });
});

it("all together hold no more than they may", () => {
  const connections = new Connections<TestConnection>();
  const MiB = 2 ** 20;
  expect(connections.hold(128 * MiB)).toBe(true);
  expect(connections.hold(1)).toBe(false);
  connections.hold(-1);
  expect(connections.hold(1)).toBe(true);
});
