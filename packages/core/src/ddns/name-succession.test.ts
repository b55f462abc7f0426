import { describe, expect, it } from "vitest";
import { type Lease, LeaseState } from "../leases/model/lease.ts";
import type { Lease4 } from "../leases/model/lease4.ts";
import { type OwedRemoval, owedRemovals, withOwedRemovals } from "../leases/user-context/owed-removals.ts";
import { IdentifierType } from "../ncr/dhcid.ts";
import { nameSuccession } from "./name-succession.ts";
import { removalOf } from "./published-name.ts";

const NOW = 1_800_000_000;

const identify = ({ hwaddr }: Lease4) => ({ type: IdentifierType.hardware, bytes: hwaddr });
let paid: readonly OwedRemoval[] = [];
const succeed = nameSuccession<Lease4, never>(
  { identify, standIn: (lease) => lease },
  // The clock is between two seconds, as it nearly always is.
  () => NOW + 0.75,
  (_, { fqdn }) => paid.some((removal) => removal.fqdn === fqdn),
);

function lease(client: number, hostname: string, change: Partial<Lease4> = {}): Lease4 {
  const isNamed = hostname !== "";
  return {
    address: 0x0a00_0001,
    hwaddr: Uint8Array.of(2, 0, 0, 0, 0, client),
    clientId: undefined,
    validLifetime: 7200,
    cltt: NOW - 100,
    subnetId: 1,
    poolId: 0,
    state: LeaseState.assigned,
    fqdnFwd: isNamed,
    fqdnRev: isNamed,
    hostname,
    userContext: "",
    ...change,
  };
}

const removal = (client: number, hostname: string) => removalOf(lease(client, hostname), identify);
const owing = (of: Lease4, removals: readonly OwedRemoval[], isGone = false): Lease4 => ({
  ...of,
  userContext: withOwedRemovals(of.userContext, { removals, isGone }),
});
const owed = (of: Lease | undefined) => of && owedRemovals(of.userContext);

describe("what a lease leaves behind", () => {
  it("is dated in whole seconds: a database takes no others", () => {
    expect(succeed(lease(1, "one"), undefined)).toMatchObject({ cltt: NOW, state: LeaseState.reclaimed });
  });

  it("is owed once, though it was owed before the name came back", () => {
    paid = [];
    const before = owing(lease(1, "one"), [removal(1, "one"), removal(1, "two")]);
    const after = lease(1, "", { state: LeaseState.reclaimed });
    expect(owed(succeed(before, after))).toEqual({ removals: [removal(1, "one"), removal(1, "two")], isGone: false });
  });

  it("is owed for another client of the same name, too", () => {
    const before = owing(lease(2, "one"), [removal(1, "one")]);
    expect(owed(succeed(before, lease(3, "")))?.removals).toEqual([removal(1, "one"), removal(2, "one")]);
  });

  it("is the name of what was given back to Kea, which has not taken it out yet; not of what has been reclaimed, or given back to us", () => {
    const givenBack = lease(1, "one", { state: LeaseState.reclaimed, validLifetime: 0 });
    const after = lease(1, "", { state: LeaseState.reclaimed, validLifetime: 0 });
    expect(owed(succeed(givenBack, after))?.removals).toEqual([removal(1, "one")]);
    expect(owed(succeed(givenBack, lease(2, "two")))?.removals).toEqual([removal(1, "one")]);
    expect(owed(succeed(givenBack, lease(1, "one")))?.removals).toEqual([]);
    const told = [
      { ...givenBack, fqdnFwd: false, fqdnRev: false },
      { ...givenBack, validLifetime: 1 },
      { ...givenBack, hostname: "" },
    ];
    for (const before of told) expect(owed(succeed(before, after))?.removals).toEqual([]);
  });

  it("is not what a user context says that was copied from another lease", () => {
    const copy = owing(lease(1, "one", { userContext: '{ "site": 7 }' }), [removal(9, "nine")], true);
    expect(succeed(lease(1, "one"), copy)).toEqual({ ...copy, userContext: '{ "site": 7 }' });
    expect(succeed(lease(1, ""), copy)?.userContext).toBe('{ "site": 7 }');
  });

  it("stays with an address that is to be free until it is paid, and then the address is", () => {
    const gone = succeed(lease(1, "one"), undefined)!;
    expect(gone).toMatchObject({ state: LeaseState.reclaimed, hostname: "", fqdnFwd: false, cltt: NOW });
    expect(owed(gone)).toEqual({ removals: [removal(1, "one")], isGone: true });
    expect(owed(succeed(gone, gone))).toEqual({ removals: [removal(1, "one")], isGone: true });
    paid = [removal(1, "one")];
    expect(succeed(gone, gone)).toBeUndefined();
    paid = [];
  });

  it.each([
    ["another client's", lease(2, "two")],
    ["another client's, with the context of what was there", lease(2, "two", { userContext: "copied" })],
    ["reclaimed itself meanwhile", lease(2, "", { state: LeaseState.reclaimed })],
  ])("goes with an address that is %s now, which stays when it is paid", (_, next) => {
    const gone = succeed(lease(1, "one"), undefined)!;
    const after = next.userContext === "copied" ? { ...next, userContext: gone.userContext } : next;
    const taken = succeed(gone, after);
    expect(owed(taken)).toEqual({ removals: [removal(1, "one")], isGone: false });
    paid = [removal(1, "one")];
    expect(succeed(gone, after)).toMatchObject({ hostname: after.hostname, state: after.state, userContext: "" });
    expect(succeed(taken, taken)).toMatchObject({ hostname: after.hostname, userContext: "" });
    paid = [];
  });
});
