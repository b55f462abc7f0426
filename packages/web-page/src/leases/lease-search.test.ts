import { describe, expect, it } from "vitest";
import { behind, readSearch } from "./lease-search.ts";

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
