import { expect, it } from "vitest";
import { LeaseState } from "../leases/model/lease.ts";
import type { LeaseBatch4 } from "../leases/model/lease-store4.ts";
import type { Lease4 } from "../leases/model/lease4.ts";
import type { OwedRemoval } from "../leases/user-context/owed-removals.ts";
import type { Due, Flight } from "./due-names.ts";
import type { NamedFamily } from "./named-family.ts";
import { PaidRemovals } from "./paid-removals.ts";

const removal = (fqdn: string): OwedRemoval => ({ fqdn, forward: true, reverse: true, dhcid: "000001" });

function lease(address: number): Lease4 {
  return {
    address,
    hwaddr: Uint8Array.of(1),
    clientId: undefined,
    validLifetime: 60,
    cltt: 0,
    subnetId: 1,
    poolId: 0,
    state: LeaseState.assigned,
    fqdnFwd: false,
    fqdnRev: false,
    hostname: "",
    userContext: "",
  };
}

function flight(address: number, fqdn: string): Flight<Lease4> {
  const due: Due<Lease4> = {
    address: address,
    lease: lease(address),
    added: undefined,
    adding: undefined,
    removing: [],
  };
  return { due, lease: due.lease, removal: removal(fqdn), fqdn, name: fqdn };
}

it("a removal is paid at the address that it was confirmed for, though the client owes the same one elsewhere", async () => {
  // A client of two addresses has one name at both.
  const seen: [address: number, fqdn: string, isPaid: boolean][] = [];
  const family = {
    addressOf: ({ address }: Lease4) => address,
    find: (_: unknown, of: Lease4) => of,
  } as unknown as NamedFamily<Lease4, LeaseBatch4>;
  const batch = {
    missed: 0,
    put: (of: Lease4) => {
      for (const fqdn of ["one.", "two."]) seen.push([of.address, fqdn, removals.includes(of, removal(fqdn))]);
    },
    commit: async () => ({ kind: "durable" }),
  } as unknown as LeaseBatch4;
  const store = { begin: () => batch, watch: () => {}, succeed: () => {} };
  const settled = new Promise<readonly Flight<Lease4>[]>((resolve) => {
    removals = new PaidRemovals<Lease4, LeaseBatch4>(family, store, async () => {}, resolve);
  });
  removals.add(flight(1, "one."));
  removals.add(flight(2, "two."));
  expect(await settled).toHaveLength(2);
  expect(seen).toEqual([
    [1, "one.", true],
    [1, "two.", false],
    [2, "one.", false],
    [2, "two.", true],
  ]);
});

let removals: PaidRemovals<Lease4, LeaseBatch4>;
