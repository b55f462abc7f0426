import { describe, expect, it } from "vitest";
import { HostIndex } from "./host-index.ts";

type Type = "hw-address" | "client-id";
interface Host {
  readonly identifierType: Type;
  readonly identifier: Uint8Array;
}

const host = (identifierType: Type, ...identifier: number[]): Host => ({
  identifierType,
  identifier: Uint8Array.from(identifier),
});

describe("an index of reservations", () => {
  const index = new HostIndex<Type, Host, number>();
  const byCard = host("hw-address", 2, 0, 0xff);
  const byClient = host("client-id", 2, 0, 0xff);
  const second = host("hw-address", 9);
  index.add(byCard, [10, 11]);
  index.add(byClient, []);
  index.add(second, [10]);
  const key = "\x02\x00\xff";

  it("tells identifiers of the same bytes apart by their type", () => {
    expect(index.find([{ type: "hw-address", key }])).toBe(byCard);
    expect(index.find([{ type: "client-id", key }])).toBe(byClient);
  });

  it("looks in the order of the identifiers that it is given", () => {
    const both = [
      { type: "client-id", key },
      { type: "hw-address", key },
    ] as const;
    expect(index.find(both)).toBe(byClient);
    expect(index.find(both.toReversed())).toBe(byCard);
  });

  it("finds nobody by a part of an identifier, or by none", () => {
    expect(index.find([{ type: "hw-address", key: "\x02\x00" }])).toBeUndefined();
    expect(index.find([])).toBeUndefined();
    expect(new HostIndex<Type, Host, number>().find([{ type: "hw-address", key }])).toBeUndefined();
  });

  it("knows every reservation of an address", () => {
    expect(index.at(10)).toEqual([byCard, second]);
    expect(index.at(12)).toEqual([]);
    expect([...index.addresses()]).toEqual([10, 11]);
  });

  it.each<[string, number, Host | undefined, boolean]>([
    ["nobody's address", 12, byCard, false],
    ["one's own", 11, byCard, false],
    ["one that is one's own too", 10, second, false],
    ["another's", 11, second, true],
    ["one's, asked for by a stranger", 11, undefined, true],
  ])("reserved for somebody else: %s", (_, address, asking, expected) => {
    expect(index.isReservedForOther(address, asking)).toBe(expected);
  });
});
