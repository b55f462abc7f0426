/** What every database that servers share must do with clients that give up what they have for something else. Tests only. */
import { expect, it } from "vitest";
import { expiryOf, type Lease, LeaseState } from "../../model/lease.ts";
import type { LeaseBatch, LeaseStore } from "../../model/lease-store.ts";
import type { TestFamily } from "../../testing/test-families.ts";

export const DURABLE = { kind: "durable" };
export const taken = (...changes: number[]) => ({ kind: "taken", changes: new Set(changes) });

/** Two servers with one database, and what tests do with them. */
export interface MoveStage<L extends Lease, View, Leases, Batch = LeaseBatch<L> & View> {
  readonly one: LeaseStore<L, LeaseBatch<L> & View> & Leases;
  readonly two: LeaseStore<L, LeaseBatch<L> & View> & Leases;
  readonly now: number;
  lease(member: number, client: number, change?: Partial<Lease>): L;
  /** A batch that has looked up a client and some members. */
  begin(store: LeaseStore<L, LeaseBatch<L> & View> & Leases, client: number, ...members: number[]): Promise<Batch>;
  /** The result of the one whose turn comes second is the second. */
  race(first: Batch, second: Batch): Promise<readonly object[]>;
  give(
    store: LeaseStore<L, LeaseBatch<L> & View> & Leases,
    ...leases: [client: number, member: number, change?: Partial<Lease>][]
  ): Promise<void>;
  all(): unknown;
  heldBy(client: number): Promise<readonly L[] | undefined>;
}

const elsewhere = { subnetId: 8 };

export function describeMoves<L extends Lease, View, Leases>(
  family: TestFamily<L, View, Leases>,
  stage: MoveStage<L, View, Leases>,
): void {
  const { lease, begin, race, give, all, heldBy } = stage;

  it("a client that is moved to another place, and takes it at once, is not looked up again and gives up what it had", async () => {
    const { one } = stage;
    await give(one, [1, 5]);
    (await begin(one, 1, 6)).put(lease(6, 1, { state: LeaseState.offered }));
    const batch = one.begin();
    batch.mayRecall = true;
    const view = family.view(batch);
    expect(view.heldBy(1)[0]).toEqual([lease(6, 1, { state: LeaseState.offered }), lease(5, 1)]);
    view.get(6);
    view.remove(5);
    batch.put(lease(6, 1));
    expect([batch.missed, await batch.commit()]).toEqual([0, DURABLE]);
    expect(await all()).toEqual([lease(6, 1)]);
  });

  it("a client that is moved, and has given up what it had at another server meanwhile, is given nothing unseen", async () => {
    const { one, two } = stage;
    await give(one, [1, 5]);
    (await begin(one, 1, 6)).put(lease(6, 1, { state: LeaseState.offered }));
    await give(two, [1, 5, { state: LeaseState.reclaimed }]);
    const batch = one.begin();
    batch.mayRecall = true;
    const view = family.view(batch);
    view.heldBy(1);
    view.get(6);
    view.remove(5);
    batch.put(lease(6, 1));
    expect(await batch.commit()).toEqual(taken(0, 1));
    expect(await all()).toEqual([lease(5, 1, { state: LeaseState.reclaimed })]);
  });

  it("nobody's lease is replaced by one who has not seen that it was renewed", async () => {
    const { one, two } = stage;
    await give(one, [1, 5]);
    const [renewal, replacement] = [await begin(one, 1, 5), await begin(two, 1, 5, 6)];
    renewal.put(lease(5, 1, { cltt: stage.now + 1 }));
    family.view(replacement).remove(5);
    replacement.put(lease(6, 1, elsewhere));
    expect(await race(renewal, replacement)).toEqual([DURABLE, taken(0, 1)]);
    expect(await heldBy(1)).toEqual([lease(5, 1, { cltt: stage.now + 1 })]);
  });

  it("what a client gives up stays where the claim of what it gets instead comes too late", async () => {
    const { one, two } = stage;
    await give(one, [1, 5]);
    const [wandering, replacement] = [await begin(two, 1, 7), await begin(one, 1, 5, 6)];
    wandering.put(lease(7, 1, elsewhere));
    family.view(replacement).remove(5);
    replacement.put(lease(6, 1));
    expect(await race(wandering, replacement)).toEqual([DURABLE, taken(0, 1)]);
    expect(await all()).toEqual([lease(5, 1), lease(7, 1, elsewhere)]);
  });

  it.each([
    ["had never been given", false],
    ["was reclaimed", true],
  ])(
    "what a client gives up stays where what it was to get, which %s, is somebody else's by then",
    async (_, wasGiven) => {
      const { one, two } = stage;
      if (wasGiven) await give(one, [4, 6, { state: LeaseState.reclaimed }]);
      await give(one, [1, 5], [3, 8]);
      const [other, replacement] = [await begin(two, 2, 6), await begin(one, 1, 5, 6, 8)];
      family.view(replacement).heldBy(3);
      family.view(replacement).get(9);
      await replacement.load();
      other.put(lease(6, 2));
      family.view(replacement).remove(5);
      replacement.put(lease(6, 1));
      // Those of others are moved all the same.
      family.view(replacement).remove(8);
      replacement.put(lease(9, 3));
      expect(await race(other, replacement)).toEqual([DURABLE, taken(0, 1)]);
      expect(await all()).toEqual([lease(5, 1), lease(6, 2), lease(9, 3)]);
    },
  );

  it("what a client gives up is nobody else's in the same batch, and is somebody's in the next", async () => {
    const { one, two } = stage;
    await give(one, [1, 5]);
    const [wandering, replacement] = [await begin(two, 1, 7), await begin(one, 1, 5, 6)];
    wandering.put(lease(7, 1, elsewhere));
    family.view(replacement).remove(5);
    replacement.put(lease(6, 1));
    expect(family.view(replacement).get(5)).toEqual(lease(5, 1));
    expect(await race(wandering, replacement)).toEqual([DURABLE, taken(0, 1)]);
    const again = await begin(one, 1, 5);
    family.view(again).remove(5);
    expect(await again.commit()).toEqual(DURABLE);
    await give(two, [2, 5]);
    expect(await all()).toEqual([lease(5, 2), lease(7, 1, elsewhere)]);
  });

  it("nor is it where its time is over here, and another server still renews it: its client would have two", async () => {
    const { one, two, now } = stage;
    await give(one, [1, 5, { cltt: now - 4000 }]);
    // To one whose clock is behind it is a lease that the client has, for which it need not claim anything.
    const renewal = two.begin();
    family.view(renewal).get(5);
    await renewal.load();
    renewal.put(lease(5, 1));
    const replacement = await begin(one, 1, 5, 6);
    const view = family.view(replacement);
    view.heldBy(2);
    await replacement.load();
    view.remove(5);
    replacement.put(lease(6, 1));
    if (expiryOf(view.get(5)!) <= now) replacement.put(lease(5, 2));
    expect(await race(renewal, replacement)).toEqual([DURABLE, taken(0, 1)]);
    expect(await all()).toEqual([lease(5, 1)]);
  });
}
