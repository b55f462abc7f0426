import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ManualClock } from "../base/clock.ts";
import type { DhcpDdnsConfig } from "../config/dhcp4-config.ts";
import { parseIpv4 } from "../ip/ipv4.ts";
import { CrashDisk } from "../leases/crash-disk.ts";
import { LeaseState } from "../leases/lease.ts";
import type { Lease4 } from "../leases/lease4.ts";
import { Memfile4 } from "../leases/memfile4.ts";
import { owedRemovals } from "../leases/owed-removals.ts";
import { RecordingLogger } from "../log/recording-logger.ts";
import { compileNameRules, type NameRules } from "../names/name-rules.ts";
import { decodeRequest, encodeConfirmations, splitRequests } from "../ncr/ncr-datagram.ts";
import { ddnsMessages } from "./messages.ts";
import { NameSender } from "./name-sender.ts";
import { namedFamily4 } from "./named-family4.ts";
import type { ChannelEvents } from "./update-channel.ts";

const SETTINGS = {
  "enable-updates": true,
  "server-ip": "127.0.0.1",
  "server-port": 53001,
  "sender-ip": "",
  "sender-port": 0,
  "max-queue-size": 1024,
  "ncr-protocol": "UDP",
  "ncr-format": "JSON",
} satisfies DhcpDdnsConfig;

const RULES: NameRules = compileNameRules({
  sendsUpdates: true,
  overrideNoUpdate: false,
  overrideClientUpdate: false,
  replaceClientName: "never",
  updateOnRenew: false,
  conflictResolutionMode: "check-with-dhcid",
  charSet: "",
  charReplacement: "",
  qualifyingSuffix: "",
  generatedPrefix: "",
  ttl: undefined,
  ttlMin: undefined,
  ttlMax: undefined,
  ttlPercent: undefined,
});

let folder: string;
let clock: ManualClock;
let disk: CrashDisk;

/** A store, a sender, and what stands in for the updater. */
class Stage {
  readonly store: Memfile4;
  readonly sender: NameSender<Lease4, ReturnType<Memfile4["begin"]>>;
  readonly log = new RecordingLogger();
  /** `+name address` and `-name address`, as they arrive. */
  readonly told: string[] = [];
  /** What the DNS holds, if the updater does as it is told: name → addresses. */
  readonly zone = new Map<string, string>();
  /** Whether the updater is there, and confirms. */
  isUp = true;
  #events!: ChannelEvents;

  private constructor(store: Memfile4, settings: DhcpDdnsConfig, rules: NameRules) {
    this.store = store;
    this.sender = new NameSender({
      family: namedFamily4(store),
      store,
      now: () => clock.wall(),
      monotonic: () => clock.monotonic(),
      markFile: join(folder, "mark"),
      log: this.log,
      messages: ddnsMessages,
      sleep: async (time) => {
        await new Promise(setImmediate);
        clock.advance(time / 1000);
        vi.advanceTimersByTime(time);
      },
      openChannel: (_, events) => {
        this.#events = events;
        return { send: (datagram) => this.#arrive(datagram), [Symbol.dispose]: () => {} };
      },
    });
    this.sender.configure(settings, () => rules);
  }

  static async open(settings: Partial<DhcpDdnsConfig> = {}, rules: Partial<NameRules> = {}): Promise<Stage> {
    const store = await Memfile4.open({
      path: "/leases4.csv",
      lfcInterval: 0,
      maxRowErrors: 0,
      subnetCheck: { mode: "none", subnetIdOf: () => undefined },
      clock,
      report: () => {},
      disk,
    });
    return new Stage(store, { ...SETTINGS, ...settings }, { ...RULES, ...rules });
  }

  #arrive(datagram: Uint8Array): void {
    if (!this.isUp) {
      queueMicrotask(() => this.#events.onRefusal(new Error("ECONNREFUSED")));
      return;
    }
    const numbers = splitRequests(datagram).map((bytes) => {
      const { change, fqdn, address, confirm } = decodeRequest(bytes);
      this.told.push(`${change === "add" ? "+" : "-"}${fqdn} ${address}`);
      if (change === "add") this.zone.set(fqdn, address);
      else if (this.zone.get(fqdn) === address) this.zone.delete(fqdn);
      return confirm!;
    });
    for (const bytes of encodeConfirmations(numbers)) setImmediate(() => this.#events.onDatagram(bytes));
  }

  async commit(...leases: Lease4[]): Promise<void> {
    const batch = this.store.begin();
    for (const each of leases) batch.put(each);
    expect((await batch.commit()).kind).toBe("durable");
  }

  /** Lets everything happen that is to happen within so many seconds. */
  async pass(seconds = 1): Promise<void> {
    for (let i = 0; i < seconds * 10; i++) {
      for (let j = 0; j < 10; j++) await new Promise(setImmediate);
      clock.advance(0.1);
      vi.advanceTimersByTime(100);
    }
    for (let j = 0; j < 50; j++) await new Promise(setImmediate);
  }

  at(address: string): Lease4 | undefined {
    return this.store.begin().byAddress(parseIpv4(address)!);
  }

  /** The daemon is killed. */
  async crash(): Promise<void> {
    vi.clearAllTimers();
    await this.store.close();
  }

  async close(): Promise<void> {
    await this.sender.stop();
    await this.store.close();
  }
}

function lease(number: number, hostname: string, change: Partial<Lease4> = {}): Lease4 {
  return {
    address: parseIpv4("10.0.0.0")! + number,
    hwaddr: Uint8Array.of(2, 0, 0, 0, number >> 8, number & 255),
    clientId: undefined,
    validLifetime: 7200,
    cltt: Math.floor(clock.wall()),
    subnetId: 1,
    poolId: 0,
    state: LeaseState.assigned,
    fqdnFwd: hostname !== "",
    fqdnRev: hostname !== "",
    hostname,
    userContext: "",
    ...change,
  };
}

const RELEASED = { state: LeaseState.reclaimed };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearInterval"] });
  folder = mkdtempSync(join(tmpdir(), "kotare-ddns-"));
  clock = new ManualClock();
  disk = new CrashDisk();
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

describe("names follow leases", () => {
  it("are added with a new lease, kept as it is renewed, and removed when it ends", async () => {
    const stage = await Stage.open();
    await stage.commit(lease(1, "one"));
    await stage.pass();
    expect(stage.told).toEqual(["+one. 10.0.0.1"]);
    clock.advance(100);
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
    clock.advance(100);
    await stage.commit(lease(1, "one"));
    await stage.pass();
    clock.advance(100);
    await stage.commit(lease(1, "two"));
    await stage.pass();
    expect(stage.told).toEqual(["+one. 10.0.0.1", "+one. 10.0.0.1", "-one. 10.0.0.1", "+two. 10.0.0.1"]);
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
    clock.advance(50);
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
    clock.advance(10);
    await stage.commit(lease(1, "last"));
    await stage.pass(2);
    expect([...stage.zone.keys()]).toEqual(["last."]);
    await stage.close();
  });
});

describe("a restart", () => {
  it("finds what is owed: adds, removals and changes of names, and tells nothing else", async () => {
    const first = await Stage.open();
    await first.commit(lease(1, "old"), lease(2, "gone"), lease(3, "same"), lease(4, "first"));
    await first.pass();
    // A minute is told again, because a mark is older than what is decided at its time.
    clock.advance(3600);
    vi.advanceTimersByTime(20_000);
    first.isUp = false;
    await first.commit(lease(2, "", RELEASED), lease(4, "second"), lease(5, "new"));
    await first.pass();
    await first.crash();
    const second = await Stage.open();
    for (const [name, address] of first.zone) second.zone.set(name, address);
    await second.pass(10);
    expect(second.told.toSorted()).toEqual(
      ["-gone. 10.0.0.2", "-first. 10.0.0.4", "+second. 10.0.0.4", "+new. 10.0.0.5"].toSorted(),
    );
    expect(second.told.indexOf("-first. 10.0.0.4")).toBeLessThan(second.told.indexOf("+second. 10.0.0.4"));
    await second.close();
  });

  it("after an orderly end with nothing owed tells nothing", async () => {
    const first = await Stage.open();
    await first.commit(lease(1, "one"));
    await first.pass(5);
    await first.close();
    const second = await Stage.open();
    await second.pass(5);
    expect(second.told).toEqual([]);
    await second.close();
  });
});
