/** `leases export` and `leases import`: between what the configuration keeps leases in and a file of Kea's rows. */
import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../base/clock.ts";
import type { Dhcp4Config } from "../../config/dhcp4-config.ts";
import type { Dhcp6Config } from "../../config/dhcp6-config.ts";
import { eachSubnet } from "../../config/each-subnet.ts";
import { type ConfinedConfig, controlPaths, dataDirectoryOf } from "../../daemon/config/confine-paths.ts";
import type { ForeignLeases } from "../../daemon/offline/converter.ts";
import type { ImportParts, LeaseMover, MoveParts } from "../../daemon/offline/lease-mover.ts";
import { parseDuid } from "../../dhcp6/duid.ts";
import { SERVER_DUID_FILE } from "../../dhcp6/server-duid.ts";
import { type Ipv6Key, isInPrefix, parseIpv6Key } from "../../ip/ipv6-key.ts";
import type { LeaseCsv } from "../../leases/csv/lease-csv.ts";
import { lease4Csv } from "../../leases/csv/lease4-csv.ts";
import { lease6Csv } from "../../leases/csv/lease6-csv.ts";
import type { ImportCounts } from "../../leases/file/import-leases.ts";
import { lockLeaseFilesToRead, nameLeaseFiles } from "../../leases/file/lease-files.ts";
import { LeaseSink, UNCHECKED } from "../../leases/file/lease-sink.ts";
import { readLeaseFiles } from "../../leases/file/load-leases.ts";
import { saveLeases } from "../../leases/file/save-leases.ts";
import type { Lease } from "../../leases/model/lease.ts";
import { pagesOf4, pagesOf6 } from "../../leases/model/lease-pages.ts";
import type { LeaseBatch, LeaseStore, LeaseTarget } from "../../leases/model/lease-store.ts";
import type { LeaseBatch4, LeaseStore4 } from "../../leases/model/lease-store4.ts";
import type { LeaseBatch6, LeaseStore6 } from "../../leases/model/lease-store6.ts";
import type { Lease4 } from "../../leases/model/lease4.ts";
import { type Lease6, LeaseType6 } from "../../leases/model/lease6.ts";
import { LeaseTable4 } from "../../leases/table/lease-table4.ts";
import { LeaseTable6 } from "../../leases/table/lease-table6.ts";
import { type Disk, systemDisk } from "../../storage/disk.ts";
import { StorageError } from "../../storage/storage-error.ts";
import type { ServerMessages } from "../messages.ts";
import { leasesInStore, type MovedLeases } from "./moved-leases.ts";
import type { LeaseDatabaseParts } from "./open-lease-database.ts";
import { type OpenedLeases, reportLeaseFile, subnetIds4, subnetIds6 } from "./open-lease-file.ts";
import { RunningLeases } from "./running-leases.ts";

/** How a daemon opens what the configuration keeps leases in. */
type OpenLeases<Config, Store> = (config: Config, parts: LeaseDatabaseParts) => Promise<OpenedLeases<Store>>;

/** Loaded when it is wanted. */
type LoadForeign<L extends Lease> = () => Promise<ForeignLeases<L>>;

interface MovedFamily<Config, L extends Lease, Row extends L, Batch, Store, Table> {
  readonly number: 4 | 6;
  readonly csv: LeaseCsv<L, Row>;
  createTable(): Table;
  pages(leases: Store | Table): AsyncGenerator<readonly L[]>;
  find(batch: Batch, lease: L): L | undefined;
  readonly foreign: LoadForeign<L>;
  /** The server's own, where it has one and keeps it. */
  duidOf(config: Config, parts: MoveParts): Uint8Array | undefined;
  /** @returns what finds the subnet of a lease, which another server does not know by a number */
  subnetsOf(config: Config): (lease: L) => number | undefined;
}

export function leaseMover4(
  messages: ServerMessages,
  open: OpenLeases<Dhcp4Config, LeaseStore4>,
  foreign: LoadForeign<Lease4>,
): LeaseMover<Dhcp4Config> {
  return leaseMover(messages, open, {
    number: 4,
    csv: lease4Csv,
    createTable: () => new LeaseTable4(systemClock.wall()),
    pages: pagesOf4,
    find: (batch: LeaseBatch4, { address }: Lease4) => batch.byAddress(address),
    foreign,
    duidOf: () => undefined,
    subnetsOf(config) {
      const idOf = subnetIds4(config);
      return ({ address }) => idOf(address);
    },
  });
}

export function leaseMover6(
  messages: ServerMessages,
  open: OpenLeases<Dhcp6Config, LeaseStore6>,
  foreign: LoadForeign<Lease6>,
): LeaseMover<Dhcp6Config> {
  return leaseMover(messages, open, {
    number: 6,
    csv: lease6Csv,
    createTable: () => new LeaseTable6(systemClock.wall()),
    pages: pagesOf6,
    find: (batch: LeaseBatch6, { type, address }: Lease6) => batch.byAddress(type, address),
    foreign,
    duidOf(config, { paths }) {
      try {
        return parseDuid(readFileSync(join(dataDirectoryOf(config, paths), SERVER_DUID_FILE), "latin1"));
      } catch {
        return undefined;
      }
    },
    subnetsOf(config) {
      const idOf = subnetIds6(config);
      const prefixIdOf = delegatingSubnets(config);
      return ({ type, address }) => (type === LeaseType6.prefix ? prefixIdOf(address) : undefined) ?? idOf(address);
    },
  });
}

function leaseMover<
  Config extends ConfinedConfig,
  L extends Lease,
  Row extends L,
  Batch extends LeaseBatch<L>,
  Store extends LeaseStore<L, Batch>,
  Table extends LeaseTarget<L> & { readonly count: number },
>(
  messages: ServerMessages,
  open: OpenLeases<Config, Store>,
  family: MovedFamily<Config, L, Row, Batch, Store, Table>,
): LeaseMover<Config> {
  const { csv, pages, find } = family;

  /** One try: somebody waits at a terminal and should be told at once. */
  async function openLeases(config: Config, { paths, log }: MoveParts): Promise<MovedLeases<L>> {
    const { signal } = new AbortController();
    const schedule = () => undefined;
    const parts = { paths, log, messages, signal, schedule, clock: systemClock, giveUp: () => {} };
    try {
      const { store } = await open(config, parts);
      return leasesInStore(store, csv, pages, find);
    } catch (error) {
      const [socket] = controlPaths(config, paths);
      if (!(error instanceof StorageError && error.isInUse) || socket === undefined) throw error;
      return new RunningLeases(socket, family.number, csv);
    }
  }

  async function withLeases<T>(
    config: Config,
    parts: MoveParts,
    work: (leases: MovedLeases<L>) => Promise<T>,
  ): Promise<T> {
    const leases = await openLeases(config, parts);
    return await work(leases).finally(() => leases.close());
  }

  return {
    export: (config, file, parts) =>
      withLeases(config, parts, async (leases) => {
        await refuseExisting(systemDisk, file);
        const total = await leases.count();
        let done = 0;
        async function* counted(): AsyncGenerator<readonly L[]> {
          for await (const page of leases.pages()) {
            yield page;
            done += page.length;
            parts.onProgress(done, total, "leases");
          }
        }
        const text =
          parts.server && (await family.foreign()).write(parts.server, counted(), family.duidOf(config, parts));
        if (text !== undefined) await saveText(file, text);
        else await saveLeases(systemDisk, file, `${file}.bak${process.pid}`, counted(), csv);
        return done;
      }),
    async import(config, file, parts) {
      if (parts.server !== undefined) {
        const table = family.createTable();
        const unplaced = await readForeign(config, file, table, parts);
        return await importTable(config, table, unplaced, parts);
      }
      // As the daemon that may have it.
      const files = nameLeaseFiles(await systemDisk.follow(file));
      const lock = await lockLeaseFilesToRead(systemDisk, files);
      try {
        const table = family.createTable();
        await readLeaseFiles(systemDisk, files, new LeaseSink(csv, table, UNCHECKED, report), report);
        return await importTable(config, table, 0, parts);
      } finally {
        if (lock !== undefined) await systemDisk.close(lock);
      }
      function report(event: Parameters<typeof reportLeaseFile>[0]): void {
        reportLeaseFile(event, parts.log);
      }
    },
  };

  /** @returns how many are in no subnet */
  async function readForeign(config: Config, file: string, table: Table, parts: ImportParts): Promise<number> {
    const { read } = await family.foreign();
    const subnetOf = family.subnetsOf(config);
    const unplaced = new Set<string>();
    const reports = {
      remark: (what: string) => parts.onRemark(what),
      progress: (done: number, total: number) => parts.onProgress(done, total, "bytes read"),
    };
    for (const { lease, isSomebodys } of read(parts.server!, file, reports)) {
      const subnetId = subnetOf(lease);
      if (!isSomebodys) table.discard(lease);
      else if (subnetId === undefined) unplaced.add(csv.rules.formatAddress(lease));
      else table.put({ ...lease, subnetId });
    }
    for (const address of unplaced) parts.onRemark(`${address} is of no subnet of the configuration`);
    return unplaced.size;
  }

  /** @param refused leases that are not in it, and count all the same */
  async function importTable(config: Config, table: Table, refused: number, parts: ImportParts): Promise<ImportCounts> {
    const counts = await withLeases(config, parts, (leases) =>
      leases.import(pages(table), {
        onProgress: ({ put, present, newer, refused }) =>
          parts.onProgress(put + present + newer + refused, table.count, "leases"),
        onKept: (address, kind) => parts.onKept(address, kind),
      }),
    );
    return { ...counts, refused: counts.refused + refused };
  }
}

/** By the pools that prefixes are delegated from: they need not be in their subnet's. */
function delegatingSubnets(config: Dhcp6Config): (prefix: Ipv6Key) => number | undefined {
  const pools = [...eachSubnet(config)].flatMap((subnet) =>
    "pd-pools" in subnet
      ? subnet["pd-pools"].map((pool) => ({
          id: subnet.id,
          prefix: parseIpv6Key(pool.prefix)!,
          length: pool["prefix-len"],
        }))
      : [],
  );
  return (address) => pools.find(({ prefix, length }) => isInPrefix(address, prefix, length))?.id;
}

async function saveText(file: string, pieces: AsyncIterable<string>): Promise<void> {
  const fresh = `${file}.tmp${process.pid}`;
  await writeFile(fresh, pieces, { encoding: "latin1", flush: true });
  await rename(fresh, file);
}

async function refuseExisting(disk: Disk, file: string): Promise<void> {
  const fd = await disk.openToRead(file);
  if (fd === undefined) return;
  await disk.close(fd);
  throw new Error(`${file} is there already, and is left as it is: name another file`);
}
