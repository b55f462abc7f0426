import { describe, expect, it } from "vitest";
import type { Session } from "../session.ts";
import { behind, findLeases, readSearch } from "./lease-search.ts";

describe("what is typed into the search", () => {
  it.each([
    ["02:00:00:00:00:17", "02:00:00:00:00:17"],
    ["02-00-00-00-00-1A", "02:00:00:00:00:1a"],
    ["0200.0000.001a", "02:00:00:00:00:1a"],
    ["00:03:00:01:02:00:00:00:00:17", "00:03:00:01:02:00:00:00:00:17"],
  ])("%s is a client", (typed, bytes) => expect(readSearch(typed)).toEqual({ kind: "client", bytes }));

  it.each([
    ["10.0.1", 4, "10.0.1.0"],
    [" 10.0.1.7 ", 4, "10.0.1.7"],
    ["2001:db8:", 6, "2001:db8::"],
    ["fe80::1", 6, "fe80::1"],
  ] as const)("%s is an address", (typed, family, address) =>
    expect(readSearch(typed)).toEqual({ kind: "address", family, address }),
  );

  it.each(["printer", "10", "a.example.org", "02:00:00", "02-00", "fe80"])(
    "%s is a part of a name or a client",
    (text) => expect(readSearch(` ${text}`)).toEqual({ kind: "part", text }),
  );

  it("is nothing where nothing is typed", () => expect(readSearch("  ")).toBeUndefined());
});

describe("the first page", () => {
  it("begins behind the address before the one that is typed", () => {
    expect(behind(readSearch("10.0.1"))).toBe("10.0.0.255");
    expect(behind(readSearch("0.0"))).toBe("start");
    expect(behind(undefined)).toBe("start");
  });
});

it("a DUID is looked up and not looked for among all leases", async () => {
  const asked: string[] = [];
  const ask = async (_: string, command: string) => {
    asked.push(command);
    return { leases: [{ type: "IA_NA", "ip-address": "2001:db8::1" }] };
  };
  const duid = { kind: "client", bytes: "00:03:00:01:02:00:00:00:00:66" } as const;
  const found = await findLeases({ ask } as unknown as Session, 6, duid, new AbortController().signal);
  expect(found).toHaveLength(1);
  expect(asked).toEqual(["lease6-get-by-duid"]);
});
