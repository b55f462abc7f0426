import type { ConflictResolutionMode, NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import { describe, expect, test } from "vitest";
import { Rcode } from "../dns/response.ts";
import { add, dhcidOf, remove } from "../testing/requests.ts";
import { ZoneModel } from "../testing/zone-model.ts";
import { isPrerequisiteRcode, type Presumption, planForward, planReverse, type Step } from "./steps.ts";

/** Carries the steps out. @returns how it ended, and how many updates it took */
function carryOut(zone: ZoneModel, first: Step): string {
  let step = first;
  for (let updates = 1; updates < 10; updates++) {
    const rcode = zone.update(step);
    const next = rcode === Rcode.NOERROR ? step.then : isPrerequisiteRcode(rcode) ? step.unless[rcode] : undefined;
    if (next === undefined) return `rcode ${rcode}`;
    if (next.kind !== "step") return `${next.kind} ${updates}`;
    step = next.step();
  }
  return "endless";
}

/** Plays requests to both parts of a zone. @returns how each of them ended */
function play(zone: ZoneModel, requests: readonly NameChangeRequest[], presumption: Presumption = "free"): string[] {
  return requests.map((request) => {
    const ends: string[] = [];
    if (request.forward) ends.push(carryOut(zone, planForward(request, presumption)));
    if (request.reverse && !ends.some((end) => end.startsWith("conflict")))
      ends.push(carryOut(zone, planReverse(request)));
    return ends.join(", ");
  });
}

const in_ = (conflictResolutionMode: ConflictResolutionMode) => ({ conflictResolutionMode });
const PTR1 = "1.0.0.10.in-addr.arpa.";
const PTR2 = "2.0.0.10.in-addr.arpa.";

describe("check-with-dhcid, RFC 4703 §5", () => {
  test("§5.3.1: a name that is free takes one update, and one for the address", () => {
    const zone = new ZoneModel();
    expect(play(zone, [add("h", "10.0.0.1")])).toEqual(["done 1, done 1"]);
    expect(zone.records).toEqual([
      `${PTR1} DHCID ${dhcidOf(1)}`,
      `${PTR1} PTR h.e.`,
      "h.e. A 10.0.0.1",
      `h.e. DHCID ${dhcidOf(1)}`,
    ]);
  });

  test("§5.3.2: the holder's new address takes the old one's place; other families keep theirs", () => {
    const zone = new ZoneModel();
    const ends = play(zone, [
      add("h", "10.0.0.1"),
      add("h", "2001:db8::1"),
      add("h", "10.0.0.2", 1, { reverse: false }),
    ]);
    expect(ends).toEqual(["done 1, done 1", "done 2, done 1", "done 2"]);
    expect(zone.records.filter((record) => record.startsWith("h.e."))).toEqual([
      "h.e. A 10.0.0.2",
      "h.e. AAAA 2001:db8::1",
      `h.e. DHCID ${dhcidOf(1)}`,
    ]);
  });

  test("§5.3.3: another client's name, and one made by hand, stay as they are, and nothing points to them", () => {
    const zone = new ZoneModel();
    zone.put("hand.e.", "A", "10.0.0.9");
    const ends = play(zone, [add("h", "10.0.0.1"), add("h", "10.0.0.2", 2), add("hand", "10.0.0.3", 3)]);
    expect(ends).toEqual(["done 1, done 1", "conflict 2", "conflict 2"]);
    expect(zone.records.filter((record) => / A | PTR /.test(record))).toEqual([
      `${PTR1} PTR h.e.`,
      "h.e. A 10.0.0.1",
      "hand.e. A 10.0.0.9",
    ]);
  });

  test("§5.5: a removal takes the client's own, and the name when that was all", () => {
    const zone = new ZoneModel();
    play(zone, [add("h", "10.0.0.1"), add("h", "2001:db8::1")]);
    expect(play(zone, [remove("h", "10.0.0.1")])).toEqual(["done 2, done 1"]);
    expect(zone.records.filter((record) => record.startsWith("h.e."))).toEqual([
      "h.e. AAAA 2001:db8::1",
      `h.e. DHCID ${dhcidOf(1)}`,
    ]);
    play(zone, [remove("h", "2001:db8::1")]);
    expect(zone.records).toEqual([]);
  });

  test("§5.5: what is gone, or somebody else's by now, is left alone", () => {
    const zone = new ZoneModel();
    expect(play(zone, [remove("h", "10.0.0.1")])).toEqual(["done 1, done 1"]);
    play(zone, [add("h", "10.0.0.1", 2), add("k", "10.0.0.2", 3)]);
    const before = zone.records;
    expect(play(zone, [remove("h", "10.0.0.2", 1), remove("x", "10.0.0.2", 1)])).toEqual([
      "done 1, done 1",
      "done 1, done 1",
    ]);
    expect(zone.records).toEqual(before);
  });

  test("presumed to be held, names end as they do when presumed to be free", () => {
    const requests = [add("h", "10.0.0.1"), add("h", "10.0.0.2"), add("h", "10.0.0.3", 2), remove("h", "10.0.0.2")];
    const [free, held] = [new ZoneModel(), new ZoneModel()];
    expect(play(free, requests)).toEqual(["done 1, done 1", "done 2, done 1", "conflict 2", "done 2, done 1"]);
    expect(play(held, requests, "held")).toEqual(["done 2, done 1", "done 1, done 1", "conflict 1", "done 2, done 1"]);
    expect(held.records).toEqual(free.records);
  });

  test("a name that goes between the two steps is free", () => {
    const zone = new ZoneModel();
    const first = planForward(add("h", "10.0.0.1"), "free");
    const second = first.unless[Rcode.YXDOMAIN];
    if (second?.kind !== "step") throw new Error("no second step");
    expect(carryOut(zone, second.step())).toBe("done 2");
  });
});

describe("the other modes", () => {
  test("check-exists-with-dhcid takes over from any client, not from a hand", () => {
    const zone = new ZoneModel();
    const rest = in_("check-exists-with-dhcid");
    zone.put("hand.e.", "A", "10.0.0.9");
    const ends = play(zone, [
      add("h", "10.0.0.1", 1, rest),
      add("h", "10.0.0.2", 2, rest),
      add("hand", "10.0.0.3", 3, rest),
    ]);
    expect(ends).toEqual(["done 1, done 1", "done 2, done 1", "conflict 2"]);
    expect(zone.records).toContain(`h.e. DHCID ${dhcidOf(2)}`);
    expect(zone.records).not.toContain("h.e. A 10.0.0.1");
    play(zone, [remove("h", "10.0.0.2", 7, rest)]);
    expect(zone.records.filter((record) => record.startsWith("h.e."))).toEqual([]);
  });

  test("no-check-with-dhcid takes over from anybody, in one update", () => {
    const zone = new ZoneModel();
    const rest = in_("no-check-with-dhcid");
    zone.put("h.e.", "A", "10.0.0.9");
    expect(play(zone, [add("h", "10.0.0.2", 2, rest)])).toEqual(["done 1, done 1"]);
    expect(zone.records).toEqual([
      `${PTR2} DHCID ${dhcidOf(2)}`,
      `${PTR2} PTR h.e.`,
      "h.e. A 10.0.0.2",
      `h.e. DHCID ${dhcidOf(2)}`,
    ]);
    play(zone, [remove("h", "10.0.0.2", 3, rest)]);
    expect(zone.records).toEqual([]);
  });

  test("no-check-without-dhcid notes nothing", () => {
    const zone = new ZoneModel();
    const rest = in_("no-check-without-dhcid");
    play(zone, [add("h", "10.0.0.1", 1, rest), add("h", "10.0.0.2", 2, rest)]);
    expect(zone.records).toEqual([`${PTR1} PTR h.e.`, `${PTR2} PTR h.e.`, "h.e. A 10.0.0.2"]);
    play(zone, [remove("h", "10.0.0.2", 9, rest)]);
    expect(zone.records).toEqual([`${PTR1} PTR h.e.`]);
  });
});
