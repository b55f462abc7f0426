/** A client's classes and places, with a subject that is nothing but classes: what reservations and networks do to them. */
import { describe, expect, it } from "vitest";
import { ClassSet } from "../classify/class-set.ts";
import { compileClassTests } from "../classify/class-tests.ts";
import { dhcp4Spaces } from "../dhcp4/options/dhcp4-spaces.ts";
import { expressions4, vendorClassOf4 } from "../expressions/expressions4.ts";
import { subject4 } from "../expressions/testing/subjects.ts";
import { configuredHosts } from "../hosts/database/host-view.ts";
import { HostIndex } from "../hosts/model/host-index.ts";
import { completeClasses, placeClient } from "./place-client.ts";

const ME = { type: "duid", key: "\u0001" } as const;

interface TestHost {
  readonly identifierType: "duid";
  readonly identifier: Uint8Array;
  readonly classes: readonly string[];
}
type Hosts = HostIndex<"duid", TestHost, number>;

interface TestSubnet {
  readonly id: number;
  readonly guards: readonly (readonly string[])[];
  readonly parameters: { readonly reservationsInSubnet: boolean; readonly reservationsGlobal: boolean };
  readonly hosts: Hosts;
  readonly network: { readonly subnets: TestSubnet[] } | undefined;
}

const hostOf = (...classes: string[]): TestHost => ({
  identifierType: "duid",
  identifier: Uint8Array.of(1),
  classes,
});

/** Mine, if there is one. */
function hosts(host?: TestHost): Hosts {
  const index: Hosts = new HostIndex();
  if (host !== undefined) index.add(host, []);
  return index;
}

function subnet(id: number, host?: TestHost, change: Partial<TestSubnet> = {}): TestSubnet {
  return {
    id,
    guards: [],
    parameters: { reservationsInSubnet: true, reservationsGlobal: false },
    hosts: hosts(host),
    network: undefined,
    ...change,
  };
}
const GLOBAL = { parameters: { reservationsInSubnet: true, reservationsGlobal: true } };

function network(...subnets: TestSubnet[]): TestSubnet[] {
  const all: TestSubnet[] = [];
  for (const each of subnets) all.push({ ...each, network: { subnets: all } });
  return all;
}

const { tests } = compileClassTests(
  [
    { name: "vip" },
    { name: "gift" },
    { name: "of vip", test: "member('vip')" },
    { name: "plain", test: "member('gift') and not member('vip')" },
    { name: "plain and known", test: "member('KNOWN') and member('plain')" },
    { name: "known", test: "member('KNOWN')" },
    { name: "more", test: "member('gift')" },
    { name: "asked for", test: "member('ALL')", "only-in-additional-list": true },
  ].map((entry) => ({ "only-in-additional-list": false, ...entry })),
  { family: expressions4, spaces: dhcp4Spaces },
);
const set = new ClassSet(tests, vendorClassOf4);

interface Stage {
  readonly globalHost?: TestHost;
  readonly isGlobalHostEarly?: boolean;
  readonly found?: (subnet: TestSubnet) => TestHost | undefined;
}

/** As `2: host a b`, and the classes. */
function place(selected: TestSubnet | undefined, { globalHost, isGlobalHostEarly = false, found }: Stage = {}) {
  const subject = { ...subject4(), classes: new Set<string>() };
  let asked: string[] = [];
  const places = placeClient(
    subject,
    { set, isGlobalHostEarly, globalHosts: hosts(globalHost), hosts: configuredHosts, identifiers: [ME] },
    () => {
      asked = [...subject.classes];
      return selected;
    },
    found,
  );
  return {
    /** When its subnet is selected. */
    early: asked,
    classes: [...subject.classes],
    places: places?.map(({ subnet: { id }, host }) =>
      [id, ...(host === undefined ? [] : [host.classes.join(" ")])].join(" "),
    ),
  };
}

describe("a client", () => {
  it("of no subnet has no place, and is in ALL all the same", () => {
    expect(place(undefined)).toEqual({ early: ["ALL"], classes: ["ALL", "UNKNOWN"], places: [] });
  });

  it("is served in the selected subnet first, then in those behind it in its network, then in those before it", () => {
    const all = network(subnet(1), subnet(2), subnet(3));
    expect(all.map((selected) => place(selected).places)).toEqual([
      ["1", "2", "3"],
      ["2", "3", "1"],
      ["3", "1", "2"],
    ]);
    expect(place(subnet(7)).places).toEqual(["7"]);
  });

  it("is known by a reservation of its subnet, whose classes come then", () => {
    expect(place(subnet(1, hostOf("vip")))).toEqual({
      early: ["ALL"],
      classes: ["ALL", "vip", "of vip", "KNOWN", "known"],
      places: ["1 vip"],
    });
  });

  it("is no longer in what it would be in without the classes that its subnet's reservation gives", () => {
    expect(place(subnet(1, hostOf("gift"))).classes).toContain("plain");
    expect(place(subnet(1, hostOf("vip"))).classes).not.toContain("plain");
    const both = { globalHost: hostOf("gift"), isGlobalHostEarly: true };
    const { early, classes } = place(subnet(1, hostOf("vip")), both);
    expect(early).toEqual(expect.arrayContaining(["plain", "plain and known"]));
    expect(classes).toContain("of vip");
    expect(classes).not.toContain("plain");
    expect(classes).not.toContain("plain and known");
  });

  it("is known in a network by any of its subnets, whose classes depend on what it gets", () => {
    const [first] = network(subnet(1), subnet(2, hostOf("vip")));
    const { classes, places } = place(first);
    expect(classes).toContain("KNOWN");
    expect(classes).not.toContain("vip");
    expect(places).toEqual(["1", "2 vip"]);
  });

  it("has what an extension has found to be reserved, where the configuration has nothing and subnets have reservations", () => {
    const found = ({ id }: TestSubnet) => (id === 2 ? hostOf("found") : undefined);
    const [first] = network(subnet(1, hostOf("vip")), subnet(2));
    expect(place(first, { found }).places).toEqual(["1 vip", "2 found"]);
    const without = { parameters: { reservationsInSubnet: false, reservationsGlobal: false } };
    expect(place(subnet(2, hostOf("vip"), without), { found }).places).toEqual(["2"]);
  });

  it("has a global reservation where its subnet wants those, if it has none there", () => {
    const globalHost = hostOf("gift");
    expect(place(subnet(1), { globalHost }).places).toEqual(["1"]);
    const one = place(subnet(1, undefined, GLOBAL), { globalHost });
    expect(one.places).toEqual(["1 gift"]);
    expect(one.classes).toEqual(expect.arrayContaining(["gift", "more", "KNOWN"]));
    expect(one.early).toEqual(["ALL"]);
  });

  it("with a global reservation with classes has those of the one that counts in its subnet of a network", () => {
    const classesIn = (selected: TestSubnet | undefined, globalHost: TestHost) =>
      place(selected, { globalHost }).classes.filter((name) => name === "vip" || name === "gift");
    const gift = hostOf("gift");
    const [own, other] = network(subnet(1, hostOf("vip"), GLOBAL), subnet(2, undefined, GLOBAL), subnet(3));
    expect(place(own, { globalHost: gift }).places).toEqual(["1 vip", "2 gift", "3"]);
    expect(classesIn(own, gift)).toEqual(["vip"]);
    expect(classesIn(own, hostOf())).toEqual([]);
    expect(classesIn(other, gift)).toEqual(["gift"]);
    const [onlyOwn] = network(subnet(1, hostOf("vip")), subnet(2, undefined, GLOBAL));
    expect(classesIn(onlyOwn, gift)).toEqual([]);
  });

  it("has an early global reservation before its subnet is looked for", () => {
    const globalHost = hostOf("vip");
    const { early, classes, places } = place(subnet(1), { globalHost, isGlobalHostEarly: true });
    expect(early).toEqual(expect.arrayContaining(["vip", "of vip", "KNOWN"]));
    expect(classes).toEqual(expect.arrayContaining(["vip", "of vip", "KNOWN", "known"]));
    expect(classes).not.toContain("UNKNOWN");
    expect(places).toEqual(["1"]);
    expect(place(subnet(1, undefined, GLOBAL), { globalHost, isGlobalHostEarly: true }).places).toEqual(["1 vip"]);
  });

  it("is served in the subnets that are open to its classes, those of its reservation included", () => {
    const guarded = { guards: [["of vip"]] };
    const [first] = network(subnet(1), subnet(2, undefined, guarded), subnet(3, undefined, { guards: [["vip", "x"]] }));
    expect(place(first).places).toEqual(["1"]);
    expect(place(first, { globalHost: hostOf("vip"), isGlobalHostEarly: true }).places).toEqual(["1", "2", "3"]);
  });

  it.each<[string, () => ReturnType<typeof place>]>([
    ["an early global one", () => place(subnet(1), { globalHost: hostOf("DROP"), isGlobalHostEarly: true })],
    ["one of its subnet", () => place(subnet(1, hostOf("DROP")))],
    ["a global one", () => place(subnet(1, undefined, GLOBAL), { globalHost: hostOf("DROP") })],
  ])("that a reservation puts into DROP has no place at all: %s", (_, placed) => {
    expect(placed().places).toBeUndefined();
  });
});

describe("when it is known what a client gets", () => {
  const complete = (host: TestHost | undefined, additional: string[], ...classes: string[]) => {
    const subject = { ...subject4(), classes: new Set(classes) };
    const completed = completeClasses(subject, host, additional, set);
    return { classes: [...completed], isSame: completed === subject.classes };
  };

  it("its classes are what they were, where nothing is to be added", () => {
    expect(complete(undefined, [], "ALL")).toEqual({ classes: ["ALL"], isSame: true });
    expect(complete(hostOf("vip"), [], "ALL", "vip")).toEqual({ classes: ["ALL", "vip"], isSame: true });
  });

  it("those of its reservation there come, and those that scopes ask for", () => {
    expect(complete(hostOf("vip", "gift"), [], "ALL", "vip")).toEqual({
      classes: ["ALL", "vip", "gift"],
      isSame: false,
    });
    expect(complete(undefined, ["asked for"], "ALL")).toEqual({ classes: ["ALL", "asked for"], isSame: false });
    expect(complete(hostOf("vip"), ["asked for"], "ALL").classes).toEqual(["ALL", "vip", "asked for"]);
  });
});
