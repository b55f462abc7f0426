import type { Milliseconds } from "@kotare/core/base/clock";
import { runs } from "@kotare/core/base/testing/runs";
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import { createRandom, diskError } from "@kotare/core/storage/testing/crash-disk";
import { describe, expect, test } from "vitest";
import { encodeUpdate } from "../dns/update-message.ts";
import { add, dhcidOf, remove } from "../testing/requests.ts";
import { type Fate, QUEUE, SETTINGS, TestUpdater } from "../testing/test-updater.ts";
import { ZoneModel } from "../testing/zone-model.ts";
import { ZoneTable } from "../zones/zones.ts";

const crowd = (count: number) =>
  Array.from({ length: count }, (_, i) => add(`h${i}`, `10.0.${i >> 8}.${i & 255}`, i & 255));
const addresses = ({ dns }: TestUpdater) => dns.records.filter((record) => / (A|PTR) /.test(record));

describe("packing", () => {
  test("a lone request goes at once, by itself", async () => {
    const it = await TestUpdater.start();
    await it.accept(add("h", "10.0.0.1"));
    await it.settle();
    expect(it.sent).toEqual([
      { zone: "e.", size: 1, server: "192.0.2.1" },
      { zone: "10.in-addr.arpa.", size: 1, server: "192.0.2.3" },
    ]);
    expect(it.log.ids).toContain("DHCP_DDNS_ADD_SUCCEEDED");
  });

  test("what waits while others are on their way goes together", async () => {
    const it = await TestUpdater.start();
    await it.accept(...crowd(300));
    await it.settle();
    expect(addresses(it)).toHaveLength(600);
    const forward = it.sent.filter(({ zone }) => zone === "e.");
    expect(forward.map(({ size }) => size)).toEqual([1, 1, 64, 64, 64, 64, 42]);
  });

  test("a pack with a name that is taken is halved until each request has its own verdict", async () => {
    const dns = new ZoneModel();
    for (const i of [7, 40]) dns.put(`h${i}.e.`, "A", "10.9.9.9");
    const it = await TestUpdater.start({ dns });
    await it.accept(...crowd(64));
    await it.settle();
    const failed = it.log.lines.filter((line) => line.startsWith("DHCP_DDNS_ADD_FAILED"));
    expect(failed.map((line) => /add (\S+)/.exec(line)?.[1])).toEqual(["h7.e.", "h40.e."]);
    expect(it.log.ids.filter((id) => id === "DHCP_DDNS_ADD_SUCCEEDED")).toHaveLength(62);
  });

  test("names that are there already in mass are not asked for one by one", async () => {
    const it = await TestUpdater.start();
    for (const requests of [crowd(300), crowd(300).map((request) => ({ ...request, ttl: 60 }))]) {
      await it.accept(...requests);
      await it.settle();
    }
    expect(it.log.ids.filter((id) => id === "DHCP_DDNS_ADD_SUCCEEDED")).toHaveLength(600);
    expect(it.sent.length).toBeLessThan(50);
  });

  test("names of the greatest length go in packs that TCP can carry", async () => {
    const sizes: number[] = [];
    const it = await TestUpdater.start({
      fate: (content) => {
        sizes.push(encodeUpdate({ id: 0, ...content }).length);
        return "arrives";
      },
    });
    const long = `${"a".repeat(63)}.`.repeat(3);
    await it.accept(...crowd(200).map((each) => ({ ...each, fqdn: each.fqdn.replace(".e.", `.${long}e.`) })));
    await it.settle();
    expect(addresses(it)).toHaveLength(400);
    expect(Math.max(...sizes)).toBeLessThan(65_000);
    expect(Math.max(...sizes)).toBeGreaterThan(30_000);
  });

  test("a server that takes nothing over TCP is served one by one", async () => {
    const it = await TestUpdater.start({
      fate: (content) => (new Set(content.updates.map(({ name }) => name)).size > 1 ? "lost" : "arrives"),
    });
    await it.accept(...crowd(20));
    await it.settle();
    expect(addresses(it)).toHaveLength(40);
    expect(it.log.ids).not.toContain("DHCP_DDNS_ZONE_WAITS");
  });
});

describe("servers that fail", () => {
  test("three tries, then the next server, which is then asked first", async () => {
    const it = await TestUpdater.start({ fate: (_, { address }) => (address === "192.0.2.1" ? "lost" : "arrives") });
    await it.accept(add("h", "10.0.0.1"));
    await it.settle();
    await it.accept(add("k", "10.0.0.2"));
    await it.settle();
    const forward = it.sent.filter(({ zone }) => zone === "e.").map(({ server }) => server);
    expect(forward).toEqual(["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.2"]);
  });

  test("a zone without a server waits with growing pauses, and holds up no other", async () => {
    const it = await TestUpdater.start({ fate: (_, { address }) => (address === "192.0.2.66" ? "lost" : "arrives") });
    await it.accept(add("x.dead", "10.0.0.1"), add("h", "10.0.0.2"));
    await it.quiet();
    expect(it.dns.records).toContain("h.e. A 10.0.0.2");
    for (let i = 0; i < 8; i++) await it.pass();
    const waits = it.log.lines.filter((line) => line.startsWith("DHCP_DDNS_ZONE_WAITS"));
    expect(waits.map((line) => /(\d+) ms$/.exec(line)?.[1])).toEqual(["1000", "2000", "8000", "8000"]);
    expect(it.log.ids.filter((id) => id === "DHCP_DDNS_SERVER_FAILED")).toHaveLength(1);
    const tries = it.sent.filter(({ zone }) => zone === "dead.e.");
    expect(tries).toHaveLength(3 * 9);
  });

  test("one request that the server cannot bear does not keep the others out", async () => {
    const isPoison = (names: readonly { name: string }[]) => names.some(({ name }) => name === "poison.e.");
    const it = await TestUpdater.start({ fate: ({ updates }) => (isPoison(updates) ? "servfail" : "arrives") });
    await it.accept(add("poison", "10.1.1.1"), ...crowd(100));
    await it.quiet();
    for (let i = 0; i < 3; i++) await it.pass();
    expect(addresses(it)).toHaveLength(200);
    expect(it.queue.size).toBe(1);
  });

  test("the third refusal in a row is the zone's: what waits in it waits then", async () => {
    const it = await TestUpdater.start({ fate: () => "refused" });
    await it.accept(...crowd(3));
    await it.quiet();
    const count = (id: string) => it.log.ids.filter((each) => each === id).length;
    expect([count("DHCP_DDNS_REQUEST_RETRY"), count("DHCP_DDNS_ZONE_WAITS")]).toEqual([2, 1]);
  });

  test("a server that refuses everything is not asked for each request again and again", async () => {
    const it = await TestUpdater.start({ fate: () => "refused" });
    await it.accept(...crowd(500));
    await it.quiet();
    expect(it.sent.length).toBeLessThan(60);
    expect(it.log.ids).toContain("DHCP_DDNS_ZONE_WAITS");
  });

  test.each(["refused", "servfail", "lost"] as const)(
    "a server that has %s everything is known to be back soon",
    async (fate) => {
      let works = false;
      const it = await TestUpdater.start({ fate: () => (works ? "arrives" : fate) });
      await it.accept(...crowd(2));
      await it.quiet();
      while (it.clock.monotonic() < 3_600_000) expect(await it.pass()).toBe(true);
      works = true;
      const since = it.clock.monotonic();
      const before = it.sent.length;
      while (addresses(it).length < 4) expect(await it.pass()).toBe(true);
      expect(it.clock.monotonic() - since).toBeLessThanOrEqual(10_000);
      // A try costs a server no more than three messages.
      expect(before / 3600).toBeLessThan(1);
    },
  );

  test("an addition is given up in the end, a removal never", async () => {
    let works = false;
    const it = await TestUpdater.start({ fate: () => (works ? "arrives" : "lost"), settings: { giveUpAfter: 3600 } });
    await it.accept(add("h", "10.0.0.1"), remove("k", "10.0.0.2"));
    await it.quiet();
    while (it.clock.monotonic() < 3_700_000) await it.pass();
    expect(it.log.lines.filter((line) => line.startsWith("DHCP_DDNS_ADD_FAILED"))).toEqual([
      expect.stringContaining("add h.e. 10.0.0.1: tried for 3600 seconds; the last time 192.0.2.1:53: no answer"),
    ]);
    expect(it.queue.size).toBe(1);
    works = true;
    await it.settle();
    expect(it.log.ids).toContain("DHCP_DDNS_REMOVE_SUCCEEDED");
  });
});

describe("what servers refuse for good", () => {
  /** Names that the server of `e.` refuses while it takes others. */
  const isCursed = (names: readonly { name: string }[]) => names.some(({ name }) => name.startsWith("cursed"));
  const passUntil = async (it: TestUpdater, time: Milliseconds) => {
    while (it.clock.monotonic() < time && (await it.pass()));
  };
  const asideOf = ({ disk }: TestUpdater) => Buffer.from(disk.image.get(`${QUEUE}.bad`) ?? []).toString();
  const linesOf = ({ log }: TestUpdater, id: string) => log.lines.filter((line) => line.startsWith(id));

  test("a request refused for as long as configured is told, and kept beside the queue; the others are served", async () => {
    const it = await TestUpdater.start({
      fate: ({ updates }) => (isCursed(updates) ? "refused" : "arrives"),
      settings: { setAsideAfter: 7200 },
    });
    await it.accept(remove("cursed", "10.0.0.9", 9), ...crowd(3));
    await it.quiet();
    await passUntil(it, 7_100_000);
    expect([it.queue.size, asideOf(it)]).toEqual([1, ""]);
    while (it.queue.size > 0) expect(await it.pass()).toBe(true);
    await it.quiet();
    expect(it.clock.monotonic()).toBeLessThan(7_200_000 + 600_000);
    const why = "refused for 7200 seconds; the last time the server answers REFUSED";
    expect(linesOf(it, "DHCP_DDNS_REQUEST_SET_ASIDE")).toEqual([
      `DHCP_DDNS_REQUEST_SET_ASIDE request 1 is set aside: remove cursed.e. 10.0.0.9: ${why}`,
    ]);
    expect(asideOf(it)).toMatch(new RegExp(`^# ${why}\n\\+1 \\d+ \\{.*"cursed\\.e\\.".*\\}\n$`));
    expect(addresses(it)).toHaveLength(6);
    await it.stop();
    const again = await TestUpdater.start({ disk: it.disk });
    expect(again.queue.size).toBe(0);
  });

  test.each(["refused", "not-authorized"] as const)(
    "so are those of a zone that has %s everything, each after its own time",
    async (fate) => {
      const it = await TestUpdater.start({
        fate: ({ zone }) => (zone === "e." ? fate : "arrives"),
        settings: { setAsideAfter: 7200 },
      });
      await it.accept(remove("a", "10.0.0.1"));
      await it.quiet();
      await passUntil(it, 7_000_000);
      await it.accept(remove("b", "10.0.0.2"));
      await passUntil(it, 14_000_000);
      expect(it.queue.size).toBe(1);
      await passUntil(it, 14_300_000);
      expect(it.queue.size).toBe(0);
      expect(linesOf(it, "DHCP_DDNS_REQUEST_SET_ASIDE")).toHaveLength(2);
    },
  );

  test("not what has waited that long for servers that are not there, and is refused once when they come", async () => {
    let fate: Fate = "lost";
    const it = await TestUpdater.start({ fate: () => fate, settings: { setAsideAfter: 7200 } });
    await it.accept(remove("a", "10.0.0.1"));
    await it.quiet();
    await passUntil(it, 20_000_000);
    fate = "refused";
    for (let i = 0; i < 5; i++) await it.pass();
    fate = "arrives";
    await it.settle();
    expect(it.log.ids).toContain("DHCP_DDNS_REMOVE_SUCCEEDED");
  });

  test("never, when so configured; a reload begins the time anew", async () => {
    for (const setAsideAfter of [0, 7200]) {
      const it = await TestUpdater.start({
        fate: ({ updates }) => (isCursed(updates) ? "refused" : "arrives"),
        settings: { setAsideAfter },
      });
      await it.accept(remove("cursed", "10.0.0.9", 9));
      await it.quiet();
      await passUntil(it, 7_000_000);
      await it.updater.reconfigure({ ...SETTINGS, setAsideAfter });
      await it.quiet();
      await passUntil(it, 13_500_000);
      expect(it.queue.size).toBe(1);
      await passUntil(it, 20_000_000);
      expect(it.queue.size).toBe(setAsideAfter === 0 ? 1 : 0);
      await it.stop();
    }
  });

  test("is never in the way: when the queue is full it goes first, and honest requests are confirmed", async () => {
    const it = await TestUpdater.start({
      limit: 20,
      fate: ({ updates, zone }) => (isCursed(updates) || zone === "dead.e." ? "refused" : "arrives"),
    });
    for (let i = 0; i < 10; i++) {
      await it.accept(remove(`cursed${i}`, `10.7.0.${i}`), remove(`x${i}.dead`, `10.8.0.${i}`), ...crowd(10));
      await it.quiet();
    }
    // Each time there was room for the twelve.
    expect(it.queue.size).toBe(10);
    const honest = crowd(20);
    await it.accept(...honest);
    await it.quiet();
    expect(it.confirmed.slice(-20)).toEqual(honest);
    expect(it.log.ids).not.toContain("DHCP_DDNS_QUEUE_MGR_QUEUE_FULL");
    expect(linesOf(it, "DHCP_DDNS_REQUEST_SET_ASIDE")[0]).toContain("there is no room for more; the last time");
    expect(asideOf(it).match(/^\+/gm)).toHaveLength(linesOf(it, "DHCP_DDNS_REQUEST_SET_ASIDE").length);
  });

  test("what waits for a server that is not there does not go", async () => {
    const it = await TestUpdater.start({ limit: 5, fate: () => "lost" });
    await it.accept(...crowd(5));
    await it.quiet();
    await it.accept(add("more", "10.9.0.1"));
    expect([it.confirmed.length, it.queue.size]).toEqual([5, 5]);
    expect(it.log.ids).toContain("DHCP_DDNS_QUEUE_MGR_QUEUE_FULL");
  });

  test("what cannot be kept aside is told, and in the way no more", async () => {
    const it = await TestUpdater.start({ limit: 1, fate: () => "refused" });
    await it.accept(remove("a", "10.0.0.1"));
    await it.quiet();
    it.disk.fault = (call, path) => (call === "open" && path.endsWith(".bad") ? diskError(call, "EACCES") : undefined);
    await it.accept(remove("b", "10.0.0.2"));
    await it.quiet();
    expect(it.confirmed).toHaveLength(2);
    expect(linesOf(it, "DHCP_DDNS_QUEUE_ASIDE_FAILED")).toHaveLength(1);
  });
});

describe("what is configured", () => {
  test("a name outside of all zones is refused, a direction without zones is left out", async () => {
    const zones = { ...SETTINGS.zones, reverse: new ZoneTable([]) };
    const it = await TestUpdater.start({ settings: { zones } });
    await it.accept(
      add("h", "10.0.0.1", 1, { fqdn: "h.other." }),
      add("k", "10.0.0.2"),
      add("r", "10.0.0.3", 1, { forward: false }),
    );
    await it.settle();
    expect(it.log.ids.filter((id) => id !== "DHCP_DDNS_QUEUE_MGR_QUEUE_RECEIVE" && !id.includes("UPDATE"))).toEqual([
      "DHCP_DDNS_NO_FWD_MATCH_ERROR",
      "DHCP_DDNS_REQUEST_DROPPED",
      "DHCP_DDNS_ADD_SUCCEEDED",
    ]);
    expect(it.dns.records).toEqual(["k.e. A 10.0.0.2", `k.e. DHCID ${dhcidOf(1)}`]);
    expect(it.queue.size).toBe(0);
  });

  test("a reload takes what waits along, to other servers", async () => {
    const it = await TestUpdater.start({ fate: (_, { address }) => (address === "192.0.2.9" ? "arrives" : "lost") });
    await it.accept(...crowd(10));
    await it.quiet();
    const moved = new ZoneTable([{ name: "e.", servers: [{ address: "192.0.2.9", port: 53, key: undefined }] }]);
    const reverse = new ZoneTable([{ name: "10.in-addr.arpa.", servers: moved.find("e.")!.servers }]);
    await it.updater.reconfigure({ ...SETTINGS, zones: { forward: moved, reverse, keys: [] } });
    await it.settle();
    expect(addresses(it)).toHaveLength(20);
  });
  test("a reload has what was refused by itself tried at once", async () => {
    let works = false;
    const it = await TestUpdater.start({ fate: () => (works ? "arrives" : "refused") });
    await it.accept(add("h", "10.0.0.1"));
    // The second refusal: one more, and it would be the zone that waits.
    await it.quiet();
    expect(await it.pass()).toBe(true);
    works = true;
    await it.updater.reconfigure({ ...SETTINGS });
    await it.quiet();
    expect(addresses(it)).toHaveLength(2);
    expect(await it.pass()).toBe(false);
  });
});

/** Clients that come, change their names and go. */
function history(seed: number): NameChangeRequest[] {
  const random = createRandom(seed);
  const pick = (below: number) => Math.floor(random() * below);
  const names = new Map<number, string>();
  const requests: NameChangeRequest[] = [];
  for (let turn = 0; turn < 60; turn++) {
    const client = pick(8);
    const address = `10.0.0.${client}`;
    const before = names.get(client);
    if (before !== undefined) requests.push(remove(before, address, client));
    names.delete(client);
    if (pick(3) === 0) continue;
    const name = `c${client}-${pick(2)}`;
    names.set(client, name);
    requests.push(add(name, address, client));
  }
  return requests;
}

test("whatever is lost or refused on the way, the zone is in the end as if nothing had been", async () => {
  for (let seed = 1; seed <= runs(20); seed++) {
    const requests = history(seed);
    const smooth = await TestUpdater.start();
    for (const request of requests) {
      await smooth.accept(request);
      await smooth.settle();
    }
    const random = createRandom(seed * 1000);
    const fates: readonly Fate[] = ["lost", "answer-lost", "servfail", "refused"];
    const rough = await TestUpdater.start({
      fate: () => (random() < 0.5 ? "arrives" : fates[Math.floor(random() * fates.length)]!),
    });
    for (const request of requests) {
      await rough.accept(request);
      if (random() < 0.3) await rough.quiet();
    }
    await rough.settle();
    expect(rough.dns.records, `seed ${seed}`).toEqual(smooth.dns.records);
    expect(rough.queue.size).toBe(0);
  }
});
