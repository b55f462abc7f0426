/** A store, a sender of names and what stands in for the updater, for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import type { DhcpDdnsConfig } from "../../config/dhcp4-config.ts";
import { parseIpv4 } from "../../ip/ipv4.ts";
import { Memfile4 } from "../../leases/file/memfile4.ts";
import type { Adoption } from "../../leases/model/adoption.ts";
import { LeaseState } from "../../leases/model/lease.ts";
import type { Lease4 } from "../../leases/model/lease4.ts";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { compileNameRules, type NameRules } from "../../names/name-rules.ts";
import { CrashDisk } from "../../storage/testing/crash-disk.ts";
import { ddnsMessages } from "../messages.ts";
import { NameSender } from "../name-sender.ts";
import { namedFamily4 } from "../named-family4.ts";
import { TestUpdater } from "./test-updater.ts";

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

/** What outlives a daemon; `inNameWorld` makes it anew for each test. */
export const world = { folder: "", clock: new ManualClock(), disk: new CrashDisk() };

/** A store, a sender, and what stands in for the updater. */
export class Stage {
  readonly store: Memfile4;
  readonly sender: NameSender<Lease4, ReturnType<Memfile4["begin"]>>;
  readonly log = new RecordingLogger();
  readonly #updater = new TestUpdater();
  readonly #rules: NameRules;

  private constructor(store: Memfile4, settings: Partial<DhcpDdnsConfig>, rules: NameRules) {
    this.store = store;
    this.#rules = rules;
    this.sender = new NameSender({
      family: namedFamily4(store),
      store,
      now: () => world.clock.wall(),
      monotonic: () => world.clock.monotonic(),
      markFile: join(world.folder, "mark"),
      log: this.log,
      messages: ddnsMessages,
      sleep: async (time) => {
        await new Promise(setImmediate);
        world.clock.advance(time / 1000);
        vi.advanceTimersByTime(time);
      },
      openChannel: this.#updater.openChannel,
    });
    this.configure(settings);
  }

  /** As at a start, and after a reload. */
  configure(settings: Partial<DhcpDdnsConfig>): void {
    this.sender.configure({ ...SETTINGS, ...settings }, () => this.#rules);
  }

  get told(): string[] {
    return this.#updater.told;
  }

  get zone(): Map<string, string> {
    return this.#updater.zone;
  }

  set isUp(isUp: boolean) {
    this.#updater.isUp = isUp;
  }

  set isMute(isMute: boolean) {
    this.#updater.isMute = isMute;
  }

  static async open(settings: Partial<DhcpDdnsConfig> = {}, rules: Partial<NameRules> = {}): Promise<Stage> {
    const store = await Memfile4.open({
      path: "/leases4.csv",
      lfcInterval: 0,
      maxRowErrors: 0,
      subnetCheck: { mode: "none", subnetIdOf: () => undefined },
      clock: world.clock,
      report: () => {},
      disk: world.disk,
    });
    return new Stage(store, settings, { ...RULES, ...rules });
  }

  async commit(...leases: Lease4[]): Promise<void> {
    const batch = this.store.begin();
    for (const each of leases) batch.put(each);
    expect((await batch.commit()).kind).toBe("durable");
  }

  /** Of another server. */
  async adopt(as: Adoption, ...leases: Lease4[]): Promise<void> {
    const batch = this.store.begin();
    this.sender.adopt(as, () => {
      for (const each of leases) batch.put(each);
    });
    expect((await batch.commit()).kind).toBe("durable");
  }

  /** Lets everything happen that is to happen within so many seconds. */
  async pass(seconds = 1): Promise<void> {
    for (let i = 0; i < seconds * 10; i++) {
      for (let j = 0; j < 10; j++) await new Promise(setImmediate);
      world.clock.advance(0.1);
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

export function lease(number: number, hostname: string, change: Partial<Lease4> = {}): Lease4 {
  return {
    address: parseIpv4("10.0.0.0")! + number,
    hwaddr: Uint8Array.of(2, 0, 0, 0, number >> 8, number & 255),
    clientId: undefined,
    validLifetime: 7200,
    cltt: Math.floor(world.clock.wall()),
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

export const RELEASED = { state: LeaseState.reclaimed };

/** For a file's tests: each has a folder, a disk and a time of its own. */
export function inNameWorld(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearInterval"] });
    world.folder = mkdtempSync(join(tmpdir(), "kotare-ddns-"));
    world.clock = new ManualClock();
    world.disk = new CrashDisk();
  });

  afterEach(() => {
    vi.useRealTimers();
    rmSync(world.folder, { recursive: true });
  });
}
