import { describe, expect, it } from "vitest";
import { LeaseState } from "../leases/model/lease.ts";
import { owedRemovals, withOwedRemovals } from "../leases/user-context/owed-removals.ts";
import { inNameWorld, lease, RELEASED, Stage, world } from "./testing/name-stage.ts";

inNameWorld();

describe("names follow leases", () => {
  it("are added with a new lease, kept as it is renewed, and removed when it ends", async () => {
    const stage = await Stage.open();
    await stage.commit(lease(1, "one"));
    await stage.pass();
    expect(stage.told).toEqual(["+one. 10.0.0.1"]);
    world.clock.advance(100);
    await stage.commit(lease(1, "one"));
    await stage.pass();
    expect(stage.told.length).toBe(1);
    await stage.commit(lease(1, "", RELEASED));
    await stage.pass();
    expect(stage.told.slice(1)).toEqual(["-one. 10.0.0.1"]);
    expect(stage.at("10.0.0.1")!.userContext).toBe("");
    await stage.close();
  });

  it("are told again on renewal where that is asked for, once", async () => {
    const stage = await Stage.open({}, { updateOnRenew: true });
    await stage.commit(lease(1, "one"));
    await stage.pass();
    world.clock.advance(100);
    await stage.commit(lease(1, "one"));
    await stage.pass();
    world.clock.advance(100);
    await stage.commit(lease(1, "two"));
    await stage.pass();
    expect(stage.told).toEqual(["+one. 10.0.0.1", "+one. 10.0.0.1", "-one. 10.0.0.1", "+two. 10.0.0.1"]);
    await stage.close();
  });

  it("are not told again where a lease is only written again", async () => {
    const stage = await Stage.open({}, { updateOnRenew: true });
    await stage.commit(lease(1, "one"));
    await stage.pass();
    await stage.commit(lease(1, "one", { cltt: stage.at("10.0.0.1")!.cltt, userContext: '{"site":7}' }));
    await stage.pass();
    expect(stage.told).toEqual(["+one. 10.0.0.1"]);
    await stage.close();
  });

  it("one name of two addresses is told one after the other: what is sent again must not overtake", async () => {
    const stage = await Stage.open();
    stage.isMute = true;
    await stage.commit(lease(1, "one"), lease(2, "ONE"), lease(3, "three"));
    await stage.pass(3);
    expect(new Set(stage.told)).toEqual(new Set(["+one. 10.0.0.1", "+three. 10.0.0.3"]));
    stage.isMute = false;
    await stage.pass(15);
    expect(stage.told.at(-1)).toBe("+ONE. 10.0.0.2");
    await stage.close();
  });

  it("the old one is removed before the new one is added, also of another client at the address", async () => {
    const stage = await Stage.open();
    await stage.commit(lease(1, "one"));
    await stage.pass();
    await stage.commit(lease(1, "one", { hwaddr: Uint8Array.of(2, 9, 9, 9, 9, 9) }));
    await stage.pass();
    expect(stage.told).toEqual(["+one. 10.0.0.1", "-one. 10.0.0.1", "+one. 10.0.0.1"]);
    expect(stage.zone.get("one.")).toBe("10.0.0.1");
    await stage.close();
  });

  it("is added again where its lease ends and comes again while it is on its way", async () => {
    const stage = await Stage.open();
    stage.isUp = false;
    await stage.commit(lease(1, "one"));
    await stage.pass();
    await stage.commit(lease(1, "one", RELEASED));
    await stage.commit(lease(1, "one"));
    await stage.pass();
    stage.isUp = true;
    await stage.pass(10);
    expect(stage.told).toEqual(["+one. 10.0.0.1", "-one. 10.0.0.1", "+one. 10.0.0.1"]);
    expect(stage.zone.get("one.")).toBe("10.0.0.1");
    await stage.close();
  });

  it("one name that goes from an address to another is removed there first", async () => {
    const stage = await Stage.open();
    await stage.commit(lease(2, "one"));
    await stage.pass();
    stage.isUp = false;
    await stage.commit(lease(1, "one"), lease(2, "", RELEASED));
    await stage.pass(3);
    stage.isUp = true;
    await stage.pass(15);
    expect(stage.zone).toEqual(new Map([["one.", "10.0.0.1"]]));
    await stage.close();
  });

  it("a lease that is deleted leaves its place only when its name is out", async () => {
    const stage = await Stage.open();
    await stage.commit(lease(1, "one"));
    await stage.pass();
    stage.isUp = false;
    const batch = stage.store.begin();
    batch.remove(lease(1, "").address);
    await batch.commit();
    await stage.pass();
    expect(stage.at("10.0.0.1")).toMatchObject({ state: LeaseState.reclaimed, hostname: "" });
    expect(owedRemovals(stage.at("10.0.0.1")!.userContext).removals).toMatchObject([{ fqdn: "one." }]);
    stage.isUp = true;
    await stage.pass(15);
    expect(stage.told.at(-1)).toBe("-one. 10.0.0.1");
    expect(stage.at("10.0.0.1")).toBeUndefined();
    await stage.close();
  });

  it("nothing is sent, and nothing is owed, where updates are off", async () => {
    const stage = await Stage.open({ "enable-updates": false });
    await stage.commit(lease(1, "one"));
    await stage.commit(lease(1, "", RELEASED));
    await stage.pass();
    expect([stage.told, stage.at("10.0.0.1")!.userContext]).toEqual([[], ""]);
    await stage.close();
  });
});

describe("an updater that is away", () => {
  it("finds all names right when it is back, though there was no room to remember them", async () => {
    const stage = await Stage.open({ "max-queue-size": 10 });
    stage.isUp = false;
    for (let number = 1; number <= 300; number++) await stage.commit(lease(number, `h${number}`));
    for (let number = 1; number <= 100; number++) await stage.commit(lease(number, "", RELEASED));
    for (let number = 101; number <= 200; number++) await stage.commit(lease(number, `n${number}`));
    world.clock.advance(50);
    for (let number = 250; number <= 300; number++) await stage.commit(lease(number, `h${number}`));
    await stage.pass(5);
    stage.isUp = true;
    await stage.pass(60);
    const expected = new Map<string, string>();
    for (let number = 101; number <= 300; number++) {
      const address = number < 256 ? `10.0.0.${number}` : `10.0.1.${number - 256}`;
      expected.set(number <= 200 ? `n${number}.` : `h${number}.`, address);
    }
    expect(new Map([...stage.zone].sort())).toEqual(new Map([...expected].sort()));
    for (let number = 1; number <= 200; number++) expect(stage.at(`10.0.0.${number}`)!.userContext).toBe("");
    await stage.close();
  });

  it("costs a client that changes its name all the time its name, and nobody memory", async () => {
    const stage = await Stage.open();
    stage.isUp = false;
    for (let i = 0; i < 100; i++) await stage.commit(lease(1, `name${i}`));
    expect(owedRemovals(stage.at("10.0.0.1")!.userContext).removals.length).toBe(16);
    stage.isUp = true;
    await stage.pass(15);
    expect(stage.zone.size).toBe(0);
    world.clock.advance(10);
    await stage.commit(lease(1, "last"));
    await stage.pass(2);
    expect([...stage.zone.keys()]).toEqual(["last."]);
    await stage.close();
  });
});

describe("a name that is asked to be told again", () => {
  it("is, while updates are on, the lease has a name, and there is room", async () => {
    const stage = await Stage.open({ "max-queue-size": 1 });
    await stage.pass(5);
    await stage.commit(lease(1, "one"), lease(2, ""));
    await stage.pass(5);
    const [named, nameless] = [stage.at("10.0.0.1")!, stage.at("10.0.0.2")!];
    stage.isUp = false;
    expect([stage.sender.resend(nameless), stage.sender.waiting]).toEqual([false, 0]);
    expect([stage.sender.resend(named), stage.sender.waiting]).toEqual([true, 1]);
    // There is no room for another one, but for the same once more.
    await stage.commit(lease(3, "three"));
    expect([stage.sender.resend(stage.at("10.0.0.3")!), stage.sender.resend(named)]).toEqual([false, true]);
    stage.isUp = true;
    await stage.pass(15);
    expect(stage.told).toEqual(["+one. 10.0.0.1", "+one. 10.0.0.1", "+three. 10.0.0.3"]);
    stage.configure({ "enable-updates": false });
    expect(stage.sender.resend(named)).toBe(false);
    await stage.close();
  });
});

describe("leases of another server, which has told the DNS", () => {
  it("are told neither when they come, nor when they change or go", async () => {
    const stage = await Stage.open();
    await stage.pass(5);
    await stage.adopt("told", lease(1, "one"), lease(2, "two"));
    await stage.adopt("told", lease(1, "new"), lease(2, "", RELEASED));
    await stage.pass();
    expect([stage.told, stage.at("10.0.0.2")!.userContext]).toEqual([[], ""]);
    await stage.close();
  });

  it("do not hide what was told here, of which it may not have known", async () => {
    const stage = await Stage.open();
    await stage.pass(5);
    await stage.commit(lease(1, "one"));
    await stage.pass();
    await stage.adopt("fetched", lease(1, "two"));
    await stage.pass();
    expect(stage.told).toEqual(["+one. 10.0.0.1", "-one. 10.0.0.1"]);
    await stage.close();
  });

  it("take the place of a lease that has ended here, or of one of somebody else, of which the other server knew nothing", async () => {
    const stage = await Stage.open();
    await stage.pass(5);
    await stage.commit(lease(1, "one"), lease(2, "two"), lease(3, "three"));
    await stage.commit(lease(1, "", RELEASED));
    await stage.pass();
    const other = { hwaddr: Uint8Array.of(2, 9, 9, 9, 9, 9) };
    stage.told.length = 0;
    await stage.adopt("fetched", lease(1, "one"), lease(3, "", RELEASED));
    await stage.adopt("told", lease(2, "new", other));
    await stage.pass();
    expect(stage.told).toEqual(["+one. 10.0.0.1", "-two. 10.0.0.2"]);
    await stage.close();
  });

  it("bring nothing with them that it owes", async () => {
    const stage = await Stage.open();
    await stage.pass(5);
    const owed = [{ fqdn: "gone.", forward: true, reverse: true, dhcid: "000001" }];
    const userContext = withOwedRemovals("", { removals: owed, isGone: false });
    await stage.adopt("told", lease(1, "one", { userContext }));
    await stage.pass();
    expect([stage.told, stage.at("10.0.0.1")!.userContext]).toEqual([[], ""]);
    await stage.close();
  });

  it("are told where this server has not come to it, and was renewed by the other one", async () => {
    const stage = await Stage.open();
    await stage.pass(5);
    stage.isUp = false;
    await stage.commit(lease(1, "one"));
    world.clock.advance(10);
    await stage.adopt("told", lease(1, "one"));
    stage.isUp = true;
    await stage.pass(15);
    expect(stage.told).toEqual(["+one. 10.0.0.1"]);
    await stage.close();
  });

  it("are told by whoever changes them here later", async () => {
    const stage = await Stage.open();
    await stage.pass(5);
    await stage.adopt("told", lease(1, "one"));
    await stage.commit(lease(1, "", RELEASED));
    await stage.pass();
    expect(stage.told).toEqual(["-one. 10.0.0.1"]);
    await stage.close();
  });

  it("of the time before the first start are not told, whoever's they are by now", async () => {
    const stage = await Stage.open();
    stage.sender.askKeeper(({ address }) => (address === lease(1, "").address ? "other" : "this"));
    await stage.adopt("fetched", ...[1, 2].map((number) => lease(number, `h${number}`, { cltt: 1 })));
    await stage.pass(5);
    expect(stage.told).toEqual(["+h2. 10.0.0.2"]);
    await stage.close();
  });

  it("are told again from a time on where that is asked for", async () => {
    const stage = await Stage.open();
    await stage.pass(5);
    await stage.adopt("told", lease(1, "one"));
    world.clock.advance(100);
    await stage.adopt("told", lease(2, "two"));
    stage.sender.resendSince(Math.floor(world.clock.wall()) - 50);
    await stage.pass(5);
    expect(stage.told).toEqual(["+two. 10.0.0.2"]);
    await stage.close();
  });
});
