/** `leases export` and `leases import`: between what the configuration keeps leases in and a file of Kea's rows. */
import { systemClock } from "../../base/clock.ts";
import type { Dhcp4Config } from "../../config/dhcp4-config.ts";
import type { Dhcp6Config } from "../../config/dhcp6-config.ts";
import type { LeaseMover, MoveParts } from "../../daemon/lease-mover.ts";
import type { LeaseCsv } from "../../leases/csv/lease-csv.ts";
import { lease4Csv } from "../../leases/csv/lease4-csv.ts";
import { lease6Csv } from "../../leases/csv/lease6-csv.ts";
import { importLeases } from "../../leases/file/import-leases.ts";
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
import type { Lease6 } from "../../leases/model/lease6.ts";
import { LeaseTable4 } from "../../leases/table/lease-table4.ts";
import { LeaseTable6 } from "../../leases/table/lease-table6.ts";
import { type Disk, systemDisk } from "../../storage/disk.ts";
import type { ServerMessages } from "../messages.ts";
import type { LeaseDatabaseParts } from "./open-lease-database.ts";
import { type OpenedLeases, reportLeaseFile } from "./open-lease-file.ts";

/** How a daemon opens what the configuration keeps leases in. */
type OpenLeases<Config, Store> = (config: Config, parts: LeaseDatabaseParts) => Promise<OpenedLeases<Store>>;

interface MovedFamily<L extends Lease, Row extends L, Batch, Store, Table> {
  readonly csv: LeaseCsv<L, Row>;
  createTable(): Table;
  pages(leases: Store | Table): AsyncGenerator<readonly L[]>;
  find(batch: Batch, lease: L): L | undefined;
}

export function leaseMover4(
  messages: ServerMessages,
  open: OpenLeases<Dhcp4Config, LeaseStore4>,
): LeaseMover<Dhcp4Config> {
  return leaseMover(messages, open, {
    csv: lease4Csv,
    createTable: () => new LeaseTable4(systemClock.wall()),
    pages: pagesOf4,
    find: (batch: LeaseBatch4, { address }: Lease4) => batch.byAddress(address),
  });
}

export function leaseMover6(
  messages: ServerMessages,
  open: OpenLeases<Dhcp6Config, LeaseStore6>,
): LeaseMover<Dhcp6Config> {
  return leaseMover(messages, open, {
    csv: lease6Csv,
    createTable: () => new LeaseTable6(systemClock.wall()),
    pages: pagesOf6,
    find: (batch: LeaseBatch6, { type, address }: Lease6) => batch.byAddress(type, address),
  });
}

function leaseMover<
  Config,
  L extends Lease,
  Row extends L,
  Batch extends LeaseBatch<L>,
  Store extends LeaseStore<L, Batch>,
  Table extends LeaseTarget<L> & { readonly count: number },
>(
  messages: ServerMessages,
  open: OpenLeases<Config, Store>,
  family: MovedFamily<L, Row, Batch, Store, Table>,
): LeaseMover<Config> {
  const { csv, pages, find } = family;

  /** One try: somebody waits at a terminal and should be told at once. */
  async function withStore<T>(config: Config, parts: MoveParts, work: (store: Store) => Promise<T>): Promise<T> {
    const { paths, log } = parts;
    const { signal } = new AbortController();
    const schedule = () => undefined;
    const { store } = await open(config, {
      paths,
      log,
      messages,
      signal,
      schedule,
      clock: systemClock,
      giveUp: () => {},
    });
    return await work(store).finally(() => store.close());
  }

  return {
    export: (config, file, parts) =>
      withStore(config, parts, async (store) => {
        await refuseExisting(systemDisk, file);
        const total = (await store.tally()).reduce((sum, { count }) => sum + count, 0);
        let done = 0;
        async function* counted(): AsyncGenerator<readonly L[]> {
          for await (const leases of pages(store)) {
            yield leases;
            done += leases.length;
            parts.onProgress(done, total);
          }
        }
        await saveLeases(systemDisk, file, `${file}.bak${process.pid}`, counted(), csv);
        return done;
      }),
    async import(config, file, parts) {
      // As the daemon that may have it.
      const files = nameLeaseFiles(await systemDisk.follow(file));
      const lock = await lockLeaseFilesToRead(systemDisk, files);
      try {
        const table = family.createTable();
        await readLeaseFiles(systemDisk, files, new LeaseSink(csv, table, UNCHECKED, report), report);
        return await withStore(config, parts, (store) =>
          importLeases(pages(table), {
            store,
            csv,
            find,
            onProgress: ({ put, present, newer, refused }) =>
              parts.onProgress(put + present + newer + refused, table.count),
            onKept: (lease, kind) => parts.onKept(csv.rules.formatAddress(lease), kind),
          }),
        );
      } finally {
        if (lock !== undefined) await systemDisk.close(lock);
      }
      function report(event: Parameters<typeof reportLeaseFile>[0]): void {
        reportLeaseFile(event, parts.log);
      }
    },
  };
}

async function refuseExisting(disk: Disk, file: string): Promise<void> {
  const fd = await disk.openToRead(file);
  if (fd === undefined) return;
  await disk.close(fd);
  throw new Error(`${file} is there already, and is left as it is: name another file`);
}
