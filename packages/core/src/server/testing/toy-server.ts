/** A server of the toy family on a transport of values, with its leases in a file or in a database. Tests only. */

import { type MemoryDatagram, MemoryTransport4 } from "@kotare/netio/testing/memory-transport";
import type { ManualClock } from "../../base/clock.ts";
import type { FaultInjector } from "../../base/testing/fault-injector.ts";
import { configuredHosts } from "../../hosts/database/host-view.ts";
import { formatIpv4 } from "../../ip/ipv4.ts";
import type { Change } from "../../leases/database/lease-database.ts";
import { SharedStore4 } from "../../leases/database/shared-store4.ts";
import { Memfile4 } from "../../leases/file/memfile4.ts";
import type { LeaseStore4 } from "../../leases/model/lease-store4.ts";
import type { Lease4 } from "../../leases/model/lease4.ts";
import { MemoryDatabase4 } from "../../leases/testing/memory-database4.ts";
import { family4 } from "../../leases/testing/test-families.ts";
import { CrashDisk, diskError } from "../../storage/testing/crash-disk.ts";
import { BatchMeasures } from "../packets/batch-measures.ts";
import { BatchHolder } from "../packets/intake.ts";
import { Pipeline } from "../packets/pipeline.ts";
import { clientOf, type ToyAnswer, type ToyMessage, ToyReporter, type ToyTypes, toyPath } from "./toy-family.ts";

/** Where leases are kept, with what a test does to it. */
export interface ToyLeases {
  readonly store: LeaseStore4;
  /** Who has a member by what would be found after a crash at this moment. */
  holderOf(member: number): number | undefined;
  /** No commit succeeds until `mend`. */
  break(): void;
  mend(): void;
}

const PATH = "/leases.csv";

export async function leasesInFile(clock: ManualClock): Promise<ToyLeases> {
  const disk = new CrashDisk();
  const subnetCheck = { mode: "none", subnetIdOf: () => undefined } as const;
  const store = await Memfile4.open({
    path: PATH,
    lfcInterval: 0,
    maxRowErrors: 0,
    subnetCheck,
    clock,
    report: () => {},
    disk,
  });
  return {
    store,
    holderOf(member) {
      const text = Buffer.from(disk.imageAfterCrash(disk.length, () => 0).get(PATH) ?? []).toString("latin1");
      const address = `${formatIpv4(family4.lease(member).address)},`;
      const [, hwaddr, , lifetime] =
        text
          .split("\n")
          .findLast((row) => row.startsWith(address))
          ?.split(",") ?? [];
      return hwaddr === undefined || lifetime === "0" ? undefined : Number.parseInt(hwaddr.slice(-2), 16);
    },
    break() {
      disk.fault = (call) => (call === "pwrite" ? diskError(call, "EIO") : undefined);
    },
    mend() {
      disk.fault = () => undefined;
      clock.advance(11);
    },
  };
}

/** Several servers may have one. */
export class ToyDatabase extends MemoryDatabase4 {
  isBroken = false;
  /** Called as a commit arrives: another server may be quicker. */
  beforeCommit: () => void = () => {};

  override async commit(changes: readonly Change<Lease4>[]): Promise<ReadonlySet<number>> {
    this.beforeCommit();
    if (this.isBroken) throw new Error("the database is away");
    return super.commit(changes);
  }

  /** As another server does. */
  give(member: number, client: number): void {
    const lease = family4.lease(member, {}, client);
    this.leases.set(lease.address, lease);
  }
}

export function leasesInDatabase(clock: ManualClock, database = new ToyDatabase()): ToyLeases {
  return {
    store: new SharedStore4(database, clock),
    holderOf(member) {
      const lease = database.leases.get(family4.lease(member).address);
      return lease && clientOf(lease);
    },
    break() {
      database.isBroken = true;
    },
    mend() {
      database.isBroken = false;
    },
  };
}

export class ToyServer {
  readonly transport: MemoryTransport4;
  readonly reporter = new ToyReporter();
  readonly pipeline: Pipeline<ToyTypes>;
  isOn = true;
  /** How many packets may wait for facts that take their time. */
  parkedLimit = 0;
  hosts: ToyTypes["hosts"] = configuredHosts;
  /** Batches whose memory has been given back. */
  released = 0;
  /** Batches that wait for others than the store. */
  stored = 0;
  /** Transactions as they are decided about. */
  readonly decided: number[] = [];
  /** Called when an answer's changes have been made; may throw. */
  afterChange: (answer: ToyAnswer) => void = () => {};

  /** @param faults in the packet path, the store, the sending and the reporter */
  constructor(leases: ToyLeases, clock: ManualClock, faults?: FaultInjector) {
    const wrap = <T extends object>(part: T): T => faults?.wrap(part) ?? part;
    const decide: typeof toyPath.decide = (query: ToyMessage, facts) => {
      this.decided.push(query.transaction);
      return toyPath.decide(query, facts);
    };
    const change: typeof toyPath.change = (answer, batch) => {
      toyPath.change(answer, batch);
      this.afterChange(answer);
    };
    this.transport = new MemoryTransport4(clock);
    this.pipeline = new Pipeline<ToyTypes>(
      wrap({ ...toyPath, decide, change }),
      { lifetime: 100 },
      {
        store: { begin: () => wrap(leases.store.begin()) },
        clock,
        beginHosts: () => this.hosts,
        reporter: wrap(this.reporter),
        newSendBatch: () => wrap(this.transport.newSendBatch()),
        interfaceOf: (ifindex) =>
          ifindex === 1 ? { index: 1, name: "toy0", mtu: 1500, mac: new Uint8Array(6), addresses: [0] } : undefined,
        isOurAddress: () => true,
        isOn: () => this.isOn,
        random: () => 0,
        parkedLimit: () => this.parkedLimit,
        measures: new BatchMeasures(clock),
      },
    );
  }

  /** Serves the datagrams as one batch. Resolves with all that was sent meanwhile, as `TRANSACTION: CLIENT has MEMBER for LIFETIME`. */
  async serve(...datagrams: readonly MemoryDatagram[]): Promise<string[]> {
    for (const datagram of datagrams) this.transport.deliver(datagram);
    const batch = this.transport.receive(datagrams.length)!;
    const release = () => {
      this.released++;
      batch.release();
    };
    const holder = new BatchHolder({ datagrams: batch.datagrams, release });
    await this.pipeline.serve(
      batch.datagrams.map((datagram) => ({ datagram, holder })),
      () => {
        this.stored++;
      },
    );
    return this.transport.takeSent().map(({ payload: [transaction, client, member, lifetime] }) => {
      return `${transaction}: ${client} has ${member} for ${lifetime}`;
    });
  }
}
