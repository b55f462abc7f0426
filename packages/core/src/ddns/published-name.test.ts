import { describe, expect, it } from "vitest";
import { LeaseState } from "../leases/model/lease.ts";
import type { Lease4 } from "../leases/model/lease4.ts";
import { family4 } from "../leases/testing/test-families.ts";
import { IdentifierType } from "../ncr/dhcid.ts";
import {
  fqdnOf,
  isPublished,
  isSameName,
  isSameOwner,
  leavesName,
  nameKey,
  publishedName,
  removalOf,
} from "./published-name.ts";

const identify = ({ hwaddr, clientId }: Lease4) =>
  clientId === undefined
    ? { type: IdentifierType.hardware, bytes: hwaddr }
    : { type: IdentifierType.clientId, bytes: clientId };

const lease: Lease4 = {
  ...family4.lease(1),
  clientId: undefined,
  hwaddr: Uint8Array.of(2, 0, 0, 0, 0, 1),
  fqdnFwd: true,
  fqdnRev: false,
  hostname: "One.example.org",
};

describe("a lease has a name in the DNS", () => {
  it.each<[string, Partial<Lease4>, string | undefined]>([
    ["forward", {}, "One.example.org."],
    ["in reverse only", { fqdnFwd: false, fqdnRev: true }, "One.example.org."],
    ["when it is registered", { state: LeaseState.registered }, "One.example.org."],
    ["not when the DNS was told nothing", { fqdnFwd: false }, undefined],
    ["not when it is reclaimed", { state: LeaseState.reclaimed }, undefined],
    ["not when it is declined", { state: LeaseState.declined }, undefined],
    ["not without a host name", { hostname: "" }, undefined],
  ])("%s", (_, change, name) => {
    expect(publishedName({ ...lease, ...change })).toBe(name);
    expect(isPublished({ ...lease, ...change })).toBe(name !== undefined);
  });
});

describe("the end of a lease leaves a name in the DNS", () => {
  const givenBack = { state: LeaseState.reclaimed, validLifetime: 0 };
  it.each<[boolean, string, Partial<Lease4>]>([
    [true, "where it is published", {}],
    [false, "not where the DNS was told nothing", { fqdnFwd: false }],
    [false, "not where it is over", { state: LeaseState.reclaimed }],
    [true, "where it was given back to Kea 3 and not reclaimed", givenBack],
    [true, "also in reverse only", { ...givenBack, fqdnFwd: false, fqdnRev: true }],
    [false, "not where the DNS was told nothing of that", { ...givenBack, fqdnFwd: false }],
    [false, "nor where that has no name", { ...givenBack, hostname: "" }],
  ])("%j: %s", (is, _, change) => {
    expect(leavesName({ ...lease, ...change })).toBe(is);
  });
});

describe("the same in the DNS have", () => {
  it.each<[boolean, string, Partial<Lease4>]>([
    [true, "leases of another time", { cltt: 1 }],
    [false, "no others with another name", { hostname: "two.example.org" }],
    [false, "none of which only one has it forward", { fqdnFwd: false }],
    [false, "nor in reverse", { fqdnRev: true }],
    [false, "none of other clients", { hwaddr: Uint8Array.of(2, 0, 0, 0, 0, 2) }],
    [false, "none of other kinds of clients", { clientId: lease.hwaddr }],
  ])("%j: %s", (is, _, change) => {
    expect(isSameName(lease, { ...lease, ...change }, identify)).toBe(is);
  });

  it("one and the same, whoever's it is", () => {
    const nobody = () => {
      throw new Error("not asked");
    };
    expect(isSameName(lease, lease, nobody)).toBe(true);
    expect(isSameOwner(lease, { ...lease, hostname: "two" }, identify)).toBe(true);
  });
});

it("what is to be removed is what the lease has there", () => {
  expect(removalOf(lease, identify)).toEqual({
    fqdn: "One.example.org.",
    forward: true,
    reverse: false,
    dhcid: expect.stringMatching(/^0000[0-9a-f]{66}$/),
  });
  expect(removalOf({ ...lease, clientId: Uint8Array.of(1, 2) }, identify).dhcid).toMatch(/^0001/);
});

describe("a host name as RFC 1035 text", () => {
  const label = "a".repeat(63);
  it.each<[string, string | undefined]>([
    ["host", "host."],
    ["a-b_c.example.org.", "a-b_c.example.org."],
    ["", undefined],
    [".", undefined],
    ["two words", "two\\032words."],
    ["two\\032words.example.org.", "two\\032words.example.org."],
    ["no\\999byte.", undefined],
    ["a..b", undefined],
    [`${label}.org`, `${label}.org.`],
    [`a${label}.org`, undefined],
    [`${label}.${label}.${label}.${"b".repeat(61)}`, `${label}.${label}.${label}.${"b".repeat(61)}.`],
    [`${label}.${label}.${label}.${"b".repeat(62)}`, undefined],
  ])("%j", (hostname, text) => {
    expect(fqdnOf({ hostname })).toBe(text);
  });
});

it("names are the same whatever their case", () => {
  expect(nameKey("ONE.Example.org.")).toBe("one.example.org.");
});
