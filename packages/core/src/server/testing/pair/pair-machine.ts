/** A machine that runs a server of a pair: its disk crashes with it, and its clock is its own. */
import { type Clock, ManualClock } from "../../../base/clock.ts";
import { TestUpdater } from "../../../ddns/testing/test-updater.ts";
import type { RunningExtension } from "../../../extensions/running-extension.ts";
import { CrashDisk } from "../../../storage/testing/crash-disk.ts";

/** Follows the virtual time; only its setting is its own. */
class MachineClock extends ManualClock {
  override wall(): number {
    return super.wall() + performance.now() / 1000;
  }

  override monotonic(): number {
    return performance.now();
  }
}

/** A server from its start to its end. */
export class Process<Server> {
  readonly server: Server;
  /** The server's part of the pair. */
  pair: RunningExtension | undefined;
  /** What it tells the DNS. */
  readonly names: { die(): void } | undefined;
  isAlive = true;
  #waiting: (() => void)[] | undefined;

  constructor(server: Server, names: { die(): void } | undefined) {
    this.server = server;
    this.names = names;
  }

  get isFrozen(): boolean {
    return this.#waiting !== undefined;
  }

  /** What happens to it: later while it is frozen, never when it is gone. */
  run(what: () => void): void {
    if (this.#waiting !== undefined) this.#waiting.push(what);
    else if (this.isAlive) what();
  }

  freeze(): void {
    this.#waiting ??= [];
  }

  thaw(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const what of waiting) this.run(what);
  }
}

/** Who has a lease by the lease file, and for how many seconds from now. */
interface Holder {
  /** The hardware address; in DHCPv6 the DUID and the IAID. */
  readonly who: string;
  readonly rest: number;
}

export class Machine<Server extends { readonly leaseClock: Pick<Clock, "wall"> }> {
  readonly name: string;
  readonly clock = new MachineClock();
  disk = new CrashDisk();
  /** `undefined` while no server runs. */
  process: Process<Server> | undefined;
  readonly updater: TestUpdater;
  /** Whether the host is gone, too: nobody says that nobody listens. */
  isDark = false;
  readonly #leaseFile: string;

  /** @param zone what the DNS holds */
  constructor(name: string, leaseFile: string, zone: Map<string, string>) {
    this.name = name;
    this.updater = new TestUpdater(zone);
    this.#leaseFile = leaseFile;
  }

  /** By what would be found after a crash now. @param place an address, or a prefix with its length */
  holderOf(place: string): Holder | undefined {
    const image = this.disk.imageAfterCrash(this.disk.length, () => 0);
    const [header = "", ...lines] = Buffer.from(image.get(this.#leaseFile) ?? [])
      .toString()
      .split("\n");
    const [address, length = "128"] = place.split("/");
    const keys = header.split(",");
    const rows = lines.filter((line) => line.startsWith(`${address},`)).map((line) => line.split(","));
    const all = rows.map((values) => Object.fromEntries(keys.map((key, i) => [key, values[i] ?? ""])));
    const row = all.findLast(({ prefix_len: own = "128" }) => own === length);
    if (row === undefined || row["state"] !== "0" || row["valid_lifetime"] === "0") return undefined;
    const who = row["duid"] === undefined ? row["hwaddr"]! : `${row["duid"]} ${row["iaid"]}`;
    const clock = this.process?.server.leaseClock ?? this.clock;
    return { who, rest: Number(row["expire"]) - clock.wall() };
  }
}
